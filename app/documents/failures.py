"""Why a document could not be stored or fetched. One class an outcome; the branch says what the caller does.

    DocumentFailure
    ├── PermanentFailure        asking again gives the same answer: reject the event, or send it to dead letters
    │   ├── DocumentNotFound    404, no such file: nothing is stored under this reference
    │   ├── DocumentForbidden   403, EACCES: it may be there, and we may not read it
    │   ├── HashMismatch        bytes came, complete, and are not those that the event names
    │   ├── DocumentTooLarge    more bytes than the limit; reading stopped there
    │   ├── DocumentErased      its key was destroyed: nobody can read it any more
    │   └── ReferenceRefused    malformed, or outside of what the operator allows; nothing was opened
    └── DocumentsUnavailable    500, 503, 429, no connection, our own credentials: park, ask again later, never drop
        ├── DocumentTruncated   the answer ended early or was damaged on its way
        ├── DocumentsTooSlow    silence or dripping beyond the limits
        ├── DocumentKeyMissing  it lies there as ciphertext, and its key is not to be had here
        └── StorageFull         no space left for a put; nothing was left behind

A `DocumentsUnavailable` reaches the caller only after the store's own attempts are used up.
"""

from collections.abc import Awaitable
from typing import ClassVar, TypeVar

T = TypeVar("T")


class DocumentFailure(Exception):  # noqa: N818 an expected outcome is no error; its leaves are its names
    """An expected failure of the document store.

    Attributes:
        code: Stable machine reason, for dead letters and `document.status`.
        subject: The reference or document id that was asked for, as it was given.
        detail: One line for a person, without the subject.
        attempts: How often the store tried.
    """

    code: ClassVar[str]
    is_retried: ClassVar[bool] = False  # whether the store itself tries again at once

    def __init__(self, subject: str, detail: str) -> None:
        super().__init__(subject, detail)
        self.subject = subject
        self.detail = detail
        self.attempts = 1

    def __str__(self) -> str:
        return f"{self.code}: {self.detail} ({self.subject!a}, attempts: {self.attempts})"


class PermanentFailure(DocumentFailure):
    """Asking again gives the same answer."""


class DocumentNotFound(PermanentFailure):
    """Nothing is stored under this reference."""

    code = "DOCUMENT-NOT-FOUND"


class DocumentForbidden(PermanentFailure):
    """The storage refuses us this document."""

    code = "DOCUMENT-FORBIDDEN"


class HashMismatch(PermanentFailure):
    """What is stored there is not the document that was meant."""

    code = "DOCUMENT-HASH-MISMATCH"


class DocumentTooLarge(PermanentFailure):
    """The document has more bytes than the limit."""

    code = "DOCUMENT-TOO-LARGE"


class DocumentErased(PermanentFailure):
    """The key of the document was destroyed on purpose; its bytes cannot be read, nor be put again."""

    code = "DOCUMENT-ERASED"


class ReferenceRefused(PermanentFailure):
    """The reference is malformed, or names what the operator does not allow."""

    code = "DOCUMENT-REFERENCE-REFUSED"


class DocumentsUnavailable(DocumentFailure):
    """The storage does not answer as it should, for now."""

    code = "DOCUMENTS-UNAVAILABLE"
    is_retried = True


class DocumentTruncated(DocumentsUnavailable):
    """The answer ended early or was damaged on its way."""

    code = "DOCUMENT-TRUNCATED"


class DocumentsTooSlow(DocumentsUnavailable):
    """The storage was silent, or dripped, beyond the limits."""

    code = "DOCUMENTS-TOO-SLOW"


class DocumentKeyMissing(DocumentsUnavailable):
    """The key of a ciphertext is not here, and nobody destroyed it. The operator mends it; asking at once does not."""

    code = "DOCUMENT-KEY-MISSING"
    is_retried = False


class StorageFull(DocumentsUnavailable):
    """No space is left for a put. Not tried again at once: a disk does not empty within a second."""

    code = "DOCUMENTS-STORAGE-FULL"
    is_retried = False


async def outcome(operation: Awaitable[T]) -> T | DocumentFailure:
    """Await an operation of the store and return its failure as a value, for callers that match on outcomes."""
    try:
        return await operation
    except DocumentFailure as failure:
        return failure
