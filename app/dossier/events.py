"""What the stages have dealt with, in the order of the audit log, and which event led to which.

The log's order is the order of the work: a stage writes its entry before the next event of the same key begins, and all
entries of a tenant lie in one partition.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.dossier.dossier import STAGES, Dossier
from app.dossier.exhibit import Exhibit, Testimony
from schemas.identifiers import record_id

# These remember, so that other documents of the same invoice have a part in what they do.
REMEMBERING_STAGES = frozenset({"decision", "review", "payment", "issuing", "settlement", "cancellation"})


@dataclass(frozen=True)
class Event:
    """One record that a stage has dealt with. `own`: about the file's own document, not another of its invoice."""

    stage: str
    exhibit: Exhibit
    testimony: Testimony
    own: bool

    def effects(self, among: Iterable[Exhibit]) -> tuple[Exhibit, ...]:
        """Return the records that this event led to: their ids follow from it (agents/waves.py)."""
        place = f"{self.exhibit.where}/{self.exhibit.digest}"

        def is_effect(each: Exhibit) -> bool:
            key = (each.read.key or b"").decode(errors="replace")
            return each.header("ce_id") == record_id(self.stage, place, each.topic.name, key)

        return tuple(each for each in among if is_effect(each))


def events_of(dossier: Dossier) -> tuple[Event, ...]:
    """Return what the stages have dealt with; of other documents only what has a part in this one."""
    own = {each.where for topic in set(STAGES.values()) for each in dossier.own(topic)}
    place = {testimony.exhibit.where: number for number, testimony in enumerate(dossier.testimonies)}
    found = []
    for stage, topic in STAGES.items():
        for exhibit in dossier.exhibits:
            if exhibit.topic is not topic or (testimony := dossier.entry_on(exhibit)) is None:
                continue
            is_own = exhibit.where in own or testimony.entry.document_id == dossier.document_id
            if is_own or stage in REMEMBERING_STAGES:
                found.append(Event(stage, exhibit, testimony, is_own))
    return tuple(sorted(found, key=lambda event: place[event.testimony.exhibit.where]))


def roots(dossier: Dossier, events: Iterable[Event]) -> Mapping[str, str]:
    """Return, by the place of each event's record, the place of what began it: an arrival, or a person's act."""
    began: dict[str, str] = {}
    for event in events:
        root = began.setdefault(event.exhibit.where, event.exhibit.where)
        for effect in event.effects(dossier.exhibits):
            began.setdefault(effect.where, root)
    return began
