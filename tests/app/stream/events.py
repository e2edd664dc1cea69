"""Events as the shells see them, made by hand: a Faust event is its message, and its message is where it stood."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from faust.types import TP


@dataclass(eq=False)
class FakeMessage:
    topic: str
    partition: int
    offset: int
    key: bytes | None = None
    value: bytes | None = None
    timestamp: float | None = 1_795_000_000.0
    generation_id: int = 1

    @property
    def tp(self) -> TP:
        return TP(self.topic, self.partition)


@dataclass(eq=False)
class FakeEvent:
    message: FakeMessage
    headers: Mapping[str, bytes | None] = field(default_factory=dict)


def event(
    offset: int,
    *,
    topic: str = "t",
    partition: int = 0,
    key: bytes | None = None,
    value: bytes | None = None,
    headers: Mapping[str, bytes | None] | None = None,
    timestamp: float | None = 1_795_000_000.0,
    generation: int = 1,
) -> FakeEvent:
    return FakeEvent(FakeMessage(topic, partition, offset, key, value, timestamp, generation), dict(headers or {}))
