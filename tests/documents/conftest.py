import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.documents import DocumentStore, KeyFolder, open_documents
from tests.documents.places import BucketPlace, FolderPlace, Place
from tests.servers.s3 import S3Server


@pytest.fixture(scope="session")
def publishers_bucket(s3_server: S3Server) -> str:
    return s3_server.create_bucket("publisher-of-invoices")


@pytest.fixture(
    params=[
        "folder",
        "folder under keys",
        pytest.param("s3", marks=pytest.mark.s3),
        pytest.param("s3 under keys", marks=pytest.mark.s3),
    ]
)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    made = _place(request, tmp_path)
    opened = next(made)
    if "keys" in request.param:
        KeyFolder(tmp_path / "keys").create()
        opened.config = replace(opened.config, keys=tmp_path / "keys")
    yield opened
    next(made, None)


def _place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    if request.param.startswith("folder"):
        yield FolderPlace(tmp_path)
        return
    server: S3Server = request.getfixturevalue("s3_server")
    bucket_place = BucketPlace(server, f"documents/{uuid.uuid4().hex}", request.getfixturevalue("publishers_bucket"))
    yield bucket_place
    bucket_place.close()


@pytest.fixture
async def store(place: Place) -> AsyncIterator[DocumentStore]:
    async with open_documents(place.config) as opened:
        yield opened
