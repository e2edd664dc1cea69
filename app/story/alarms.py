"""What a story cannot explain. Silence would be the worst answer: each gap is said, and what is wrong is an alarm."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from app.dossier import STAGES, Dossier, Event, Exhibit, Testimony
from app.story import words
from app.story.paying import matches_its_decision
from app.story.reviewing import four_eyes_broken
from app.story.story import Sentence, alarm, of_entry, of_record, plain
from schemas.events import PaymentDecided
from schemas.feedback import FeedbackRecorded
from schemas.payment import PaymentInitiated
from schemas.topics import (
    FEEDBACK_RECORDED,
    INVOICE_EXTRACTED,
    INVOICE_NORMALIZED,
    INVOICE_VALIDATED,
    PAYMENT_DECIDED,
    PAYMENT_INITIATED,
    PAYMENT_ISSUED,
    Topic,
)

WRITTEN_BY_STAGES = (
    INVOICE_EXTRACTED, INVOICE_NORMALIZED, INVOICE_VALIDATED, PAYMENT_DECIDED, PAYMENT_INITIATED, PAYMENT_ISSUED,
    FEEDBACK_RECORDED,
)  # fmt: skip
# What a stage writes in these tells where a digest that stands on no topic must have stood.
_WRITES: dict[str, Topic] = {
    "extraction": INVOICE_EXTRACTED,
    "normalization": INVOICE_NORMALIZED,
    "review": INVOICE_NORMALIZED,
    "validation": INVOICE_VALIDATED,
    "decision": PAYMENT_DECIDED,
    "payment": PAYMENT_ISSUED,
    "issuing": FEEDBACK_RECORDED,
    "settlement": FEEDBACK_RECORDED,
}
# A record that was written so shortly before the newest entry may be on its way still.
ON_ITS_WAY_MS = 60_000
# However long the workers were away: an hour without an answer is a gap that somebody has to look at.
ANSWERED_MS_MAX = 3_600_000


def alarms_of(dossier: Dossier, events: Sequence[Event], now: datetime) -> tuple[Sentence, ...]:
    """Return every alarm; an honest and complete file has none."""
    return (
        *_unexplained(dossier),
        *_unanswered(dossier, now),
        *_vanished(dossier, now),
        *_conflicting_commands(dossier),
        *(
            alarm(f"Two entries of one id say different things ({entry.entry.stage}).", of_entry(entry))
            for entry in dossier.contradicting()
        ),
        *(alarm(text) for text in matches_its_decision(dossier)),
        *four_eyes_broken(dossier),
        *_contradicted(events),
        *(
            alarm(f"The record at {each.where} cannot be read as what its topic holds.", of_record(each))
            for each in dossier.exhibits
            if each.event is None and dossier.entry_on(each) is None
        ),
    )


def gaps_of(dossier: Dossier, now: datetime) -> tuple[Sentence, ...]:
    """Return what is not told because its record is no longer kept: no alarm, and said all the same."""
    gone = [entry for entry, topic in _gone(dossier) if _is_over(entry, topic, now)]
    if not gone:
        return ()
    stages = words.listed(dict.fromkeys(each.entry.stage for each in gone))
    text = (
        f"Records that {stages} wrote are not kept any longer. "
        "The log still has their digests; who has a copy can prove it by them."
    )
    return (plain(text, *(of_entry(each) for each in gone)),)


def _unexplained(dossier: Dossier) -> Iterator[Sentence]:
    """Yield the records that only stages write, and that no entry says to have been written."""
    for topic in WRITTEN_BY_STAGES:
        for each in dossier.own(topic):
            if _is_learned_from_records(each):
                continue
            if not dossier.entries_writing(each.digest) and not _is_told_again(dossier, each):
                yield alarm(f"No entry explains the record at {each.where}.", of_record(each))


def _is_learned_from_records(exhibit: Exhibit) -> bool:
    """Tell whether it is a lesson that the quality loop draws from records that stand on other topics, not a stage."""
    event = exhibit.event
    return isinstance(event, FeedbackRecorded) and event.source not in {"review", "settlement"}


def _is_told_again(dossier: Dossier, exhibit: Exhibit) -> bool:
    """Tell whether it repeats a decision that an entry explains, for a later cause with another correlation id."""
    event = exhibit.event
    return isinstance(event, PaymentDecided) and any(
        isinstance(other.event, PaymentDecided)
        and other.event.decision == event.decision
        and dossier.entries_writing(other.digest)
        for other in dossier.own(PAYMENT_DECIDED)
    )


def _unanswered(dossier: Dossier, now: datetime) -> Iterator[Sentence]:
    """Yield the records that a stage should have dealt with long ago. One that was sent home has a twin there."""
    newest = max((each.exhibit.read.timestamp_ms for each in dossier.testimonies), default=0)
    due_ms = max(newest - ON_ITS_WAY_MS, now.timestamp() * 1000 - ANSWERED_MS_MAX)
    for topic in dict.fromkeys(STAGES.values()):
        answered = {each.digest for each in dossier.own(topic) if dossier.entry_on(each)}
        for each in dossier.own(topic):
            if each.digest in answered:
                continue
            if each.read.timestamp_ms < due_ms:
                yield alarm(f"No entry says what became of the record at {each.where}.", of_record(each))


def _vanished(dossier: Dossier, now: datetime) -> Iterator[Sentence]:
    """Yield the entries whose records should still be there."""
    for entry, topic in _gone(dossier):
        if not _is_over(entry, topic, now):
            text = f"{entry.entry.stage} wrote a record that does not stand on {topic.name}, where it should."
            yield alarm(text, of_entry(entry))
    for sent in dossier.testimonies:
        said = sent.entry
        if said.stage == "payment" and said.outcome == "initiated" and said.document_id == dossier.document_id:
            stands = any(command.digest in said.written for command in dossier.own(PAYMENT_INITIATED))
            if not stands:
                text = f"The log says that {said.command_id} was sent, and the topic has no such command."
                yield alarm(text, of_entry(sent))


def _gone(dossier: Dossier) -> Iterator[tuple[Testimony, Topic]]:
    """Yield the entries on this document of which a written record stands nowhere, and the topic that it was on."""
    for each in dossier.testimonies:
        topic = _WRITES.get(each.entry.stage)
        if each.entry.document_id != dossier.document_id or topic is None:
            continue
        if any(dossier.of_digest(name) is None for name in each.entry.written):
            yield each, topic


def _is_over(entry: Testimony, topic: Topic, now: datetime) -> bool:
    """Tell whether the time is over for which a topic keeps its records."""
    age_ms = now.timestamp() * 1000 - entry.exhibit.read.timestamp_ms
    return 0 <= topic.retention_ms < age_ms


def _conflicting_commands(dossier: Dossier) -> Iterator[Sentence]:
    """Yield the alarm of the consumer rule: one command id, two sets of bytes."""
    for command in sorted(dossier.command_ids):
        same = [
            each
            for each in dossier.exhibits
            if isinstance(each.event, PaymentInitiated) and each.event.command_id == command
        ]
        if len({each.digest for each in same}) > 1:
            yield alarm(f"Two records of command {command} have different bytes.", *map(of_record, same))


def _contradicted(events: Sequence[Event]) -> Iterator[Sentence]:
    for event in events:
        if event.own and event.stage == "settlement" and event.testimony.entry.outcome == "contradiction":
            yield alarm(
                "The bank contradicts what it said before; somebody has to ask.",
                of_record(event.exhibit),
                of_entry(event.testimony),
            )
