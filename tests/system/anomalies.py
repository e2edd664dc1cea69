"""What can be wrong with the records, one check each. Nothing of ours is imported here: only what outsiders are told.

The list is Jepsen's for Kafka and ours: lost, duplicated with other bytes, reordered within a key, invented, an audit
entry without its record and a record without its entry. What only shows while it happens is in `witness.py`.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.system.records import Record, Records

# contracts: document.status. A held document waits for a person; the others have come to an end or are paid.
ENDS = {
    "held": "held",
    "rejected": "rejected",
    "payment_initiated": "paid",
    "payment_accepted": "paid",
    "settled": "paid",
    "payment_rejected": "paid",
    "returned": "paid",
    "cancelled": "paid",
}
# The way of every document; each state is first told after those before it.
WAY = ("received", "extracted", "normalized", "validated", "approved", "payment_initiated")
# What each stage reads; its audit entries name the digests of those records.
READS = {
    "extraction": "document.received",
    "normalization": "invoice.extracted",
    "validation": "invoice.normalized",
    "decision": "invoice.validated",
    "payment": "payment.decided",
}
# Stages that leave a record under the key that they found it under: they may not change the order.
KEEPS_KEY = {"validation": "invoice.validated", "decision": "payment.decided"}
# Written by stages alone: each record must be named by an audit entry.
WRITTEN_BY_STAGES = (
    "invoice.extracted",
    "invoice.normalized",
    "invoice.validated",
    "payment.decided",
    "payment.initiated",
    "payment.issued",
)
TOPICS = ("document.received", *WRITTEN_BY_STAGES, "document.status", "audit.entry")
DEAD = tuple(f"{topic}.dead" for topic in (*READS.values(), "payment.issued"))
EVIDENCE_MAX = 10

Entries = dict[str, dict[str, Any]]


@dataclass
class Report:
    """Counts, and for each kind of anomaly the evidence."""

    counts: dict[str, int] = field(default_factory=dict)
    anomalies: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, kind: str, evidence: str) -> None:
        self.anomalies[kind].append(evidence)

    @property
    def is_clean(self) -> bool:
        return not self.anomalies

    def as_dict(self) -> dict[str, Any]:
        shown = {kind: {"count": len(found), "first": found[:EVIDENCE_MAX]} for kind, found in self.anomalies.items()}
        return {"counts": self.counts, "anomalies": shown}

    def as_json(self) -> str:
        return json.dumps(self.as_dict(), indent=1)


def outcomes(records: Records) -> dict[str, str]:
    """Return what became of each document: held, rejected, paid, or the state in which it is still on its way."""
    last = {record.name: json.loads(record.value)["state"] for record in records["document.status"]}
    return {document: ENDS.get(state, state) for document, state in last.items()}


def check_ends(report: Report, records: Records, documents: set[str]) -> None:
    """Every document has come to one end, and none is there that nobody sent."""
    ends: dict[str, list[str]] = defaultdict(list)
    for record in records["document.status"]:
        if (state := json.loads(record.value)["state"]) in ENDS:
            ends[record.name].append(ENDS[state])
    last = outcomes(records)
    for document in sorted(documents):
        if last.get(document) not in ENDS.values():
            report.add("lost", f"{document} is {last.get(document, 'without any status')}")
        elif len(set(ends[document])) > 1:
            report.add("two ends", f"{document}: {ends[document]}")
    for document in sorted(set(last) - documents):
        report.add("invented document", document)
    report.counts["documents ended"] = sum(last.get(document) in ENDS.values() for document in documents)


def check_commands(report: Report, records: Records, expected: set[str] | None) -> None:
    """Every expected command stands there, no other does, and what stands there twice is the same bytes."""
    written: dict[str, list[bytes]] = defaultdict(list)
    for record in records["payment.initiated"]:
        written[record.name].append(record.value)
        if json.loads(record.value)["command_id"] != record.name:
            report.add("misfiled command", record.name)
    for command, values in written.items():
        if len(set(values)) > 1:
            report.add("duplicated different", f"command {command}")
    if expected is not None:
        for command in sorted(expected - set(written)):
            report.add("missing command", command)
        for command in sorted(set(written) - expected):
            report.add("invented command", command)
    report.counts["commands"] = len(written)
    report.counts["duplicated identical"] = sum(len(values) - 1 for values in written.values())


def check_repetitions(report: Report, records: Records) -> None:
    """One event id is one event: what comes again says the same (a status apart from when it was written)."""
    for topic in (*WRITTEN_BY_STAGES, "document.status"):
        first: dict[str, bytes] = {}
        repeated = 0
        for record in records[topic]:
            if record.event_id is None:
                continue
            said = _said(topic, record.value)
            repeated += record.event_id in first
            if first.setdefault(record.event_id, said) != said:
                report.add("duplicated different", f"{topic} {record.partition}/{record.offset} {record.event_id}")
        report.counts[f"repeated {topic}"] = repeated


def _said(topic: str, value: bytes) -> bytes:
    if topic != "document.status":
        return value
    return json.dumps({name: each for name, each in json.loads(value).items() if name != "at"}).encode()


def check_audit(report: Report, records: Records) -> Entries:
    """Each record that a stage read has its entry, each entry its records; return the entries by id."""
    entries: dict[str, bytes] = {}
    read: Counter[tuple[str, str]] = Counter()
    for record in records["audit.entry"]:
        entry = json.loads(record.value)
        first = entries.setdefault(entry["entry_id"], record.value)
        if first is record.value:
            read.update((entry["stage"], source) for source in entry["read"])
        elif first != record.value:
            report.add("audit entry differs", entry["entry_id"])
    for stage, topic in READS.items():
        there = Counter(record.digest for record in records[topic])
        for source, times in there.items():
            if read[stage, source] != times:
                report.add("audit incomplete", f"{stage} read {source} {times} times, {read[stage, source]} entries")
        for other, source in read:
            if other == stage and source not in there:
                report.add("orphan audit entry", f"{stage} {source}")
    report.counts["audit entries"] = len(entries)
    return {name: json.loads(value) for name, value in entries.items()}


def check_causes(report: Report, records: Records, entries: Entries) -> None:
    """What the stages wrote is what their entries say that they wrote: no record more, none less."""
    there = {record.digest: topic for topic in WRITTEN_BY_STAGES for record in records[topic]}
    named = {target: entry for entry in entries.values() for target in entry["written"]}
    for value, topic in there.items():
        if value not in named:
            report.add("invented", f"{topic} {value}: no audit entry names it")
    for value, entry in named.items():
        if entry["stage"] in READS and value not in there:
            report.add("orphan audit entry", f"{entry['entry_id']} of {entry['stage']} names {value}, not there")


def check_order(report: Report, records: Records, entries: Entries) -> None:
    """Within a key nothing overtakes, and no key is in two partitions."""
    for topic, found in records.items():
        homes: dict[bytes, set[int]] = defaultdict(set)
        for record in found:
            homes[record.key].add(record.partition)
        for key, partitions in homes.items():
            if key and len(partitions) > 1:
                report.add("key in two partitions", f"{topic} {key.decode()} {sorted(partitions)}")
    for stage, target in KEEPS_KEY.items():
        causes, sources = _causes(entries, stage), _first_seen(records[READS[stage]])
        for key, order in _first_seen(records[target]).items():
            place = {value: at for at, value in enumerate(sources.get(key, ()))}
            came = [min(place.get(cause, 0) for cause in causes[value]) for value in order if causes[value]]
            if came != sorted(came):
                report.add("reordered", f"{target} {key.decode()}: {came}")
    for document, states in _told(records):
        ranks = [WAY.index(state) for state in states if state in WAY]
        if ranks != sorted(ranks):
            report.add("reordered", f"document.status {document}: {states}")


def _first_seen(records: list[Record]) -> dict[bytes, list[str]]:
    """Return the digests under each key in the order in which they first came."""
    order: dict[bytes, dict[str, None]] = defaultdict(dict)
    for record in records:
        order[record.key].setdefault(record.digest)
    return {key: list(values) for key, values in order.items()}


def _told(records: Records) -> Iterator[tuple[str, list[str]]]:
    states: dict[str, dict[str, None]] = defaultdict(dict)
    for record in records["document.status"]:
        states[record.name].setdefault(json.loads(record.value)["state"])
    for document, seen in states.items():
        yield document, list(seen)


def check_walks(report: Report, records: Records, entries: Entries) -> None:
    """Walk each command back by digests, entry by entry, to a `document.received` record of its own document."""
    causes = _causes(entries)
    received = {record.digest: record.name for record in records["document.received"]}
    for record in records["payment.initiated"]:
        reached, ahead = {record.digest}, {record.digest}
        while ahead := {cause for at in ahead for cause in causes[at]} - reached:
            reached |= ahead
        if json.loads(record.value)["document_id"] not in {received[at] for at in reached if at in received}:
            report.add("payment without proof", record.name)


def _causes(entries: Entries, stage: str | None = None) -> dict[str, set[str]]:
    """Return the digests of what was read for each digest of what was written, by one stage or by all."""
    causes: dict[str, set[str]] = defaultdict(set)
    for entry in entries.values():
        if stage in (None, entry["stage"]):
            for target in entry["written"]:
                causes[target].update(entry["read"])
    return causes


def check_dead(report: Report, records: Records) -> None:
    """Nothing was buried: every event could be dealt with."""
    for topic in DEAD:
        for record in records.get(topic, ()):
            why = record.headers.get("dlq.reason", b"?").decode()
            report.add("buried", f"{topic} {record.name}: {why} {record.headers.get('dlq.detail', b'').decode()}")
