"""What happened in a run, line by line, and the hash of it all by which two runs are compared."""

import hashlib
from collections import Counter
from collections.abc import Callable


class Trace:
    """Lines in order. The hash covers each of them; nothing in a line may come from outside of the seed."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._hash = hashlib.sha256()
        self.lines: list[str] = []
        self.counts: Counter[str] = Counter()

    def add(self, kind: str, text: str) -> None:
        line = f"{self._clock():10.4f} {kind:<9} {text}"
        self.lines.append(line)
        self.counts[kind] += 1
        self._hash.update(line.encode() + b"\n")

    def digest(self) -> str:
        return self._hash.hexdigest()
