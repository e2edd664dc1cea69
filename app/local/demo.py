"""`quittance demo`: sample invoices of every lane through the real chain, and a judgement of what came out.

It ends well only if all of this is true: every document came to an end; what was decided is right for each; exactly
the expected commands were issued; each is valid by its published schema and by its signature's form; and the time from
event to command is within the promise.
"""

import asyncio
import json
import shutil
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import jsonschema
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

import schemas
from app import clock
from app.documents import open_documents
from app.extraction import documents_config
from app.local.engine import SimulatedEngine
from app.local.report import decisions_table, quantile
from app.local.samples import Sample, SampleSet, debtor_environment, demo_set, supplier_csv
from app.local.stack import DEFAULT_FOLDER, Stack
from app.local.watch import Seen, Watch
from app.publishing import KafkaPublisher
from app.settings import Settings
from app.suppliers import parse_suppliers
from schemas.events import DocumentReceived, SupplierChanged
from schemas.topics import DOCUMENT_RECEIVED, PAYMENT_INITIATED, SUPPLIER_CHANGED

FOLDER = DEFAULT_FOLDER / "demo"
DEFINITIONS = Path(schemas.__file__).parent / "definitions"
IMPORTER = "demo"
# Sixty documents in six seconds: more than a company of a thousand people receives in its busiest hour.
PAUSE_SECONDS = 0.1
# The chain needs about a tenth of a second a document; a document that is not done by then never will be.
END_SECONDS = 60.0
# What is promised for XML and text PDFs at the demo's load on two cores.
P99_SECONDS_MAX = 1.0


@dataclass(frozen=True)
class Judgement:
    """What was wrong, each as a sentence; nothing, if all is well."""

    complaints: tuple[str, ...]
    p50_seconds: float | None
    p99_seconds: float | None


async def run_demo(console: Console, *, stay: bool, seed: int = 1) -> int:
    """Run the demo; return the exit code. `stay` keeps the stack running afterwards, until Ctrl-C."""
    started = time.monotonic()
    samples = demo_set(seed)
    shutil.rmtree(FOLDER, ignore_errors=True)  # each demo begins anew: what was paid before would not be paid again
    async with Stack(FOLDER, debtor_environment(samples.debtor), lambda line: console.print(f"[dim]{line}")) as stack:
        console.print(f"[dim]ready after {time.monotonic() - started:.1f} s")
        async with _running(stack.settings) as (watch, engine):
            await import_suppliers(stack.settings, samples)
            await _feed(stack.settings, samples, watch, console)
            judgement = judge(samples, watch.seen, engine.alarms)
        _print(console, samples, watch.seen, judgement)
        if stay:
            await _stay(stack, console)
    return 1 if judgement.complaints else 0


def judge(samples: SampleSet, seen: Seen, alarms: list[str]) -> Judgement:
    """Return what is wrong with what came out."""
    complaints = samples.complaints(seen.outcomes())
    complaints += [f"command {name} is missing" for name in sorted(samples.command_ids() - set(seen.commands))]
    complaints += [f"command {name} was not expected" for name in sorted(set(seen.commands) - samples.command_ids())]
    complaints += [f"command {name} came twice, with other bytes" for name in alarms]
    complaints += invalid_commands(seen)
    times = sorted(ms / 1000 for name in samples.document_ids() if (ms := seen.latency_ms(name)) is not None)
    p50, p99 = (quantile(times, 0.5), quantile(times, 0.99)) if times else (None, None)
    if p99 is not None and p99 >= P99_SECONDS_MAX:
        complaints.append(f"p99 from event to command is {p99:.2f} s, promised is less than {P99_SECONDS_MAX:g} s")
    return Judgement(tuple(complaints), p50, p99)


def invalid_commands(seen: Seen) -> list[str]:
    """Return a sentence for each command that its JSON Schema refuses, or that nobody signed."""
    published = json.loads((DEFINITIONS / PAYMENT_INITIATED.name / "1.schema.json").read_bytes())
    validator = jsonschema.Draft202012Validator(published)
    wrong = []
    for name, value in seen.commands.items():
        tree = json.loads(value)
        wrong += [f"command {name}: {error.json_path} {error.message}" for error in validator.iter_errors(tree)]
        wrong += [] if tree.get("signature") else [f"command {name} is not signed"]
    return wrong


@asynccontextmanager
async def _running(settings: Settings) -> AsyncIterator[tuple[Watch, SimulatedEngine]]:
    watch, engine = Watch(settings), SimulatedEngine(settings)
    tasks = [asyncio.create_task(watch.run()), asyncio.create_task(engine.run())]
    try:
        yield watch, engine
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def import_suppliers(settings: Settings, samples: SampleSet) -> None:
    """Enter the suppliers of a set into the reference data."""
    content = supplier_csv(samples.suppliers).encode()
    async with KafkaPublisher(settings, source=IMPORTER) as publisher:
        for supplier in parse_suppliers(content, verified_by=IMPORTER, verified_at=clock.now()):
            event = SupplierChanged(supplier=supplier, changed_by=IMPORTER, changed_at=clock.now())
            await publisher.publish(SUPPLIER_CHANGED, event, key=supplier.supplier_id)


async def _feed(settings: Settings, samples: SampleSet, watch: Watch, console: Console) -> None:
    documents = samples.document_ids()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("invoices", total=len(documents))
        publishing = asyncio.create_task(publish(settings, samples.samples))
        deadline = time.monotonic() + END_SECONDS + len(samples.samples) * PAUSE_SECONDS
        while watch.seen.ended(documents) < len(documents) and time.monotonic() < deadline:
            watch.changed.clear()
            await asyncio.wait_for(watch.changed.wait(), timeout=END_SECONDS)
            progress.update(task, completed=watch.seen.ended(documents))
        await publishing


async def publish(settings: Settings, samples: Iterable[Sample]) -> None:
    """Store documents and publish their events, one after the other, with a short pause."""
    async with (
        KafkaPublisher(settings, source=IMPORTER) as publisher,
        open_documents(documents_config(settings)) as store,
    ):
        for sample in samples:
            reference = await store.put(sample.content, sample.media_type)
            event = DocumentReceived(
                document_id=sample.document_id,
                reference=str(reference),
                media_type=sample.media_type,
                size_bytes=len(sample.content),
                source=IMPORTER,
                received_at=clock.now(),
            )
            await publisher.publish(DOCUMENT_RECEIVED, event)
            await asyncio.sleep(PAUSE_SECONDS)


def _print(console: Console, samples: SampleSet, seen: Seen, judgement: Judgement) -> None:
    console.print(decisions_table(samples, seen))
    console.print(
        f"{len(seen.commands)} commands, each valid by its schema and signed" if not judgement.complaints else ""
    )
    if judgement.p50_seconds is not None:
        console.print(f"event to command: p50 {judgement.p50_seconds:.3f} s, p99 {judgement.p99_seconds:.3f} s")
    for complaint in judgement.complaints:
        console.print(f"[red]wrong[/]  {complaint}")
    console.print("[red]The demo failed." if judgement.complaints else "[green]All as it should be.")


async def _stay(stack: Stack, console: Console) -> None:
    console.print(
        f"\nThe stack keeps running; Ctrl-C ends it.\n  console  {stack.console_url}\n  API      {stack.api_url}/docs"
    )
    console.print(f"  key      {stack.api_key}")
    console.print(f"[red]{await stack.until_ended()}")
