"""What the application asks of a document store, and how one is configured."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from app.documents.limits import Limits
from app.documents.reference import Reference


class DocumentStore(Protocol):
    """Keeps documents under the SHA-256 of their bytes, and fetches them from wherever a reference points.

    Every method raises a `DocumentFailure` and nothing else; failures.py says which one means what.
    """

    async def put(self, content: bytes, media_type: str) -> Reference:
        """Store `content` unless it is there already; the same bytes are always the same object.

        The bytes are durable when this returns. Safe to repeat, and to do twice at once. `media_type` labels a new
        object where the storage can keep a label; the event carries the authoritative one.

        Raises:
            DocumentTooLarge: before anything is written.
            HashMismatch: other bytes already lie under this hash, so somebody has written to the store past us.
            DocumentForbidden: the storage refuses the write.
            DocumentErased: the document was here, and its key was destroyed.
            DocumentsUnavailable: anything else, `StorageFull` among it; nothing partial stays visible.
        """

    async def fetch(self, reference: str, sha256: str) -> bytes:
        """Return the bytes at `reference`, whose SHA-256 (`sha256:<64 hex>` or the bare hex) is verified.

        Raises:
            PermanentFailure: one of its leaves; the document will not come under this reference.
            DocumentsUnavailable: after bounded attempts; ask again later.
        """

    async def exists(self, reference: str) -> bool:
        """Tell whether something is stored at `reference`; its bytes are not looked at.

        Raises:
            ReferenceRefused, DocumentForbidden, DocumentsUnavailable: as for `fetch`.
        """

    def locate(self, sha256: str) -> Reference:
        """Return where `put` keeps the document of this hash, whether it is there or not."""

    async def probe(self) -> None:
        """Return if the store can take a document now: one attempt, quickly (readiness).

        Raises:
            DocumentFailure: saying why it cannot.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class S3Config:
    """How to reach S3. What is None is read as the AWS SDK reads it: environment, profile, instance role."""

    endpoint_url: str | None = None
    region: str | None = None
    access_key_id: str | None = None
    secret_access_key: str | None = field(default=None, repr=False)
    session_token: str | None = field(default=None, repr=False)
    addressing_style: Literal["auto", "path", "virtual"] | None = None
    """None: by path where an endpoint is given (few S3 servers have wildcard names), else as the SDK does."""
    encryption: Literal["AES256", "aws:kms"] | None = None
    """Server-side encryption asked for with each put; None leaves it to the bucket's default."""
    encryption_key_id: str | None = None
    """KMS key, only with `aws:kms`; None is the account's default key."""

    def __post_init__(self) -> None:
        if self.encryption_key_id is not None and self.encryption != "aws:kms":
            raise ValueError("an encryption key id goes with encryption aws:kms only")


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentsConfig:
    """Where documents are put, and from where they may be fetched."""

    location: str
    """`file:///absolute/folder` or `s3://bucket/prefix`; `file://./folder` is below the working directory."""
    roots: tuple[Path, ...] = ()
    """Folders besides `location` below which a `file:` reference is honoured."""
    keys: Path | None = None
    """The folder of the keys under which documents are put; without one they lie in clear."""
    s3: S3Config = field(default_factory=S3Config)
    limits: Limits = field(default_factory=Limits)
