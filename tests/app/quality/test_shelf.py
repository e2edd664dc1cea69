"""A shelf keeps content under its digest, lists it and drops it: in a folder as in a bucket."""

import uuid
from pathlib import Path

import pytest

from app.audit_log.place_s3 import s3_client
from app.documents.port import S3Config
from app.quality.shelf import BucketObjects, ContentBroken, FolderObjects, Shelf, ShelfUnavailable, open_shelf
from app.settings import Settings
from schemas.identifiers import digest
from tests.servers.s3 import S3Server


@pytest.fixture(params=["folder", pytest.param("bucket", marks=pytest.mark.s3)])
def objects(request: pytest.FixtureRequest, tmp_path: Path) -> FolderObjects | BucketObjects:
    if request.param == "folder":
        return FolderObjects(tmp_path / "quality")
    server: S3Server = request.getfixturevalue("s3_server")
    return BucketObjects(server_client(server), server.bucket, f"shelf-{uuid.uuid4().hex}")


def server_client(server: S3Server) -> object:
    return s3_client(
        S3Config(
            endpoint_url=server.endpoint_url,
            region=server.region,
            access_key_id=server.access_key,
            secret_access_key=server.secret_key,
        )
    )


def test_what_is_put_is_found_under_its_digest_and_listed(objects: FolderObjects | BucketObjects) -> None:
    shelf = Shelf(objects)
    names = [shelf.put("cases", content) for content in (b"one", b"two")]
    assert names[0] == digest(b"one")
    assert shelf.get("cases", names[0]) == b"one"
    assert shelf.put("cases", b"one") == names[0]
    assert shelf.every("cases") == sorted(names)
    assert shelf.every("sets") == []
    assert shelf.get("sets", names[0]) is None


def test_what_is_dropped_is_gone_and_may_be_dropped_again(objects: FolderObjects | BucketObjects) -> None:
    shelf = Shelf(objects)
    name = shelf.put("cases", b"one")
    shelf.drop("cases", name)
    shelf.drop("cases", name)
    assert shelf.get("cases", name) is None
    assert shelf.every("cases") == []


def test_other_bytes_under_a_digest_are_told(objects: FolderObjects | BucketObjects) -> None:
    shelf = Shelf(objects)
    name = shelf.put("cases", b"one")
    objects.put(f"cases/{name.removeprefix('sha256:')}.json", b"other")
    with pytest.raises(ContentBroken):
        shelf.get("cases", name)


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ShelfUnavailable):
        Shelf(FolderObjects(tmp_path / "file")).put("cases", b"one")


@pytest.mark.s3
def test_a_bucket_that_is_missing_is_told(s3_server: S3Server) -> None:
    with pytest.raises(ShelfUnavailable):
        Shelf(BucketObjects(server_client(s3_server), "no-such-bucket-here", "")).every("cases")


def test_the_shelf_lies_below_the_documents(tmp_path: Path) -> None:
    open_shelf(Settings(documents=f"file://{tmp_path}")).put("sets", b"one")
    assert list((tmp_path / "quality" / "sets").iterdir())
