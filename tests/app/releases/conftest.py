"""A broker of this folder's own, with all topics: the names are those of production."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from app.local.kafka import Broker
from app.settings import Settings
from app.topics import create_topics
from schemas.identifiers import digest
from tests.app.releases.houses import House, opened


@pytest.fixture(scope="package")
def bootstrap(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with Broker(tmp_path_factory.mktemp("kafka")) as broker:
        asyncio.run(create_topics(Settings(kafka_bootstrap_servers=broker.bootstrap_servers), partitions=3))
        yield broker.bootstrap_servers


@pytest.fixture
async def house(bootstrap: str, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[House]:
    """A house whose code is the test's own, so that tests share the topics and nothing else."""
    async with opened(bootstrap, tmp_path, f"0.1.0+{digest(request.node.name.encode())[7:19]}") as built:
        yield built
