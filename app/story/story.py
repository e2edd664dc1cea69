"""What a story is made of."""

from typing import Literal

from app.dossier import Event, Exhibit, Testimony
from schemas.base import Record


class Proof(Record):
    """A record that a sentence rests on: where it stands, and the SHA-256 of its bytes."""

    kind: Literal["record", "entry"]
    place: str
    digest: str


class Sentence(Record):
    """One statement. `weight` tells how it is set: plain, a point of a list, or an alarm."""

    text: str
    proof: tuple[Proof, ...] = ()
    weight: Literal["plain", "point", "alarm"] = "plain"


class Chapter(Record):
    """Some sentences under a heading. `at` is when it happened, in readable form; empty where it spans time."""

    title: str
    at: str = ""
    sentences: tuple[Sentence, ...]


class Story(Record):
    """The whole of it. `alarms` are what cannot be explained; an honest story has none."""

    document_id: str
    tenant: str
    headline: str
    chapters: tuple[Chapter, ...]
    alarms: tuple[Sentence, ...] = ()


def of_event(event: Event) -> tuple[Proof, ...]:
    """Return the record that a stage read, and what the audit log says of it."""
    return (of_record(event.exhibit), of_entry(event.testimony))


def of_record(exhibit: Exhibit) -> Proof:
    """Return a record as a proof."""
    return Proof(kind="record", place=exhibit.where, digest=exhibit.digest)


def of_entry(testimony: Testimony) -> Proof:
    """Return an audit entry as a proof."""
    return Proof(kind="entry", place=testimony.exhibit.where, digest=testimony.exhibit.digest)


def plain(text: str, *proof: Proof) -> Sentence:
    """Return a sentence."""
    return Sentence(text=text, proof=proof)


def point(text: str, *proof: Proof) -> Sentence:
    """Return a point of a list."""
    return Sentence(text=text, proof=proof, weight="point")


def alarm(text: str, *proof: Proof) -> Sentence:
    """Return what must not be."""
    return Sentence(text=text, proof=proof, weight="alarm")
