"""The verifier sees each kind of anomaly, and none where there is none. Records are made by hand, as contracts say."""

import ast
import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from aiokafka import TopicPartition

from app.audit_log.offline.segment import leaf_of
from app.audit_log.place import FolderPlace
from tests.audit_log.logs import opened
from tests.system.anomalies import READS, TOPICS, Report
from tests.system.records import Record, Records, digest
from tests.system.sealed import check_documents, check_sealed
from tests.system.verifier import verify
from tests.system.witness import Witness, committed

HERE = Path(__file__).parent
OURS = {"app", "agents", "tables", "schemas"}
CHAIN = (*READS.values(), "payment.initiated")
STATES = ("extracted", "normalized", "validated", "approved", "payment_initiated")
DOCUMENTS, COMMANDS = {"d1", "d2"}, {"c1", "c2"}


def record(key: str, said: Mapping[str, object], number: int, event_id: str) -> Record:
    return Record(key.encode(), json.dumps(said).encode(), 0, number, {"ce_id": event_id.encode()})


def chain() -> Records:
    """Two invoices of one key, in a row, each from its event to its command."""
    records: Records = {topic: [] for topic in TOPICS}
    for number in (1, 2):
        document, command = f"d{number}", f"c{number}"
        for topic in CHAIN:
            keys = {"document.received": document, "invoice.extracted": document, "payment.initiated": command}
            said: dict[str, object] = {"document_id": document, "command_id": command, "topic": topic}
            records[topic].append(record(keys.get(topic, "invoice"), said, number, f"{topic}/{number}"))
        for at, (stage, source) in enumerate(READS.items()):
            read, written = records[source][-1].digest, records[CHAIN[at + 1]][-1].digest
            entry = {"entry_id": f"{stage}/{number}", "stage": stage, "read": [read], "written": [written]}
            records["audit.entry"].append(record("default", entry, len(records["audit.entry"]), f"{stage}/{number}"))
            status = {"document_id": document, "state": STATES[at], "at": at}
            records["document.status"].append(record(document, status, number * 10 + at, f"status {stage}/{number}"))
    return records


def found(change: Callable[[Records], object]) -> set[str]:
    records = chain()
    change(records)
    return set(verify(records, DOCUMENTS, COMMANDS, may_bury=False).anomalies)


def again(records: Records, topic: str, **otherwise: object) -> None:
    """Append a topic's last record once more, saying something else."""
    last = records[topic][-1]
    value = json.dumps({**json.loads(last.value), **otherwise}).encode()
    records[topic].append(Record(last.key, value, last.partition, last.offset + 1, last.headers))


def swap(records: Records, topic: str) -> None:
    records[topic].reverse()


def elsewhere(records: Records) -> None:
    last = records["invoice.validated"].pop()
    records["invoice.validated"].append(Record(last.key, last.value, 1, 0, last.headers))


def stranger(records: Records) -> None:
    records["payment.initiated"].append(record("c3", {"command_id": "c3", "document_id": "d1"}, 9, "x"))


def test_a_clean_chain_is_clean() -> None:
    assert found(lambda _records: None) == set()


def test_what_comes_again_unchanged_is_counted_and_clean() -> None:
    records = chain()
    again(records, "payment.initiated")
    again(records, "document.status", at=99)
    report = verify(records, DOCUMENTS, COMMANDS)
    assert report.is_clean, report.as_json()
    assert report.counts["duplicated identical"] == 1
    assert report.counts["repeated document.status"] == 1


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("lost", lambda it: it["document.status"].pop()),
        ("lost", lambda it: it["document.status"].clear()),
        ("two ends", lambda it: again(it, "document.status", state="rejected")),
        ("invented document", lambda it: it["document.status"].append(record("d3", {"state": "held"}, 0, "x"))),
        ("missing command", lambda it: it["payment.initiated"].pop()),
        ("invented command", stranger),
        ("misfiled command", lambda it: again(it, "payment.initiated", command_id="c1")),
        ("duplicated different", lambda it: again(it, "payment.initiated", amount="2.00")),
        ("duplicated different", lambda it: again(it, "payment.decided", outcome="hold")),
        ("duplicated different", lambda it: again(it, "document.status", state="held")),
        ("audit incomplete", lambda it: it["audit.entry"].pop(0)),
        ("audit entry differs", lambda it: again(it, "audit.entry", release="other")),
        ("orphan audit entry", lambda it: it["invoice.extracted"].pop()),
        ("orphan audit entry", lambda it: it["payment.initiated"].pop()),
        ("invented", lambda it: it["payment.decided"].append(record("other", {}, 9, "x"))),
        ("reordered", lambda it: swap(it, "invoice.validated")),
        ("reordered", lambda it: swap(it, "payment.decided")),
        ("reordered", lambda it: swap(it, "document.status")),
        ("key in two partitions", elsewhere),
        ("payment without proof", lambda it: it["document.received"].pop()),
        ("buried", lambda it: it.update({"invoice.extracted.dead": [record("d1", {}, 0, "x")]})),
    ],
)  # fmt: skip
def test_each_anomaly_is_seen(kind: str, change: Callable[[Records], object]) -> None:
    assert kind in found(change)


