"""Defects planted on purpose: each is a way to lose money or proof that somebody has built before, or that Faust has.

The simulator is worth what it finds. For every mutant some seed below `MUTANT_SEEDS` must break an invariant of the
named kind; the product as it is breaks none.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from faust.types import TP

from agents import stage
from agents.effects import DeadLetter, Effects, Outgoing, Place, Written
from agents.payment import agent as payment_agent
from agents.payment.command import command
from app.delivery import Delivery
from app.releases_followed import FollowedReleases
from app.stream.lease import Lease
from app.stream.windows import Window
from schemas.identifiers import digest
from schemas.trace import TraceContext
from tables.keyed import Keyed
from tables.payments import IssuedCommand
from tables.releases import Running
from tests.simulation.broker import Record
from tests.simulation.consumer import Consumer
from tests.simulation.streams import Table
from tests.simulation.worker import SimulatedMemory

# Bounded, so that a blunt simulator is noticed; each is found far sooner as a rule.
MUTANT_SEEDS = 150


@dataclass(frozen=True)
class Mutant:
    """`finds` are kinds of violations, one of which must come. What is not a part is patched while it is planted."""

    name: str
    finds: frozenset[str]
    parts: Mapping[str, Any] = field(default_factory=dict)
    patches: tuple[tuple[Any, str, Any], ...] = ()

    @contextmanager
    def planted(self) -> Iterator[None]:
        before = [(owner, name, getattr(owner, name)) for owner, name, _ in self.patches]
        for owner, name, defect in self.patches:
            setattr(owner, name, defect)
        try:
            yield
        finally:
            for owner, name, sound in before:
                setattr(owner, name, sound)


class HastyDelivery(Delivery):
    """Does not wait for the broker (F3)."""

    async def deliver(self, record: Outgoing) -> Written:
        task = asyncio.create_task(super().deliver(record))
        task.add_done_callback(lambda done: done.cancelled() or done.exception())
        return Written(record.topic, record.partition or 0, 0, digest(record.value or b""))


class LosingDelivery(Delivery):
    """Buries nothing."""

    async def bury(self, letter: DeadLetter) -> None:
        """Forget it."""


class ForgetfulMemory(SimulatedMemory):
    """Takes the table's word for what was issued and never reads the ledger."""

    async def _tail(self, partition: int) -> list[IssuedCommand]:  # noqa: ARG002 - that is the defect
        return []


class TrustingMemory(SimulatedMemory):
    """Believes that a table's change is durable as soon as it is made (F4)."""

    async def confirmed(self) -> None:
        """Wait for nothing."""


class ConcurrentWindow(Window):
    """Runs events of one key side by side (Faust's `concurrency`)."""

    def _begin(self, event: Any, key: bytes, work: Callable[[], Any]) -> None:
        super()._begin(event, b"%s/%d/%d" % (key, event.message.offset, event.message.partition), work)


class LeapingWindow(Window):
    """Settles each event when it is done, whatever is in flight before it (F2)."""

    def _settle_line(self, line: Any) -> None:
        for entry in [entry for entry in self._lines.get(line, ()) if entry.done]:
            self._settle(line[0], entry.event.message.offset, line[1])
        super()._settle_line(line)


class EagerWindow(Window):
    """Settles an event when it is admitted (F1)."""

    async def admit(self, event: Any, key: bytes, work: Any) -> None:
        message = event.message
        self._settle(message.tp, message.offset, message.generation_id)
        await super().admit(event, key, work)


class ShortRecovery(Table):
    """Misses the newest change of a changelog (F10)."""

    async def recover(self, partitions: Any) -> None:
        broker, changelog = self._client.broker, self.changelog
        for partition in sorted(partitions):
            records = broker.logs[TP(changelog, partition)]
            for record in records[:-1]:
                self._apply(partition, record)
            self._offsets[partition] = len(records)


class ShortMemory(SimulatedMemory):
    def Table(self, name: str, **more: Any) -> Table:  # noqa: N802 - Faust's name
        table = super().Table(name, **more)
        table.__class__ = ShortRecovery
        return table


class UndyingConsumer(Consumer):
    """Keeps what it has settled when its partitions go, and commits it in the next generation."""

    async def _give_back(self, recovery: Any) -> None:
        settled = dict(self._settled)
        await super()._give_back(recovery)
        self._settled = settled


class SkippingConsumer(Consumer):
    """Goes on behind what it had fetched when partitions come back, not where it has committed (F10)."""

    _seen: dict[TP, int]

    def _take(self, place: TP, records: list[Record], generation: int) -> None:
        self.__dict__.setdefault("_seen", {})
        start = self._seen.get(place, 0)
        super()._take(place, [record for record in records if record.offset >= start], generation)
        self._seen[place] = max(start, self.positions.get(place, 0))


def _without_audit(self: Any, place: Place, effects: Effects, sound: Any) -> Any:
    """Write no entry where nothing was decided."""
    waves = sound(self, place, effects)
    if effects.outcome != "nothing_to_pay":
        return waves
    return tuple(tuple(record for record in wave if record.topic != "audit.entry") for wave in waves)


def _next_stage_first(self: Any, place: Place, effects: Effects, sound: Any) -> Any:
    """Let the next stage go on before the status is told."""
    first, told, then = sound(self, place, effects)
    return first, then, told


