"""One desk at its topic on a real Kafka, and what can be started beside it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry
from pydantic import BaseModel

from app import clock
from app.publishing import KafkaPublisher
from app.releases.desk import Desk
from app.releases.entries import Entries
from app.releases.following import FollowedBook
from app.releases.guarding import Guard
from app.releases.looking import OnlyTo
from app.releases.shadow import Shadow
from app.releases.telemetry import QualityTelemetry
from app.settings import Settings
from app.snapshot import read_to_end
from schemas.codec import decode
from schemas.release import Bundle, ReleaseChanged
from schemas.topics import (
    AUDIT_ENTRY,
    PAYMENT_DECIDED,
    RELEASE_CHANGED,
    RELEASE_COMPARED,
    Topic,
)
from tables.promotion import Refused, Step, Wish
from tests.app.releases.test_looking import Suppliers
from tests.app.releases.world import HELD_ALL, SHARE, decided, documents

# Guards against a hang; nothing is measured by it.
WAIT_SECONDS = 90.0
Seen = Callable[[list[Any]], Any]


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

    def guard(self, now: Callable[[], datetime] = clock.now) -> QualityTelemetry:
        telemetry = QualityTelemetry(CollectorRegistry())
        desk = Desk(self.book, OnlyTo(self.publisher, RELEASE_CHANGED))
        self._run(Guard(self.settings, desk, telemetry, now).run(self.stop))
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

    async def decide(self, count: int = 25, share: float = SHARE) -> None:
        """Write what the release that holds everything, and the one beside it, have decided."""
        release = self.bundle.release_id
        mine = islice(documents(canary=True, release=release, share=share), count)
        theirs = islice(documents(canary=False, release=release, share=share), count)
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

    async def promoted(self) -> str:
        """Bring the release into force, by two persons."""
        release = await self.to("canary")
        for person in ("ada", "bob"):
            assert isinstance(await self.step("promote", person), ReleaseChanged)
        return release

    async def until(self, state: str, holdback: float | None = None) -> ReleaseChanged:
        """Wait until the release is in a state, as this process knows it."""
        async with asyncio.timeout(WAIT_SECONDS):
            while True:
                position = self.book.follower._position
                change = (await self.book.releases()).change(self.bundle.release_id)
                if change is not None and change.state == state and holdback in {None, change.holdback}:
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
