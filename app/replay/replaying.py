"""A document's records, each given once more to the stage that dealt with it, in the order of the audit log.

The log's order is the order of the work (app/dossier/events.py). So the tables that the stages rest on grow again as
they grew then, from the records of the same InvoiceKey and the same commands, those of other documents included.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from agents.decision.policy import DEFAULT_POLICY
from app.documents import DocumentErased
from app.dossier import REMEMBERING_STAGES, STAGES, Dossier, Event, Exhibit, ReleasesThen, events_of
from app.replay.bench import Bench, Ran
from app.replay.matching import compare
from app.replay.past import debtors_then, matched_then, recorded_signer
from app.replay.readers import Readers
from app.replay.reference import Reference, State
from app.replay.report import Replay, Step
from schemas.audit import AuditEntry
from schemas.codec import Undecodable, decode
from schemas.payment import Debtor
from schemas.policy import Policy
from tables.releases import Running

# These ask the reference data.
_REFERENCE_STAGES = frozenset({"normalization", "validation", "review"})
# What was put aside was not decided: its bytes could not be had, or nobody could read them.
_PUT_ASIDE = frozenset({"parked", "dead"})


async def replay(
    dossier: Dossier,
    readers: Readers,
    debtors: Mapping[str, Debtor],
    *,
    running: str,
    policy: Policy = DEFAULT_POLICY,
) -> Replay:
    """Return what comes out when everything that happened to the document happens once more.

    Args:
        dossier: what the topics hold.
        readers: where the bytes are, and what reads them.
        debtors: who pays, by tenant, as the settings say now; a command that was sent knows better.
        running: the release of the code that runs here.
        policy: what the code lets be approved without a person; only a test gives another.
    """
    payers = debtors_then(dossier, debtors)
    bench = Bench(
        readers.documents,
        readers.reader,
        payers.debtors,
        recorded_signer(dossier),
        policy=policy,
        locate=_locator(dossier),
    )
    releases = ReleasesThen(dossier.releases, running)
    replaying = _Replaying(dossier, bench, Reference(dossier.suppliers), releases)
    events = events_of(dossier)
    for event in events:
        await replaying.take(event)
    return Replay(
        document_id=dossier.document_id,
        release_running=running,
        releases_recorded=tuple(sorted({event.testimony.entry.release for event in events if event.own})),
        steps=tuple(replaying.steps),
        notes=(*payers.notes, *dict.fromkeys(replaying.notes)),
        gaps=(*missing_records(dossier, events), *replaying.gaps, *releases.gaps),
    )


def missing_records(dossier: Dossier, events: Sequence[Event]) -> tuple[str, ...]:
    """Return a sentence for each entry on this invoice whose record stands on no topic any more."""
    seen = {event.testimony.entry.entry_id for event in events}
    keys, commands = set(dossier.invoice_keys), dossier.command_ids

    def matters(entry: AuditEntry) -> bool:
        if entry.document_id == dossier.document_id:
            return True
        remembers = entry.stage in REMEMBERING_STAGES
        return remembers and (entry.invoice_key in keys or entry.command_id in commands)

    gone = {t.entry.entry_id: t.entry for t in dossier.testimonies if matters(t.entry) and t.entry.entry_id not in seen}
    return tuple(
        f"{entry.stage} read a record ({entry.read[0]}) that is not on {STAGES[entry.stage].name}: "
        "it is gone, or it was changed"
        for entry in gone.values()
        if entry.stage in STAGES
    )


@dataclass
class _Replaying:
    dossier: Dossier
    bench: Bench
    reference: Reference
    releases: ReleasesThen
    steps: list[Step] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)

    async def take(self, event: Event) -> None:
        """Replay one event; one of another document only for what it leaves behind."""
        entry = event.testimony.entry
        if entry.outcome in _PUT_ASIDE:
            if event.own:
                step = _step(event, notes=(f"put aside then: {', '.join(entry.reasons)}",))
                self.steps.append(step.model_copy(update={"verdict": "put_aside"}))
            return
        ran, notes = await self._run(event)
        if (withheld := _withheld(ran)) is not None:
            erased = DocumentErased.code in withheld
            why = "were erased: their key was destroyed" if erased else "could not be had"
            self.gaps.append(f"{event.stage}: the bytes of the document {why}")
            self.steps.append(_step(event))
            return
        step = compare(self.dossier, event.testimony, ran, _step(event, notes=notes))
        if event.own:
            self.steps.append(step)
        elif step.verdict != "equal":
            self.gaps.append(f"{event.stage} of another document on the same invoice comes out differently")

    async def _run(self, event: Event) -> tuple[Ran, tuple[str, ...]]:
        stage, read, release = event.stage, event.exhibit.read, self.releases.then(event.testimony.entry.release)
        if stage == "decision":
            return await self.bench.run(stage, read, release=await self._as_it_stood(event, release)), ()
        if stage not in _REFERENCE_STAGES:
            return await self.bench.run(stage, read, release=release), ()
        likeliest: State | None = None
        for state in self.reference.states(
            event.testimony.exhibit.read.timestamp_ms, matched_then(self.dossier, event)
        ):
            likeliest = likeliest or state
            ran = await self.bench.attempt(stage, read, release=release, directory=state.directory)
            if compare(self.dossier, event.testimony, ran, _step(event)).verdict == "equal":
                return await self.bench.run(stage, read, release=release, directory=state.directory), _told(state)
        assert likeliest is not None, "there is always the state of the moment"
        return await self.bench.run(stage, read, release=release, directory=likeliest.directory), ()

    async def _as_it_stood(self, event: Event, release: Running) -> Running:
        """Return the release as it stood when it decided: the record tells whether it had been taken back by then."""
        for then in (release, replace(release, is_withdrawn=True)):
            ran = await self.bench.attempt(event.stage, event.exhibit.read, release=then)
            if compare(self.dossier, event.testimony, ran, _step(event)).verdict == "equal":
                return then
        return release


def _told(state: State) -> tuple[str, ...]:
    notes = []
    if state.late:
        which = "behind" if state.late > 0 else "ahead of"
        count = "one change" if abs(state.late) == 1 else f"{abs(state.late)} changes"
        notes.append(f"the reference data was {count} {which} its topic, by the clocks")
    notes += [f"supplier {name} as the record itself has it: its state is compacted away" for name in state.lost]
    return tuple(notes)


def _step(event: Event, notes: tuple[str, ...] = ()) -> Step:
    entry = event.testimony.entry
    return Step(
        stage=event.stage,
        read=event.exhibit.where,
        entry_digest=event.testimony.exhibit.digest,
        release=entry.release,
        outcome=entry.outcome,
        verdict="not_replayed",
        notes=notes,
    )


def _withheld(ran: Ran) -> tuple[str, ...] | None:
    """Return why extraction could not have the bytes just now; None where it could."""
    try:
        entry = decode(ran.entry.value, AuditEntry) if ran.entry is not None else None
    except Undecodable:
        return None
    return entry.reasons if entry is not None and entry.outcome == "parked" else None


def _locator(dossier: Dossier) -> "_Locate":
    return _Locate({(each.topic.name, each.digest): each for each in reversed(dossier.exhibits)})


@dataclass(frozen=True)
class _Locate:
    found: Mapping[tuple[str, str], Exhibit]

    def __call__(self, topic: str, name: str) -> tuple[int, int] | None:
        exhibit = self.found.get((topic, name))
        return None if exhibit is None else (exhibit.read.partition, exhibit.read.offset)
