"""What a document costs on one core, lane by lane: the child that reads it, the official rules, and the worker.

Everything is as in a worker that has run for a while: the child is forked, the rules are compiled (what that costs is
told apart), and documents of each lane have been read before. Processor time is the figure to go by, since others may
use the machine; it is set against what PDFium or lxml needs to take in the same bytes in the same run, so that machines
can be compared.
"""

import asyncio
import os
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2
from lxml import etree

from agents.extraction.official.submission import RULE_SETS
from agents.normalization.normalization import normalize
from agents.validation.assessment import assess
from agents.validation.validation import validate
from app.extraction import READER, SandboxedReader
from app.local.samples import generate
from app.rules import OfficialRules
from app.sandbox import Sandbox
from schemas.evidence import ExtractedInvoice

QUESTION = "What does a document cost on one core in each lane, the official rules included?"
SAMPLES, SEED = 200, 7
# Documents read first, whose cost is not kept.
WARMING = 20
# Real documents, where they are there; of a run over them nothing is kept but times.
CORPUS = Path(__file__).parents[2] / "shared" / "corpus" / "documents"
# At the 95th percentile, in milliseconds (of a scan: a page).
GOALS = {"xml": 60, "text": 60, "hybrid": 120, "scan": 1000}


@dataclass(frozen=True)
class Cost:
    """Seconds that one document took: by the clock, and of processors."""

    lane: str
    wall: float
    child: float
    rules: float
    worker: float
    bare: float

    @property
    def processor(self) -> float:
        """Return what it took in all three processes."""
        return self.child + self.rules + self.worker


def run() -> dict[str, Any]:
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})  # one core; children inherit it
    samples = [sample.content for sample in generate(SAMPLES, SEED)]
    told = {"rules_compiled_ms": asyncio.run(_compiled()), "samples": asyncio.run(_measured(samples))}
    if CORPUS.is_dir():
        told["real"] = asyncio.run(_measured([path.read_bytes() for path in sorted(CORPUS.rglob("*.*"))]))
    return told


async def _compiled() -> dict[str, float]:
    """Return what the first document of each rule set waits for, where nobody has compiled it before."""
    costs: dict[str, float] = {}
    async with OfficialRules() as rules:
        for ruleset in RULE_SETS:
            before = _used(rules.pid)
            await rules.prepare([ruleset])
            costs[ruleset] = _ms(_used(rules.pid) - before)
    return costs


async def _measured(documents: list[bytes]) -> dict[str, Any]:
    child = _Child()
    async with Sandbox(READER, processes=1, watch=child.watch) as sandbox, OfficialRules() as rules:
        await rules.prepare(RULE_SETS)
        reader = SandboxedReader(sandbox, rules)
        for content in documents[:: max(len(documents) // WARMING, 1)]:
            await reader.read(content)
        costs = [await _cost(content, reader, rules, child) for content in documents]
    lanes: dict[str, list[Cost]] = defaultdict(list)
    for cost in costs:
        lanes[cost.lane].append(cost)
    return {lane: _told(lane, lanes[lane]) for lane in sorted(lanes)}


async def _cost(content: bytes, reader: SandboxedReader, rules: OfficialRules, child: "_Child") -> Cost:
    bare = _timed(lambda: _taken_in(content))
    rules_before, child.seconds = _used(rules.pid), 0.0
    started, worker_before = time.perf_counter(), time.process_time()
    reading = await reader.read(content)
    if isinstance(reading, ExtractedInvoice):
        _judge(reading)
    worker, wall = time.process_time() - worker_before, time.perf_counter() - started
    lane = reading.lane if isinstance(reading, ExtractedInvoice) else "rejected"
    return Cost(lane, wall, child.seconds, max(_used(rules.pid) - rules_before, 0.0), worker, bare)


def _judge(reading: ExtractedInvoice) -> None:
    """Make of a reading what the ledger and `quittance read` make of it."""
    invoice, doubts = normalize(reading)
    findings = validate(invoice, reading.lane, doubts)
    assess(invoice, reading.lane, {name: field.confidence for name, field in reading.fields.items()}, findings)


class _Child:
    """The processor time of the child that reads, from the moment that it is given a document."""

    seconds = 0.0

    @contextmanager
    def _watched(self, pid: int) -> Iterator[None]:
        before = _used(pid)
        yield
        self.seconds += max(_used(pid) - before, 0.0)  # it may have died

    def watch(self, pid: int) -> AbstractContextManager[object]:
        """Watch a child while it reads one document."""
        return self._watched(pid)


def _used(pid: int | None) -> float:
    """Return the seconds of processor time that all threads of a process have used; 0 where it has ended."""
    tasks = Path(f"/proc/{pid}/task").glob("*/schedstat")
    try:
        return sum(int(task.read_bytes().split()[0]) for task in tasks) / 1e9
    except OSError:
        return 0.0


def _taken_in(content: bytes) -> None:
    """Take in the bytes as the libraries do it, and look at nothing."""
    try:
        if content.lstrip().startswith(b"%PDF"):
            pdf = pypdfium2.PdfDocument(content)
            for index in range(len(pdf)):
                pdf[index].get_textpage().get_text_range()
            pdf.close()
        else:
            etree.fromstring(content, etree.XMLParser(resolve_entities=False))
    except (pypdfium2.PdfiumError, etree.XMLSyntaxError):
        return


def _timed(work: Callable[[], None]) -> float:
    before = time.process_time()
    work()
    return time.process_time() - before


def _told(lane: str, costs: list[Cost]) -> dict[str, Any]:
    processor = sum(cost.processor for cost in costs)
    told = {
        "documents": len(costs),
        "processor_ms": _spread([cost.processor for cost in costs]),
        "wall_ms": _spread([cost.wall for cost in costs]),
        "parts": {
            part: round(sum(getattr(cost, part) for cost in costs) / processor, 3)
            for part in ("child", "rules", "worker")
        },
        "over_libraries": round(processor / sum(cost.bare for cost in costs), 1),
    }
    return told | ({"goal_p95_ms": GOALS[lane]} if lane in GOALS else {})


def _spread(seconds: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(seconds, n=100, method="inclusive") if len(seconds) > 1 else seconds * 99
    return {"p50": _ms(cuts[49]), "p95": _ms(cuts[94]), "max": _ms(max(seconds))}


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)
