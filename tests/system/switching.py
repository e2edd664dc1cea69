"""A release is promoted and rolled back while documents flow through three workers; what was written, and when.

Used by the test, which asserts an order and no times, and by `python -m benchmarks.switching`, which keeps the times.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from aiokafka import AIOKafkaProducer

from app import clock
from app.local.ports import LOOPBACK
from app.local.samples import Sample, load_set
from app.local.watch import Watch
from schemas.codec import encode
from schemas.policy import Policy
from schemas.release import Bundle, ReleaseChanged, ReleaseState
from schemas.topics import RELEASE_CHANGED
from tests.system.cluster import Cluster, running_cluster
from tests.system.records import Record, Records
from tests.system.releases import document_of, release_of
from tests.system.verifier import read_all

WORKERS = ("first", "second", "third")
ROLES = frozenset({"reader", "ledger"})
COUNT = 360
PAUSE_SECONDS = 0.03
# Guards against a hang; nothing is measured by them.
END_SECONDS = 300.0
SWITCH_SECONDS = 120.0
ASK_SECONDS = 0.02
_IN_FORCE = re.compile(r"^quittance_release\{([^}]*)\} 1(?:\.0)?$", re.MULTILINE)
_LABEL = re.compile(r'(\w+)="([^"]*)"')
# What decides visibly otherwise: everything here comes as XML, and none of it is approved without a person.
POLICY = Policy(
    name="no-xml/1",
    automatic_lanes=frozenset({"hybrid", "text"}),
    confidence_min={"xml": 0.9, "hybrid": 0.9, "text": 0.9, "scan": 0.99},
)


@dataclass
class Turn:
    """One record of the release: its way into force. Times are those of the clock of all, in milliseconds.

    `asked_ms`: before it was sent. `written_ms`: the broker has confirmed it. `shown_ms`: every role of every worker
    says that it works by it. `shown_at` is how many documents had been published by then.
    """

    to: str
    before: str
    asked_ms: int = 0
    written_ms: int = 0
    shown_ms: int = 0
    asked_at: int = 0
    shown_at: int = 0


@dataclass
class Switched:
    """What happened: `documents` in the order in which they were published, the turns, and all that was written."""

    code: str
    bundle: Bundle
    documents: list[str] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    records: Records = field(default_factory=dict)

    def certain(self) -> Iterable[tuple[str, str]]:
        """Yield each document of which it is certain by which release it has to be decided, with that release's name.

        Read before a turn was asked for: by the one before. Published after every worker showed it: by the one after.
        """
        there, back = self.turns
        for record in self.records["invoice.extracted"]:
            if record.timestamp_ms < there.asked_ms:
                yield str(document_of(record)), there.before
        yield from ((name, there.to) for name in self._read_before(back, self.documents[there.shown_at :]))
        yield from ((name, back.to) for name in self.documents[back.shown_at :])

    def _read_before(self, turn: Turn, documents: list[str]) -> list[str]:
        wanted = set(documents)
        extracted = [record for record in self.records["invoice.extracted"] if record.timestamp_ms < turn.asked_ms]
        return [name for name in map(document_of, extracted) if name in wanted and name is not None]

    def figures(self) -> dict[str, Any]:
        """Return the times of both turns, in milliseconds from the broker's word on the record of the release."""
        there, back = self.turns
        return {
            "workers": len(WORKERS),
            "documents": len(set(self.documents)),
            "promoted": self._times(there, until_ms=back.asked_ms),
            "rolled_back": self._times(back),
        }

    def _times(self, turn: Turn, until_ms: float = float("inf")) -> dict[str, int | None]:
        def after(topic: str) -> list[Record]:
            return [r for r in self.records[topic] if turn.written_ms <= r.timestamp_ms < until_ms]

        read, decided = after("invoice.extracted"), after("payment.decided")
        return {
            "every_worker_says_so_ms": turn.shown_ms - turn.written_ms,
            "first_read_by_the_new_ms": _since(turn, read, turn.to, min),
            "last_read_by_the_old_ms": _since(turn, read, turn.before, max),
            "last_decided_by_the_old_ms": _since(turn, decided, turn.before, max),
            "read_by_the_old_since": sum(release_of(record) == turn.before for record in read),
            "read_by_the_new": sum(release_of(record) == turn.to for record in read),
        }