def witness_of(records: Records) -> Witness:
    witness = Witness("nowhere")
    for topic, each in records.items():
        for it in each:
            witness._see((topic, it.partition, it.offset), it.key, it.value)
    return witness


def kinds(witness: Witness, records: Records) -> set[str]:
    report = Report()
    witness.report(report, records)
    return set(report.anomalies)


async def test_the_witness_is_content_with_what_stays() -> None:
    assert kinds(witness_of(chain()), chain()) == set()


async def test_the_witness_sees_a_record_vanish() -> None:
    records = chain()
    witness = witness_of(records)
    records["payment.initiated"].pop()
    assert kinds(witness, records) == {"read, then vanished"}


async def test_the_witness_sees_a_record_change() -> None:
    records = chain()
    witness = witness_of(records)
    witness._see(("payment.initiated", 0, 1), b"c1", b"{}")
    assert kinds(witness, records) == {"read, then changed"}


async def test_the_witness_sees_an_offset_go_back() -> None:
    witness, place = Witness("nowhere"), TopicPartition("payment.decided", 0)
    for offset in (5, 6, 6, 4):
        witness._compare("quittance-ledger", place, offset)
    assert kinds(witness, chain()) == {"offset went back"}


def test_a_commit_is_read_from_kafkas_own_log() -> None:
    key = b"\0\1" + b"\0\5group" + b"\0\5topic" + (7).to_bytes(4, "big")
    value = b"\0\3" + (41).to_bytes(8, "big") + b"\xff\xff\xff\xff" + b"\0\0" + bytes(8)
    assert committed(key, value) == ("group", TopicPartition("topic", 7), 41)
    assert committed(b"\0\2" + b"\0\5group", b"members") is None
    assert committed(key, b"") is None


@pytest.mark.parametrize("name", ["records", "anomalies", "verifier", "witness", "sealed"])
def test_the_verifier_imports_nothing_of_ours(name: str) -> None:
    tree = ast.parse((HERE / f"{name}.py").read_text())
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
    imported |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert not {module for module in imported if module.split(".")[0] in OURS}
    assert {module for module in imported if module.startswith("tests.")} <= {
        "tests.system", "tests.system.records", "tests.system.anomalies", "tests.system.sealed"
    }  # fmt: skip


def test_a_digest_is_that_of_contracts() -> None:
    assert digest(b"") == "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def sealed(folder: Path, change: Callable[[list[tuple[int, bytes]]], object] = lambda _entries: None) -> Records:
    """The clean chain with its audit entries sealed in a folder, something being changed in between."""
    records = chain()
    entries = [(number, it.value) for number, it in enumerate(records["audit.entry"])]
    records["audit.entry"] = [Record(b"default", value, 0, offset) for offset, value in entries]
    change(entries)
    log = opened(FolderPlace(folder / "audit.entry/0"))
    for first in range(0, len(entries), 4):
        log.append([(offset, leaf_of(offset, value)) for offset, value in entries[first : first + 4]])
    return records


@pytest.mark.parametrize(
    ("kinds", "change"),
    [
        (set(), lambda _entries: None),
        ({"not sealed once", "sealed otherwise"}, lambda entries: entries.pop()),
        ({"not sealed once", "sealed otherwise"}, lambda entries: entries.append(entries[-1])),
        ({"not sealed once", "sealed otherwise"}, lambda entries: entries.insert(0, (0, b"{}")) or entries.pop(1)),
        ({"sealed otherwise"}, lambda entries: entries.reverse()),
        ({"sealed otherwise"}, lambda entries: entries.append((len(entries), b"{}"))),
    ],
)
def test_an_entry_that_is_not_sealed_once_is_seen(
    kinds: set[str], change: Callable[[list[tuple[int, bytes]]], object], tmp_path: Path
) -> None:
    report = Report()
    check_sealed(report, sealed(tmp_path, change), tmp_path)
    assert set(report.anomalies) == kinds


def test_a_segment_under_a_wrong_root_is_seen(tmp_path: Path) -> None:
    records = sealed(tmp_path)
    path = min(tmp_path.rglob("*.jsonl"))
    path.chmod(0o600)
    path.write_bytes(path.read_bytes().replace(b'"offset":1}', b'"offset":9}'))
    report = Report()
    check_sealed(report, records, tmp_path)
    assert "wrong root" in report.anomalies


def test_a_paid_document_that_is_not_stored_is_seen(tmp_path: Path) -> None:
    name = hashlib.sha256(b"bytes").hexdigest()
    records = {"payment.initiated": [record("c1", {"document_id": f"sha256:{name}"}, 0, "x")]}
    path = tmp_path / name[:2] / name[2:4] / name
    for content, clean in ((None, False), (b"other", False), (b"bytes", True)):
        if content is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        report = Report()
        check_documents(report, records, tmp_path)
        assert report.is_clean is clean
