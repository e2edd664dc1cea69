"""An event loop whose time and order are functions of a seed, and processes in it that can be killed at any await.

Time stands still while anything is ready to run and then jumps to the next timer. What is ready at the same moment
runs in an order that the seed draws, so that nothing can rely on an order which no broker promises. Every piece of
work belongs to a `Process` by its context; one that was killed never runs again, not even its `finally`, and one that
is stopped (SIGSTOP) keeps what became ready for the time when it goes on.
"""

import asyncio
import heapq
import random
from asyncio import Future, Handle, Task, TimerHandle
from collections import deque
from collections.abc import Coroutine, Iterable
from contextvars import Context, copy_context
from typing import Any, TypeVar

from tests.simulation.process import PROCESS, TASK, Ended, Process, context_in, context_of, vars_of

T = TypeVar("T")

# Steps that one run may take; a world that needs more is going round in circles.
STEPS_MAX = 3_000_000


class Astray(Exception):  # noqa: N818 - it says what happened
    """The loop took more steps than any sound world needs, or has nothing left to wait for."""


class VirtualLoop(asyncio.BaseEventLoop):
    """Runs on virtual seconds. `shuffled` False keeps first come, first served among what is ready."""

    def __init__(self, rng: random.Random, *, shuffled: bool) -> None:
        super().__init__()
        self._rng = rng
        self._shuffled = shuffled
        self._ready: deque[Handle] = deque()
        self._timers: list[tuple[float, int, TimerHandle]] = []
        self._timers_made = 0
        self._virtual = 0.0
        self._tasks_made = 0
        self._all: list[Task[Any]] = []
        self.steps = 0
        self.surprises: list[BaseException | str] = []
        self.set_task_factory(self._make_task)
        self.set_exception_handler(self._surprised)

    def time(self) -> float:
        """Return virtual seconds since the start."""
        return self._virtual

    def call_soon(self, callback: Any, *args: Any, context: Context | None = None) -> Handle:  # type: ignore[override] # any callable will do
        """Make something ready."""
        handle = Handle(callback, args, self, context)
        self._ready.append(handle)
        return handle

    def call_at(self, when: float, callback: Any, *args: Any, context: Context | None = None) -> TimerHandle:  # type: ignore[override] # as above
        """Set a timer; of those of one moment the first comes first."""
        self._timers_made += 1
        timer = TimerHandle(when, callback, args, self, context)
        heapq.heappush(self._timers, (when, self._timers_made, timer))
        return timer

    def run(self, main: Coroutine[Any, Any, T]) -> T:
        """Run to the end of `main`, then bury whatever is still waiting."""
        asyncio.set_event_loop(None)
        try:
            return self.run_until_complete(main)
        finally:
            self.set_exception_handler(lambda _loop, _context: None)
            self._bury()
            self.close()

    def spawn(self, coroutine: Coroutine[Any, Any, Any], process: Process | None) -> "Task[Any]":
        """Start a task of a process; one that fails is a surprise."""
        task = self.create_task(coroutine, context=context_of(process))
        task.add_done_callback(self._look, context=context_of(None))
        return task

    def go_on(self, process: Process) -> None:
        """SIGCONT."""
        self._ready.extend(process.thaw())

    def _make_task(self, _loop: Any, coroutine: Any, context: Context | None = None) -> "Task[Any]":
        own = copy_context() if context is None else context
        self._tasks_made += 1
        own.run(TASK.set, self._tasks_made)
        task = Task(coroutine, loop=self, context=own)
        self._all.append(task)
        return task

    def _look(self, task: "Task[Any]") -> None:
        if not task.cancelled() and (failed := task.exception()) is not None and not isinstance(failed, Ended):
            self.surprises.append(failed)

    def _surprised(self, _loop: Any, context: dict[str, Any]) -> None:
        failed = context.get("exception")
        if not isinstance(failed, Ended):
            self.surprises.append(failed if failed is not None else str(context.get("message")))

    def _run_once(self) -> None:
        self._advance()
        batch = self._in_order(tuple(self._ready))
        self._ready.clear()
        for handle in batch:
            if handle.cancelled():
                continue
            process = context_in(handle).get(PROCESS)
            if process is None or process.takes(handle):
                self.steps += 1
                handle._run()
        if self.steps > STEPS_MAX:
            raise Astray(f"more than {STEPS_MAX} steps")

    def _advance(self) -> None:
        """Make ready what is due; where nothing is ready, let the time come for what is due next."""
        timers = self._timers
        while timers and timers[0][2].cancelled():
            heapq.heappop(timers)
        if not self._ready:
            if not timers:
                raise Astray("nothing is ready and nothing is due")
            self._virtual = max(self._virtual, timers[0][0])
        while timers and timers[0][0] <= self._virtual:
            timer = heapq.heappop(timers)[2]
            if not timer.cancelled():
                self._ready.append(timer)

    def _in_order(self, ready: tuple[Handle, ...]) -> Iterable[Handle]:
        """Draw an order. What one task has made ready stays in its own order.

        Some sets of asyncio are ordered by memory addresses, so the order of arrival is no base to draw from.
        """
        if len(ready) < 2:
            return ready
        by_task: dict[int, list[Handle]] = {}
        for handle in ready:
            by_task.setdefault(context_in(handle).get(TASK) or 0, []).append(handle)
        tasks = sorted(by_task)
        if self._shuffled:
            self._rng.shuffle(tasks)
        return [handle for task in tasks for handle in by_task[task]]

    def _check_closed(self) -> None:
        """Let what is collected after the end still make its last gestures; nothing runs them."""

    def _write_to_self(self) -> None:
        """Wake nobody: there are no other threads here."""

    def _bury(self) -> None:
        """Close what still waits, in silence: the world is over."""
        for task in self._all:
            if not task.done():
                vars_of(task)._log_destroy_pending = False  # asyncio's own switch
                try:
                    task.get_coro().close()
                except (RuntimeError, Ended):
                    continue  # one that awaits in its clean-up
            elif not task.cancelled():
                task.exception()  # has been looked at


def future() -> "Future[Any]":
    """Return a future of the running loop."""
    return asyncio.get_running_loop().create_future()
