"""The world of a shell, made by hand: what was written, in which order; tables that are dicts; no real window."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel

from agents.effects import Agent, DeadLetter, Effects, Observation, Outgoing, Place, Subject, Written
from schemas.audit import AuditEntry
from schemas.codec import decode, encode
from schemas.events import DocumentStatus
from schemas.identifiers import digest
from schemas.release import Bundle
from schemas.topics import AUDIT_ENTRY, DOCUMENT_STATUS, Topic
from tables.releases import Running
from tests.app.stream.events import FakeEvent, event

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


class Ended(BaseException):
    """The process would have ended here."""


class FixedReleases:
    """One release for everything, whatever a record names, unless others are put into `known`."""

    def __init__(self, name: str = "test-1", bundle: Bundle | None = None) -> None:
        self.active = Running(name, bundle or Bundle(code=name))
        self.known: dict[str, Running] = {}

    async def choose(self, _document_id: str) -> Running:
        return self.active

    async def named(self, name: str, document_id: str) -> Running:
        return self.known.get(name) or await self.choose(document_id)


class FakePorts:
    """Keeps what is written. A topic in `closed` takes nothing until it is opened; one in `broken` ends the process."""

    def __init__(self) -> None:
        self.releases = FixedReleases()
        self.clock = NOW
        self.written: list[Outgoing] = []
        self.asked: list[str] = []
        self.letters: list[DeadLetter] = []
        self.observed: list[tuple[str, str]] = []
        self.sampled: set[str] = set()
        self.spans: list[tuple[str, Place]] = []
        self.subjects: list[Subject] = []
        self.effects: list[Effects] = []
        self.closed: dict[str, asyncio.Event] = {}
        self.broken: set[str] = set()
        self._next: defaultdict[tuple[str, int], int] = defaultdict(int)

    def now(self) -> datetime:
        return self.clock

    async def deliver(self, record: Outgoing) -> Written:
        self.asked.append(record.topic)
        if record.topic in self.closed:
            await self.closed[record.topic].wait()
        if record.topic in self.broken:
            raise Ended(record.topic)
        self.written.append(record)
        partition = record.partition or 0
        offset = self._next[record.topic, partition]
        self._next[record.topic, partition] += 1
        return Written(record.topic, partition, offset, digest(record.value or b""))

    async def bury(self, letter: DeadLetter) -> None:
        self.asked.append(letter.topic.dead)
        if letter.topic.dead in self.broken:
            raise Ended(letter.topic.dead)
        self.letters.append(letter)

    def observe(self, seen: Observation) -> None:
        assert seen.seconds >= 0
        self.observed.append((seen.stage, seen.effects.outcome))

    def samples(self, trace_id: str) -> bool:
        return trace_id in self.sampled

    @contextmanager
    def traced(self, stage: str, place: Place) -> Iterator["FakePorts"]:
        self.spans.append((stage, place))
        yield self

    def concerns(self, subject: Subject) -> None:
        self.subjects.append(subject)

    def came_to(self, effects: Effects) -> None:
        self.effects.append(effects)

    @property
    def topics(self) -> list[str]:
        return [record.topic for record in self.written]

    def events(self, topic: Topic) -> list[Any]:
        """Return what was written to a topic, decoded."""
        return [decode(record.value, topic.event) for record in self.written if record.topic == topic.name]

    @property
    def statuses(self) -> list[DocumentStatus]:
        return self.events(DOCUMENT_STATUS)

    @property
    def audit(self) -> list[AuditEntry]:
        return self.events(AUDIT_ENTRY)


class FakeTables:
    """Tables that are dicts, and the broker's word for them."""

    def __init__(self) -> None:
        self.confirmations = 0

    async def confirmed(self) -> None:
        self.confirmations += 1


class AtOnce:
    """A window that runs each event to its end before it admits the next."""

    async def admit(self, _event: Any, _key: bytes, work: Callable[[], Awaitable[None]]) -> None:
        await work()


class FakeStream:
    """A stream of given events; `noack` must be asked for, or Faust would acknowledge."""

    def __init__(self, events: Iterable[FakeEvent]) -> None:
        self._events = list(events)
        self._acks = True

    def noack(self) -> "FakeStream":
        self._acks = False
        return self

    async def events(self) -> AsyncIterator[FakeEvent]:
        assert not self._acks, "Faust would acknowledge"
        for each in self._events:
            yield each


class Feed:
    """Feeds one agent records of its topic, each under its own key."""

    def __init__(self, agent: Agent, topic: Topic) -> None:
        self._agent = agent
        self._topic = topic
        self._offset = 0

    async def __call__(self, record: BaseModel, key: str, *, offset: int | None = None, partition: int = 0) -> None:
        """Feed one record; give the offset of before to deliver it again."""
        if offset is None:
            offset, self._offset = self._offset, self._offset + 1
        value = encode(record)
        headers = {"ce_id": b"cause", "ce_correlationid": b"chain", "ce_time": b"2026-11-24T10:00:00.000Z"}
        fed = event(offset, topic=self._topic.name, partition=partition, key=key.encode(), value=value, headers=headers)
        await self._agent(FakeStream([fed]))