def _since(turn: Turn, records: list[Record], release: str, choose: Callable[[list[int]], int]) -> int | None:
    found = [record.timestamp_ms - turn.written_ms for record in records if release_of(record) == release]
    return choose(found) if found else None


async def _nothing_more(_cluster: Cluster, _switched: Switched) -> None:
    """Look at nothing else before the cluster ends."""


async def switch(
    folder: Path,
    *,
    count: int = COUNT,
    pause_seconds: float = PAUSE_SECONDS,
    seed: int = 9,
    then: Callable[[Cluster, Switched], Awaitable[None]] = _nothing_more,
) -> Switched:
    """Feed three workers, promote a release after a third of the documents, and take it back after two.

    `then` is done before the cluster ends.
    """
    samples = load_set(count, seed=seed)
    once = list({sample.document_id: sample for sample in samples.samples}.values())
    async with running_cluster(folder, samples, WORKERS) as cluster:
        watch = Watch(cluster.settings)
        watching = asyncio.create_task(watch.run())
        (code,) = await in_force(cluster)
        switched = Switched(code, Bundle(code=code, policy=POLICY, reason="a test"))
        third, two_thirds = asyncio.Event(), asyncio.Event()
        reached = {len(once) // 3: third, 2 * len(once) // 3: two_thirds}
        feeding = asyncio.create_task(_feed(cluster, once, switched, reached, pause_seconds))
        await _turn(cluster, switched, "active", third)
        await _turn(cluster, switched, "retired", two_thirds)
        await feeding
        await cluster.until_ended(watch, END_SECONDS)
        watching.cancel()
        switched.records = await read_all(cluster.bootstrap)
        await then(cluster, switched)
        return switched


async def _feed(
    cluster: Cluster,
    samples: list[Sample],
    switched: Switched,
    reached: Mapping[int, asyncio.Event],
    pause_seconds: float,
) -> None:
    async with cluster.sending() as send:
        for number, sample in enumerate(samples):
            if number in reached:
                reached[number].set()
            switched.documents.append(sample.document_id)
            await send(sample)
            await asyncio.sleep(pause_seconds)


async def _turn(cluster: Cluster, switched: Switched, state: ReleaseState, begun: asyncio.Event) -> None:
    """Write the release's next record when it is time, and wait until all work by it."""
    to, before = switched.bundle.release_id, switched.code
    turn = Turn(to, before) if state == "active" else Turn(before, to)
    switched.turns.append(turn)
    async with asyncio.timeout(SWITCH_SECONDS):
        await begun.wait()
        await _write(cluster, switched, state, turn)
        while await in_force(cluster) != {turn.to}:  # noqa: ASYNC110 - workers tell nobody, they are asked
            await asyncio.sleep(ASK_SECONDS)
    turn.shown_ms, turn.shown_at = _now_ms(), len(switched.documents)


async def _write(cluster: Cluster, switched: Switched, state: ReleaseState, turn: Turn) -> None:
    bundle = switched.bundle
    change = ReleaseChanged(
        release_id=bundle.release_id, state=state, changed_by="test", changed_at=clock.now(), bundle=bundle
    )
    producer = AIOKafkaProducer(bootstrap_servers=cluster.bootstrap, acks="all")
    await producer.start()
    try:
        turn.asked_ms, turn.asked_at = _now_ms(), len(switched.documents)
        await producer.send_and_wait(RELEASE_CHANGED.name, encode(change), key=bundle.release_id.encode())
        turn.written_ms = _now_ms()
    finally:
        await producer.stop()


async def in_force(cluster: Cluster) -> set[str]:
    """Return the active releases of every role of every worker, as their metrics show them."""
    found: set[str] = set()
    async with httpx.AsyncClient(trust_env=False, timeout=SWITCH_SECONDS) as client:
        pages = await asyncio.gather(
            *(client.get(f"http://{LOOPBACK}:{cluster.port(name)}/metrics") for name in cluster.workers)
        )
    for page in pages:
        series = [dict(_LABEL.findall(labels)) for labels in _IN_FORCE.findall(page.text)]
        assert {labels["role"] for labels in series} >= ROLES, page.text[:500]
        found |= {labels["release"] for labels in series if labels["role"] in ROLES and labels["state"] == "active"}
    return found


def _now_ms() -> int:
    return int(clock.now().timestamp() * 1000)
