"""Those who answer to what comes out: reviewers, payment engines, operators. None of them ever dies."""

import asyncio
import json
import random
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from faust.types import TP

from schemas.decision import ReviewSubmitted
from schemas.identifiers import orphan_key
from schemas.payment import CancellationRequested, PaymentStatusReported
from schemas.topics import (
    DOCUMENT_STATUS,
    PAYMENT_CANCELLATION,
    PAYMENT_DECIDED,
    PAYMENT_INITIATED,
    PAYMENT_STATUS,
    REVIEW_SUBMITTED,
)
from tests.simulation.broker import Record
from tests.simulation.cases import Case, stranger_id
from tests.simulation.town import Town

PERSONS = ("ann", "bob", "eve")
# Always the same, or in the end nobody would be left who may approve.
CORRECTOR = "ann"
# A clerk who looks at the same held document so often gives up; a sound chain never needs it.
ACTS_MAX = 14
# A held document on which nothing moves is looked at again.
AGAIN_SECONDS = 8.0
# What engines say of one command. The last state follows whatever the order, and however often it is said.
STORIES: tuple[tuple[str, ...], ...] = (
    (), ("PDNG",), ("ACCP",), ("ACSC",), ("ACCP", "ACSC"), ("ACTC", "ACSP", "ACSC"), ("RJCT",), ("ACTC", "RJCT"),
    ("ACSC", "RTRN"), ("ACCP", "ACSC", "RTRN"), ("CANC",),
)  # fmt: skip
PARKED = frozenset({"DOCUMENTS-UNAVAILABLE", "DOCUMENT-TRUNCATED", "DOCUMENTS-TOO-SLOW", "DOCUMENTS-STORAGE-FULL"})


@dataclass
class Reviewers:
    """Look at each document that is held and do what the truth of its case asks for."""

    town: Town
    cases: dict[str, Case]
    acts: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    latest: dict[str, int] = field(default_factory=dict)
    decisions: dict[tuple[str, str], str] = field(default_factory=dict)

    def see(self, place: TP, record: Record) -> None:
        if place.topic == PAYMENT_DECIDED.name:
            self._hear(record)
        if place.topic != DOCUMENT_STATUS.name:
            return
        status = json.loads(record.value or b"{}")
        document = status["document_id"]
        self.latest[document] = self.latest.get(document, 0) + 1
        if status["state"] == "held" and document in self.cases and status["invoice_key"]:
            rng = self.town.rng
            self.town.errand(rng.choice((0.05, 0.5, 2.0)) * rng.random(), self._look(status, self.latest[document]))
        elif rng_rare(self.town.rng) and status["invoice_key"]:
            self.town.errand(0.1, self._meddle(status))

    def _hear(self, record: Record) -> None:
        """Keep what was decided last under each key, as the read model does: what a person sees is what is approved."""
        with suppress(ValueError, KeyError, TypeError):
            decision = json.loads(record.value or b"")["decision"]
            self.decisions[decision["document_id"], decision["invoice_key"]] = decision["evidence_digest"]

    async def _look(self, status: dict[str, Any], seen: int) -> None:
        document = status["document_id"]
        if self.latest[document] != seen or self.acts[document] >= ACTS_MAX:
            return
        case = self.cases[document]
        if "SUPPLIER-UNKNOWN" in status["reasons"] and case.supplier_id and not self._is_known(case):
            self.town.errand(1.0, self._look(status, seen))
            return
        self.acts[document] += 1
        await self._act(case, status)
        self.town.errand(AGAIN_SECONDS, self._look(status, seen))

    def _is_known(self, case: Case) -> bool:
        return case.supplier_id in self.town.published

    async def _act(self, case: Case, status: dict[str, Any]) -> None:
        document, rng = status["document_id"], self.town.rng
        if case.act == "leave":
            return
        if case.act == "refuse" or case.documents[case.favourite].document_id != document:
            await self._submit(status, "reject", rng.choice(PERSONS))
        elif case.act in {"correct", "renumber"} and "CORRECTED" not in status["reasons"]:
            await self._submit(status, "correct", CORRECTOR, case.corrections())
        else:
            await self._submit(status, "approve", rng.choice(PERSONS))

    async def _submit(self, status: dict[str, Any], action: str, reviewer: str,
                      corrections: dict[str, str | None] | None = None) -> None:  # fmt: skip
        rng = self.town.rng
        event = ReviewSubmitted.model_validate(
            {
                "review_id": f"r{rng.getrandbits(48):x}",
                "document_id": status["document_id"],
                "invoice_key": status["invoice_key"],
                "action": action,
                "reviewer": reviewer,
                "reason": "as the paper says",
                "corrections": corrections or {},
                "evidence_digest": self.decisions.get((status["document_id"], status["invoice_key"])),
                "submitted_at": self.town.now(),
            }
        )
        for _ in range(rng.choice((1, 1, 1, 2))):
            await self.town.publish(REVIEW_SUBMITTED, event.invoice_key, event)

    async def _meddle(self, status: dict[str, Any]) -> None:
        """Act on what waits for nobody, or is not there: it must change nothing."""
        rng = self.town.rng
        stranger = stranger_id(rng)
        foreign = {**status, "document_id": stranger, "invoice_key": orphan_key("default", stranger)}
        late = status["state"] in {"payment_initiated", "payment_accepted", "settled"}
        await self._submit(status if late else foreign, rng.choice(("reject", "approve")), rng.choice(PERSONS))


