"""Reads labelled documents with two releases side by side: one pool of child processes, each document loaded once."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence

from agents.extraction.agent import Unavailable
from app.extraction import READER, SandboxedReader
from app.quality.judgement import Judged
from app.quality.labels import Label
from app.quality.regression import Pair
from app.reading import judged
from app.rules import OfficialRules
from app.sandbox import Sandbox
from schemas.evidence import ExtractedInvoice, Unreadable
from schemas.release import Learned
from tables.releases import Running

Load = Callable[[Label], Awaitable[bytes | Unreadable]]
# The XML is the invoice, and a page is only its witness: nothing that was learned is applied to them.
UNLEARNED_LANES = frozenset({"xml", "hybrid"})
# Documents in memory at once, for each child: one is read, and the next is there when it ends.
AHEAD = 2

Reading = ExtractedInvoice | Unreadable


async def read_both(
    labels: Sequence[Label], load: Load, *, before: Running, after: Running, jobs: int
) -> tuple[Pair, ...]:
    """Return each document as both releases judge it, in the order of the labels.

    Raises:
        SandboxError: no child process can be confined on this machine.
    """
    async with Sandbox(READER, processes=jobs) as sandbox, OfficialRules() as rules:
        reader, turns = SandboxedReader(sandbox, rules), asyncio.Semaphore(jobs * AHEAD)
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(_pair(label, load, reader, turns, before, after)) for label in labels]
    return tuple(task.result() for task in tasks)


async def _pair(
    label: Label, load: Load, reader: SandboxedReader, turns: asyncio.Semaphore, before: Running, after: Running
) -> Pair:
    async with turns:
        content = await load(label)
        first, seconds = await _timed(reader, content, before.bundle.learned)
        if _reads_alike(first, before, after):
            second, again = first, seconds
        else:
            second, again = await _timed(reader, content, after.bundle.learned)
        return Pair(_judged(label, first, seconds, before), _judged(label, second, again, after))


def _reads_alike(reading: Reading, before: Running, after: Running) -> bool:
    """Tell whether the other release cannot but read the same."""
    if isinstance(reading, Unreadable) or reading.lane in UNLEARNED_LANES:
        return True
    return before.bundle.learned == after.bundle.learned


async def _timed(reader: SandboxedReader, content: bytes | Unreadable, learned: Learned) -> tuple[Reading, float]:
    started = time.perf_counter()
    reading = await reader.read(content, learned) if isinstance(content, bytes) else content
    if isinstance(reading, Unavailable):  # nobody would read it later: here a person waits
        reading = Unreadable(reason=reading.reason, detail=reading.detail)
    return reading, round(time.perf_counter() - started, 6)


def _judged(label: Label, reading: Reading, seconds: float, running: Running) -> Judged:
    return Judged(label, judged(label.name, None, reading, seconds, running).model_dump(mode="json"))
