"""A document as ciphertext: AES-256-GCM under a key that enciphers this one document and nothing else.

So the nonce may be fixed (NIST SP 800-38D section 8: a pair of key and nonce is used once), and the same document is
always the same object: a put that is repeated meets its own bytes.
"""

import hashlib

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

# No format that is read here begins so; a process without keys sees what lies there, and does not call it damaged.
PREAMBLE = b"quittance ciphertext 1\n"
KEY_BYTES = 32
TAG_BYTES = 16
# So much longer than the document is what lies in the store.
OVERHEAD_BYTES = len(PREAMBLE) + TAG_BYTES

_NONCE = bytes(12)


def encipher(content: bytes, digest: str, key: bytes) -> bytes:
    """Return the ciphertext of a document; `digest` (64 hex digits) is bound to it, so that none stands for another."""
    return PREAMBLE + AESGCM(key).encrypt(_NONCE, content, PREAMBLE + bytes.fromhex(digest))


def decipher(stored: bytes, digest: str, key: bytes) -> bytes | None:
    """Return the document; None where the ciphertext was made by another key, is another's, or was changed."""
    try:
        content = AESGCM(key).decrypt(_NONCE, stored.removeprefix(PREAMBLE), PREAMBLE + bytes.fromhex(digest))
    except InvalidTag:
        return None
    return content if hashlib.sha256(content).hexdigest() == digest else None
