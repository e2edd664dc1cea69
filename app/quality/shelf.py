"""Where the quality loop keeps its objects: below the documents' own place, in a folder or a bucket.

Documents are immutable and nobody lists them; cases are listed, and dropped when their time is over. So they have a
shelf of their own, with four verbs. Content lies under the digest of its bytes, which is verified when it is read;
what is known of one document lies under that document's key, where it has one (app/quality/enclosing.py).
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any, Literal, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from app.audit_log.place_s3 import s3_client
from app.documents import KeyFolder, Keys
from app.documents.s3_failures import status_of
from app.documents.store import parse_location
from app.extraction import documents_config, keys_folder
from app.quality.enclosing import Enclosing, document_of
from app.settings import Settings
from schemas.identifiers import digest

# Documents lie in folders of two hex digits, so that no name is taken twice.
BELOW_DOCUMENTS = "quality"
Kind = Literal["cases", "sets", "reports"]
_MODE, _FOLDER_MODE = 0o640, 0o750  # truths are personal data: nothing for the world


class ShelfUnavailable(Exception):  # noqa: N818 - it names the state of the storage
    """The storage does not answer, or refuses."""


class ContentBroken(Exception):  # noqa: N818 - it names the state of the bytes
    """What lies under a digest has another one: somebody has written past us."""


class Objects(Protocol):
    """Named objects. Every method raises ShelfUnavailable where the storage does not answer."""

    def put(self, name: str, content: bytes) -> None:
        """Write an object whole."""

    def get(self, name: str) -> bytes | None:
        """Return an object's bytes, None where it is not there."""

    def names(self, folder: str) -> list[str]:
        """Return the names of the objects in a folder, sorted."""

    def delete(self, name: str) -> None:
        """Remove an object; one that is not there is removed already."""


class Shelf:
    """Content under its digest, by kind."""

    def __init__(self, objects: Objects, keys: Keys | None = None) -> None:
        self._objects = objects
        self._enclosing = Enclosing(keys)

    def put(self, kind: Kind, content: bytes, *, of: str | None = None) -> str:
        """Keep bytes and return their digest; to do it again changes nothing.

        `of` is the document that they are about: they end with its key.

        Raises:
            app.documents.DocumentErased: that key was destroyed.
        """
        name = digest(content)
        stored = content if of is None else self._enclosing.close(content, _hex(name), of)
        self._objects.put(_path(kind, name), stored)
        return name

    def get(self, kind: Kind, name: str) -> bytes | None:
        """Return the bytes of a digest, None where they are not there.

        Raises:
            ContentBroken: other bytes lie there.
            app.documents.DocumentErased: they lie under the key of a document, which was destroyed.
            app.documents.DocumentFailure: that key cannot be had.
        """
        stored = self._objects.get(_path(kind, name))
        if stored is None:
            return None
        content = self._enclosing.open(stored, _hex(name))
        if content is None or digest(content) != name:
            raise ContentBroken(f"{kind}/{name}")
        return content

    def document_of(self, kind: Kind, name: str) -> str | None:
        """Return the document under whose key the bytes of a digest lie, None where they lie in clear or are gone."""
        stored = self._objects.get(_path(kind, name))
        document = None if stored is None else document_of(stored)
        return None if document is None else f"sha256:{document}"

    def every(self, kind: Kind) -> list[str]:
        """Return all digests of a kind, sorted."""
        return [f"sha256:{name.removesuffix('.json')}" for name in self._objects.names(kind) if name.endswith(".json")]

    def drop(self, kind: Kind, name: str) -> None:
        """Remove the bytes of a digest."""
        self._objects.delete(_path(kind, name))


class FolderObjects:
    """A folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, name: str, content: bytes) -> None:
        """Write beside, flush to the disk, and rename into place."""
        place = self._folder / name
        part = place.with_name(f".{secrets.token_hex(8)}")
        with _told(self._folder):
            place.parent.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
            try:
                with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, _MODE), "wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                part.replace(place)
            finally:
                part.unlink(missing_ok=True)

    def get(self, name: str) -> bytes | None:
        """Return an object's bytes, None where it is not there."""
        with _told(self._folder):
            try:
                return (self._folder / name).read_bytes()
            except FileNotFoundError:
                return None

    def names(self, folder: str) -> list[str]:
        """Return the names of the objects in a folder, sorted."""
        with _told(self._folder):
            return sorted(path.name for path in (self._folder / folder).glob("*") if not path.name.startswith("."))

    def delete(self, name: str) -> None:
        """Remove an object."""
        with _told(self._folder):
            (self._folder / name).unlink(missing_ok=True)


class BucketObjects:
    """Objects below a prefix of a bucket."""

    def __init__(self, client: Any, bucket: str, prefix: str) -> None:
        self._client = client
        self._bucket = bucket
        self._prefix = f"{prefix}/" if prefix else ""

    def put(self, name: str, content: bytes) -> None:
        """Write an object."""
        with _told(self._bucket):
            self._client.put_object(
                Bucket=self._bucket, Key=self._prefix + name, Body=content, ContentType="application/json"
            )

    def get(self, name: str) -> bytes | None:
        """Return an object's bytes, None where it is not there."""
        with _told(self._bucket):
            try:
                answer = self._client.get_object(Bucket=self._bucket, Key=self._prefix + name)
            except ClientError as error:
                if status_of(error) == HTTPStatus.NOT_FOUND:
                    return None
                raise
            content: bytes = answer["Body"].read()
            return content

    def names(self, folder: str) -> list[str]:
        """Return the names of the objects in a folder, sorted."""
        below = f"{self._prefix}{folder}/"
        with _told(self._bucket):
            pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=below)
            return sorted(found["Key"][len(below) :] for page in pages for found in page.get("Contents", ()))

    def delete(self, name: str) -> None:
        """Remove an object."""
        with _told(self._bucket):
            self._client.delete_object(Bucket=self._bucket, Key=self._prefix + name)


def open_shelf(settings: Settings) -> Shelf:
    """Return the shelf of an installation; nothing is asked of its storage yet."""
    folder_of_keys = keys_folder(settings)
    keys = None if folder_of_keys is None else KeyFolder(folder_of_keys)
    match parse_location(settings.documents):
        case Path() as folder:
            return Shelf(FolderObjects(folder / BELOW_DOCUMENTS), keys)
        case (bucket, prefix):
            below = f"{prefix}/{BELOW_DOCUMENTS}" if prefix else BELOW_DOCUMENTS
            return Shelf(BucketObjects(s3_client(documents_config(settings).s3), bucket, below), keys)


def _path(kind: Kind, name: str) -> str:
    return f"{kind}/{_hex(name)}.json"


def _hex(name: str) -> str:
    return name.removeprefix("sha256:")


@contextmanager
def _told(place: object) -> Iterator[None]:
    try:
        yield
    except (OSError, ClientError, BotoCoreError) as error:
        raise ShelfUnavailable(f"{place}: {type(error).__name__}") from error
