"""What must hold: at every append, at every commit, and of the whole once the world has come to rest."""

import json
from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from faust.types import TP

from app.home import WRITTEN_OUTSIDE
from schemas.identifiers import digest, record_id
from schemas.topics import (
    AUDIT_ENTRY,
    DOCUMENT_STATUS,
    PAYMENT_DECIDED,
    PAYMENT_INITIATED,
)
from tables.declared import PAYMENTS, POSITIONS, TABLES
from tables.fence import CLAIM, Fence
from tests.simulation.broker import Broker, Record, Sending

STAGES = {
    "document.received": "extraction",
    "invoice.extracted": "normalization",
    "invoice.normalized": "validation",
    "invoice.validated": "decision",
    "payment.decided": "payment",
    "payment.issued": "issuing",
    "payment.status": "settlement",
    "payment.cancellation": "cancellation",
    "review.submitted": "review",
}
PAID = frozenset(
    {"payment_initiated", "payment_accepted", "settled", "payment_rejected", "returned", "cancelled"}
)  # fmt: skip
ENDS = {"held": "held", "rejected": "rejected", **dict.fromkeys(PAID, "paid")}
# Stages that share state with others that read other topics.
MERGING = frozenset({"decision", "review", "issuing", "settlement", "cancellation"})
# What was made by another stage before, and is only sent after its document.
RELAYED = frozenset({"moved"})
# These take the release that the record names which they read; decisions that stand have one of their own.
HANDED_ON = frozenset({"normalization", "validation", "payment"})
# Each of these names the release that it was made by.
NAMING = frozenset(
    {"invoice.extracted", "invoice.normalized", "invoice.validated", "payment.decided", "payment.initiated"}
)
CHANGELOGS = frozenset(table.changelog for table in TABLES)
PUT_ASIDE = frozenset({"dead", "parked"})


