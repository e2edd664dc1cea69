"""What concerns one supplier: its states in the reference data, and every document that was taken for one of its."""

from dataclasses import dataclass

from app.dossier import (
    Dossier,
    Exhibit,
    collect_records,
    exhibit_of,
    names_in,
    read_suppliers,
    read_topic,
)
from app.readmodel.record import Read
from app.settings import Settings
from app.supplier_data.recognised import NAMING, recognised
from schemas.topics import READ_BY_STAGES


class SupplierUnknown(Exception):  # noqa: N818 - it says what is wrong
    """Neither the reference data nor any document names the supplier."""


@dataclass(frozen=True)
class SupplierData:
    """What is held: `changes` are the supplier's states, `letters` the dead letters that name one of its documents."""

    supplier_id: str
    changes: tuple[Exhibit, ...]
    dossiers: tuple[Dossier, ...]
    letters: tuple[Read, ...]

    def records(self) -> tuple[Read, ...]:
        """Return every record once; those of others who claim to be the same invoice are not this supplier's."""
        found = [change.read for change in self.changes]
        for dossier in self.dossiers:
            found += [exhibit.read for exhibit in own_records(dossier)]
        return tuple({(read.topic, read.partition, read.offset): read for read in (*found, *self.letters)}.values())


def own_records(dossier: Dossier) -> tuple[Exhibit, ...]:
    """Return the records and audit entries that are about the document itself, or a command that pays it."""

    def is_own(document: str | None, command: str | None) -> bool:
        return document == dossier.document_id or (document is None and command in dossier.command_ids)

    records = [e for e in dossier.exhibits if is_own(e.document_id, getattr(e.event, "command_id", None))]
    entries = [t.exhibit for t in dossier.testimonies if is_own(t.entry.document_id, t.entry.command_id)]
    return (*records, *entries)


async def find_data(settings: Settings, supplier_id: str) -> SupplierData:
    """Read everything that concerns a supplier from the topics.

    Raises:
        SupplierUnknown: where nothing does.
        TopicSilent: where a topic is missing or its end is not reached.
        aiokafka.errors.KafkaError: where no broker can be reached.
    """
    suppliers = await read_suppliers(settings)
    changes = tuple(each for each in suppliers if each.read.key == supplier_id.encode())
    documents = sorted(await _documents(settings, supplier_id))
    if not changes and not documents:
        raise SupplierUnknown(f"nothing is held on a supplier {supplier_id!r}")
    index = await collect_records(settings, documents)
    dossiers = tuple(Dossier.of(document, index, suppliers) for document in documents)
    return SupplierData(supplier_id, changes, dossiers, await _letters(settings, frozenset(documents)))


async def _documents(settings: Settings, supplier_id: str) -> set[str]:
    found = set()
    for topic in NAMING:
        async for read in read_topic(settings, topic.name):
            if supplier_id.encode() not in (read.value or b""):
                continue
            exhibit = exhibit_of(read)
            claim = recognised(exhibit)
            if exhibit.document_id is not None and claim is not None and claim.supplier_id == supplier_id:
                found.add(exhibit.document_id)
    return found


async def _letters(settings: Settings, documents: frozenset[str]) -> tuple[Read, ...]:
    return tuple(
        [
            read
            for topic in READ_BY_STAGES
            async for read in read_topic(settings, topic.dead)
            if not documents.isdisjoint(names_in(read))
        ]
    )
