"""The real servers that tests talk to: each is started once a session, when the first test asks for it."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from app.local.kafka import Broker
from tests.servers.postgres import postgres_server
from tests.servers.s3 import S3Server
from tests.servers.s3 import s3_server as run_s3_server

# How long an example takes says something about the machine's other work, never about our code.
settings.register_profile("shared-machine", deadline=None)
settings.load_profile("shared-machine")


@pytest.fixture(scope="session")
def kafka_bootstrap(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`host:port` of a real Kafka, with no topic; shared, so use topics and groups of your own."""
    with Broker(tmp_path_factory.mktemp("kafka")) as broker:
        yield broker.bootstrap_servers


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """SQLAlchemy URL of a real PostgreSQL with an empty database; shared, so use a schema or tables of your own."""
    with postgres_server() as url:
        yield url


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """A real S3 API, empty but for the bucket `s3_server.bucket`; shared, so use keys of your own."""
    with run_s3_server(tmp_path_factory.mktemp("s3")) as server:
        yield server
