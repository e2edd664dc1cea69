"""Takes a document in: known bytes are not announced twice, new ones are announced in an order that never lies."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from weakref import WeakValueDictionary

from app.api.ports import Ports
from schemas.events import DocumentReceived, DocumentStatus
from schemas.topics import DOCUMENT_RECEIVED, DOCUMENT_STATUS


@dataclass
class Turns:
    """Lets one request at a time deal with a document: two uploads of the same bytes make one event."""

    _locks: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    @asynccontextmanager
    async def turn(self, document_id: str) -> AsyncIterator[None]:
        """Wait for the document to be free."""
        lock = self._locks.setdefault(document_id, asyncio.Lock())
        async with lock:
            yield


async def announce_once(ports: Ports, turns: Turns, received: DocumentReceived) -> bool:
    """Announce a document unless it is known already; return whether it was announced now."""
    async with turns.turn(received.document_id):
        if await _is_known(ports, received):
            return False
        await announce(ports, received)
        return True


async def announce_again(ports: Ports, turns: Turns, received: DocumentReceived) -> int:
    """Ask for another reading of a document; return its number."""
    async with turns.turn(received.document_id):
        last = await ports.remembered.analysis(received.tenant, received.document_id) or 0
        analysis = max(last, received.analysis) + 1
        await announce(ports, received.model_copy(update={"analysis": analysis}))
        return analysis


async def announce(ports: Ports, received: DocumentReceived) -> None:
    """Publish the status, then the event, then remember that both are out.

    The status goes first: once the event is out, a stage may write the next status at any moment. A process that
    ends in between has remembered nothing, so that the client's next try announces the document again.
    """
    status = DocumentStatus(
        document_id=received.document_id,
        tenant=received.tenant,
        state="received",
        final=False,
        release=ports.release,
        at=ports.now(),
        correlation_id=correlation_of(received),
    )
    await ports.publisher.publish(DOCUMENT_STATUS, status, correlation_id=status.correlation_id)
    published = await ports.publisher.publish(DOCUMENT_RECEIVED, received, correlation_id=status.correlation_id)
    await ports.remembered.accepted(received.tenant, received.document_id, received.analysis, ports.now())
    await ports.projected(DOCUMENT_RECEIVED, published)


def correlation_of(received: DocumentReceived) -> str:
    """Return the correlation id of a reading: the same for a second announcement of it."""
    return f"{received.document_id}/{received.analysis}"


async def _is_known(ports: Ports, received: DocumentReceived) -> bool:
    if await ports.remembered.analysis(received.tenant, received.document_id) is not None:
        return True
    return await ports.read_model.document(received.tenant, received.document_id) is not None