@dataclass
class Engines:
    """Execute commands: the first record of an id counts. They report in any order and more than once."""

    town: Town
    stories: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def see(self, place: TP, record: Record) -> None:
        if place.topic != PAYMENT_INITIATED.name:
            return
        command, rng = (record.key or b"").decode(), self.town.rng
        if command in self.stories:
            return
        story = list(rng.choice(STORIES))
        self.stories[command] = tuple(story)
        if rng.random() < 0.3:
            rng.shuffle(story)
        if story and rng.random() < 0.3:
            story.append(rng.choice(story))
        if story == ["CANC"] or rng.random() < 0.15:
            self.town.errand(rng.random(), self._cancel(command))
        self.town.errand(rng.choice((0.0, 0.05, 1.0)) * rng.random(), self._report(command, story))

    async def _report(self, command: str, story: list[str]) -> None:
        rng = self.town.rng
        for status in story:
            reason = "AC01" if status in {"RJCT", "RTRN"} else None
            report = {"command_id": command, "status": status, "reason_code": reason, "at": self.town.now()}
            await self.town.publish(PAYMENT_STATUS, command, PaymentStatusReported.model_validate(report))
            await asyncio.sleep(rng.choice((0.0, 0.3, 3.0)) * rng.random())

    async def _cancel(self, command: str) -> None:
        event = CancellationRequested(
            command_id=command, tenant="default", requested_by="eve", requested_at=self.town.now()
        )
        await self.town.publish(PAYMENT_CANCELLATION, command, event)


@dataclass
class Operators:
    """Replay what was parked, under the same key and bytes, until it can be had."""

    town: Town
    replayed: int = 0

    def see(self, place: TP, record: Record) -> None:
        reason = record.headers.get("dlq.reason", b"").decode() if place.topic.endswith(".dead") else ""
        if reason in PARKED:
            self.town.errand(2.0 + self.town.rng.random() * 5.0, self._replay(place, record))

    async def _replay(self, place: TP, record: Record) -> None:
        self.replayed += 1
        headers = {name: value for name, value in record.headers.items() if not name.startswith("dlq.")}
        await self.town.write(place.topic.removesuffix(".dead"), record.key, record.value, headers)


def rng_rare(rng: random.Random) -> bool:
    return rng.random() < 0.01
