"""One record as evidence: its bytes, what they say, and whose it is."""

from dataclasses import dataclass
from functools import cached_property

from pydantic import BaseModel

from app.readmodel.record import Read
from schemas.audit import AuditEntry
from schemas.codec import Undecodable, decode
from schemas.events import InvoiceExtracted, InvoiceNormalized, InvoiceValidated, PaymentDecided
from schemas.identifiers import digest
from schemas.topics import TOPICS, Topic

_BY_NAME = {topic.name: topic for topic in TOPICS}


@dataclass(frozen=True)
class Exhibit:
    """A record of one topic. `event` is None where the bytes are no record of the topic's type."""

    read: Read
    topic: Topic
    event: BaseModel | None

    @cached_property
    def digest(self) -> str:
        """Return the digest by which audit entries name the record."""
        return digest(self.read.value or b"")

    @property
    def where(self) -> str:
        """Return topic, partition and offset, as the stages write it into an entry's id."""
        return f"{self.read.topic}/{self.read.partition}/{self.read.offset}"

    @cached_property
    def document_id(self) -> str | None:
        """Return the document that the record is about; None where it names none (a bank's report)."""
        match self.event:
            case InvoiceExtracted(received=received) | InvoiceNormalized(received=received):
                return received.document_id
            case InvoiceValidated(normalized=normalized):
                return normalized.document_id
            case PaymentDecided(decision=decision):
                return decision.document_id
        found = getattr(self.event, "document_id", None)
        return found if isinstance(found, str) else None

    def header(self, name: str) -> str | None:
        """Return a header's text, None where there is none."""
        value = self.read.headers.get(name)
        return None if value is None else value.decode(errors="replace")


@dataclass(frozen=True)
class Testimony:
    """An audit entry and the record that carries it."""

    exhibit: Exhibit
    entry: AuditEntry


def exhibit_of(read: Read) -> Exhibit:
    """Return the record as evidence. Bytes that cannot be read are evidence as well."""
    topic = _BY_NAME[read.topic]
    try:
        return Exhibit(read, topic, decode(read.value, topic.event))
    except Undecodable:
        return Exhibit(read, topic, None)
