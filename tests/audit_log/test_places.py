"""One contract for every place of a log: the fake is held to the tests of the real ones."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.audit_log.place import FolderPlace, Place, PlaceUnavailable, PlaceUnfit, check_fit
from app.audit_log.place_s3 import BucketPlace, s3_client
from app.documents.port import S3Config
from tests.audit_log.logs import MemoryPlace
from tests.servers.s3 import S3Server

KINDS = [
    "memory",
    "folder",
    pytest.param("bucket", marks=pytest.mark.s3),
    pytest.param("locked bucket", marks=pytest.mark.s3),
]


def config(server: S3Server) -> S3Config:
    return S3Config(
        endpoint_url=server.endpoint_url,
        region=server.region,
        access_key_id=server.access_key,
        secret_access_key=server.secret_key,
    )


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    kind: str = request.param
    if kind == "memory":
        yield MemoryPlace()
    elif kind == "folder":
        yield FolderPlace(tmp_path / "log")
    else:
        server: S3Server = request.getfixturevalue("s3_server")
        bucket = server.bucket
        if kind == "locked bucket":
            bucket = server.create_bucket(f"places-{abs(hash(tmp_path)) % 10**9}", object_lock=True)
        yield BucketPlace(s3_client(config(server)), bucket, f"{tmp_path.name}/", retention_days=1)


def test_what_is_put_is_read(place: Place) -> None:
    assert place.put_if_absent("segments/000/000/000.jsonl", b"one")
    assert place.read("segments/000/000/000.jsonl") == b"one"


def test_what_is_there_is_never_replaced(place: Place) -> None:
    assert place.put_if_absent("segments/000/000/000.jsonl", b"one")
    assert not place.put_if_absent("segments/000/000/000.jsonl", b"two")
    assert place.read("segments/000/000/000.jsonl") == b"one"


def test_what_is_not_there_is_none(place: Place) -> None:
    assert place.read("segments/000/000/000.jsonl") is None
    assert place.last("segments") is None
    assert place.children() == []


def test_the_last_is_the_highest_number(place: Place) -> None:
    for name in ("000/000/999", "000/001/000", "000/000/007"):
        place.put_if_absent(f"segments/{name}.jsonl", b"")
    place.put_if_absent("checkpoints/001/000/000.txt", b"")
    assert place.last("segments") == 1000
    assert place.last("checkpoints") == 1_000_000


def test_children_are_the_folders_with_numbers(place: Place) -> None:
    for name in ("3/origin", "12/segments/000/000/000.jsonl", "other/origin"):
        place.put_if_absent(name, b"")
    assert place.children() == [3, 12]


def test_a_place_that_replaces_nothing_is_fit_and_belongs_to_one_log(place: Place) -> None:
    check_fit(place, "example.org/a")
    check_fit(place, "example.org/a")
    with pytest.raises(PlaceUnfit, match="another origin"):
        check_fit(place, "example.org/b")


def test_a_place_that_replaces_objects_is_refused() -> None:
    class Careless(MemoryPlace):
        def put_if_absent(self, name: str, content: bytes) -> bool:
            self.objects[name] = content
            return True

    with pytest.raises(PlaceUnfit, match="replaces objects"):
        check_fit(Careless(), "example.org/a")


def test_a_file_of_a_log_is_whole_and_closed_to_writing(tmp_path: Path) -> None:
    place = FolderPlace(tmp_path)
    place.put_if_absent("segments/000/000/000.jsonl", b"one")
    assert (tmp_path / "segments/000/000/000.jsonl").stat().st_mode & 0o777 == 0o440
    assert not list((tmp_path / ".incoming").iterdir())


def test_a_folder_that_cannot_be_used_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(PlaceUnavailable):
        FolderPlace(tmp_path / "file").put_if_absent("segments/000/000/000.jsonl", b"one")


def test_a_server_that_is_not_there_is_unavailable() -> None:
    nowhere = S3Config(endpoint_url="http://127.0.0.1:9", region="x", access_key_id="x", secret_access_key="x")
    with pytest.raises(PlaceUnavailable):
        BucketPlace(s3_client(nowhere), "bucket", "", 1).last("segments")


@pytest.mark.s3
def test_a_bucket_that_is_not_there_is_unavailable(s3_server: S3Server) -> None:
    place = BucketPlace(s3_client(config(s3_server)), "no-such-bucket", "", 1)
    with pytest.raises(PlaceUnavailable):
        place.put_if_absent("origin", b"x")
