"""Where a document is: `s3://bucket/key` or `file:///absolute/path`, parsed once, strictly.

A reference comes from outsiders. What is refused here never reaches a file system or an S3 client:

>>> str(parse_reference("s3://invoices/2026/one.pdf"))
's3://invoices/2026/one.pdf'
>>> str(parse_reference("file:///in/une facture.pdf"))
'file:///in/une%20facture.pdf'
>>> parse_reference("file://elsewhere/in/one.pdf")
Traceback (most recent call last):
  ...
app.documents.failures.ReferenceRefused: DOCUMENT-REFERENCE-REFUSED: a file reference names no host...
"""

import os
import re
from dataclasses import dataclass
from urllib.parse import quote, unquote_to_bytes

from app.documents.failures import ReferenceRefused
from app.documents.limits import REFERENCE_CHARACTERS_MAX, S3_KEY_BYTES_MAX

# General purpose buckets only (S3 user guide, "Bucket naming rules"): an ARN here would lead to another endpoint.
_BUCKET = re.compile(r"(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_DIGEST = re.compile(r"(?:sha256:)?([0-9a-f]{64})")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class S3Reference:
    """An object: the key is written as it is, not percent-encoded, as every S3 tool does."""

    bucket: str
    key: str

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.key}"


@dataclass(frozen=True, slots=True)
class FileReference:
    """A file by its absolute path (RFC 8089, without a host)."""

    path: str

    def __str__(self) -> str:
        return "file://" + quote(os.fsencode(self.path))


Reference = S3Reference | FileReference


def parse_reference(text: str) -> Reference:
    """Read a reference.

    Raises:
        ReferenceRefused: of another scheme, malformed, too long, with control characters or `.`/`..` segments.
    """
    if len(text) > REFERENCE_CHARACTERS_MAX:
        raise ReferenceRefused(text[:80] + "...", f"longer than {REFERENCE_CHARACTERS_MAX} characters")
    if _CONTROL.search(text) or not _is_unicode(text):
        raise ReferenceRefused(text, "contains characters that no name has")
    scheme, separator, rest = text.partition("://")
    if separator and scheme == "s3":
        return _parse_s3(text, rest)
    if separator and scheme == "file":
        return _parse_file(text, rest)
    raise ReferenceRefused(text, "is neither s3:// nor file:///")


def parse_digest(sha256: str) -> str:
    """Return the 64 hex digits of a document id (`sha256:...`) or of a bare digest.

    Raises:
        ReferenceRefused: where it is neither; a document of unknown hash is never fetched.
    """
    match = _DIGEST.fullmatch(sha256)
    if match is None:
        raise ReferenceRefused(sha256[:80], "is not a SHA-256 in lower-case hexadecimal")
    return match[1]


def fan_out(digest: str) -> str:
    """Return the name of a document below its store: two levels, so that a folder of ten million stays usable.

    >>> fan_out("0123456789abcdef" * 4)
    '01/23/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef'
    """
    return f"{digest[:2]}/{digest[2:4]}/{digest}"


def _parse_s3(text: str, rest: str) -> S3Reference:
    bucket, _, key = rest.partition("/")
    if _BUCKET.fullmatch(bucket) is None:
        raise ReferenceRefused(text, "is not in a bucket with a valid name")
    if not 0 < len(key.encode()) <= S3_KEY_BYTES_MAX:
        raise ReferenceRefused(text, f"has no key of 1 to {S3_KEY_BYTES_MAX} bytes")
    if _climbs(key.encode()):
        raise ReferenceRefused(text, "has . or .. in its key")
    return S3Reference(bucket, key)


def _parse_file(text: str, rest: str) -> FileReference:
    if not rest.startswith("/"):
        raise ReferenceRefused(text, "a file reference names no host: file:///absolute/path")
    if "?" in rest or "#" in rest:
        raise ReferenceRefused(text, "has a query or fragment; write %3F and %23 for the characters")
    path = unquote_to_bytes(rest)
    if _climbs(path) or any(byte < 0x20 for byte in path):  # once more: %2E%2E and %00 have now been decoded
        raise ReferenceRefused(text, "has .. or a control character in its path")
    return FileReference(os.fsdecode(path))


def _climbs(path: bytes) -> bool:
    return not {b".", b".."}.isdisjoint(path.split(b"/"))


def _is_unicode(text: str) -> bool:
    """JSON can carry half a surrogate pair, which has no bytes."""
    return not any("\ud800" <= character <= "\udfff" for character in text)
