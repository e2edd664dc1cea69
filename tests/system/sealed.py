"""What can be wrong between topics, the sealed audit log and the stored documents. Nothing of ours is imported here.

The log's format is that of docs/audit.md: a segment is a head, leaves, an empty line and a checkpoint; a leaf is a
record's value with its offset. The tree is hashed here once more, in the plainest way that RFC 9162 allows.
"""

import base64
import hashlib
import json
from pathlib import Path

from tests.system.anomalies import Report
from tests.system.records import Records

TOPIC = "audit.entry"


def check_sealed(report: Report, records: Records, logs: Path) -> None:
    """Each record of the topic is in the log of its partition exactly once, in order, under a root that is right."""
    sealed = {int(folder.name): read_log(report, folder) for folder in sorted((logs / TOPIC).iterdir())}
    there: dict[int, list[tuple[int, bytes]]] = {}
    for record in records[TOPIC]:
        there.setdefault(record.partition, []).append((record.offset, record.value))
    for partition in sorted(there.keys() | sealed.keys()):
        on_topic, in_log = there.get(partition, []), sealed.get(partition, [])
        for offset, value in on_topic:
            if in_log.count((offset, value)) != 1:
                report.add("not sealed once", f"{TOPIC} {partition}/{offset}: {in_log.count((offset, value))} times")
        if on_topic != in_log:
            report.add("sealed otherwise", f"{TOPIC} {partition}: {len(on_topic)} records, {len(in_log)} sealed")
    report.counts["sealed"] = sum(map(len, sealed.values()))


def read_log(report: Report, folder: Path) -> list[tuple[int, bytes]]:
    """Return offset and value of each leaf of a log; each checkpoint must be over the leaves up to it."""
    leaves: list[bytes] = []
    for path in sorted((folder / "segments").rglob("*.jsonl")):
        entries, checkpoint, _signatures = path.read_bytes().split(b"\n\n")
        leaves += entries.split(b"\n")[1:]
        origin, size, root = checkpoint.decode().split("\n")
        if not origin.endswith(f"/{TOPIC}/{folder.name}") or int(size) != len(leaves):
            report.add("wrong checkpoint", f"{path.name}: {origin} {size}, {len(leaves)} leaves")
        if base64.b64decode(root) != tree_hash([hashlib.sha256(b"\x00" + leaf).digest() for leaf in leaves]):
            report.add("wrong root", str(path))
    return [opened(leaf) for leaf in leaves]


def opened(leaf: bytes) -> tuple[int, bytes]:
    """Return the offset and the record's value that a leaf holds."""
    held = json.loads(leaf)
    if "base64" in held:
        return held["offset"], base64.b64decode(held["base64"])
    entry = leaf.removeprefix(b'{"entry":').removesuffix(b',"offset":%d}' % held["offset"])
    return held["offset"], entry


def tree_hash(leaves: list[bytes]) -> bytes:
    """Return the root over hashes of leaves: the largest power of two to the left, the rest to the right."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + tree_hash(leaves[:split]) + tree_hash(leaves[split:])).digest()


def check_documents(report: Report, records: Records, documents: Path) -> None:
    """Each paid document is stored, and its bytes are those that its id names."""
    for record in records["payment.initiated"]:
        name = json.loads(record.value)["document_id"].removeprefix("sha256:")
        path = documents / name[:2] / name[2:4] / name
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != name:
            report.add("payment without document", f"{record.name}: {path}")
