"""The desk, the guard, the shadow and the keeper of entries on a real Kafka, as they run in their process."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import CollectorRegistry
from pydantic import BaseModel

from app import clock
from app.documents import open_documents
from app.extraction import documents_config
from app.local.kafka import Broker
from app.local.samples import demo_set
from app.publishing import KafkaPublisher
from app.releases.desk import Desk
from app.releases.entries import OVERTAKEN, Entries
from app.releases.following import FollowedBook
from app.releases.guarding import GUARD, Guard
from app.releases.looking import OnlyTo
from app.releases.shadow import Shadow
from app.releases.telemetry import QualityTelemetry
from app.settings import Settings
from app.snapshot import read_to_end
from app.topics import create_topics
from schemas.audit import AuditEntry
from schemas.codec import decode, encode
from schemas.comparison import ReleaseCompared
from schemas.events import DocumentReceived, InvoiceExtracted
from schemas.identifiers import digest, document_id
from schemas.release import Bundle, ReleaseChanged
from schemas.topics import (
    AUDIT_ENTRY,
    INVOICE_EXTRACTED,
    PAYMENT_DECIDED,
    RELEASE_CHANGED,
    RELEASE_COMPARED,
    TOPICS,
    Topic,
)
from tables.promotion import Refused, Step, Wish
from tests.app.releases.test_looking import Suppliers, reading
from tests.app.releases.world import HELD_ALL, SHARE, decided, documents

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(240)]
# Guards against a hang; nothing is measured by it.
WAIT_SECONDS = 90.0
Seen = Callable[[list[Any]], Any]


@pytest.fixture(scope="module")
def bootstrap(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A broker of this module's own, with all topics: the names are those of production."""
    with Broker(tmp_path_factory.mktemp("kafka")) as broker:
        asyncio.run(create_topics(Settings(kafka_bootstrap_servers=broker.bootstrap_servers), partitions=3))
        yield broker.bootstrap_servers


@dataclass
class House:
    """One desk at its topic, and what can be started beside it. `code` is a test's own, so that tests share topics."""

    settings: Settings
    code: str
    book: FollowedBook
    publisher: KafkaPublisher
    desk: Desk
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    running: list[asyncio.Task[None]] = field(default_factory=list)

    @property
    def bundle(self) -> Bundle:
        return Bundle(code=self.code, policy=HELD_ALL)

    async def to(self, *wishes: Wish, share: float = SHARE) -> str:
        """Draft the release that holds everything, and take it as far as is wanted, over all that is in the way."""
        outcome = await self.desk.draft(self.bundle, "ada", clock.now())
        assert isinstance(outcome, ReleaseChanged), outcome
        for wish in wishes:
            assert isinstance(await self.step(wish, share=share), ReleaseChanged)
        return self.bundle.release_id

    async def step(self, wish: Wish, by: str = "ada", share: float | None = None) -> ReleaseChanged | Refused:
        step = Step(wish, by, clock.now(), reason="a test", share=share, override=wish != "rollback")
        return await self.desk.advance(self.bundle.release_id, step)

    def guard(self) -> QualityTelemetry:
        telemetry = QualityTelemetry(CollectorRegistry())
        desk = Desk(self.book, OnlyTo(self.publisher, RELEASE_CHANGED))
        self._run(Guard(self.settings, desk, telemetry, clock.now).run(self.stop))
        return telemetry

    def entries(self) -> None:
        telemetry = QualityTelemetry(CollectorRegistry())
        self._run(Entries(self.settings, OnlyTo(self.publisher, AUDIT_ENTRY), telemetry).run(self.stop))

    def shadow(self) -> QualityTelemetry:
        telemetry = QualityTelemetry(CollectorRegistry())
        publisher = OnlyTo(self.publisher, RELEASE_COMPARED)
        shadow = Shadow(self.settings, self.book, Suppliers(), {}, publisher, telemetry, clock.now)
        self._run(shadow.run(self.stop))
        return telemetry

    def _run(self, work: Any) -> None:
        self.running.append(asyncio.create_task(work))

    async def decide(self, count: int = 25) -> None:
        """Write what the release that holds everything, and the one beside it, have decided."""
        release = self.bundle.release_id
        mine = islice(documents(canary=True, release=release), count)
        theirs = islice(documents(canary=False, release=release), count)
        for ours, other in zip(mine, theirs, strict=True):
            for event in (decided(ours, release, "hold"), decided(other, self.code)):
                dated = event.decision.model_copy(update={"decided_at": clock.now()})
                await self.write(
                    PAYMENT_DECIDED, event.model_copy(update={"decision": dated}), event.decision.invoice_key
                )

    async def write(self, topic: Topic, event: BaseModel, key: str) -> None:
        await self.publisher.publish(topic, event, key=key)

    async def read(self, topic: Topic) -> list[Any]:
        return [decode(record.value, topic.event) async for record in read_to_end(self.settings, topic.name)]

    async def changes(self) -> list[ReleaseChanged]:
        return [each for each in await self.read(RELEASE_CHANGED) if each.release_id == self.bundle.release_id]

    async def until(self, state: str) -> ReleaseChanged:
        """Wait until the release is in a state, as this process knows it."""
        async with asyncio.timeout(WAIT_SECONDS):
            while True:
                position = self.book.follower._position
                change = (await self.book.releases()).change(self.bundle.release_id)
                if change is not None and change.state == state:
                    return change
                await self.book.reached(position)

    async def until_written(self, topic: Topic, enough: Seen) -> list[Any]:
        async with asyncio.timeout(WAIT_SECONDS):
            while not enough(found := await self.read(topic)):  # noqa: ASYNC110 - whoever reads from outside is told nothing
                await asyncio.sleep(0.1)
            return found


