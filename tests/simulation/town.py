"""The town around: what its people share, and those who send documents and reference data."""

import asyncio
import random
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from app.documents import FileReference
from app.home import WRITTEN_OUTSIDE
from schemas.codec import encode
from schemas.events import DocumentReceived, SupplierChanged
from schemas.release import Bundle, LabelLearned, Learned, ReleaseChanged, ReleaseState
from schemas.topics import (
    DOCUMENT_RECEIVED,
    PAYMENT_CANCELLATION,
    PAYMENT_STATUS,
    READ_BY_STAGES,
    RELEASE_CHANGED,
    REVIEW_SUBMITTED,
    SUPPLIER_CHANGED,
    Topic,
)
from tests.simulation.broker import Broker
from tests.simulation.cases import Case, known_suppliers, stranger_id
from tests.simulation.client import Client
from tests.simulation.loop import VirtualLoop
from tests.simulation.store import MemoryDocuments, Shelf

# Half the worlds never hear of a release.
QUIET_ODDS = 0.5
# Outsiders whose client chooses partitions in its own way.
STRAY_ODDS = 0.05


@dataclass
class Town:
    """What the actors share: the way to the broker, the clock, and how many errands are under way."""

    loop: VirtualLoop
    broker: Broker
    rng: random.Random
    now: Callable[[], datetime]
    errands: int = 0
    published: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.client = Client(self.broker, "outside", None)

    def errand(self, after: float, work: Coroutine[Any, Any, None]) -> None:
        """Do something later."""
        self.errands += 1
        self.loop.spawn(self._run(after, work), None)

    async def _run(self, after: float, work: Coroutine[Any, Any, None]) -> None:
        try:
            await asyncio.sleep(after)
            await work
        finally:
            work.close()
            self.errands -= 1

    async def publish(self, topic: Topic, key: str | None, event: BaseModel) -> None:
        """Send an event; now and then to where a client with another partitioner would put it."""
        stray = topic.name in WRITTEN_OUTSIDE and self.rng.random() < STRAY_ODDS
        partition = self.rng.randrange(self.broker.partitions(topic.name)) if stray else None
        await self.write(topic.name, key.encode() if key is not None else None, encode(event), {}, partition)

    async def write(self, topic: str, key: bytes | None, value: bytes | None, headers: dict[str, bytes],
                    partition: int | None = None) -> None:  # fmt: skip
        await self.client.send_soon(topic, key, value, partition, headers)


@dataclass
class Publisher:
    """Sends documents: twice, under odd keys, in any order; and now and then something that is none."""

    town: Town
    shelf: Shelf
    store: MemoryDocuments
    poisons: int = 0

    def begin(self, cases: list[Case], span_seconds: float) -> None:
        rng = self.town.rng
        for case in cases:
            for index in case.submissions:
                self.town.errand(rng.random() * span_seconds, self._submit(case, index))
        for _ in range(rng.choice((0, 0, 1, 2))):
            self.town.errand(rng.random() * span_seconds, self._poison())

    async def _submit(self, case: Case, index: int) -> None:
        sample, rng = case.documents[index], self.town.rng
        reference = self.store.locate(sample.document_id)
        assert isinstance(reference, FileReference)
        self.shelf.contents[reference.path] = sample.content
        if case.lost == "missing":
            del self.shelf.contents[reference.path]
        elif case.lost == "exchanged":
            self.shelf.contents[reference.path] = sample.content + b" "
        event = DocumentReceived(
            document_id=sample.document_id,
            reference=str(reference),
            media_type=sample.media_type,
            received_at=rng.choice((None, self.town.now())),
            submitted_by=case.captured_by,
        )
        key = rng.choice((sample.document_id, sample.document_id, sample.document_id, "spread", None))
        await self.town.publish(DOCUMENT_RECEIVED, key, event)

    async def _poison(self) -> None:
        rng = self.town.rng
        topic = rng.choice((DOCUMENT_RECEIVED, REVIEW_SUBMITTED, PAYMENT_STATUS, PAYMENT_CANCELLATION, *READ_BY_STAGES))
        value = rng.choice((b"", b"{", b"\x00\xff", b"{}", b"[]", None))
        headers = rng.choice(({}, {"ce_schemaversion": b"9"}, {"ce_time": b"nonsense"}))
        self.poisons += 1
        await self.town.write(topic.name, stranger_id(rng).encode(), value, dict(headers))


@dataclass
class Promoters:
    """Move releases about while documents are under way. What they add to the code decides nothing otherwise.

    They draw from a source of their own: a world without a release is what it was before there were any.
    """

    town: Town
    rng: random.Random
    code: str

    def begin(self, span_seconds: float) -> bool:
        """Plan the moves; tell whether there are any."""
        if self.rng.random() < QUIET_ODDS:
            return False
        for _ in range(self.rng.randint(1, 6)):
            self.town.errand(self.rng.random() * (span_seconds + 6.0), self._move())
        return True

    async def _move(self) -> None:
        code = self.rng.choice((self.code, self.code, self.code, "of other code"))
        phrase = self.rng.choice(("our token", "ref of ours"))
        learned = Learned(labels=(LabelLearned(language="en", concept="number", phrase=phrase),))
        bundle = Bundle(code=code, learned=learned)
        states: tuple[ReleaseState, ...] = ("draft", "canary", "active", "active", "retired")
        change = ReleaseChanged(
            release_id=bundle.release_id, state=self.rng.choice(states), changed_by="ann",
            changed_at=self.town.now(), bundle=bundle, share=self.rng.choice((0.0, 0.5, 1.0)),
        )  # fmt: skip
        values = (encode(change), encode(change), encode(change), b"{}", b"")
        await self.town.write(RELEASE_CHANGED.name, bundle.release_id.encode(), self.rng.choice(values), {})


@dataclass
class Importer:
    """Publishes reference data: most of it first, some of it late, some of it again."""

    town: Town

    async def begin(self, cases: list[Case]) -> None:
        rng = self.town.rng
        late = {case.supplier_id for case in cases if case.late_supplier and case.supplier_id}
        wanted = sorted({case.supplier_id for case in cases if case.supplier_id})
        for supplier_id in wanted:
            if supplier_id in late:
                self.town.errand(1.0 + rng.random() * 6.0, self._publish(supplier_id))
            else:
                await self._publish(supplier_id)
            if rng.random() < 0.2:
                self.town.errand(8.0 + rng.random() * 4.0, self._publish(supplier_id))

    async def _publish(self, supplier_id: str) -> None:
        event = SupplierChanged(
            supplier=known_suppliers()[supplier_id], changed_by="import", changed_at=self.town.now()
        )
        await self.town.publish(SUPPLIER_CHANGED, supplier_id, event)
        self.town.published.add(supplier_id)
