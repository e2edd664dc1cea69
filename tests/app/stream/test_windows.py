"""The window: side by side, one at a time a key, settled in order, and nothing left over after a drain."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable

import pytest
from faust.types import TP

from app.stream import windows
from app.stream.lease import Expelled
from app.stream.windows import Window
from tests.app.stream.events import FakeEvent, event

Work = Callable[[], Awaitable[None]]


class Bench:
    """A window whose works end when a test says so, and what it settled."""

    def __init__(self, **limits: int) -> None:
        self.settled: list[tuple[TP, int, int]] = []
        self.surprises: list[BaseException] = []
        self.began: list[str] = []
        self.gates: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self.window = Window(lambda *place: self.settled.append(place), self.surprises.append, **limits)

    def work(self, name: str) -> Work:
        async def run() -> None:
            self.began.append(name)
            await self.gates[name].wait()

        return run

    async def admit(self, subject: FakeEvent, name: str, key: bytes | None = None) -> None:
        await self.window.admit(subject, key or name.encode(), self.work(name))

    async def end(self, *names: str) -> None:
        for name in names:
            self.gates[name].set()
        await turns()

    @property
    def offsets(self) -> list[int]:
        return [offset for _, offset, _ in self.settled]


async def turns(count: int = 8) -> None:
    """Let whatever can run, run."""
    for _ in range(count):
        await asyncio.sleep(0)


async def test_neighbours_run_side_by_side_and_are_settled_in_order() -> None:
    bench = Bench()
    for offset, name in enumerate("abc"):
        await bench.admit(event(offset), name)
    await turns()
    assert bench.began == ["a", "b", "c"]
    await bench.end("c", "b")
    assert bench.offsets == [], "an event before them is still in flight"
    await bench.end("a")
    assert bench.offsets == [2]


async def test_a_settled_offset_never_passes_the_first_that_is_in_flight() -> None:
    bench = Bench()
    for offset, name in enumerate("abcd"):
        await bench.admit(event(offset), name)
    await bench.end("a", "b", "d")
    assert max(bench.offsets) == 1


async def test_partitions_do_not_wait_for_each_other() -> None:
    bench = Bench()
    await bench.admit(event(7, partition=0), "slow")
    await bench.admit(event(3, partition=1), "fast")
    await bench.end("fast")
    assert bench.settled == [(TP("t", 1), 3, 1)]


async def test_one_key_is_in_one_hand_even_across_topics() -> None:
    bench = Bench()
    await bench.admit(event(0, topic="t"), "first", b"k")
    await bench.admit(event(0, topic="u"), "second", b"k")
    await bench.admit(event(1, topic="t"), "other", b"other")
    await turns()
    assert bench.began == ["first", "other"]
    await bench.end("first")
    assert bench.began == ["first", "other", "second"]


async def test_a_key_keeps_its_order_when_many_wait() -> None:
    bench = Bench()
    names = [f"e{number}" for number in range(20)]
    for offset, name in enumerate(names):
        bench.gates[name].set()
        await bench.admit(event(offset), name, b"k")
    await turns(200)
    assert bench.began == names
    assert bench.offsets[-1] == 19


async def test_no_more_run_at_once_than_allowed() -> None:
    bench = Bench(running_max=2)
    await bench.admit(event(0), "a")
    await bench.admit(event(1), "b")
    third = asyncio.create_task(bench.admit(event(2), "c"))
    await turns()
    assert (bench.began, third.done(), bench.window.in_flight) == (["a", "b"], False, 2)
    await bench.end("a")
    assert bench.began == ["a", "b", "c"]
    await third


async def test_what_waits_to_be_settled_is_bounded_too() -> None:
    bench = Bench(unsettled_max=2)
    await bench.admit(event(0), "slow")
    await bench.admit(event(1), "done")
    await bench.end("done")
    third = asyncio.create_task(bench.admit(event(2), "third"))
    await turns()
    assert not third.done(), "one that is done but not settled still counts"
    await bench.end("slow")
    assert third.done()


async def test_an_exception_ends_the_process_and_settles_nothing() -> None:
    bench = Bench()

    async def fail() -> None:
        raise LookupError("surprise")

    await bench.window.admit(event(0), b"k", fail)
    await bench.admit(event(1), "after")
    await bench.end("after")
    assert [type(surprise) for surprise in bench.surprises] == [LookupError]
    assert bench.offsets == []


async def test_a_drain_waits_for_what_is_in_flight() -> None:
    bench = Bench()
    await bench.admit(event(0), "a")
    drain = asyncio.create_task(bench.window.drain(60))
    await turns()
    assert not drain.done()
    await bench.end("a")
    await drain
    assert (bench.offsets, bench.window.in_flight) == ([0], 0)


async def test_a_drain_admits_nothing_more_of_its_generation() -> None:
    """An event that waits for room while its partition is given away must not begin: another member works on it."""
    bench = Bench(running_max=1)
    await bench.admit(event(0), "a")
    waiting = asyncio.create_task(bench.admit(event(1), "late"))
    await turns()
    drain = asyncio.create_task(bench.window.drain(60))
    await bench.end("a")
    await asyncio.gather(drain, waiting)
    await bench.admit(event(2), "later")
    await turns()
    assert bench.began == ["a"]
    assert (bench.offsets, bench.window.in_flight) == ([0], 0)


async def test_a_drain_cancels_what_is_late_so_that_nothing_works_on_a_partition_of_others() -> None:
    bench = Bench()
    await bench.admit(event(0), "late")
    await bench.admit(event(1), "behind it", b"late")
    await bench.window.drain(0.01)
    await bench.end("late", "behind it")
    assert (bench.began, bench.offsets, bench.window.in_flight) == (["late"], [], 0)


async def test_a_drain_does_not_wait_for_ever_for_what_cannot_be_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows, "CANCELLATION_TIMEOUT_SECONDS", 0.01)
    bench, stop = Bench(), asyncio.Event()

    async def deaf() -> None:
        while not stop.is_set():
            try:
                await stop.wait()
            except asyncio.CancelledError:
                continue

    await bench.window.admit(event(0), b"k", deaf)
    await bench.window.drain(0.01)
    stop.set()
    await turns()
    assert bench.offsets == [], "what ends after its drain says nothing"


async def test_the_next_generation_finds_all_the_room_there_is() -> None:
    bench = Bench(running_max=2, unsettled_max=2)
    await bench.admit(event(0), "a")
    await bench.admit(event(1), "b")
    await bench.window.drain(0.01)
    for offset, name in enumerate("cd"):
        await asyncio.wait_for(bench.admit(event(offset, generation=2), name), 1)
    await bench.end("c", "d")
    assert bench.settled[-1] == (TP("t", 0), 1, 2)


async def test_generations_are_settled_apart() -> None:
    bench = Bench()
    await bench.admit(event(5, generation=1), "old")
    await bench.admit(event(5, generation=2), "new")
    await bench.end("new")
    assert bench.settled == [(TP("t", 0), 5, 2)], "the old one does not hold the new one back"


async def test_a_drained_window_keeps_nothing() -> None:
    bench = Bench()
    for offset in range(50):
        name = f"e{offset}"
        bench.gates[name].set()
        await bench.admit(event(offset, partition=offset % 5), name)
    await bench.window.drain(5)
    await turns()
    assert not bench.window._lines
    assert not bench.window._last_of_key
    assert not bench.window._tasks


async def test_what_an_expelled_worker_left_is_neither_settled_nor_a_failure() -> None:
    """Whoever has its partition reads the event again; the drain that follows forgets it here."""
    bench = Bench()

    async def leave() -> None:
        raise Expelled

    await bench.window.admit(event(0), b"left", leave)
    await bench.admit(event(1), "after")
    await bench.end("after")
    assert (bench.offsets, bench.surprises) == ([], [])
    await bench.window.drain(1.0)
    assert (bench.offsets, bench.window.in_flight, bench.window.oldest_seconds) == ([], 0, 0.0)
