"""Puts what is known of a document under that document's own key, so that both end together (decision 0031).

    quittance case 1 / 64 hex digits of the document's SHA-256 / ciphertext (app/documents/ciphertext.py)

The key is derived from the document's (HKDF, RFC 5869), for the content that it encloses and no other: so the nonce may
be fixed here as well, and there is no key that could outlive the document's, or be claimed by another supplier. Of a
document that lies in clear there is no key, and what is known of it lies in clear, too.
"""

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.documents import DocumentKeyMissing, Keys
from app.documents.ciphertext import KEY_BYTES, decipher, encipher

MARK = b"quittance case 1\n"
_DIGEST_DIGITS = 64
_START = len(MARK) + _DIGEST_DIGITS + 1


class Enclosing:
    """Encloses and opens; `digest` is always that of the plain content, in 64 hex digits."""

    def __init__(self, keys: Keys | None) -> None:
        """Without `keys` everything lies in clear."""
        self._keys = keys

    def close(self, content: bytes, digest: str, document_id: str) -> bytes:
        """Return the bytes to store: the same each time.

        Raises:
            DocumentErased: the document's key was destroyed.
            DocumentsUnavailable: the place of the keys does not answer.
        """
        document = document_id.removeprefix("sha256:")
        key = self._key(document)
        if key is None:
            return content
        return MARK + document.encode() + b"\n" + encipher(content, digest, _derived(key, digest))

    def open(self, stored: bytes, digest: str) -> bytes | None:
        """Return the content of what is stored, None where it was changed or lies under another name.

        Raises:
            DocumentErased: its document's key was destroyed.
            DocumentKeyMissing: the key is not here, and nobody destroyed it.
            DocumentsUnavailable: the place of the keys does not answer.
        """
        document = document_of(stored)
        if document is None:
            return stored
        if self._keys is None:
            told = "lies there as ciphertext, and this process has no keys (QUITTANCE_ERASURE_KEYS)"
            raise DocumentKeyMissing(digest, told)
        return decipher(stored[_START:], digest, _derived(self._keys.open(document), digest))

    def _key(self, document: str) -> bytes | None:
        if self._keys is None:
            return None
        try:
            return self._keys.open(document)
        except DocumentKeyMissing:
            return None


def document_of(stored: bytes) -> str | None:
    """Return the SHA-256 of the document under whose key something lies, None where it lies in clear."""
    if not stored.startswith(MARK) or len(stored) < _START:
        return None
    return stored[len(MARK) : _START - 1].decode(errors="replace")


def _derived(key: bytes, digest: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=MARK + bytes.fromhex(digest)).derive(key)
