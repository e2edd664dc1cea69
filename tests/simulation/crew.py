"""The workers of a run: hired, hurt by faults, and replaced when they have ended."""

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field
from functools import partial

from faust.types import TP

from tests.simulation.broker import Record
from tests.simulation.checks import Checks
from tests.simulation.conditions import Conditions
from tests.simulation.faults import Fault
from tests.simulation.loop import VirtualLoop
from tests.simulation.process import Process
from tests.simulation.trace import Trace
from tests.simulation.worker import RoleName, Surroundings, Worker

RESTART_SECONDS = 3.0
# A worker may end itself for these reasons: what it could not do is done by the next.
SOUND_ENDS = (
    "its commit was refused",
    "stopped in order",
    "at step",
    "killed",
    "no broker took a record",
    "TimeoutError",
)


@dataclass
class Crew:
    """Keeps as many workers of each role as are wanted."""

    loop: VirtualLoop
    given: Surroundings
    conditions: Conditions
    checks: Checks
    trace: Trace
    rng: random.Random
    wanted: Counter[RoleName] = field(default_factory=Counter)
    workers: dict[str, Worker] = field(default_factory=dict)
    _traps: list[Fault] = field(default_factory=list)
    _hits: Counter[int] = field(default_factory=Counter)
    _made: int = 0

    def begin(self) -> None:
        for role, count in self.wanted.items():
            for _ in range(count):
                self._hire(role)

    def calm(self) -> None:
        """End all faults that are still to come."""
        self._traps.clear()
        for worker in self.workers.values():
            worker.process.fuse = None
            worker.client.cut_until = 0.0

    def _hire(self, role: RoleName) -> None:
        self._made += 1
        name = f"{role}-{self._made}"
        process = Process(name, lambda why: self._ended(name, role, why))
        worker = Worker(self.given, role, process, dies_when_fenced=self.rng.random() < 0.5)
        worker.on_ready = self._ready
        self.workers[name] = worker
        self.trace.add("start", name)
        worker.start()

    def _ready(self, name: str, generation: int, partitions: frozenset[int]) -> None:
        for partition in partitions:
            self.checks.ready[name, generation, partition] = self.loop.time()

    def _ended(self, name: str, role: RoleName, why: str) -> None:
        self.trace.add("end", f"{name} {why}")
        if not any(sound in why for sound in SOUND_ENDS):
            self.checks.add("worker ended", f"{name} {why}")
        self.workers.pop(name, None)
        alive = sum(worker.role_name == role for worker in self.workers.values())
        if alive < self.wanted[role]:
            self.loop.spawn(self._replace(role), None)

    async def _replace(self, role: RoleName) -> None:
        await asyncio.sleep(RESTART_SECONDS * self.rng.random())
        if sum(worker.role_name == role for worker in self.workers.values()) < self.wanted[role]:
            self._hire(role)

    def strike(self, fault: Fault) -> None:
        victims = sorted(self.workers)
        self.trace.add("fault", f"{fault.kind} {fault.pick:.3f} {fault.seconds:.2f} {fault.topic} {fault.nth}")
        if fault.kind == "down":
            self.conditions.down_until = self.loop.time() + fault.seconds
        elif fault.kind == "join":
            role: RoleName = "ledger" if fault.pick < 0.7 else "reader"
            self.wanted[role] += 1
            self._hire(role)
        elif fault.kind in {"kill_at", "pause_at"}:
            self._traps.append(fault)
        elif victims:
            self._hurt(fault, self.workers[victims[int(fault.pick * len(victims))]])

    def _hurt(self, fault: Fault, worker: Worker) -> None:
        process = worker.process
        match fault.kind:
            case "kill":
                process.kill("killed")
            case "fuse":
                process.light(fault.steps)
            case "pause":
                self._pause(process, fault.seconds)
            case "stop":
                worker.stop()
            case "cut":
                worker.client.cut_until = self.loop.time() + fault.seconds

    def _pause(self, process: Process, seconds: float) -> None:
        self.trace.add("pause", f"{process.name} {seconds:.2f}")
        process.stop()
        self.loop.call_later(seconds, self._resume, process)

    def _resume(self, process: Process) -> None:
        self.trace.add("resume", process.name)
        self.loop.go_on(process)

    def spring(self, place: TP, record: Record) -> None:
        """Kill or pause whoever makes the n-th append to a topic, within a few steps."""
        worker = self.workers.get(record.writer[0])
        for fault in self._traps if worker is not None else ():
            if place.topic == fault.topic and worker is not None:
                self._hits[id(fault)] += 1
                if self._hits[id(fault)] == fault.nth:
                    pause = partial(self._pause, seconds=fault.seconds)
                    worker.process.light(fault.steps % 40, None if fault.kind == "kill_at" else pause)
