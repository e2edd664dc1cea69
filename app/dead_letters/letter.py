"""What stands on a dead-letter topic, as values: letters, the marks of their replay, and what is neither.

`app/delivery.py` writes a letter: the original key, value and headers, and beside them why, in headers `dlq.*`. A
replay leaves a mark behind it on the same partition: an empty value, and a header `dlq.replayed`. A letter carries
whatever a publisher called its headers, so only a record without `dlq.reason`, which every letter has, can be a mark.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, NamedTuple

from aiokafka import ConsumerRecord

from schemas.topics import READ_BY_STAGES, Topic

Kind = Literal["poison", "parked"]
Headers = tuple[tuple[str, bytes | None], ...]

BY_DEAD_NAME: Mapping[str, Topic] = {topic.dead: topic for topic in READ_BY_STAGES}
OURS = "dlq."
REPLAYED = "dlq.replayed"
# Why the one shell (agents/stage.py) buries by itself: the bytes are at fault, or our code. All else is what a step
# asks to be put aside for, through no fault of the event.
POISON_REASONS = frozenset(
    {"VERSION-UNKNOWN", "VALUE-EMPTY", "VALUE-TOO-LARGE", "VALUE-INVALID", "KEY-MISMATCH", "STAGE-FAILED"}
)
_NUMBER = re.compile(r"-?[0-9]{1,19}")


class Place(NamedTuple):
    """Where a record stands."""

    topic: str
    partition: int
    offset: int

    def __str__(self) -> str:
        return f"{self.topic} {self.partition} {self.offset}"


class Origin(NamedTuple):
    """Which event a letter is of. The time tells the offsets of a topic from those of one made anew under its name."""

    partition: int
    offset: int
    timestamp_ms: int | None


@dataclass(frozen=True)
class Omitted:
    """The original was too large to be written again: what it was. It stands where it came from, for as long."""

    size_bytes: int
    digest: str


@dataclass(frozen=True)
class Letter:
    """A record that a stage could not digest. `headers` are the publisher's alone."""

    place: Place
    topic: Topic
    origin: Origin
    buried_at: datetime
    stage: str
    reason: str
    detail: str
    key: bytes | None
    value: bytes | None
    headers: Headers
    omitted: Omitted | None = None

    @property
    def source(self) -> Place:
        """Return where the stage read it."""
        return Place(self.topic.name, self.origin.partition, self.origin.offset)

    @property
    def kind(self) -> Kind:
        """Tell whether the event or the stage is at fault, or something outside was failing."""
        return "poison" if self.reason in POISON_REASONS else "parked"

    @property
    def size_bytes(self) -> int:
        """Return the size of the original value."""
        return self.omitted.size_bytes if self.omitted else len(self.value or b"")


@dataclass(frozen=True)
class Replayed:
    """The mark of a replay."""

    origin: Origin


@dataclass(frozen=True)
class Foreign:
    """A record that none of ours wrote there."""

    place: Place


def parse(record: ConsumerRecord) -> Letter | Replayed | Foreign:
    """Return what a record of a dead-letter topic is. Nothing in it can make this fail."""
    place = Place(record.topic, record.partition, record.offset)
    topic = BY_DEAD_NAME.get(record.topic)
    ours = {name: _text(value) for name, value in record.headers if name.startswith(OURS)}
    origin = _origin(ours)
    # A letter that names another topic than its own would let whoever may write here write there.
    if topic is None or origin is None or ours.get("dlq.topic") != topic.name:
        return Foreign(place)
    if "dlq.reason" not in ours:
        return Replayed(origin) if REPLAYED in ours else Foreign(place)
    return Letter(
        place=place,
        topic=topic,
        origin=origin,
        buried_at=moment(record.timestamp),
        stage=ours.get("dlq.stage", ""),
        reason=ours["dlq.reason"],
        detail=ours.get("dlq.detail", ""),
        key=record.key,
        value=record.value,
        headers=tuple((name, value) for name, value in record.headers if not name.startswith(OURS)),
        omitted=None if record.key or record.value else _omitted(ours),
    )


def moment(timestamp_ms: int) -> datetime:
    """Return a record's time; a publisher may have written any number."""
    try:
        return datetime.fromtimestamp(timestamp_ms / 1000, tz=UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, tz=UTC)


def _origin(ours: Mapping[str, str]) -> Origin | None:
    partition, offset = _number(ours.get("dlq.partition")), _number(ours.get("dlq.offset"))
    if partition is None or offset is None or partition < 0 or offset < 0:
        return None
    return Origin(partition, offset, _number(ours.get("dlq.timestamp")))


def _omitted(ours: Mapping[str, str]) -> Omitted | None:
    size = _number(ours.get("dlq.omitted.size"))
    return None if size is None else Omitted(size, ours.get("dlq.omitted.digest", ""))


def _number(text: str | None) -> int | None:
    return int(text) if text and _NUMBER.fullmatch(text) else None


def _text(value: bytes | None) -> str:
    return (value or b"").decode(errors="replace")
