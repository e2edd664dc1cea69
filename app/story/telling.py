"""A file on a document to its story, in the order in which things happened."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from app.dossier import Dossier, Event, ReleasesThen, events_of, roots
from app.story import words
from app.story.alarms import alarms_of, gaps_of
from app.story.arriving import arrival, reading, unread
from app.story.deciding import POLICY_BEGINS, deciding, decision_on
from app.story.headline import headline
from app.story.judging import checking, supplier, understanding
from app.story.masking import Mask, Masking, accounts_in
from app.story.paying import bank, initiation, wish
from app.story.remaining import remaining
from app.story.reviewing import reviewing
from app.story.story import Chapter, Sentence, Story, alarm, of_event, plain
from app.story.walking import walks
from schemas.decision import ReviewSubmitted
from schemas.events import DocumentReceived, InvoiceExtracted, InvoiceNormalized, InvoiceValidated
from schemas.payment import CancellationRequested, PaymentStatusReported

# What became of the bytes when somebody looked just now: they are there and have the digest, are not, or were others.
Bytes = Literal["there", "missing", "others", "erased", "not asked"]
# The record is kept as a dead letter, and nothing was decided on it.
PUT_ASIDE = frozenset({"parked", "dead"})
_AFTERWARDS = frozenset({"issuing", "settlement", "cancellation"})


def tell(dossier: Dossier, *, now: datetime, running: str, full: bool = False, found: Bytes = "not asked") -> Story:
    """Return the story of a document.

    Args:
        dossier: what the topics hold of it.
        now: tells what need not be kept any longer.
        running: the code that is installed here; of releases over other code no limits and policies are known.
        full: account numbers in clear.
        found: what is known of the bytes in the store.
    """
    mask: Mask = Masking(accounts_in(dossier), full=full)
    every = events_of(dossier)
    events = [event for event in every if event.own]
    rounds = list(_rounds(dossier, events))
    telling = _Telling(dossier, mask, ReleasesThen(dossier.releases, running))
    chapters = [chapter for number, one in enumerate(rounds) for chapter in telling.round(one, rounds[:number])]
    chapters += [*remaining(dossier, events, mask), *_afterwards(events, mask)]
    walked = walks(dossier)
    gaps = gaps_of(dossier, now)
    proof = _proof(walked[0] if walked else None, found, (*_releases(dossier, running), *gaps))
    alarms = (*alarms_of(dossier, every, now), *(walked[1] if walked else ()), *_bytes_alarm(found, events))
    return Story(
        document_id=dossier.document_id,
        tenant=_tenant(dossier),
        headline=mask(headline(dossier, events)),
        chapters=(*chapters, *((proof,) if proof else ())),
        alarms=tuple(sentence.model_copy(update={"text": mask(sentence.text)}) for sentence in alarms),
    )


def _rounds(dossier: Dossier, events: Sequence[Event]) -> Iterator[list[Event]]:
    """Yield the events that one arrival, or one act of a person, led to."""
    began = roots(dossier, events)
    mine = [event for event in events if event.stage not in _AFTERWARDS]
    for root in dict.fromkeys(began[event.exhibit.where] for event in mine):
        yield [event for event in mine if began[event.exhibit.where] == root]


@dataclass(frozen=True)
class _Telling:
    """What every chapter needs."""

    dossier: Dossier
    mask: Mask
    releases: ReleasesThen

    told: set[str] = field(default_factory=set)

    def round(self, events: list[Event], earlier: list[list[Event]]) -> list[Chapter]:
        """Return the chapters of one arrival or act; bytes that came before are told in one."""
        if _is_repeated(events, earlier):
            return [_again(self.dossier, events)]
        return list(self._without_repetition([chapter for event in events for chapter in self._chapters(event)]))

    def _without_repetition(self, chapters: list[Chapter]) -> Iterator[Chapter]:
        """Yield the chapters; those that say again what an earlier round said are told in one sentence."""
        same = [chapter for chapter in chapters if _words(chapter) in self.told]
        for chapter in chapters:
            if same and chapter is same[0]:
                yield _unchanged(same)
            if chapter not in same:
                yield chapter.model_copy(update={"sentences": tuple(s for s in chapter.sentences if self._is_new(s))})
        self.told.update(map(_words, chapters))

    def _is_new(self, sentence: Sentence) -> bool:
        """Tell whether a sentence is to be told: one on the policy's limits only once."""
        if not sentence.text.startswith(POLICY_BEGINS):
            return True
        known = sentence.text in self.told
        self.told.add(sentence.text)
        return not known

    def _chapters(self, event: Event) -> Iterator[Chapter]:
        dossier, mask = self.dossier, self.mask
        if event.testimony.entry.outcome in PUT_ASIDE and not isinstance(event.exhibit.event, DocumentReceived):
            yield unread(event, "What was put aside")
            return
        match event.exhibit.event:
            case DocumentReceived() as received:
                yield arrival(event, received, mask)
                if event.testimony.entry.outcome != "extracted":
                    yield unread(event)
            case InvoiceExtracted() as extracted:
                yield reading(event, extracted, mask)
            case InvoiceNormalized() as normalized:
                yield understanding(event, normalized, mask)
            case InvoiceValidated() as validated:
                yield checking(event, validated, mask)
                yield supplier(event, validated, dossier.suppliers, mask)
                if (decision := decision_on(dossier, event)) is not None:
                    yield deciding(event, decision, mask, self.releases.known(decision.release))
            case ReviewSubmitted() as review:
                yield reviewing(dossier, event, review, mask)
            case _ if event.stage == "payment" and (sent := initiation(dossier, event, mask)) is not None:
                yield sent