@asynccontextmanager
async def opened(bootstrap: str, folder: Path, code: str) -> AsyncIterator[House]:
    settings = Settings(
        kafka_bootstrap_servers=bootstrap, documents=f"file://{folder}/documents", session_timeout_seconds=6
    )
    book = FollowedBook(settings, code)
    book.follower.start()
    async with KafkaPublisher(settings, source="test") as publisher:
        house = House(settings, code, book, publisher, Desk(book, publisher))
        try:
            yield house
        finally:
            house.stop.set()
            await asyncio.gather(*house.running)
            await book.follower.stop()


@pytest.fixture
async def house(bootstrap: str, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[House]:
    async with opened(bootstrap, tmp_path, f"0.1.0+{digest(request.node.name.encode())[7:19]}") as built:
        yield built


class TestDesk:
    async def test_a_second_desk_sees_each_step_of_the_first(
        self, house: House, bootstrap: str, tmp_path: Path
    ) -> None:
        release = await house.to("canary")
        async with opened(bootstrap, tmp_path, house.code) as other:
            canary = (await other.desk.releases()).canary
            assert canary is not None
            assert canary.name == release
            assert isinstance(await other.step("promote", "bob"), ReleaseChanged)
            assert isinstance(await house.step("promote", "ada"), ReleaseChanged)
            assert (await house.desk.releases()).active.name == release

    async def test_two_desks_at_once_leave_one_story(self, house: House, bootstrap: str, tmp_path: Path) -> None:
        """One takes the canary back while the other one promotes it: whatever came first, nobody is in two states."""
        await house.to("canary")
        async with opened(bootstrap, tmp_path, house.code) as other:
            await other.desk.releases()
            await house.step("promote", "ada")
            back, on = await asyncio.gather(house.step("rollback", "ada"), other.step("promote", "bob"))
            states = {change.state for change in (await house.changes())[-1:]}
            seen = [(await desk.releases()).change(house.bundle.release_id) for desk in (house.desk, other.desk)]
        assert isinstance(back, ReleaseChanged), "what is active or canary can always be taken back"
        assert seen[0] is not None
        assert seen[0].state == "retired"
        assert states == {"retired"}
        assert isinstance(on, Refused) or on.state == "active"

    async def test_a_record_on_an_old_one_is_replaced_by_what_counts(self, house: House) -> None:
        await house.to("canary")
        stale = (await house.changes())[-1].model_copy(update={"changed_by": "by hand", "share": 1.0})
        retired = await house.step("rollback")
        await house.write(RELEASE_CHANGED, stale, house.bundle.release_id)
        house.guard()
        await house.until_written(
            RELEASE_CHANGED, lambda found: [c for c in found if c.release_id == house.bundle.release_id][-1] == retired
        )
        assert (await house.desk.releases()).canary is None


class TestGuard:
    async def test_a_canary_that_holds_everything_is_taken_back(self, house: House) -> None:
        telemetry = house.guard()
        await house.to("canary")
        await house.decide()
        retired = await house.until("retired")
        assert retired.changed_by == GUARD
        assert "held: " in retired.reason
        assert (await house.desk.releases()).choose(document_id(b"any")).name == house.code
        assert sum(telemetry.rollbacks.labels(signal)._value.get() for signal in ("held", "unapproved")) >= 1

    async def test_one_that_was_away_finds_it_when_it_is_back(self, house: House) -> None:
        await house.to("canary")
        await house.decide()
        house.guard()
        assert (await house.until("retired")).changed_by == GUARD

    async def test_two_guards_write_one_record(self, house: House, bootstrap: str, tmp_path: Path) -> None:
        async with opened(bootstrap, tmp_path, house.code) as other:
            house.guard()
            other.guard()
            await house.to("canary")
            await house.decide()
            await house.until("retired")
            await other.until("retired")
        retired = {encode(change) for change in await house.changes() if change.state == "retired"}
        assert len(retired) == 1 or {decode(each, ReleaseChanged).changed_by for each in retired} == {GUARD}
        assert (await house.desk.releases()).overtaken() == ()

    async def test_a_harmless_canary_is_left_alone(self, house: House) -> None:
        house.guard()
        release = await house.to("canary")
        for document in islice(documents(canary=True, release=release), 30):
            event = decided(document, release, decided_at=clock.now())
            await house.write(PAYMENT_DECIDED, event, event.decision.invoice_key)
        await house.decide(2)
        change = (await house.desk.releases()).change(release)
        assert change is not None
        assert change.state == "canary"


async def test_every_change_has_its_entry(house: House) -> None:
    await house.to("canary")
    stale = (await house.changes())[-1].model_copy(update={"changed_by": "by hand"})
    await house.step("rollback", "bob")
    await house.write(RELEASE_CHANGED, stale, house.bundle.release_id)
    house.entries()

    def ours(found: list[AuditEntry]) -> list[AuditEntry]:
        return [entry for entry in found if entry.release == house.bundle.release_id]

    entries = ours(await house.until_written(AUDIT_ENTRY, lambda found: len(ours(found)) >= 4))
    assert [(entry.outcome, entry.actor) for entry in entries] == [
        ("draft", "ada"),
        ("canary", "ada"),
        ("retired", "bob"),
        ("canary", "by hand"),
    ]
    assert [entry.reasons for entry in entries] == [(), (), (), (OVERTAKEN,)]
    assert entries[0].read == (digest(encode((await house.changes())[0])),)
    assert {entry.tenant for entry in entries} == {"default"}


async def test_a_shadow_compares_and_writes_nothing_else(house: House) -> None:
    async with open_documents(documents_config(house.settings)) as store:
        sample = demo_set().samples[0]
        reference = await store.put(sample.content, sample.media_type)
    telemetry = house.shadow()
    await house.to("shadow", share=1.0)
    received = DocumentReceived(document_id=sample.document_id, reference=str(reference))
    event = InvoiceExtracted(received=received, extracted=reading(), release=house.code, event_time=clock.now())
    before = {topic.name: len(await house.read(topic)) for topic in TOPICS}

    def ours(found: list[ReleaseCompared]) -> list[ReleaseCompared]:
        return [each for each in found if each.release_id == house.bundle.release_id]

    async with asyncio.timeout(WAIT_SECONDS):
        # Its group begins at the end: what was written before it has joined is nobody's.
        while not (found := ours(await house.read(RELEASE_COMPARED))):
            await house.write(INVOICE_EXTRACTED, event, sample.document_id)
            await asyncio.sleep(1)
    assert found[0].other.release == house.code
    assert "invoice_number" in found[0].fields
    after = {topic.name: len(await house.read(topic)) for topic in TOPICS}
    grown = {name for name in after if after[name] > before[name]}
    assert grown == {INVOICE_EXTRACTED.name, RELEASE_COMPARED.name}
    assert telemetry.compared.labels("shadow", "true")._value.get() >= 1
