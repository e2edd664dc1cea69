"""What a picture is made of: values only, for the terminal, the page and JSON. None is what nobody could tell."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Latency:
    """Quantiles in seconds; `recent` tells whether they are of the time between the looks, or of all there was."""

    p50: float | None = None
    p99: float | None = None
    recent: bool = False


@dataclass(frozen=True)
class StageRow:
    """One stage. None is what nobody could tell: unread without a broker, the rest without a worker."""

    stage: str
    topic: str
    unread: int | None
    oldest_seconds: float | None
    in_per_second: float | None
    out_per_second: float | None
    latency: Latency
    outcomes: Mapping[str, int]
    dead_letters: int | None
    stopped: bool


@dataclass(frozen=True)
class WorkerRow:
    """One process of a worker, or a worker that did not answer: then only `missing` is told.

    `memory_bytes` is None for roles that do not measure it.
    """

    address: str
    role: str | None = None
    ready: bool = False
    release: str | None = None
    in_flight: int = 0
    oldest_seconds: float = 0.0
    memory_bytes: int | None = None
    missing: str | None = None


@dataclass(frozen=True)
class DocumentsRow:
    """Documents in one state that is not final, and how long the oldest of them has been in it."""

    state: str
    documents: int
    oldest_seconds: float


@dataclass(frozen=True)
class Sealing:
    """Audit entries that the sealer has not committed, and the age of the oldest."""

    unread: int | None
    oldest_seconds: float | None


@dataclass(frozen=True)
class InForce:
    """The releases by which the workers say that they decide: one, or two while a roll-out goes on; and a canary."""

    active: tuple[str, ...]
    canary: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """Everything at one moment. `window_seconds` lie between the looks; None for a single one, which has no rates.

    `documents` is None where nobody asked the read model: only the API does.
    """

    window_seconds: float | None
    stages: tuple[StageRow, ...]
    workers: tuple[WorkerRow, ...]
    commands: Mapping[str, int]
    reasons: Mapping[str, int]
    event_to_command: Latency
    broker_missing: str | None
    documents: tuple[DocumentsRow, ...] | None
    sealing: Sealing
    releases: InForce
