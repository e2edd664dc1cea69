"""Many hostile documents through one sandbox, as a worker has it, and what came of them."""

import asyncio
import math
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

import psutil
from pydantic import ValidationError

from agents.extraction.answer import parse_reading
from app.extraction import READER, READER_STARVED
from app.sandbox import Death, Limits, Reason, Sandbox, Starved
from schemas.evidence import Unreadable

PROCESSES = 2
# What the design asks of 10,000 mutants, beside that each has an outcome (delivery text, H1). A machine that others use
# as well cannot promise a second; the sandbox's own bound it can.
GROWTH_BYTES_MAX = 20 << 20
# The bound of a reading, on whatever machine, and that of the child that it may need first.
HANG_SECONDS = Limits().starved_seconds + Limits().fork_seconds


@dataclass
class Seen:
    """What came of a set of documents."""

    documents: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    unexpected: dict[str, str] = field(default_factory=dict)  # what failed with an exception that nobody declared
    untyped: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    each: dict[str, tuple[str, str]] = field(default_factory=dict)  # reason and detail by name
    forks: int = 0
    restarts: int = 0
    worker_growth_bytes: int = 0

    def figures(self) -> dict[str, Any]:
        """Return what is kept as JSON."""
        ordered = sorted(self.seconds) or [0.0]
        told = asdict(self)
        del told["seconds"], told["each"]
        return {
            **told,
            "outcomes": dict(sorted(self.outcomes.items())),
            "seconds_p50": round(ordered[len(ordered) // 2], 3),
            "seconds_p99": round(ordered[math.ceil(len(ordered) * 0.99) - 1], 3),
            "seconds_max": round(ordered[-1], 3),
            "hangs": sum(seconds > HANG_SECONDS for seconds in ordered),
        }

    @property
    def is_clean(self) -> bool:
        """Whether each document had a typed outcome, in time, at the cost of nothing but its own child."""
        figures = self.figures()
        return not (self.untyped or self.unexpected or self.restarts or figures["hangs"])


async def read_all(documents: Iterable[tuple[str, bytes]], processes: int = PROCESSES) -> Seen:
    """Read each document, as many at once as there are processes."""
    seen = Seen()
    async with Sandbox(READER, processes=processes) as sandbox:
        warm_bytes = psutil.Process().memory_info().rss
        waiting = iter(documents)

        async def work() -> None:
            for name, content in waiting:
                started = time.perf_counter()
                outcome = await sandbox.read(content)
                seen.seconds.append(time.perf_counter() - started)
                seen.documents += 1
                _note(seen, name, outcome)

        async with asyncio.TaskGroup() as group:
            for _ in range(processes):
                group.create_task(work())
        seen.forks, seen.restarts = sandbox.forks, sandbox.restarts
        seen.worker_growth_bytes = max(0, psutil.Process().memory_info().rss - warm_bytes)
    return seen


def reason_of(outcome: bytes | Death | Starved) -> str:
    """Return the machine reason of an outcome, or `read`.

    Raises:
        ValidationError: the answer is none that we know.
    """
    if isinstance(outcome, Starved):
        return READER_STARVED
    if isinstance(outcome, Death):
        return str(outcome.reason)
    answer = parse_reading(outcome)
    return answer.reason if isinstance(answer, Unreadable) else "read"


def _note(seen: Seen, name: str, outcome: bytes | Death | Starved) -> None:
    try:
        reason = reason_of(outcome)
    except ValidationError as wrong:
        seen.untyped.append(f"{name}: {wrong}")
        return
    seen.outcomes[reason] += 1
    seen.each[name] = reason, outcome.detail if isinstance(outcome, Death) else ""
    if isinstance(outcome, Death) and outcome.reason is Reason.ERROR:
        seen.unexpected[name] = outcome.detail
