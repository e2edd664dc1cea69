"""What the routes are given: everything concrete, made by the composition root or by a test."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from app.api.keys import Keyring
from app.api.meters import ApiMeter
from app.audit_log.tenant_logs import TenantLogs
from app.documents.port import DocumentStore
from app.publishing import Published, Publisher
from app.quality.pictures import Pictures
from app.quality.shelf import Shelf
from app.readmodel.progress import Progress
from app.readmodel.queries import ReadModel
from app.readmodel.remembered import Remembered
from app.releases.desk import Desk
from app.top.recent import Seen, nobody_looks
from app.watching.anomalies import Looked
from schemas.payment import Debtor
from schemas.topics import Topic
from tables.reference import Reference

# Where nobody watches the suppliers, nothing is known of them.
Anomalies = Callable[[], Looked | None]

# A client that reads what it has just written finds it, unless the projection is further behind than this.
READ_YOUR_WRITES_SECONDS = 2.0


@dataclass(frozen=True)
class Ports:
    """The world of the API. `progress` is that of the projection in this process."""

    read_model: ReadModel
    remembered: Remembered
    publisher: Publisher
    documents: DocumentStore
    keyring: Keyring
    meter: ApiMeter
    progress: Progress
    now: Callable[[], datetime]
    release: str
    reference: Reference
    debtors: Mapping[str, Debtor]
    audit: TenantLogs
    releases: Desk
    pictures: Pictures
    shelf: Shelf
    anomalies: Anomalies = lambda: None
    status: Callable[[], Awaitable[Seen]] = nobody_looks

    async def projected(self, topic: Topic, published: Published) -> None:
        """Return once the read model has an event of this process, or after a short time without it."""
        await self.progress.reached(topic.name, published.partition, published.offset, READ_YOUR_WRITES_SECONDS)


def ports_of(request: Request) -> Ports:
    """Return the ports that the application was made with."""
    ports: Ports = request.app.state.ports
    return ports


PortsOf = Annotated[Ports, Depends(ports_of)]