def _words(chapter: Chapter) -> str:
    return "\n".join((chapter.title, *(sentence.text for sentence in chapter.sentences)))


def _unchanged(same: list[Chapter]) -> Chapter:
    """Return what is to be said of chapters that say again what an earlier one said."""
    names = words.listed(chapter.title[0].lower() + chapter.title[1:] for chapter in same)
    proof = dict.fromkeys(proof for chapter in same for sentence in chapter.sentences for proof in sentence.proof)
    told = plain(f"The same as before: {names}.", *proof)
    return Chapter(title="What had not changed", at=same[0].at, sentences=(told,))


def _is_repeated(events: list[Event], earlier: list[list[Event]]) -> bool:
    """Tell whether an arrival brings the same reading of the document once more."""
    received = events[0].exhibit.event
    before = [one[0].exhibit.event for one in earlier]
    return isinstance(received, DocumentReceived) and any(
        isinstance(other, DocumentReceived) and other.analysis == received.analysis for other in before
    )


def _again(dossier: Dossier, events: list[Event]) -> Chapter:
    at = words.millis(events[0].exhibit.read.timestamp_ms)
    decided = [decision for event in events if (decision := decision_on(dossier, event)) is not None]
    stood = f" The decision to {decided[-1].outcome} it stood." if decided else ""
    sent = any(event.stage == "payment" and event.testimony.entry.outcome == "initiated" for event in events) and (
        "No second command was sent.",
    )
    sentences = [
        plain(f"The same bytes were announced again on {at}.", *of_event(events[0])),
        plain(
            f"They went through {words.listed(dict.fromkeys(event.stage for event in events))} again.{stood}",
            *(proof for event in events[1:] for proof in of_event(event)),
        ),
        *(plain(text) for text in sent or ()),
    ]
    return Chapter(title="It came again", at=at, sentences=tuple(sentences))


def _afterwards(events: Sequence[Event], mask: Mask) -> list[Chapter]:
    """Return what the bank said, and who wanted a command back."""
    told: list[Sentence] = []
    for event in events:
        match event.exhibit.event:
            case PaymentStatusReported() as report:
                told += bank(event, report)
            case CancellationRequested() as asked:
                told += wish(event, asked, mask)
    return [Chapter(title="What happened afterwards", sentences=tuple(told))] if told else []


def _proof(walked: Chapter | None, found: Bytes, gaps: tuple[Sentence, ...]) -> Chapter | None:
    """Return how far all this can be proven."""
    stored = {
        "there": "The bytes still lie in the store, and their SHA-256 is the document's name (looked at just now).",
        "erased": "The bytes were erased: their key was destroyed on purpose. The log still proves which they were.",
        "not asked": "Whether the bytes still lie in the store was not looked at.",
    }.get(found)
    sentences = (*(walked.sentences if walked else ()), *((plain(stored),) if stored else ()), *gaps)
    return Chapter(title="How it can be proven", sentences=sentences) if sentences else None


def _releases(dossier: Dossier, running: str) -> Iterator[Sentence]:
    """Yield by which code it was all done."""
    by: dict[str, list[str]] = {}
    for each in dossier.testimonies:
        if each.entry.document_id == dossier.document_id:
            by.setdefault(each.entry.release, []).append(each.entry.stage)
    if len(by) == 1:
        (release,) = by
        here = f"not {running}, which is installed here"
        if release == running:
            here = "the one that is installed here"
        elif release.startswith(f"{running}."):
            here = "made for the code that is installed here"
        yield plain(f"Every step was made by release {release}, {here}.")
    elif by:
        told = (f"{words.listed(dict.fromkeys(stages))} by {release}" for release, stages in by.items())
        yield plain(f"The steps were made by several releases: {'; '.join(told)}. Installed here is {running}.")


def _bytes_alarm(found: Bytes, events: Sequence[Event]) -> Iterator[Sentence]:
    """Yield what is wrong with the bytes; where they were never had, nothing is missing now."""
    if not any(event.stage == "extraction" and event.testimony.entry.outcome == "extracted" for event in events):
        return
    if found == "missing":
        yield alarm("The bytes of the document do not lie where the store keeps them.")
    elif found == "others":
        yield alarm("Other bytes lie where the store keeps the document: their SHA-256 is not its name.")


def _tenant(dossier: Dossier) -> str:
    entries = [t.entry for t in dossier.testimonies if t.entry.document_id == dossier.document_id]
    return entries[0].tenant if entries else "default"
