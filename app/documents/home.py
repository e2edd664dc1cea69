"""What a place must offer to be the one where documents are put."""

from typing import Protocol

from app.documents.reference import Reference


class Home(Protocol):
    """The configured location. Each call is one attempt; the store above it repeats."""

    def locate(self, digest: str) -> Reference:
        """Return where the document of this SHA-256 (64 hex digits) is kept."""

    async def write(self, content: bytes, digest: str, media_type: str, *, name: str | None = None) -> Reference:
        """Store the bytes, whose SHA-256 is `digest`, if they are absent, durably.

        `name` is the document's SHA-256 where the bytes are its ciphertext: they lie where the document would.

        Raises:
            HashMismatch, DocumentForbidden, DocumentsUnavailable: as `DocumentStore.put`.
        """

    async def probe(self) -> None:
        """Return if a write can be expected to succeed.

        Raises:
            DocumentFailure: saying why not.
        """