@dataclass
class Checks:
    """Watches the broker. `violations` is empty for a sound product."""

    broker: Broker
    reference_moves: bool = False
    releases_move: bool = False
    # The release that a record names, and the one by which an entry says that it was written; each by digest.
    releases: dict[str, str] = field(default_factory=dict)
    entered: dict[str, str] = field(default_factory=dict)
    violations: list[str] = field(default_factory=list)
    digests: set[str] = field(default_factory=set)
    entries: dict[str, bytes] = field(default_factory=dict)
    authors: dict[str, tuple[str, bool]] = field(default_factory=dict)
    sources: dict[str, tuple[TP, int]] = field(default_factory=dict)
    outcomes: dict[str, str] = field(default_factory=dict)
    written: dict[str, list[str]] = field(default_factory=dict)
    commands: dict[str, tuple[TP, Record, float]] = field(default_factory=dict)
    duplicates: int = 0
    approvals: dict[str, dict[str, Any]] = field(default_factory=dict)
    ready: dict[tuple[str, int | None, int], float] = field(default_factory=dict)
    dead: set[tuple[str, int, str]] = field(default_factory=set)
    ends: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    states: dict[str, dict[str, Any]] = field(default_factory=dict)
    # The traceparent of each event, by topic and id.
    traces: dict[tuple[str, bytes], bytes] = field(default_factory=dict)
    # The changelogs as their fences take them, and the changes that do not count.
    fences: defaultdict[TP, Fence] = field(default_factory=lambda: defaultdict(Fence))
    fenced: set[tuple[TP, int | None]] = field(default_factory=set)

    def add(self, kind: str, detail: str) -> None:
        self.violations.append(f"{kind}: {detail}")
        self.broker.trace.add("VIOLATION", self.violations[-1])

    def see(self, place: TP, record: Record) -> None:
        """Look at a record that was just appended."""
        self.digests.add(digest(record.value or b""))
        self._named(place, record)
        self._trace(place, record)
        if place.topic in CHANGELOGS and not self._counts(place, record):
            return
        if place.topic in STAGES:
            self.sources[self.entry_id(place, record, record.offset)] = (place, record.offset)
        match place.topic:
            case AUDIT_ENTRY.name:
                self._entry(record)
            case DOCUMENT_STATUS.name:
                self._status(record)
            case PAYMENT_DECIDED.name:
                self._decision(record)
            case PAYMENT_INITIATED.name:
                self._command(place, record)
            case PAYMENTS.changelog:
                self._remembered(record)
            case POSITIONS.changelog:
                self._position(record)
            case topic if topic.endswith(".dead"):
                self._dead(place, record)

    def _named(self, place: TP, record: Record) -> None:
        """Keep which release a record says it was made by."""
        if place.topic not in NAMING:
            return
        with suppress(ValueError, KeyError, TypeError, AttributeError):
            tree = json.loads(record.value or b"")
            made = digest(record.value or b"")
            self.releases[made] = tree.get("release") or tree["decision"]["release"]
            self._agree(made)

    def _agree(self, made: str) -> None:
        """A record and the entry that explains it name one release, whichever of them was written first."""
        named, entered = self.releases.get(made), self.entered.get(made)
        if named is not None and entered is not None and named != entered:
            self.add("two releases", f"{made} names {named}, its entry {entered}")

    def _trace(self, place: TP, record: Record) -> None:
        """One event id has one trace and one span, however often it is written."""
        event_id, trace = record.headers.get("ce_id", b""), record.headers.get("traceparent", b"")
        if event_id and self.traces.setdefault((place.topic, event_id), trace) != trace:
            self.add("trace differs", f"{place.topic}/{place.partition}@{record.offset}")

    def _counts(self, place: TP, record: Record) -> bool:
        key, is_tombstone = (record.key or b"").decode(), record.value is None
        counts = self.fences[place].admits(key, record.headers, is_tombstone=is_tombstone)
        if not counts:
            self.fenced.add((place, record.offset))
        if not counts and CLAIM not in record.headers:
            self.broker.trace.add("undone", f"{place.topic}/{place.partition}@{record.offset} {record.writer}")
        return counts

    def commit(self, member: tuple[str, int], place: TP, before: int, offset: int) -> None:
        """Look at a commit of a member: whatever it passes is dealt with, and what came of it stands on the broker.

        What the same worker changed in a generation before does not count, and needs not: it has dealt with it again.
        """
        if offset < before:
            self.add("offset goes back", f"{place} {before} -> {offset}")
        for at in range(before, offset):
            self._dealt_with(place, at)
            changes = self.broker.changes.get((member[0], place, at), ())
            if any(change.offset is None for change in changes):
                self.add("missing change", f"{place.topic}/{place.partition}@{at} changed tables in memory alone")
            if any(
                (change.place, change.offset) in self.fenced for change in changes if self._writer(change) == member
            ):
                self.add("fenced change", f"{place.topic}/{place.partition}@{at} is committed, and changed nothing")

    def _writer(self, change: Sending) -> tuple[str, int | None] | None:
        return None if change.offset is None else self.broker.logs[change.place][change.offset].writer

    def is_stray(self, place: TP, record: Record) -> bool:
        """Tell whether an outsider has put a record where it does not belong: it is sent home and dealt with there."""
        return (
            place.topic in WRITTEN_OUTSIDE
            and bool(record.key)
            and place != self.broker.place(place.topic, record.key, None)
        )

    def _is_sent_home(self, place: TP, record: Record) -> bool:
        home = self.broker.logs[self.broker.place(place.topic, record.key, None)]
        return any((other.key, other.value) == (record.key, record.value) for other in home)

    def _dealt_with(self, place: TP, at: int) -> None:
        record = self.broker.logs[place][at]
        if self.is_stray(place, record):
            if not self._is_sent_home(place, record):
                self.add("committed past", f"{place.topic}/{place.partition}@{at} is a stray that was not sent home")
            return None
        entry_id = self.entry_id(place, record, at)
        where = f"{place.topic}/{place.partition}@{at}"
        if entry_id not in self.entries:
            return self.add("committed past", f"{where} has no audit entry")
        missing = [target for target in self.written[entry_id] if target not in self.digests]
        if missing:
            self.add("committed past", f"{where} wrote {len(missing)} records that are nowhere")
        if self.outcomes[entry_id] in PUT_ASIDE and (place.topic, place.partition, str(at)) not in self.dead:
            self.add("committed past", f"{where} was put aside nowhere")
        return None

    @staticmethod
    def entry_id(place: TP, record: Record, at: int) -> str:
        source = f"{place.topic}/{place.partition}/{at}/{digest(record.value or b'')}"
        return record_id("audit", STAGES[place.topic], source)

    def _entry(self, record: Record) -> None:
        value = record.value or b""
        entry = json.loads(value)
        entry_id = entry["entry_id"]
        first = self.entries.setdefault(entry_id, value)
        is_zombie = self._is_zombie(record.writer)
        author = self.authors.setdefault(entry_id, (record.writer[0], is_zombie))
        if first != value:
            excused = self._is_answered_anew(entry, json.loads(first)) or self._is_of_another_order(
                entry, author, is_zombie=is_zombie
            )
            if excused:
                self.broker.trace.add("anew", f"{entry['stage']} {entry_id}")
            else:
                self.add("audit entry differs", f"{entry['stage']} {entry_id}")
        self.written[entry_id], self.outcomes[entry_id] = entry["written"], entry["outcome"]
        if entry["stage"] in HANDED_ON and self.releases.get(entry["read"][0], entry["release"]) != entry["release"]:
            self.add("release changed", f"{entry['stage']} {entry_id}: {self.releases[entry['read'][0]]} was read")
        for made in entry["written"] if entry["outcome"] not in RELAYED else ():
            self.entered.setdefault(made, entry["release"])
            self._agree(made)
        for source in entry["read"]:
            if source not in self.digests:
                self.add("orphan audit entry", f"{entry['stage']} {source}")

    def _is_answered_anew(self, entry: dict[str, Any], first: dict[str, Any]) -> bool:
        """Tell whether a stage without memory was told something else by the world outside when it asked again.

        A store that was down may be up at the redelivery, and a supplier known: both entries are true then. And what is
        read again may be read by another release; whatever is made of it then, the answer of before stands.
        """
        if entry["stage"] == "extraction":
            return "parked" in {entry["outcome"], first["outcome"]} or self.releases_move
        return entry["stage"] in {"normalization", "validation"} and self.reference_moves

    def _is_of_another_order(self, entry: dict[str, Any], author: tuple[str, bool], *, is_zombie: bool) -> bool:
        """Tell whether two owners have read the topics that a stage merges in another order.

        A zombie answers from memory of before. And what a worker had read when it died, with nothing of it in a
        changelog yet, is read again by the next, and a review may come ahead of what it came after.
        """
        if entry["stage"] not in MERGING:
            return False
        source = self.sources.get(entry["entry_id"])
        changes = self.broker.changes.get((author[0], *source), ()) if source else ()
        is_durable = bool(changes) and all(
            change.offset is not None and (change.place, change.offset) not in self.fenced for change in changes
        )
        return is_zombie or author[1] or not is_durable

    def _is_zombie(self, writer: tuple[str, int | None]) -> bool:
        name, generation = writer
        group = next((g for role, g in self.broker.groups.items() if role.endswith(name.split("-")[0])), None)
        return group is not None and (generation != group.generation or name not in group.members)

    def _status(self, record: Record) -> None:
        status = json.loads(record.value or b"{}")
        self.states[status["document_id"]] = status
        if end := ENDS.get(status["state"]):
            self.ends[status["document_id"]].add(end)
            if {"rejected", "paid"} <= self.ends[status["document_id"]]:
                self.add("two ends", f"{status['document_id']} {status['state']} {status['reasons']}")

    def _decision(self, record: Record) -> None:
        try:
            decision = json.loads(record.value or b"")["decision"]
        except (ValueError, KeyError, TypeError):
            return  # poison
        if decision["outcome"] != "approve":
            return
        standing = self.approvals.setdefault(decision["invoice_key"], decision)
        if standing["document_id"] != decision["document_id"]:
            both = f"{decision['invoice_key']}: {standing['document_id']}, {decision['document_id']}"
            self.add("two approvals", both)
        elif standing != decision:
            changed = f"{decision['invoice_key']} {decision['document_id']}"
            self.add("approval changed", changed)
        if len(set(decision["decided_by"])) < len(decision["decided_by"]):
            self.add("four eyes", f"{decision['document_id']} {decision['decided_by']}")

    def _command(self, place: TP, record: Record) -> None:
        if not record.key or record.headers.get("ce_source") != b"quittance/payment":
            return
        command, key, now = json.loads(record.value or b"{}"), record.key.decode(), _time(self.broker)
        decision = self.approvals.get(command["invoice_key"])
        if decision is None or decision["document_id"] != command["document_id"]:
            self.add("undecided command", key)
        elif _promise(decision) != _wording(command):
            self.add("command says otherwise", f"{key} {_promise(decision)} {_wording(command)}")
        if place.partition != self.broker.place(PAYMENT_DECIDED.name, command["invoice_key"].encode(), None).partition:
            self.add("misfiled command", f"{key} is not in its decision's partition")
        if key not in self.commands:
            self.commands[key] = (place, record, now)
            return
        first_place, first, when = self.commands[key]
        self.duplicates += 1
        if first.value != record.value or first_place != place:
            self.add("duplicated different", key)
        ready = self.ready.get((*record.writer, place.partition))
        if first.writer == record.writer or (ready is not None and when < ready):
            self.add("issued again", f"{key} by {record.writer}, though the ledger had it")

    def _remembered(self, record: Record) -> None:
        issued = json.loads(record.value) if record.value else None
        if issued is None:
            return  # a zombie's change that an owner took back; at rest none may be missing below the position
        log = self.broker.logs[TP(PAYMENT_INITIATED.name, issued["partition"])]
        stands = issued["offset"] < len(log) and digest(log[issued["offset"]].value or b"") == issued["digest"]
        if not stands:
            self.add("remembered before written", f"{record.key!r}")

    def _position(self, record: Record) -> None:
        if record.value is None:
            return  # a zombie's position that an owner took back: the whole ledger is read again
        partition, offset = int((record.key or b"0").decode()), json.loads(record.value)["offset"]
        if offset > len(self.broker.logs[TP(PAYMENT_INITIATED.name, partition)]):
            self.add("ledger position ahead", f"{partition} {offset}")

    def _dead(self, place: TP, record: Record) -> None:
        reason = record.headers["dlq.reason"].decode()
        offset = record.headers["dlq.offset"].decode()
        self.dead.add((place.topic.removesuffix(".dead"), place.partition, offset))
        if reason == "STAGE-FAILED":
            self.add("stage failed", f"{place.topic}@{offset} {record.headers['dlq.detail'].decode()}")
        original = self.broker.logs[TP(place.topic.removesuffix(".dead"), place.partition)][int(offset)]
        if (original.key, original.value) != (record.key, record.value):
            self.add("dead letter differs", f"{place.topic}@{offset}")


def _promise(decision: Mapping[str, Any]) -> tuple[Any, ...]:
    payment = decision["payment"]
    amount = payment["instructed_amount"]
    return (payment["creditor_account"], float(amount["value"]), amount["currency"], decision["evidence_digest"])


def _wording(command: Mapping[str, Any]) -> tuple[Any, ...]:
    amount = command["instructed_amount"]
    return (command["creditor_account"], float(amount["value"]), amount["currency"], command["evidence_digest"])


def _time(broker: Broker) -> float:
    return broker.trace._clock()
