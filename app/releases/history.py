"""Documents of the past under another release: what would have been decided differently. Nothing is written.

What was read then stands on `invoice.extracted`, and of longer ago it is read again (app/releases/long_ago.py). The
bytes are fetched and read under the other release, and both readings go through the same pure chain with the suppliers
of now. What history added then (duplicates, persons) is left out on both sides: the question is what the releases make
of a document.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import datetime

from pydantic import Field

from agents.extraction.agent import Unavailable
from app.releases.long_ago import LongAgo
from app.releases.looking import Looking
from app.settings import Settings
from app.snapshot import read_to_end
from schemas.base import Code, Record
from schemas.codec import Undecodable, decode
from schemas.comparison import ReleaseCompared
from schemas.events import InvoiceExtracted
from schemas.release import Bundle, ReleaseChanged
from schemas.topics import RELEASE_CHANGED
from tables.releases import Releases, Running


class Replayed(Record):
    """What came of it. `outcomes` counts `lane then -> now`, `reasons` what came and went; `away` could not be read.

    `read_again` of them were read under the release of then as well, for what it had read is gone. `differing` are the
    documents of which something else would have come.
    """

    release: Code
    documents: int
    read_again: int = 0
    away: dict[Code, int] = Field(default_factory=dict)
    outcomes: dict[str, int] = Field(default_factory=dict)
    reasons: dict[str, int] = Field(default_factory=dict)
    fields: dict[str, int] = Field(default_factory=dict)
    differing: tuple[ReleaseCompared, ...] = ()


class ReleaseUnknown(Exception):  # noqa: N818 - it says what is wrong
    """No release of that name is on the topic for the code that runs here."""


async def read_releases(settings: Settings, code: str) -> Releases:
    """Return the releases as the topic has them now.

    Raises:
        app.snapshot.TopicSilent, aiokafka.errors.KafkaError: where it cannot be read to its end.
    """
    known = Releases(code)
    async for record in read_to_end(settings, RELEASE_CHANGED.name):
        try:
            known.apply(decode(record.value, ReleaseChanged), record.offset)
        except Undecodable:
            known.remove((record.key or b"").decode(errors="replace"))
    return known


def named(known: Releases, name: str) -> Running:
    """Return the release to replay under.

    Raises:
        ReleaseUnknown: with what is known.
    """
    found = known.named(name)
    if found is None:
        names = ", ".join([known.base.name, *(change.release_id for change in known.changes())])
        raise ReleaseUnknown(f"{name} is no release for this code; known are {names}")
    return found


def as_read(known: Releases, name: str) -> Running:
    """Return the release that a record names; of other code only the name, for nothing else of it can run here."""
    return known.named(name) or Running(name, Bundle(code=known.base.name))


async def replay(
    events: AsyncIterator[InvoiceExtracted | LongAgo],
    looking: Looking,
    known: Releases,
    other: Running,
    at: datetime,
    jobs: int,
) -> Replayed:
    """Read each document under the other release, `jobs` at a time, and put together where it differs."""
    found: list[ReleaseCompared | Unavailable] = []
    turns = asyncio.Semaphore(jobs)
    again = 0

    async def one(event: InvoiceExtracted | LongAgo) -> None:
        try:
            read_by = as_read(known, event.release)
            found.append(await looking.look(event, read_by, other, purpose="replay", at=at))
        finally:
            turns.release()

    running: list[asyncio.Task[None]] = []
    try:  # no task group: whoever asked is told of the failure itself, and not of a group with one failure
        async for event in events:
            await turns.acquire()
            again += isinstance(event, LongAgo)
            running.append(asyncio.create_task(one(event)))
        await asyncio.gather(*running)
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
    return report(other.name, found).model_copy(update={"read_again": again})


def report(release: str, found: Iterable[ReleaseCompared | Unavailable]) -> Replayed:
    """Return what was found, counted."""
    compared = [each for each in found if isinstance(each, ReleaseCompared)]
    away = Counter(each.reason for each in found if isinstance(each, Unavailable))
    outcomes = Counter(
        f"{each.other.lane or each.own.lane or 'none'} {each.other.outcome} -> {each.own.outcome}" for each in compared
    )
    return Replayed(
        release=release,
        documents=len(compared),
        away=dict(away),
        outcomes=dict(sorted(outcomes.items())),
        reasons=_reasons(compared),
        fields=dict(Counter(name for each in compared for name in each.fields)),
        differing=tuple(sorted((each for each in compared if each.differs), key=lambda each: each.document_id)),
    )


def _reasons(compared: Iterable[ReleaseCompared]) -> Mapping[str, int]:
    counted: Counter[str] = Counter()
    for each in compared:
        now, then = set(each.own.reasons), set(each.other.reasons)
        counted.update(f"+{reason}" for reason in now - then)
        counted.update(f"-{reason}" for reason in then - now)
    return dict(sorted(counted.items()))
