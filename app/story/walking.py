"""From a command back to the bytes of the document, by the digests in the audit log alone."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.dossier import Dossier, Testimony
from app.story import words
from app.story.story import Chapter, Proof, Sentence, alarm, of_entry, of_record, plain
from schemas.payment import PaymentInitiated
from schemas.topics import PAYMENT_INITIATED

# Arrival, three stages, the decision and the payment; each act of a person adds three. More is a circle.
STEPS_MAX = 400


@dataclass(frozen=True)
class Walk:
    """The entries that a walk went through, last first; `lost` is the digest that no entry explains."""

    entries: tuple[Testimony, ...]
    lost: str | None = None

    @property
    def document_id(self) -> str | None:
        """Return the document that the walk ends at."""
        return None if self.lost is not None or not self.entries else self.entries[-1].entry.document_id


def walk_back(dossier: Dossier, digest: str) -> Walk:
    """Follow a record's digest through the entries: who wrote it, what was read for it, who wrote that."""
    entries: list[Testimony] = []
    while len(entries) < STEPS_MAX:
        writers = dossier.entries_writing(digest)
        if not writers:
            return Walk(tuple(entries), lost=digest)
        entries.append(writers[0])
        entry = writers[0].entry
        if entry.stage == "extraction":
            return Walk(tuple(entries))
        # A person's act is read first, and then the invoice that waited for it.
        digest = entry.read[-1] if entry.stage == "review" else entry.read[0]
    return Walk(tuple(entries), lost=digest)


def walks(dossier: Dossier) -> tuple[Chapter, tuple[Sentence, ...]] | None:
    """Return the walk of each command in words, and an alarm for each that does not arrive."""
    sent = [each for each in dossier.own(PAYMENT_INITIATED) if isinstance(each.event, PaymentInitiated)]
    if not sent:
        return None
    told, alarms = list[Sentence](), list[Sentence]()
    for each in {each.digest: each for each in sent}.values():
        walk = walk_back(dossier, each.digest)
        proof = (of_record(each), *(of_entry(testimony) for testimony in walk.entries))
        name = (each.read.key or b"").decode(errors="replace")
        if walk.document_id == dossier.document_id:
            told.append(plain(_arrived(name, walk, dossier), *proof))
        else:
            alarms.append(_lost(name, walk, proof))
    sentences = tuple(told) or (plain("No command of this document can be walked back to it."),)
    return Chapter(title="How it can be proven", sentences=sentences), tuple(alarms)


def _arrived(name: str, walk: Walk, dossier: Dossier) -> str:
    steps = " ← ".join(_steps(walk))
    return (
        f"Command {name} can be walked back to the document by digests, in {words.number(len(walk.entries), 'step')}: "
        f"command ← {steps} ← {words.short(dossier.document_id)}."
    )


def _steps(walk: Walk) -> Iterator[str]:
    for testimony in walk.entries:
        entry = testimony.entry
        yield f"{entry.stage} by {entry.actor}" if not entry.actor.startswith("stage:") else entry.stage


def _lost(name: str, walk: Walk, proof: tuple[Proof, ...]) -> Sentence:
    if walk.lost is None:
        return alarm(f"Command {name} leads back to another document, {walk.document_id}.", *proof)
    after = walk.entries[-1].entry.stage if walk.entries else "the command itself"
    return alarm(f"No entry explains {words.short(walk.lost)}, on which command {name} rests (after {after}).", *proof)
