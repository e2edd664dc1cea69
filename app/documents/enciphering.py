"""Puts documents under keys, and opens them again, outside of the event loop."""

from app.documents.ciphertext import decipher, encipher
from app.documents.failures import HashMismatch
from app.documents.files import Threads
from app.documents.keys import Keys


class Enciphering:
    """Between a document and its ciphertext. Each call is one attempt."""

    def __init__(self, keys: Keys, threads: Threads) -> None:
        self._keys = keys
        self._threads = threads

    async def close(self, content: bytes, digest: str) -> bytes:
        """Return the ciphertext to store; for the same document it is always the same.

        Raises:
            DocumentErased: the document was here before, and its key was destroyed.
            DocumentsUnavailable: the place of the keys does not answer.
        """
        return await self._threads.run(lambda: encipher(content, digest, self._keys.make(digest)), digest)

    async def open(self, stored: bytes, digest: str) -> bytes:
        """Return the document of a ciphertext.

        Raises:
            DocumentErased: its key was destroyed.
            DocumentsUnavailable: its key is not here, or the place of the keys does not answer.
            HashMismatch: it is another document's, or was changed.
        """
        content = await self._threads.run(lambda: decipher(stored, digest, self._keys.open(digest)), digest)
        if content is None:
            raise HashMismatch(digest, "the ciphertext was changed, or made by another key")
        return content

    async def probe(self) -> None:
        """Return if keys can be had.

        Raises:
            DocumentsUnavailable: they cannot.
        """
        await self._threads.run(self._keys.probe, "keys")
