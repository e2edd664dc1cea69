"""The real servers that tests talk to: each is started once a session, when the first test asks for it."""

from collections.abc import Iterator

import pytest

from tests.servers.s3 import S3Server
from tests.servers.s3 import s3_server as run_s3_server


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """A real S3 API, empty but for the bucket `s3_server.bucket`; shared, so use keys of your own."""
    with run_s3_server(tmp_path_factory.mktemp("s3")) as server:
        yield server
