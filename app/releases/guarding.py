"""The guard: reads what comes of documents, and takes a release back that does harm: a canary, or what is in force.

It belongs to no consumer group and keeps nothing: all that it knows of a release stands on the topics since the release
was given its share, and is read again after a restart. Several guards come to the same and write one record, for the
second finds the release retired (app/releases/desk.py).
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError

from agents.quality.guard import FALSE_ALARM_RATE, Alarm
from app.kafka_client import client_arguments
from app.publishing import Unpublished
from app.releases.desk import Desk
from app.releases.tally import Episode, Tally
from app.releases.telemetry import QualityTelemetry
from app.settings import Settings
from app.telemetry import NO_LANE
from schemas.codec import Undecodable, decode
from schemas.events import PaymentDecided
from schemas.release import ReleaseChanged
from schemas.topics import (
    DOCUMENT_STATUS,
    FEEDBACK_RECORDED,
    PAYMENT_DECIDED,
    RELEASE_COMPARED,
    REVIEW_SUBMITTED,
    Topic,
)
from tables.promotion import HOLDBACK, Refused, Step
from tables.releases import Releases

log = logging.getLogger(__name__)

GUARD = "quality-guard"
WATCHED: tuple[Topic, ...] = (PAYMENT_DECIDED, DOCUMENT_STATUS, FEEDBACK_RECORDED, REVIEW_SUBMITTED, RELEASE_COMPARED)
# Also how late a new canary, or a stop, is noticed.
POLL_SECONDS = 0.5
RETRY_SECONDS = 2.0
RECORDS_AT_ONCE_MAX = 2_000
# What decides, or did: when one of these changes, documents are drawn otherwise.
_DECIDING = frozenset({"canary", "active", "retired"})
_EVENTS = {topic.name: topic.event for topic in WATCHED}


class Guard:
    """Watches the canary; where there is none, the active release."""

    def __init__(
        self, settings: Settings, desk: Desk, telemetry: QualityTelemetry, now: Callable[[], datetime]
    ) -> None:
        """`now` dates what the guard writes; what it counts carries its own time."""
        self._settings = settings
        self._desk = desk
        self._telemetry = telemetry
        self._now = now
        self._tally: Tally | None = None
        self._read_to: dict[TopicPartition, int] = {}
        self._follows = False

    def missing(self) -> list[str]:
        """Return what keeps the guard from its work, a line each."""
        return [] if self._follows else ["the topics that the guard watches are not followed yet"]

    async def run(self, stop: asyncio.Event) -> None:
        """Watch until `stop` is set; a broker that is away is waited for."""
        while not stop.is_set():
            try:
                await self._watch(stop)
            except (KafkaError, Unpublished) as failed:
                log.warning("the guard cannot watch just now: %s", failed)
                self._follows, self._tally = False, None
                await asyncio.sleep(RETRY_SECONDS)

    async def _watch(self, stop: asyncio.Event) -> None:
        consumer = AIOKafkaConsumer(
            *_EVENTS, **client_arguments(self._settings), enable_auto_commit=False, auto_offset_reset="latest"
        )
        try:
            await consumer.start()
            await consumer.seek_to_end()
            while not stop.is_set():
                await self._step(consumer)
                self._follows = True
        finally:
            await consumer.stop()

    async def _step(self, consumer: AIOKafkaConsumer) -> None:
        known = await self._desk.releases()
        await self._begin(consumer, episode_of(known))
        await self._desk.heal()
        found = await consumer.getmany(timeout_ms=int(POLL_SECONDS * 1000), max_records=RECORDS_AT_ONCE_MAX)
        for place, records in found.items():
            for record in records:
                self._take(place, record, known)
        await self._judge()
        if self._tally is not None and await self._has_read_all(consumer):
            await self._settle(self._tally.episode, known)

    async def _begin(self, consumer: AIOKafkaConsumer, episode: Episode | None) -> None:
        """Begin with another release, or another share, where everything since then is still to be read."""
        if episode == (self._tally.episode if self._tally else None):
            return
        self._tally = Tally(episode) if episode else None
        if episode is None:
            return
        log.info("the guard watches %s beside %s, %.1f %%", episode.judged, episode.beside, 100 * episode.share)
        since = int(episode.since.timestamp() * 1000)
        found = await consumer.offsets_for_times(dict.fromkeys(consumer.assignment(), since))
        for place, offset in found.items():
            if offset is None:
                await consumer.seek_to_end(place)
            else:
                consumer.seek(place, offset.offset)

    def _take(self, place: TopicPartition, record: ConsumerRecord, known: Releases) -> None:
        try:
            event = decode(record.value, _EVENTS[place.topic])
        except Undecodable:
            return  # a tombstone, or what the stage in question has buried already
        if record.offset >= self._read_to.get(place, 0):  # what is read again for a new canary was counted before
            self._read_to[place] = record.offset + 1
            self._count(event, known)
        if self._tally is not None:
            self._tally.take(event, datetime.fromtimestamp(record.timestamp / 1000, UTC))

    def _count(self, event: object, known: Releases) -> None:
        if isinstance(event, PaymentDecided) and event.decision.review_id is None:
            decision = event.decision
            standing = {
                known.active.name: "active",
                **({known.canary.name: "canary"} if known.canary else {}),
                **({known.below.name: "below"} if known.held_back else {}),
            }.get(decision.release, "other")
            self._telemetry.decisions.labels(standing, decision.lane or NO_LANE, decision.outcome).inc()

    async def _judge(self) -> None:
        if self._tally is None:
            return
        for signal, evidence in self._tally.watch.evidence.items():
            self._telemetry.evidence.labels(signal).set(evidence.strength)
        if alarms := self._tally.watch.alarms:
            await self._take_back(self._tally, alarms)

    async def _take_back(self, tally: Tally, alarms: tuple[Alarm, ...]) -> None:
        episode = tally.episode
        reason = (
            f"{'; '.join(map(str, alarms))} (share {episode.share:.1%}, beside {episode.beside}; of harmless releases "
            f"at most {FALSE_ALARM_RATE:.0%} are taken back)"
        )
        step = Step("rollback", by=GUARD, at=self._now(), reason=reason)
        outcome = await self._desk.advance(episode.judged, step)
        self._tally = None
        if isinstance(outcome, Refused):
            log.info("%s was taken back by somebody else: %s", episode.judged, outcome.detail)
            return
        log.critical("%s is taken back: %s", episode.judged, reason)
        for alarm in alarms:
            self._telemetry.rollbacks.labels(alarm.signal).inc()

    async def _settle(self, episode: Episode, known: Releases) -> None:
        """Give the active release the rest of the documents, once it was compared for as long as is meant."""
        if not known.held_back or self._now() < episode.since + HOLDBACK:
            return
        reason = f"nothing spoke against it for {HOLDBACK.days} days beside {episode.beside}"
        outcome = await self._desk.advance(episode.judged, Step("settle", by=GUARD, at=self._now(), reason=reason))
        if isinstance(outcome, Refused):
            log.info("%s was settled by somebody else: %s", episode.judged, outcome.detail)

    async def _has_read_all(self, consumer: AIOKafkaConsumer) -> bool:
        """Tell whether all but what comes just now was read: before, nobody can say that nothing speaks against it."""
        behind = 0
        for place in consumer.assignment():
            end = consumer.highwater(place)
            if end is None:  # nothing was fetched from it yet
                return False
            behind += end - await consumer.position(place)
        return bool(behind <= RECORDS_AT_ONCE_MAX)


def episode_of(known: Releases) -> Episode | None:
    """Return what the guard watches: the canary, or what is in force; None where that is the code alone.

    The active one is watched since the last change of what decides beside it: documents from before were drawn
    otherwise.
    """
    if known.canary is not None:
        change, beside = known.change(known.canary.name), known.active
    else:
        change, beside = known.change(known.active.name), known.below
    if change is None:
        return None
    if change.state == "canary":
        return Episode(change.release_id, beside.name, change.share, _since(change))
    since = max(_since(each) for each in known.changes() if each.state in _DECIDING and known.is_ours(each.release_id))
    return Episode(change.release_id, beside.name, 1.0 - known.held_back, since)


def _since(change: ReleaseChanged) -> datetime:
    return change.since or change.changed_at
