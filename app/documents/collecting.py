"""Bytes that arrive piece by piece: counted against the limit and hashed on their way in."""

import hashlib

from app.documents.ciphertext import OVERHEAD_BYTES, PREAMBLE
from app.documents.failures import DocumentKeyMissing, DocumentTooLarge, HashMismatch


class Enciphered(DocumentKeyMissing):
    """What lies there is a ciphertext: `stored`. Whoever has its key opens it; for all others the key is missing."""

    def __init__(self, subject: str, stored: bytes) -> None:
        super().__init__(subject, "lies there as ciphertext, and this process has no keys (QUITTANCE_ERASURE_KEYS)")
        self.stored = stored


class Collected:
    """What has come of one document so far; never more than `bytes_max`, and what a ciphertext is longer."""

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
        if size_bytes > self._bytes_max + OVERHEAD_BYTES:
            raise self._too_large(size_bytes)

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
            Enciphered: where it is a ciphertext, of this document or another.
            DocumentTooLarge: where it is none, and has more bytes than a document may.
            HashMismatch: where it is another.
        """
        is_ciphertext = self._content.startswith(PREAMBLE)
        if self._hash.hexdigest() == digest and (is_ciphertext or len(self._content) <= self._bytes_max):
            return bytes(self._content)
        if is_ciphertext:
            raise Enciphered(self._subject, bytes(self._content))
        if len(self._content) > self._bytes_max:
            raise self._too_large(len(self._content))
        raise HashMismatch(self._subject, f"holds sha256:{self._hash.hexdigest()}, not sha256:{digest}")

    def _too_large(self, size_bytes: int) -> DocumentTooLarge:
        return DocumentTooLarge(self._subject, f"{size_bytes} bytes are more than {self._bytes_max}")
