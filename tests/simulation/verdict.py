"""What must hold of the whole, once the world has come to rest."""

import json
from collections.abc import Mapping

from faust.types import TP

from app.local.samples import Sample
from schemas.topics import FEEDBACK_RECORDED, PAYMENT_DECIDED, PAYMENT_INITIATED, READ_BY_STAGES
from tables.declared import INVOICES, PAYMENTS, POSITIONS, TABLES
from tests.simulation.cases import Case
from tests.simulation.checks import ENDS, Checks
from tests.simulation.streams import Table, fold

# The state that a set of reports leads to, in whatever order they came: the first that is in it.
RANKS = (
    ("RTRN", "returned"), ("ACSC", "settled"), ("RJCT", "payment_rejected"), ("CANC", "cancelled"),
    ("ACSP", "payment_accepted"), ("ACCP", "payment_accepted"), ("ACTC", "payment_accepted"),
)  # fmt: skip


def final(checks: Checks, cases: list[Case], stories: Mapping[str, tuple[str, ...]],
          owners: Mapping[int, Mapping[str, Table]]) -> None:  # fmt: skip
    """Look at the world at rest. `owners` are the tables of the worker that has each partition."""
    _commands(checks, cases)
    for case in cases:
        _case(checks, case, stories)
    _audit(checks)
    _tables(checks, owners)
    _ledger(checks, owners)
    _feedback(checks, stories)


def _commands(checks: Checks, cases: list[Case]) -> None:
    must = {case.must for case in cases if case.must}
    for command in sorted(must - set(checks.commands)):
        checks.add("missing command", command)
    for command in sorted(set(checks.commands) - must):
        checks.add("invented command", command)
    paid = {json.loads(record.value or b"{}")["invoice_key"] for _, record, _ in checks.commands.values()}
    for key in sorted(set(checks.approvals) - paid):
        checks.add("approved and not paid", key)


def _case(checks: Checks, case: Case, stories: Mapping[str, tuple[str, ...]]) -> None:
    payer = _paid_document(checks, case.must)
    for sample in case.documents:
        document, status = sample.document_id, checks.states.get(sample.document_id)
        what = f"{sample.name} ({case.act}, {case.lost or 'there'}) {document[7:19]}"
        if status is None:
            checks.add("lost", f"{what} has no status")
        elif ENDS.get(status["state"]) is None:
            checks.add("lost", f"{what} is {status['state']}")
        elif document == payer:
            _worth(checks, case, sample)
            wanted = _state(stories.get(case.must or "", ()))
            if status["state"] != wanted:
                told = f"{what} is {status['state']} {status['reasons']}, engines say {wanted}"
                checks.add("status differs", told)
        elif status["state"] not in ({"held", "rejected"} if case.act == "leave" else {"rejected"}):
            checks.add("wrong end", f"{what} is {status['state']} {status['reasons']}")


def _worth(checks: Checks, case: Case, sample: Sample) -> None:
    """Compare what is paid with what the paper says, or the clerk who corrected it."""
    command = json.loads(checks.commands[case.must or ""][1].value or b"{}")
    corrected = case.corrections() if case.act in {"correct", "renumber"} else {}
    account = corrected.get("payment_account_identifier", sample.truth["payment_account_identifier"])
    amount = sample.truth["amount_due_for_payment"]
    paid = (command["creditor_account"], float(command["instructed_amount"]["value"]))
    if case.scenario != "wrong-sum" and paid != (account, float(amount or 0)):
        checks.add("paid otherwise", f"{sample.name} ({case.act}): {paid}, said {account} {amount}")


def _paid_document(checks: Checks, command: str | None) -> str | None:
    if command is None or command not in checks.commands:
        return None
    document: str = json.loads(checks.commands[command][1].value or b"{}")["document_id"]
    return document


def _state(story: tuple[str, ...]) -> str:
    return next((state for code, state in RANKS if code in story), "payment_initiated")


def _audit(checks: Checks) -> None:
    wanted = set[str]()
    for topic in READ_BY_STAGES:
        for place, record in checks.broker.records(topic.name):
            if checks.is_stray(place, record):
                continue
            entry_id = checks.entry_id(place, record, record.offset)
            wanted.add(entry_id)
            if entry_id not in checks.entries:
                checks.add("audit incomplete", f"{place.topic}/{place.partition}@{record.offset}")
    for entry_id in sorted(set(checks.entries) - wanted):
        checks.add("orphan audit entry", entry_id)


def _tables(checks: Checks, owners: Mapping[int, Mapping[str, Table]]) -> None:
    for declared in TABLES:
        said = fold(checks.broker, declared.changelog)
        for (partition, key), value in said.items():
            table = owners[partition][declared.name] if partition in owners else None
            if table is not None and table.memory.get(key) != value:
                what = f"{declared.name}/{partition} {key}: memory is not the changelog's fold"
                checks.add("table differs", what)
            home = checks.broker.place(PAYMENT_DECIDED.name, key.encode(), None).partition
            if declared is INVOICES and partition != home:
                checks.add("table misplaced", f"{declared.name} {key}")
        for partition, tables in owners.items():
            table = tables[declared.name]
            own = [key for key in table.memory if table.partition_of.get(key) == partition]
            extra = [key for key in own if (partition, key) not in said]
            if extra:
                checks.add("table differs", f"{declared.name}/{partition} {extra[0]} is in memory alone")


def _ledger(checks: Checks, owners: Mapping[int, Mapping[str, Table]]) -> None:
    """Every command below a partition's position is remembered: nobody reads it from the ledger again."""
    for partition, tables in owners.items():
        position = (tables[POSITIONS.name].memory.get(str(partition)) or {}).get("offset", 0)
        for record in checks.broker.logs[TP(PAYMENT_INITIATED.name, partition)][:position]:
            if (record.key or b"").decode() not in tables[PAYMENTS.name].memory:
                checks.add("command forgotten", f"{partition}@{record.offset} below the position {position}")


def _feedback(checks: Checks, stories: Mapping[str, tuple[str, ...]]) -> None:
    """A bank's refusal and a person's act are learned from, and one lesson has one set of bytes however often told."""
    learned, said = set[tuple[str, str]](), dict[bytes, bytes | None]()
    for _, record in checks.broker.records(FEEDBACK_RECORDED.name):
        lesson = json.loads(record.value or b"{}")
        learned.add((lesson["document_id"], lesson["source"]))
        if said.setdefault(record.headers["ce_id"], record.value) != record.value:
            checks.add("lesson differs", lesson["document_id"])
    for command in sorted(checks.commands):
        if stories.get(command) == ("RJCT",) and (_paid_document(checks, command), "settlement") not in learned:
            checks.add("feedback missing", command)
    for entry in map(json.loads, checks.entries.values()):
        is_lesson = entry["stage"] == "review" and entry["outcome"] in {"correct", "reject"}
        if is_lesson and (entry["document_id"], "review") not in learned:
            checks.add("feedback missing", entry["document_id"])
