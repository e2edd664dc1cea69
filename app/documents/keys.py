"""What the document store asks of whoever keeps its keys. A key is destroyed there, and nowhere else is a copy.

Each document has a data key of its own. It is kept wrapped: by the intake key until a supplier is recognised, then by
that supplier's. Destroying a supplier's key takes all of its documents at once, in every copy of the store.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from schemas.base import Code, Moment, Record


class Erasure(Record):
    """A key that was destroyed: whose, when and by whom. Which documents it wrapped stands with the documents."""

    supplier_id: Code
    key_id: Code
    erased_at: Moment
    erased_by: Code


class Claim(Record):
    """A supplier whose document it is, as a tenant recognised it at a moment."""

    tenant: Code
    supplier_id: Code
    at: Moment


class Keys(Protocol):
    """Keeps the keys. Calls block; `digest` is a document's SHA-256 in 64 hex digits.

    Every method raises `DocumentsUnavailable` where the place of the keys does not answer.
    """

    def probe(self) -> None:
        """Return if keys can be had."""

    def make(self, digest: str) -> bytes:
        """Return the document's key; at the first call it is drawn, and wrapped by the intake key.

        Raises:
            DocumentErased: it had one, which was destroyed.
        """

    def open(self, digest: str) -> bytes:
        """Return the key of a document that has one.

        Raises:
            DocumentErased: it was destroyed.
            DocumentKeyMissing: it is not here, and nobody destroyed it.
        """

    def claim(self, digest: str, claim: Claim) -> bool:
        """Wrap the document's key by the supplier's instead of the intake's, or of another supplier's of the tenant.

        Of two claims of one tenant the later counts, in whichever order they come. Another tenant that received the
        same bytes keeps its own wrapping. Returns False where the document has no key: it lies in clear, or elsewhere.

        Raises:
            DocumentErased: it was destroyed before.
        """

    def destroy(self, supplier_id: str, at: datetime, by: str) -> tuple[Erasure, ...]:
        """Destroy the supplier's key; return all that ever were. Safe to repeat after a crash at any point."""

    def documents_of(self, supplier_id: str) -> Iterator[str]:
        """Yield the digests of the documents whose key a key of the supplier wraps or wrapped."""
