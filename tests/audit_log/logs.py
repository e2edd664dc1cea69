"""Logs for tests: in memory, made by the code that seals, with a key that is nobody's."""

import hashlib
import json
import re
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.audit_log.keys import SealingKey
from app.audit_log.log import SealedLog
from app.audit_log.offline.note import VerifierKey
from app.audit_log.offline.segment import leaf_of
from app.audit_log.offline.verdict import Verdict
from app.audit_log.offline.walk import Walk
from app.audit_log.place import Place

ORIGIN = "example.org/quittance/audit.entry/0"
_NAME = re.compile(r"(segments|checkpoints)/(\d{3})/(\d{3})/(\d{3})\.")


def sealing_key(name: str = "first") -> SealingKey:
    return SealingKey(Ed25519PrivateKey.from_private_bytes(hashlib.sha256(name.encode()).digest()))


KEY = sealing_key()


def entry(number: int, **more: object) -> bytes:
    """A canonical entry, shorter than a real one."""
    said = {"entry_id": f"e{number}", "outcome": "approve", "stage": "decision", "tenant": "default", **more}
    return json.dumps(said, sort_keys=True, separators=(",", ":")).encode()


def leaves(first: int, count: int) -> list[tuple[int, bytes]]:
    return [(offset, leaf_of(offset, entry(offset))) for offset in range(first, first + count)]


@dataclass
class MemoryPlace:
    """A place in memory. Held to tests/audit_log/test_places.py."""

    objects: dict[str, bytes] = field(default_factory=dict)

    def last(self, kind: str) -> int | None:
        found = (_NAME.match(name) for name in self.objects)
        numbers = [int(match[2] + match[3] + match[4]) for match in found if match and match[1] == kind]
        return max(numbers, default=None)

    def read(self, name: str) -> bytes | None:
        return self.objects.get(name)

    def children(self) -> list[int]:
        return sorted({int(name.split("/")[0]) for name in self.objects if name.split("/")[0].isdecimal()})

    def put_if_absent(self, name: str, content: bytes) -> bool:
        return self.objects.setdefault(name, content) is content


def opened(place: Place, second: Place | None = None, key: SealingKey = KEY, *known: VerifierKey) -> SealedLog:
    log = SealedLog(place, second, ORIGIN, key, known)
    log.open()
    return log


def sealed(sizes: list[int], second: Place | None = None, key: SealingKey = KEY) -> MemoryPlace:
    """A log with segments of these sizes, over the offsets from 0 on."""
    place = MemoryPlace()
    log = opened(place, second, key)
    for size in sizes:
        assert log.append(leaves(log.tail.next_offset or 0, size))
    return place


def walked(place: Place, second: Place | None = None, key: SealingKey = KEY) -> Verdict:
    return Walk(place, [key.named(ORIGIN)], second=second).run()
