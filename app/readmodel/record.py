"""One Kafka record as the projection sees it, and its rank among the records that speak of the same thing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from schemas.envelope import Envelope

# Nineteen digits hold every offset and every millisecond that Kafka can count (64 bits, signed).
_RANK_DIGITS = 19
_RANK_NUMBER_MAX = 10**_RANK_DIGITS - 1


@dataclass(frozen=True)
class Read:
    """A record with its place. `timestamp_ms` is Kafka's."""

    topic: str
    partition: int
    offset: int
    value: bytes | None
    key: bytes | None = None
    timestamp_ms: int = 0
    headers: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def written_at(self) -> datetime:
        """Return Kafka's timestamp as a moment."""
        return datetime.fromtimestamp(max(self.timestamp_ms, 0) / 1000, tz=UTC)

    @property
    def place(self) -> str:
        """Return where it stands, for logs."""
        return f"{self.topic}/{self.partition}@{self.offset}"

    def envelope(self) -> Envelope:
        """Return the CloudEvents attributes; the publisher may have left all of them out."""
        return Envelope.of(self.headers, fallback_id=self.place, event_type=self.topic, time=self.written_at)


def rank(*numbers: int) -> str:
    """Return text that sorts as the numbers do, the first being the most significant.

    Ranks make merging independent of the order in which partitions are read: whoever wins, wins in every order, so
    a projection rebuilt from zero is the one that ran all along. Numbers are cut to what 19 digits hold.
    """
    return ".".join(f"{min(max(number, 0), _RANK_NUMBER_MAX):0{_RANK_DIGITS}d}" for number in numbers)


def milliseconds(moment: datetime) -> int:
    """Return a moment as milliseconds since 1970."""
    return int(moment.timestamp() * 1000)
