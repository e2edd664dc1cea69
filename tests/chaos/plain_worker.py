"""A worker on plain Faust, for comparison: the same stages, cores and ledger, without our corrections of app/stream.

Events are acknowledged by Faust when the agent goes on to the next one, offsets are Faust's, tables are written as
Faust writes them, recovery is Faust's, the producer is not idempotent. Sends are still awaited: what is lost here is
not lost for want of that.

    python -m tests.chaos.plain_worker [--role ROLE --announce FD]
"""

import sys
from collections.abc import AsyncIterator
from typing import Any

import faust
from faust.tables.manager import TableManager
from faust.transport.drivers import aiokafka as driver

from agents.stage import Stage
from app import supervisor
from app.cli import main
from app.stream import application
from tests.system.held_worker import as_module


class PlainConsumer(driver.Consumer):  # type: ignore[misc]  # Faust's classes are Any for us
    """Takes our word for nothing."""

    def settle(self, *_word: object) -> None: ...


class PlainTransport(driver.Transport):  # type: ignore[misc]  # as above
    Consumer = PlainConsumer


class PlainTable(faust.Table):  # type: ignore[misc]  # as above
    async def confirmed(self) -> None:
        """Nobody knows."""


def plain_agent(stage: Stage[Any]) -> Any:
    """One event after the other, acknowledged by Faust."""

    async def consume(stream: Any) -> None:
        events: AsyncIterator[Any] = stream.events()
        async for event in events:
            await stage.run(event)

    consume.__name__ = stage.name
    return consume


def without_corrections() -> None:
    """Put Faust's own in the place of ours."""
    replaced: tuple[tuple[Any, str, Any], ...] = (
        (application, "StreamTransport", PlainTransport),
        (application, "ConfirmedTable", PlainTable),
        (application, "QuietTableManager", TableManager),
        (application.StreamApplication, "_on_agent_error", faust.App._on_agent_error),
        (Stage, "agent", plain_agent),
        (supervisor, "_command", as_module("tests.chaos.plain_worker", supervisor._command)),
    )
    for owner, name, plain in replaced:
        assert hasattr(owner, name)
        setattr(owner, name, plain)


if __name__ == "__main__":
    without_corrections()
    main(["worker", *sys.argv[1:]])
