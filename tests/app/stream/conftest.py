"""A table of our application on a producer that confirms when a test says so."""

import pytest

from app.stream.table import ConfirmedTable
from tests.app.stream.faust_parts import FakeProducer, our_app


@pytest.fixture
async def producer() -> FakeProducer:
    return FakeProducer()


@pytest.fixture
async def table(producer: FakeProducer) -> ConfirmedTable:
    """A table that has not claimed its partition yet."""
    app = our_app()
    app.producer = producer
    made: ConfirmedTable = app.Table("seen", key_type=str)
    return made
