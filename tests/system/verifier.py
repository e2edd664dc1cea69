"""An independent verifier: reads the topics as any outsider can, knows only what is promised to outsiders.

It imports nothing of ours. Run it against a broker:

    python tests/system/verifier.py --bootstrap HOST:PORT [--expected FILE]

where FILE holds `{"documents": [...], "commands": [...]}`. It prints a report as JSON and ends with 1 if anything is
wrong: a document without an end, one with two different ends, a command that is missing, invented, or issued twice with
other bytes, a record that a stage read without an audit entry, an audit entry of another version, a payment that
cannot be walked back by digests to the event it came from.
"""

import argparse
import asyncio
import hashlib
import json
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from aiokafka import AIOKafkaConsumer

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
# What each stage reads; its audit entries name the digests of those records.
READS = {
    "extraction": "document.received",
    "normalization": "invoice.extracted",
    "validation": "invoice.normalized",
    "decision": "invoice.validated",
    "payment": "payment.decided",
}
TOPICS = (*READS.values(), "document.status", "payment.initiated", "audit.entry")
POLL_MS = 500
EVIDENCE_MAX = 10


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

    def as_json(self) -> str:
        shown = {kind: {"count": len(found), "first": found[:EVIDENCE_MAX]} for kind, found in self.anomalies.items()}
        return json.dumps({"counts": self.counts, "anomalies": shown}, indent=1)


Records = dict[str, list[tuple[bytes, bytes]]]


async def read_all(bootstrap: str, topics: tuple[str, ...] = TOPICS) -> Records:
    """Return key and value of every record, by topic, each partition in order."""
    consumer = AIOKafkaConsumer(*topics, bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    try:
        ends = await consumer.end_offsets(consumer.assignment())
        await consumer.seek_to_beginning()
        records: Records = {topic: [] for topic in topics}
        while any([await consumer.position(place) < end for place, end in ends.items()]):
            for place, fetched in (await consumer.getmany(timeout_ms=POLL_MS)).items():
                records[place.topic] += [(record.key, record.value) for record in fetched]
        return records
    finally:
        await consumer.stop()


def digest(value: bytes) -> str:
    return "sha256:" + hashlib.sha256(value).hexdigest()


def verify(records: Records, documents: set[str], commands: set[str] | None) -> Report:
    """Return what is wrong with the records; `commands` None checks no set of commands."""
    report = Report()
    _verify_ends(report, records, documents)
    _verify_commands(report, records, commands)
    entries = _verify_audit(report, records)
    _verify_walks(report, records, entries)
    report.counts |= {topic: len(found) for topic, found in records.items()}
    return report


def _verify_ends(report: Report, records: Records, documents: set[str]) -> None:
    ends: dict[str, list[str]] = defaultdict(list)
    last: dict[str, str] = {}
    for key, value in records["document.status"]:
        state = json.loads(value)["state"]
        last[key.decode()] = state
        if state in ENDS:
            ends[key.decode()].append(ENDS[state])
    for document in sorted(documents):
        if last.get(document) not in ENDS:
            report.add("lost", f"{document} is {last.get(document, 'without any status')}")
        elif len(set(ends[document])) > 1:
            report.add("two ends", f"{document}: {ends[document]}")
    for document in sorted(set(last) - documents):
        report.add("invented document", document)
    report.counts["documents ended"] = sum(last.get(document) in ENDS for document in documents)


def _verify_commands(report: Report, records: Records, expected: set[str] | None) -> None:
    written: dict[str, list[bytes]] = defaultdict(list)
    for key, value in records["payment.initiated"]:
        written[key.decode()].append(value)
        if json.loads(value)["command_id"] != key.decode():
            report.add("misfiled command", key.decode())
    for command, values in written.items():
        if len(set(values)) > 1:
            report.add("duplicated different", command)
    if expected is not None:
        for command in sorted(expected - set(written)):
            report.add("missing command", command)
        for command in sorted(set(written) - expected):
            report.add("invented command", command)
    report.counts["commands"] = len(written)
    report.counts["duplicated identical"] = sum(len(values) - 1 for values in written.values())


def _verify_audit(report: Report, records: Records) -> dict[str, dict[str, Any]]:
    entries: dict[str, bytes] = {}
    read: Counter[tuple[str, str]] = Counter()
    for _key, value in records["audit.entry"]:
        entry = json.loads(value)
        first = entries.setdefault(entry["entry_id"], value)
        if first is value:
            read.update((entry["stage"], source) for source in entry["read"])
        elif first != value:
            report.add("audit entry differs", entry["entry_id"])
    for stage, topic in READS.items():
        there = Counter(digest(value) for _key, value in records[topic])
        for source, times in there.items():
            if read[stage, source] != times:
                report.add("audit incomplete", f"{stage} read {source} {times} times, {read[stage, source]} entries")
        for other, source in read:
            if other == stage and source not in there:
                report.add("orphan audit entry", f"{stage} {source}")
    report.counts["audit entries"] = len(entries)
    return {name: json.loads(value) for name, value in entries.items()}


def _verify_walks(report: Report, records: Records, entries: dict[str, dict[str, Any]]) -> None:
    """Walk each command back by digests, entry by entry, to a `document.received` record of its own document."""
    causes: dict[str, set[str]] = defaultdict(set)
    for entry in entries.values():
        for target in entry["written"]:
            causes[target].update(entry["read"])
    received: dict[str, str] = {digest(value): key.decode() for key, value in records["document.received"]}
    for key, value in records["payment.initiated"]:
        reached, ahead = {digest(value)}, {digest(value)}
        while ahead := {cause for at in ahead for cause in causes[at]} - reached:
            reached |= ahead
        if json.loads(value)["document_id"] not in {received[at] for at in reached if at in received}:
            report.add("payment without proof", key.decode())


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--bootstrap", required=True)
    arguments.add_argument("--expected", help="JSON file with the documents sent and the commands that must come")
    given = arguments.parse_args()
    records = asyncio.run(read_all(given.bootstrap))
    if given.expected:
        with open(given.expected, encoding="utf-8") as file:  # noqa: PTH123 - a stand-alone tool
            expected = json.load(file)
        report = verify(records, set(expected["documents"]), set(expected["commands"]))
    else:
        report = verify(records, {key.decode() for key, _value in records["document.received"]}, None)
    print(report.as_json())  # noqa: T201 - its output
    return 0 if report.is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
