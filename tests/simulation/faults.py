"""What goes wrong in a run, and when: drawn from the seed before the run begins."""

import random
from dataclasses import dataclass
from typing import Literal

from schemas.topics import (
    AUDIT_ENTRY,
    DOCUMENT_STATUS,
    INVOICE_EXTRACTED,
    INVOICE_NORMALIZED,
    INVOICE_VALIDATED,
    PAYMENT_DECIDED,
    PAYMENT_INITIATED,
    PAYMENT_ISSUED,
)
from tables.declared import HELD, INVOICES, PAYMENTS, POSITIONS, SETTLEMENTS

Kind = Literal["kill", "fuse", "kill_at", "pause", "pause_at", "stop", "join", "cut", "down"]
KINDS: tuple[Kind, ...] = (
    "kill",
    "fuse",
    "fuse",
    "kill_at",
    "kill_at",
    "pause",
    "pause_at",
    "stop",
    "join",
    "cut",
    "down",
)
# Where a crash hurts most: right at the append of one of these.
TARGETS = (
    PAYMENT_INITIATED.name, PAYMENT_INITIATED.name, PAYMENT_DECIDED.name, PAYMENT_ISSUED.name, AUDIT_ENTRY.name,
    DOCUMENT_STATUS.name, INVOICE_EXTRACTED.name, INVOICE_NORMALIZED.name, INVOICE_VALIDATED.name,
    PAYMENTS.changelog, POSITIONS.changelog, INVOICES.changelog, HELD.changelog, SETTLEMENTS.changelog,
)  # fmt: skip
FAULTS_MAX = 7
# Faults should meet the documents on their way, which takes a second or two after they were sent.
AFTER_SECONDS = 2.0


# A pause beyond the session's six seconds makes a zombie, a shorter one a slow member.
SECONDS: dict[Kind, tuple[float, ...]] = {"pause": (0.3, 9.0, 18.0), "pause_at": (0.3, 9.0, 18.0)}


@dataclass(frozen=True)
class Fault:
    """At `at` seconds; `pick` chooses among the workers there are, `topic` and `nth` what to wait for."""

    at: float
    kind: Kind
    pick: float
    seconds: float
    steps: int
    topic: str
    nth: int


def draw_faults(rng: random.Random, sending_seconds: float) -> list[Fault]:
    count = rng.randint(0, FAULTS_MAX)
    return sorted((_draw(rng, sending_seconds) for _ in range(count)), key=lambda fault: fault.at)


def _draw(rng: random.Random, sending_seconds: float) -> Fault:
    kind = rng.choice(KINDS)
    topic = rng.choice(TARGETS)
    if kind == "pause_at" and rng.random() < 0.5:
        topic = PAYMENT_DECIDED.name  # whoever sleeps between a decision and its command wakes as a zombie with it
    return Fault(
        at=rng.random() * (sending_seconds + AFTER_SECONDS),
        kind=kind,
        pick=rng.random(),
        seconds=rng.choice(SECONDS.get(kind, (0.3, 3.0, 20.0))) * (0.5 + rng.random()),
        steps=int(10 ** (rng.random() * 3.3)),
        topic=topic,
        nth=rng.randint(1, 4),
    )
