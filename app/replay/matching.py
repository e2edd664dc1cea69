"""What a stage wrote now against what it wrote then: bytes first, members where bytes differ."""

from collections.abc import Iterator

from agents.effects import Outgoing
from app.dossier import Dossier, Exhibit, Testimony
from app.replay.bench import Ran
from app.replay.comparing import differences
from app.replay.report import Difference, Step
from schemas.identifiers import digest

# A record as a whole, where one of the two sides has none.
WHOLE = "(record)"


def compare(dossier: Dossier, testimony: Testimony, ran: Ran, step: Step) -> Step:
    """Return the step with its verdict."""
    now = {digest(record.value or b""): record for record in ran.written}
    found = [difference for record in ran.written for difference in _record(dossier, testimony, record)]
    recorded, replayed = testimony.exhibit.read.value, ran.entry.value if ran.entry else None
    if recorded != replayed:  # an equal entry names equal bytes, those that stood there already among them
        found += _missing(dossier, testimony, now)
    told = [
        Difference(record=testimony.exhibit.where, member=member, recorded=then, replayed=today)
        for member, then, today in differences(recorded, replayed)
        if not (found and member.startswith("written"))  # those follow from the records' own differences
    ]
    gone = tuple(
        record.topic
        for name, record in now.items()
        if name in testimony.entry.written and dossier.of_digest(name) is None and _counterpart(dossier, record) is None
    )
    equal = sum(name in testimony.entry.written for name in now) + (recorded == replayed)
    return step.model_copy(
        update={
            "verdict": "differs" if found or told else "equal",
            "records_equal": equal,
            "gone": gone,
            "differences": (*found, *told),
        }
    )


def _record(dossier: Dossier, testimony: Testimony, record: Outgoing) -> Iterator[Difference]:
    """Yield how a record differs from the one that stands on its topic."""
    name = digest(record.value or b"")
    if dossier.of_digest(name) is not None:
        return
    stands = _counterpart(dossier, record) or _named(dossier, testimony, record)
    if stands is not None:
        for member, then, today in differences(stands.read.value, record.value):
            yield Difference(record=stands.where, member=member, recorded=then, replayed=today)
    elif name not in testimony.entry.written:
        yield Difference(record=record.topic, member=WHOLE, recorded="(none)", replayed="written")


def _counterpart(dossier: Dossier, record: Outgoing) -> Exhibit | None:
    """Return the record on the topic that is the same effect of the same cause: its event id says so."""
    event_id = record.headers["ce_id"].decode()
    return next(
        (each for each in dossier.exhibits if each.topic.name == record.topic and each.header("ce_id") == event_id),
        None,
    )


def _named(dossier: Dossier, testimony: Testimony, record: Outgoing) -> Exhibit | None:
    """Return the record of that topic that the entry says to have been written, under whatever event id."""
    written = (dossier.of_digest(name) for name in testimony.entry.written)
    return next((each for each in written if each is not None and each.topic.name == record.topic), None)


def _missing(dossier: Dossier, testimony: Testimony, now: dict[str, Outgoing]) -> list[Difference]:
    """Return what was written then and does not come out now, in any form."""
    topics = {record.topic for record in now.values()}
    found = []
    for name in testimony.entry.written:
        stands = dossier.of_digest(name)
        if name in now or (stands is not None and stands.topic.name in topics) or (stands is None and now):
            continue
        where = name if stands is None else stands.where
        found.append(Difference(record=where, member=WHOLE, recorded="written", replayed="(none)"))
    return found
