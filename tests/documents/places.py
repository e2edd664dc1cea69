"""The two kinds of place that a document store can live in, with what a test does to them behind the store's back."""

import os
from pathlib import Path
from typing import Protocol

from app.documents import DocumentsConfig, FileReference, Limits, Reference, S3Config, S3Reference, parse_reference
from tests.servers.s3 import S3Server

QUICK = Limits(
    document_bytes_max=1024 * 1024,
    stall_seconds_max=1.5,  # a machine under load pauses a process for more than half a second
    attempt_seconds_max=20.0,
    attempts_max=3,
    pause_seconds_first=0.01,
    pause_seconds_max=0.02,
)


class Place(Protocol):
    """Where documents lie, seen from outside of the store."""

    config: DocumentsConfig

    def publish(self, name: str, content: bytes) -> Reference: ...
    def overwrite(self, reference: Reference, content: bytes) -> None: ...
    def delete(self, reference: Reference) -> None: ...
    def stored(self) -> set[str]: ...


class FolderPlace:
    """A local folder, with a publisher's folder beside it that the operator has listed."""

    def __init__(self, folder: Path) -> None:
        self.home, self.published = folder / "home", folder / "published"
        self.published.mkdir()
        self.config = DocumentsConfig(location=f"file://{self.home}", roots=(self.published,), limits=QUICK)

    def publish(self, name: str, content: bytes) -> Reference:
        path = self.published / name
        path.write_bytes(content)
        return FileReference(str(path))

    def overwrite(self, reference: Reference, content: bytes) -> None:
        self._path(reference).write_bytes(content)

    def delete(self, reference: Reference) -> None:
        self._path(reference).unlink()

    def stored(self) -> set[str]:
        return {str(FileReference(os.path.join(at, name))) for at, _, names in os.walk(self.home) for name in names}  # noqa: PTH118 os.walk speaks in strings

    @staticmethod
    def _path(reference: Reference) -> Path:
        assert isinstance(reference, FileReference)
        return Path(reference.path)


class BucketPlace:
    """A prefix of the tests' bucket, with a publisher's bucket beside it."""

    def __init__(self, server: S3Server, prefix: str, published: str) -> None:
        self._client = server.client()
        self._bucket, self._prefix, self._published = server.bucket, prefix, published
        self.config = DocumentsConfig(
            location=f"s3://{server.bucket}/{prefix}", s3=credentials_of(server), limits=QUICK
        )

    def publish(self, name: str, content: bytes) -> Reference:
        reference = S3Reference(self._published, f"{self._prefix}/{name}")
        self.overwrite(reference, content)
        return reference

    def overwrite(self, reference: Reference, content: bytes) -> None:
        at = parse_reference(str(reference))
        assert isinstance(at, S3Reference)
        self._client.put_object(Bucket=at.bucket, Key=at.key, Body=content)

    def delete(self, reference: Reference) -> None:
        assert isinstance(reference, S3Reference)
        self._client.delete_object(Bucket=reference.bucket, Key=reference.key)

    def stored(self) -> set[str]:
        listing = self._client.list_objects_v2(Bucket=self._bucket, Prefix=f"{self._prefix}/")
        return {str(S3Reference(self._bucket, entry["Key"])) for entry in listing.get("Contents", [])}

    def close(self) -> None:
        self._client.close()


def credentials_of(server: S3Server) -> S3Config:
    return S3Config(
        endpoint_url=server.endpoint_url,
        region=server.region,
        access_key_id=server.access_key,
        secret_access_key=server.secret_key,
    )
