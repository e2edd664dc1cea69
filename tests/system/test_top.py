"""`quittance top` on a running stack: what it finds by itself, what it counts, and what it says when all has gone."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from app import clock
from app.documents import open_documents
from app.extraction import documents_config
from app.local.running import running_stack
from app.local.samples import load_set
from app.local.stack import Stack
from app.local.watch import Watch
from app.publishing import KafkaPublisher
from schemas.events import DocumentReceived
from schemas.topics import DOCUMENT_RECEIVED

COUNT = 5
END_SECONDS = 120.0
ROOT = Path(__file__).resolve().parents[2]

pytestmark = [pytest.mark.system, pytest.mark.kafka, pytest.mark.timeout(480)]


async def top(folder: Path, *options: str) -> str:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "app", "top", "--folder", str(folder), "--once", "--every", "0.2", *options),
        cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    return out.decode()


async def send(stack: Stack) -> None:
    """Publish some documents of suppliers that nobody knows: each is held."""
    async with (
        KafkaPublisher(stack.settings, source="test") as publisher,
        open_documents(documents_config(stack.settings)) as store,
    ):
        for sample in load_set(COUNT).samples:
            reference = await store.put(sample.content, sample.media_type)
            event = DocumentReceived(document_id=sample.document_id, reference=str(reference), received_at=clock.now())
            await publisher.publish(DOCUMENT_RECEIVED, event)


async def until_held(stack: Stack) -> None:
    watch = Watch(stack.settings)
    watching = asyncio.create_task(watch.run())
    async with asyncio.timeout(END_SECONDS):
        while watch.seen.ended(frozenset(watch.seen.statuses)) < COUNT:
            watch.changed.clear()
            await watch.changed.wait()
    watching.cancel()


async def seen_by_top(folder: Path) -> dict[str, Any]:
    """Ask until the workers have committed what they have done, as they do every few seconds."""
    async with asyncio.timeout(END_SECONDS):
        while True:
            found: dict[str, Any] = json.loads(await top(folder, "--json"))
            if not any(row["unread"] for row in found["stages"]):
                return found


async def test_a_running_stack_is_found_and_shown(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    async with Stack(folder, tell=lambda _line: None) as stack:
        await send(stack)
        await until_held(stack)
        found = await seen_by_top(folder)
        rows = {row["stage"]: row for row in found["stages"]}
        drawn = await top(folder, "--svg", str(tmp_path / "top.svg"))
    assert {(row["role"], row["ready"], row["missing"]) for row in found["workers"]} == {
        ("reader", True, None),
        ("ledger", True, None),
    }
    assert found["broker_missing"] is None
    assert rows["extraction"]["outcomes"] == {"extracted": COUNT}
    assert rows["decision"]["outcomes"] == {"hold": COUNT}
    assert rows["decision"]["latency"]["p99"] > 0
    assert found["reasons"]["SUPPLIER-UNKNOWN"] == COUNT
    assert "2 of 2 processes ready" in drawn
    assert (tmp_path / "top.svg").read_text("utf-8").startswith("<svg")
    assert running_stack(folder) is None  # it has taken its word back
