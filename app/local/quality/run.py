"""`quittance demo --quality`: the quality loop from five corrections to a rolled-back release, on a real Kafka."""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from rich.console import Console

from app.local.demo import import_suppliers
from app.local.quality.chart import chart
from app.local.quality.commands import Commands, Failed
from app.local.quality.observer import NeverCame, Observer
from app.local.quality.office import PEOPLE, Office, Refused
from app.local.quality.story import BESIDE_CANARY, BESIDE_SHADOW, BESIDE_TIMID, Broken, Story
from app.local.samples import debtor_environment, load_set
from app.local.stack import DEFAULT_FOLDER, Stack
from app.settings import Settings

FOLDER = DEFAULT_FOLDER / "demo-quality"
PICTURE = "error-rate.svg"
TITLE = "Water bills of one town whose invoice number was read wrongly"


async def run_quality_demo(console: Console) -> int:
    """Run the script; return the exit code."""
    started = time.monotonic()
    samples = load_set(BESIDE_SHADOW + BESIDE_CANARY + BESIDE_TIMID)
    shutil.rmtree(FOLDER, ignore_errors=True)
    debtor = debtor_environment(samples.debtor)
    async with Stack(FOLDER, debtor, lambda line: console.print(f"[dim]{line}"), people=PEOPLE) as stack:
        stack.await_quality()
        await import_suppliers(stack.settings, samples)
        async with _observing(stack.settings) as observer, Office(stack.api_url, stack.keys) as office:
            commands = Commands(stack.environment, stack.api_url, stack.keys["ada"])
            story = Story(stack.settings, office, observer, commands, list(samples.samples), FOLDER.resolve(), console)
            try:
                await tell(story)
            except (Broken, Failed, NeverCame, Refused) as wrong:
                console.print(f"[red]The demo failed.[/] {wrong}", markup=True)
                return 1
    picture = _drawn(story, FOLDER / PICTURE)
    console.print(f"[green]All as it should be[/], in {time.monotonic() - started:.0f} s. The picture: {picture}")
    return 0


async def tell(story: Story) -> None:
    """Go through the chapters."""
    await story.learn()
    bundle = await story.propose()
    await story.shadow(bundle)
    await story.deploy(bundle)
    await story.refuse()
    await story.take_back()


@asynccontextmanager
async def _observing(settings: Settings) -> AsyncIterator[Observer]:
    observer = Observer(settings)
    task = asyncio.create_task(observer.run())
    try:
        yield observer
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _drawn(story: Story, path: Path) -> Path:
    path.write_text(chart(TITLE, story.phases), encoding="utf-8")
    return path
