"""A consumer group as the broker keeps it: members, generations, who has which partitions, what was committed.

Rebalances are eager, as Faust's are: every member gives everything back before anyone is given anything. The unit is
the partition number, for topics with the same number of partitions are assigned alike.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from faust.types import TP

from tests.simulation.loop import future
from tests.simulation.process import context_of
from tests.simulation.trace import Trace

SESSION_SECONDS = 6.0
REBALANCE_SECONDS = 60.0
# The broker waits so long for others to join before the first generation.
SETTLE_SECONDS = 0.2

Answer = Literal["ok", "rebalance", "unknown"]


@dataclass(frozen=True)
class Assignment:
    """What one member has in one generation."""

    generation: int
    partitions: frozenset[int]


@dataclass(eq=False)
class _Member:
    name: str
    joined: "asyncio.Future[Assignment] | None" = None
    expiry: asyncio.TimerHandle | None = None
    partitions: frozenset[int] = field(default_factory=frozenset)


class Group:
    """One group. Every method is a request of a member, or a timer of the broker."""

    def __init__(
        self,
        name: str,
        topics: tuple[str, ...],
        partitions: int,
        trace: Trace,
        *,
        session_seconds: float = SESSION_SECONDS,
        rebalance_seconds: float = REBALANCE_SECONDS,
    ) -> None:
        self.name = name
        self.topics = topics
        self.committed: dict[TP, int] = {}
        self.generation = 0
        self.is_stable = False
        self._partitions = partitions
        self._trace = trace
        self._session_seconds = session_seconds
        self._rebalance_seconds = rebalance_seconds
        self._members: dict[str, _Member] = {}
        self._deadline: asyncio.TimerHandle | None = None
        self.on_commit: list[Any] = []

    @property
    def members(self) -> tuple[str, ...]:
        return tuple(self._members)

    def join(self, name: str) -> "asyncio.Future[Assignment]":
        """Ask to be a member of the next generation; the answer comes when it begins."""
        member = self._members.setdefault(name, _Member(name))
        answer = member.joined = future()
        self._alive(member)
        self._prepare()
        self._complete_if_all_joined()
        return answer

    def heartbeat(self, name: str, generation: int) -> Answer:
        member = self._members.get(name)
        if member is None or (self.is_stable and generation != self.generation):
            return "unknown"
        self._alive(member)
        return "ok" if self.is_stable else "rebalance"

    def commit(self, name: str, generation: int, offsets: Mapping[TP, int]) -> bool:
        """Take the offsets of a member of this generation; False for anybody else (ILLEGAL_GENERATION)."""
        member = self._members.get(name)
        if member is None or generation != self.generation:
            self._trace.add("fenced", f"{self.name} {name} generation {generation}, is {self.generation}")
            return False
        for place, offset in sorted(offsets.items()):
            before = self.committed.get(place, 0)
            self.committed[place] = offset
            self._trace.add("commit", f"{self.name} {place.topic}/{place.partition} {before}->{offset} {name}")
            for watcher in self.on_commit:
                watcher((name, generation), place, before, offset)
        return True

    def leave(self, name: str) -> None:
        member = self._members.pop(name, None)
        if member is not None:
            if member.expiry is not None:
                member.expiry.cancel()
            self._trace.add("leave", f"{self.name} {name}")
            self._prepare()
            self._complete_if_all_joined()

    def partitions_of(self, name: str) -> frozenset[int]:
        member = self._members.get(name)
        return member.partitions if member is not None and self.is_stable else frozenset()

    def _alive(self, member: _Member) -> None:
        if member.expiry is not None:
            member.expiry.cancel()
        loop = asyncio.get_running_loop()
        member.expiry = loop.call_later(self._session_seconds, self._expire, member, context=context_of(None))

    def _expire(self, member: _Member) -> None:
        if member.joined is not None and not member.joined.done():
            return self._alive(member)  # it waits for us
        if self._members.get(member.name) is member:
            self._trace.add("expire", f"{self.name} {member.name}")
            self.leave(member.name)
        return None

    def _prepare(self) -> None:
        if self.is_stable or self._deadline is None:
            self.is_stable = False
            loop = asyncio.get_running_loop()
            wait = SETTLE_SECONDS if self.generation == 0 else self._rebalance_seconds
            self._deadline = loop.call_later(wait, self._complete, context=context_of(None))

    def _complete_if_all_joined(self) -> None:
        if self.generation > 0 and all(member.joined is not None for member in self._members.values()):
            self._complete()

    def _complete(self) -> None:
        """Begin the next generation with those who have joined; the others are out."""
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
        for late in [member for member in self._members.values() if member.joined is None]:
            self._trace.add("late", f"{self.name} {late.name}")
            self._members.pop(late.name)
            if late.expiry is not None:
                late.expiry.cancel()
        if not self._members:
            return
        self.generation += 1
        self.is_stable = True
        names = sorted(self._members)
        shares = {name: frozenset(range(at, self._partitions, len(names))) for at, name in enumerate(names)}
        self._trace.add("assign", f"{self.name} generation {self.generation} {_shown(shares)}")
        for name, member in self._members.items():
            member.partitions, answer, member.joined = shares[name], member.joined, None
            if answer is not None and not answer.done():
                answer.set_result(Assignment(self.generation, member.partitions))


def _shown(shares: Mapping[str, frozenset[int]]) -> str:
    return " ".join(f"{name}:{','.join(map(str, sorted(share)))}" for name, share in shares.items())
