"""Bytes that arrive piece by piece: counted against the limit and hashed on their way in."""

import hashlib

from app.documents.failures import DocumentTooLarge, HashMismatch


class Collected:
    """What has come of one document so far; never more than `bytes_max`."""

    def __init__(self, subject: str, bytes_max: int) -> None:
        self._subject = subject
        self._bytes_max = bytes_max
        self._hash = hashlib.sha256()
        self._content = bytearray()

    def expect(self, size_bytes: int) -> None:
        """Refuse a document that announces itself as too large, before a byte of it is read.

        Raises:
            DocumentTooLarge: where it does.
        """
        if size_bytes > self._bytes_max:
            raise DocumentTooLarge(self._subject, f"{size_bytes} bytes are more than {self._bytes_max}")

    def add(self, chunk: bytes) -> None:
        """Take the next piece.

        Raises:
            DocumentTooLarge: where it leads over the limit, whatever was announced.
        """
        self.expect(len(self._content) + len(chunk))
        self._hash.update(chunk)
        self._content += chunk

    def verified(self, digest: str) -> bytes:
        """Return the whole, once it is proven to be the document of this SHA-256 (64 hex digits).

        Raises:
            HashMismatch: where it is another.
        """
        if self._hash.hexdigest() != digest:
            raise HashMismatch(self._subject, f"holds sha256:{self._hash.hexdigest()}, not sha256:{digest}")
        return bytes(self._content)
