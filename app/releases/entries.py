"""An audit entry for every record of `release.changed`, whoever wrote it: the API, the guard, or somebody by hand.

One member of the group writes them, and acknowledges a record when the broker has its entry. An entry is a function of
the record, so that one which is written again says the same.
"""

import asyncio
import logging
from collections.abc import Iterable, Sequence

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, ConsumerRecord, TopicPartition

from app.acknowledging import acknowledge
from app.publishing import Publisher
from app.releases.telemetry import QualityTelemetry
from app.settings import Settings
from schemas.audit import AuditEntry
from schemas.codec import Undecodable, decode
from schemas.identifiers import digest, record_id
from schemas.release import ReleaseChanged
from schemas.topics import AUDIT_ENTRY, RELEASE_CHANGED
from tables.releases import Releases

log = logging.getLogger(__name__)

GROUP = "quittance-quality"
STAGE = "releases"
# A release decides for every tenant; what is done to it stands in the log of the house.
HOUSE = "default"
# Why a record changes nothing: another one was made on the same last one, and came first (tables/releases.py).
OVERTAKEN = "RELEASE-OVERTAKEN"


class Entries:
    """Writes the entries."""

    def __init__(self, settings: Settings, publisher: Publisher, telemetry: QualityTelemetry) -> None:
        """`publisher` writes `audit.entry` and refuses everything else."""
        self._settings = settings
        self._publisher = publisher
        self._telemetry = telemetry
        self._known = Releases("")
        self._entered: dict[TopicPartition, int] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Write until `stop` is set; a broker that is away is waited for."""
        await acknowledge(
            self._settings,
            stop,
            group=GROUP,
            topics=(RELEASE_CHANGED.name,),
            take=self._take,
            fails="changes of releases are not entered",
            listener=self._begin,
        )

    def _begin(self, consumer: AIOKafkaConsumer) -> "_FromTheBeginning":
        self._known, self._entered = Releases(""), {}
        return _FromTheBeginning(consumer, self._entered)

    async def _take(self, place: TopicPartition, records: Sequence[ConsumerRecord]) -> int:
        entered = self._entered.get(place, 0)
        for record in records:
            await self._enter(record, is_new=record.offset >= entered)
        return max(int(records[-1].offset) + 1, entered)

    async def _enter(self, record: ConsumerRecord, *, is_new: bool) -> None:
        entry = self._entry(record)
        if entry is not None and is_new:
            await self._publisher.publish(AUDIT_ENTRY, entry, correlation_id=entry.correlation_id)
            self._telemetry.entries.inc()

    def _entry(self, record: ConsumerRecord) -> AuditEntry | None:
        try:
            change = decode(record.value, ReleaseChanged)
        except Undecodable as wrong:
            self._known.remove((record.key or b"").decode(errors="replace"))
            log.warning("%s/%d changes no release: %s", RELEASE_CHANGED.name, record.offset, wrong)
            return None
        again = self._known.change(change.release_id) == change
        counts = self._known.apply(change, record.offset) or again
        return entry_of(change, f"{RELEASE_CHANGED.name}/{record.offset}", record.value, counts=counts)


def entry_of(change: ReleaseChanged, place: str, value: bytes, *, counts: bool) -> AuditEntry:
    """Return what the log keeps of a change: who, what, which release, and the digest of the record."""
    found = digest(value)
    return AuditEntry(
        entry_id=record_id("audit", STAGE, place, found),
        tenant=HOUSE,
        stage=STAGE,
        read=(found,),
        outcome=change.state,
        reasons=() if counts else (OVERTAKEN,),
        actor=change.changed_by,
        release=change.release_id,
        correlation_id=change.release_id,
        event_time=change.changed_at,
    )


class _FromTheBeginning(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka ships no types
    """Reads from the beginning, so that it is known what counts, and notes up to where there are entries already."""

    def __init__(self, consumer: AIOKafkaConsumer, committed: dict[TopicPartition, int]) -> None:
        self._consumer = consumer
        self._committed = committed

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        """Forget nothing: whoever has them next reads from the beginning, too."""

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        """Look how far the entries go, and go back to the beginning."""
        for place in assigned:
            self._committed[place] = await self._consumer.committed(place) or 0
            self._consumer.seek(place, 0)  # what was deleted since is passed over: `earliest`
