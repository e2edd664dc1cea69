"""What can be wrong between topics, the sealed audit log and the stored documents. Nothing of ours is imported here.

The log's format is that of docs/audit.md: a segment is a head, leaves, an empty line and a checkpoint; a leaf is a
record's value with its offset. The tree is hashed here once more, in the plainest way that RFC 9162 allows.
"""

import base64
import hashlib
import json
from collections import Counter
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
        times = Counter(in_log)
        for offset, value in on_topic:
            if times[offset, value] != 1:
                report.add("not sealed once", f"{TOPIC} {partition}/{offset}: {times[offset, value]} times")
        if on_topic != in_log:
            report.add("sealed otherwise", f"{TOPIC} {partition}: {len(on_topic)} records, {len(in_log)} sealed")
    report.counts["sealed"] = sum(map(len, sealed.values()))


def read_log(report: Report, folder: Path) -> list[tuple[int, bytes]]:
    """Return offset and value of each leaf of a log; each checkpoint must be over the leaves up to it."""
    leaves: list[bytes] = []
    tree: list[tuple[int, bytes]] = []
    for path in sorted((folder / "segments").rglob("*.jsonl")):
        entries, checkpoint, _signatures = path.read_bytes().split(b"\n\n")
        for leaf in entries.split(b"\n")[1:]:
            leaves.append(leaf)
            grow(tree, hashlib.sha256(b"\x00" + leaf).digest())
        origin, size, root = checkpoint.decode().split("\n")
        if not origin.endswith(f"/{TOPIC}/{folder.name}") or int(size) != len(leaves):
            report.add("wrong checkpoint", f"{path.name}: {origin} {size}, {len(leaves)} leaves")
        if base64.b64decode(root) != root_of(tree):
            report.add("wrong root", str(path))
    return [opened(leaf) for leaf in leaves]


def opened(leaf: bytes) -> tuple[int, bytes]:
    """Return the offset and the record's value that a leaf holds."""
    held = json.loads(leaf)
    if "base64" in held:
        return held["offset"], base64.b64decode(held["base64"])
    entry = leaf.removeprefix(b'{"entry":').removesuffix(b',"offset":%d}' % held["offset"])
    return held["offset"], entry


def grow(tree: list[tuple[int, bytes]], leaf: bytes) -> None:
    """Add a leaf's hash to the complete subtrees of a tree, largest first; two of a size become one of twice that."""
    tree.append((1, leaf))
    while len(tree) > 1 and tree[-1][0] == tree[-2][0]:
        (width, right), (_width, left) = tree.pop(), tree.pop()
        tree.append((2 * width, hashlib.sha256(b"\x01" + left + right).digest()))


def root_of(tree: list[tuple[int, bytes]]) -> bytes:
    """Return the root: each subtree to the left of what follows it."""
    root = tree[-1][1]
    for _width, left in reversed(tree[:-1]):
        root = hashlib.sha256(b"\x01" + left + root).digest()
    return root


def check_documents(report: Report, records: Records, documents: Path) -> None:
    """Each paid document is stored, and its bytes are those that its id names."""
    for record in records["payment.initiated"]:
        name = json.loads(record.value)["document_id"].removeprefix("sha256:")
        path = documents / name[:2] / name[2:4] / name
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != name:
            report.add("payment without document", f"{record.name}: {path}")
