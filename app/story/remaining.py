"""What can still be told when records are no longer kept: the log's own words, and the commands, which stay."""

from collections.abc import Iterator, Sequence

from app.dossier import Dossier, Event, Testimony
from app.story import words
from app.story.masking import Mask
from app.story.paying import command
from app.story.story import Chapter, Sentence, of_entry, of_record, plain, point
from schemas.payment import PaymentInitiated
from schemas.topics import PAYMENT_INITIATED


def remaining(dossier: Dossier, events: Sequence[Event], mask: Mask) -> Iterator[Chapter]:
    """Yield a chapter of the entries whose records are gone, and one of each command whose decision is."""
    told = {event.testimony.entry.entry_id for event in events}
    left = {
        each.entry.entry_id: each
        for each in reversed(dossier.testimonies)
        if each.entry.entry_id not in told and _concerns(dossier, each)
    }
    if left:
        lead = plain("Of these steps the log alone is left. It names the bytes that each read and wrote:")
        yield Chapter(title="What the log still says", sentences=(lead, *map(_step, reversed(left.values()))))
        yield from _commands(dossier, events, mask)


def _concerns(dossier: Dossier, testimony: Testimony) -> bool:
    entry = testimony.entry
    return entry.document_id == dossier.document_id or (
        entry.document_id is None and entry.command_id in dossier.command_ids
    )


def _step(testimony: Testimony) -> Sentence:
    entry = testimony.entry
    who = "" if entry.actor.startswith("stage:") else f", by {entry.actor}"
    why = f" ({words.listed(entry.reasons)})" if entry.reasons else ""
    at = words.millis(testimony.exhibit.read.timestamp_ms)
    wrote = f"; wrote {words.listed(map(words.short, entry.written))}" if entry.written else ""
    read = words.listed(map(words.short, entry.read))
    return point(f"{at}, {entry.stage}: {entry.outcome}{why}{who}; read {read}{wrote}", of_entry(testimony))


def _commands(dossier: Dossier, events: Sequence[Event], mask: Mask) -> Iterator[Chapter]:
    written = {digest for event in events if event.stage == "payment" for digest in event.testimony.entry.written}
    first: dict[str, PaymentInitiated] = {}
    for each in dossier.own(PAYMENT_INITIATED):
        sent = each.event
        if each.digest in written or not isinstance(sent, PaymentInitiated) or sent.command_id in first:
            continue
        first[sent.command_id] = sent
        sentences = tuple(command(sent, mask, (of_record(each),)))
        yield Chapter(title="What was sent", at=words.millis(each.read.timestamp_ms), sentences=sentences)