async def _remember_first(self: Any, event: Any) -> None:
    """Write the table before the record that it speaks of."""
    place = self._place(event)
    with self.ports.traced(self.name, place) as traced:
        _record, effects, waves = await self._effects(event, place, traced)
        if effects.remember is not None:
            guessed = tuple(Written(r.topic, r.partition or 0, 0, digest(r.value or b"")) for r in waves[0])
            await effects.remember(guessed)
        for wave in waves:
            await self._write(wave)


async def _never_remember(_memory: Any, *_more: Any) -> None:
    """Keep no command in the table."""


def _never_put(self: Any, key: str, record: Any) -> None:
    """Keep nothing of what was decided."""
    if self._model.__name__ != "InvoiceRecord":
        _sound_put(self, key, record)


def _time_in_command(decided: Any, debtor: Any, signer: Any) -> Any:
    """Sign with something that is new each time."""
    loop = asyncio.get_running_loop()
    return _sound_command(decided, debtor, lambda content: f"{signer(content)}{loop.time()}")


def _anywhere(*arguments: Any) -> Any:
    """Let a command's own id choose its partition, so that its decision's owner does not find it again."""
    effects = _sound_initiate(*arguments)
    return Effects(**{**vars(effects), "first": tuple(_unplaced(emission) for emission in effects.first)})


def _unplaced(emission: Any) -> Any:
    return type(emission)(emission.topic, emission.key, emission.event)


def _drawn(self: Any, *_names: str) -> TraceContext:
    """Draw a span id, as OpenTelemetry's own instrumentation does."""
    return TraceContext(self.trace_id, f"{next(_drawings):016x}", self.sampled)


_drawings = count(1)
_sound_put = Keyed.put
_sound_command = command
_sound_initiate = payment_agent.initiate


_sound_waves = stage.Stage._waves


def _waves(defect: Any) -> Any:
    sound = stage.Stage._waves

    def defective(self: Any, place: Place, effects: Effects, running: Running) -> Any:
        return defect(self, place, effects, lambda shell, at, wanted: sound(shell, at, wanted, running))

    return defective


def _told_by_the_active(self: Any, place: Place, effects: Effects, _running: Running) -> Any:
    """Let status and entry name what is in force by now, whatever has made the record."""
    return _sound_waves(self, place, replace(effects, release=None), self.ports.releases.active)


async def _chosen_anew(self: FollowedReleases, _name: str, document_id: str) -> Running:
    """Deal with each record by what is in force, whatever it names."""
    return await self.choose(document_id)


COMMITTED_PAST = frozenset({"committed past"})
ISSUED_AGAIN = frozenset({"issued again"})
WITHOUT_LEASE = (
    (Lease, "is_certain", property(lambda _: True)),
    (Lease, "is_lost", property(lambda _: False)),
    (Lease, "lose", lambda _: None),
)

MUTANTS: tuple[Mutant, ...] = (
    Mutant("settles before the broker's word", COMMITTED_PAST, {"delivery": HastyDelivery}),
    Mutant("settles on arrival", COMMITTED_PAST, {"window": EagerWindow}),
    Mutant("commits past what is in flight", COMMITTED_PAST, {"window": LeapingWindow}),
    Mutant("records before sending", frozenset({"remembered before written", "missing command"}),
           patches=((stage.Stage, "run", _remember_first),)),
    Mutant("does not read the ledger", ISSUED_AGAIN, {"memory": ForgetfulMemory}),
    Mutant("skips an audit entry", COMMITTED_PAST, patches=((stage.Stage, "_waves", _waves(_without_audit)),)),
    Mutant("tells the status too late", frozenset({"status differs", "lost", "wrong end"}),
           patches=((stage.Stage, "_waves", _waves(_next_stage_first)),)),
    Mutant("works on one invoice twice at once", ISSUED_AGAIN | {"two approvals", "approval changed"},
           {"window": ConcurrentWindow}),
    Mutant("loses dead letters", COMMITTED_PAST, {"delivery": LosingDelivery}),
    Mutant("trusts a table before the broker does", frozenset({"missing change"}), {"memory": TrustingMemory}),
    Mutant("recovers all but the newest change", ISSUED_AGAIN | {"table differs", "two approvals"},
           {"memory": ShortMemory}),
    Mutant("commits for an earlier generation", COMMITTED_PAST | {"offset goes back"}, {"consumer": UndyingConsumer}),
    Mutant("resumes behind what it threw away", COMMITTED_PAST | {"no rest"}, {"consumer": SkippingConsumer}),
    Mutant("forgets what it issued", ISSUED_AGAIN, patches=((payment_agent, "_remember", _never_remember),)),
    Mutant("forgets what it decided", frozenset({"two approvals"}), patches=((Keyed, "put", _never_put),)),
    # Members write no command twice any more; what a zombie would write twice must still be the same to the byte.
    Mutant("signs with the time", frozenset({"duplicated different"}),
           patches=((payment_agent, "command", _time_in_command), *WITHOUT_LEASE)),
    Mutant("draws span ids", frozenset({"trace differs"}), patches=((TraceContext, "child", _drawn),)),
    Mutant("files commands by their own id", ISSUED_AGAIN | {"misfiled command", "duplicated different"},
           patches=((payment_agent, "initiate", _anywhere),)),
    Mutant("chooses the release at every stage", frozenset({"release changed"}),
           patches=((FollowedReleases, "named", _chosen_anew),)),
    Mutant("tells of another release than it works by", frozenset({"two releases"}),
           patches=((stage.Stage, "_waves", _told_by_the_active),)),
    Mutant("writes though it may be expelled", frozenset({"status differs", "lost", "wrong end", "missing command"}),
           patches=WITHOUT_LEASE),
)  # fmt: skip
