"""Reads a document once more, under another release, and says where the two differ. It has no way to a payment."""

from collections.abc import Mapping
from datetime import datetime

from pydantic import BaseModel

from agents.extraction.agent import Documents, Reader, Unavailable
from app.publishing import Published, Publisher
from app.releases.judging import Reading, compare, judge
from app.releases.long_ago import LongAgo
from schemas.comparison import Purpose, ReleaseCompared
from schemas.events import InvoiceExtracted
from schemas.payment import Debtor
from schemas.topics import Topic
from tables.reference import Reference
from tables.releases import Running


class TopicForbidden(Exception):  # noqa: N818 - it says what is wrong
    """Somebody who looks on wanted to write where decisions or payments are made: a bug, and never written."""


class OnlyTo:
    """A publisher that refuses every topic but those it was made for."""

    def __init__(self, publisher: Publisher, *topics: Topic) -> None:
        self._publisher = publisher
        self._names = frozenset(topic.name for topic in topics)

    async def publish(
        self, topic: Topic, event: BaseModel, *, key: str | None = None, correlation_id: str | None = None
    ) -> Published:
        """Publish as the publisher does.

        Raises:
            TopicForbidden: nothing was written.
            app.publishing.Unpublished: where the broker does not confirm.
        """
        if topic.name not in self._names:
            raise TopicForbidden(topic.name)
        return await self._publisher.publish(topic, event, key=key, correlation_id=correlation_id)


class Looking:
    """Compares what was read with what another release would have read."""

    def __init__(
        self, documents: Documents, reader: Reader, suppliers: Reference, debtors: Mapping[str, Debtor]
    ) -> None:
        self._documents = documents
        self._reader = reader
        self._suppliers = suppliers
        self._debtors = debtors

    async def look(
        self, event: InvoiceExtracted | LongAgo, read_by: Running, other: Running, *, purpose: Purpose, at: datetime
    ) -> ReleaseCompared | Unavailable:
        """Return where `other` differs from the release that read the document, or why it cannot be read now.

        For a shadow and a replay the other release is the one in question; for a canary it is the one that read. Where
        what was read then is gone, the document is read anew under both.
        """
        received = event.received
        content = await self._documents.fetch(received.reference, received.document_id)
        if not isinstance(content, bytes):  # it was read once, so that it is gone by now: no release is to blame
            return Unavailable(content.reason, content.detail)
        then = event.extracted if isinstance(event, InvoiceExtracted) else await self._read(content, read_by)
        if isinstance(then, Unavailable):
            return then
        again = await self._read(content, other)
        if isinstance(again, Unavailable):
            return again
        directory, debtor = await self._suppliers.directory(), self._debtors.get(received.tenant)
        first = judge(then, received, read_by, directory=directory, debtor=debtor, at=event.event_time)
        second = judge(again, received, other, directory=directory, debtor=debtor, at=event.event_time)
        own, beside = (first, second) if purpose == "canary" else (second, first)
        return compare(received, own, beside, purpose=purpose, at=at)

    async def _read(self, content: bytes, running: Running) -> Reading | Unavailable:
        return await self._reader.read(content, running.bundle.learned)
