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
    """Announce a document unless it is known already; return whether it was announced now.

    The status goes first: once the event is out, a stage may write the next status at any moment.
    """
    async with turns.turn(received.document_id):
        if await _is_known(ports, received):
            return False
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
        await _announce(ports, received)
        return True


async def announce_again(ports: Ports, turns: Turns, received: DocumentReceived) -> int:
    """Ask for another reading of a document; return its number.

    The document keeps its state until a stage gives it another: were it told to be received, and this process ended
    here, a final state would be undone and nothing would follow.
    """
    async with turns.turn(received.document_id):
        last = await ports.remembered.analysis(received.tenant, received.document_id) or 0
        analysis = max(last, received.analysis) + 1
        await _announce(ports, received.model_copy(update={"analysis": analysis}))
        return analysis


async def _announce(ports: Ports, received: DocumentReceived) -> None:
    """Publish the event, then remember that it is out: a process that ends in between has remembered nothing."""
    published = await ports.publisher.publish(DOCUMENT_RECEIVED, received, correlation_id=correlation_of(received))
    await ports.remembered.accepted(received.tenant, received.document_id, received.analysis, ports.now())
    await ports.projected(DOCUMENT_RECEIVED, published)


def correlation_of(received: DocumentReceived) -> str:
    """Return the correlation id of a reading: the same for a second announcement of it."""
    return f"{received.document_id}/{received.analysis}"


async def _is_known(ports: Ports, received: DocumentReceived) -> bool:
    """Tell whether the event is out. A status alone proves nothing: a process may have ended between the two."""
    if await ports.remembered.analysis(received.tenant, received.document_id) is not None:
        return True
    known = await ports.read_model.document(received.tenant, received.document_id)
    return known is not None and (known.reference is not None or known.state != "received")
