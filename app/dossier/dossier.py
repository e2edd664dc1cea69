"""The file on one document. Pure: what it is made of was read before."""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from app.dossier.exhibit import Exhibit, Testimony, exhibit_of
from app.dossier.index import Index
from app.readmodel.record import Read
from schemas.audit import AuditEntry
from schemas.events import InvoiceNormalized
from schemas.identifiers import record_id
from schemas.payment import PaymentInitiated
from schemas.topics import (
    AUDIT_ENTRY,
    DOCUMENT_RECEIVED,
    INVOICE_EXTRACTED,
    INVOICE_NORMALIZED,
    INVOICE_VALIDATED,
    PAYMENT_CANCELLATION,
    PAYMENT_DECIDED,
    PAYMENT_ISSUED,
    PAYMENT_STATUS,
    RELEASE_CHANGED,
    REVIEW_SUBMITTED,
    SUPPLIER_CHANGED,
    Topic,
)

# What each stage reads.
STAGES: Mapping[str, Topic] = {
    "extraction": DOCUMENT_RECEIVED,
    "normalization": INVOICE_EXTRACTED,
    "validation": INVOICE_NORMALIZED,
    "decision": INVOICE_VALIDATED,
    "review": REVIEW_SUBMITTED,
    "payment": PAYMENT_DECIDED,
    "issuing": PAYMENT_ISSUED,
    "settlement": PAYMENT_STATUS,
    "cancellation": PAYMENT_CANCELLATION,
}
# What is about no document, and so in the file of each.
_OF_ALL = frozenset({SUPPLIER_CHANGED.name, RELEASE_CHANGED.name})
_READ_BY = {topic.name: stage for stage, topic in STAGES.items()}


class DocumentUnknown(Exception):  # noqa: N818 - it says what is wrong
    """No record and no audit entry names the document."""


@dataclass(frozen=True)
class Dossier:
    """Everything that the topics hold about one document.

    `exhibits` are the records of every topic but the audit's, the suppliers' and the releases', oldest first; those of
    other documents are among them where they claim to be the same invoice. `testimonies` are the audit entries in the
    order in which they were written, each repetition too. `suppliers` is all reference data, in the order of its topic,
    and `releases` what stands on theirs.
    """

    document_id: str
    exhibits: tuple[Exhibit, ...]
    testimonies: tuple[Testimony, ...]
    suppliers: tuple[Exhibit, ...] = ()
    releases: tuple[Exhibit, ...] = ()

    @classmethod
    def of(
        cls, document_id: str, index: Index, suppliers: Sequence[Exhibit] = (), releases: Sequence[Exhibit] = ()
    ) -> "Dossier":
        """Return the file on a document, from records of which every one that names it is in the index.

        Raises:
            DocumentUnknown: where none does.
        """
        names = related(document_id, index.naming([document_id]))
        return cls.from_reads(document_id, index.naming(names), suppliers, releases)

    @classmethod
    def from_reads(
        cls,
        document_id: str,
        reads: Iterable[Read],
        suppliers: Sequence[Exhibit] = (),
        releases: Sequence[Exhibit] = (),
    ) -> "Dossier":
        """Return the file made of these records.

        Raises:
            DocumentUnknown: where nothing is about the document.
        """
        found = in_order(exhibit_of(read) for read in reads if read.topic not in _OF_ALL)
        entries = tuple(Testimony(each, each.event) for each in found if isinstance(each.event, AuditEntry))
        exhibits = tuple(each for each in found if each.topic is not AUDIT_ENTRY)
        if not any(each.document_id == document_id for each in exhibits) and not any(
            each.entry.document_id == document_id for each in entries
        ):
            raise DocumentUnknown(f"nothing on the topics is about {document_id}")
        return cls(document_id, exhibits, entries, tuple(suppliers), tuple(releases))

    def own(self, topic: Topic) -> tuple[Exhibit, ...]:
        """Return the records of a topic that are about this document, or about a command that pays it."""
        commands = self.command_ids
        return tuple(
            each
            for each in self.exhibits
            if each.topic is topic
            and (
                each.document_id == self.document_id
                or (each.document_id is None and getattr(each.event, "command_id", None) in commands)
            )
        )

    @cached_property
    def command_ids(self) -> frozenset[str]:
        """Return the ids of the commands that pay this document."""
        return frozenset(
            each.event.command_id
            for each in self.exhibits
            if isinstance(each.event, PaymentInitiated) and each.event.document_id == self.document_id
        )

    @property
    def invoice_keys(self) -> tuple[str, ...]:
        """Return the InvoiceKeys that the document has had, in order."""
        normalized = (each.event for each in self.own(INVOICE_NORMALIZED))
        stated = [event.invoice_key for event in normalized if isinstance(event, InvoiceNormalized)]
        told = [t.entry.invoice_key for t in self.testimonies if t.entry.document_id == self.document_id]
        return tuple(dict.fromkeys(key for key in (*stated, *told) if key))

    def of_digest(self, wanted: str) -> Exhibit | None:
        """Return the first record with these bytes, or None where it stands on no topic (any more)."""
        return next((each for each in self.exhibits if each.digest == wanted), None)

    def entry_on(self, exhibit: Exhibit) -> Testimony | None:
        """Return what the stage that reads a record said of it, or None where it said nothing."""
        stage = _READ_BY.get(exhibit.topic.name)
        if stage is None:
            return None
        wanted = record_id("audit", stage, f"{exhibit.where}/{exhibit.digest}")
        return next(iter(self._by_entry_id.get(wanted, ())), None)

    def entries_writing(self, digest: str) -> tuple[Testimony, ...]:
        """Return the entries that say that these bytes were written."""
        return tuple(each for each in self.testimonies if digest in each.entry.written)

    def contradicting(self) -> tuple[Testimony, ...]:
        """Return entries that say something else than the first one of the same id."""
        return tuple(
            each
            for same in self._by_entry_id.values()
            for each in same[1:]
            if each.exhibit.digest != same[0].exhibit.digest
        )

    @cached_property
    def _by_entry_id(self) -> Mapping[str, list[Testimony]]:
        found: defaultdict[str, list[Testimony]] = defaultdict(list)
        for each in self.testimonies:
            found[each.entry.entry_id].append(each)
        return found


def in_order(exhibits: Iterable[Exhibit]) -> list[Exhibit]:
    """Return records as they came: those of one partition by their offsets, whatever clocks say; others by time."""
    partitions: defaultdict[tuple[str, int], list[Exhibit]] = defaultdict(list)
    for each in sorted(exhibits, key=lambda each: each.read.offset):
        partitions[each.topic.name, each.read.partition].append(each)
    in_turn = (partitions[place] for place in sorted(partitions))
    return list(heapq.merge(*in_turn, key=lambda each: each.read.timestamp_ms))


def related(document_id: str, reads: Iterable[Read]) -> frozenset[str]:
    """Return the ids that a document's file must be searched by: itself, its InvoiceKeys and its commands."""
    names = {document_id}
    for exhibit in map(exhibit_of, reads):
        if exhibit.document_id != document_id:
            continue
        event: object = getattr(exhibit.event, "decision", None) or getattr(exhibit.event, "normalized", exhibit.event)
        for member in ("invoice_key", "command_id"):
            if isinstance(value := getattr(event, member, None), str):
                names.add(value)
        names.update(getattr(event, "command_ids", ()))
    return frozenset(names)
