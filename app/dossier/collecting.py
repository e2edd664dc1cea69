"""Reads the topics for what concerns one document. They are the truth; no API and no database is needed."""

from collections.abc import AsyncIterator, Collection

from aiokafka import ConsumerRecord

from app.dossier.dossier import Dossier, related
from app.dossier.exhibit import Exhibit, exhibit_of
from app.dossier.index import Index, names_in
from app.readmodel.record import Read
from app.settings import Settings
from app.snapshot import read_to_end
from schemas.topics import AUDIT_ENTRY, DOCUMENT_STATUS, PAYMENT_INITIATED, RELEASE_CHANGED, SUPPLIER_CHANGED, TOPICS

# What is kept for ever, or compacted, knows the keys of a document whose other records may be gone.
_LASTING = (AUDIT_ENTRY, DOCUMENT_STATUS, PAYMENT_INITIATED)
_READ = tuple(topic for topic in TOPICS if topic not in {SUPPLIER_CHANGED, RELEASE_CHANGED})


async def collect(settings: Settings, document_id: str) -> Dossier:
    """Return the file on a document.

    Raises:
        DocumentUnknown: where no record names the document.
        TopicSilent: where a topic is missing or its end is not reached.
        aiokafka.errors.KafkaError: where no broker can be reached.
    """
    index = await collect_records(settings, {document_id})
    return Dossier.of(document_id, index, await read_suppliers(settings), await read_releases(settings))


async def collect_records(settings: Settings, document_ids: Collection[str]) -> Index:
    """Return the records that concern documents, by the ids that they name.

    The lasting topics are read twice: first for the documents' keys and commands, then for what names those.

    Raises:
        TopicSilent, aiokafka.errors.KafkaError: as `collect`.
    """
    wanted, first = frozenset(document_ids), Index()
    for topic in _LASTING:
        async for read in read_topic(settings, topic.name):
            if not wanted.isdisjoint(names_in(read)):
                first.add(read)
    names = wanted.union(*(related(document, first.naming([document])) for document in wanted))
    found = Index()
    for topic in _READ:
        async for read in read_topic(settings, topic.name):
            if not names.isdisjoint(names_in(read)):
                found.add(read)
    return found


async def read_everything(settings: Settings) -> tuple[Index, tuple[Exhibit, ...]]:
    """Return all records by the ids that they name, and the reference data: for many documents at once.

    Raises:
        TopicSilent, aiokafka.errors.KafkaError: as `collect`.
    """
    index = Index()
    for topic in _READ:
        async for read in read_topic(settings, topic.name):
            index.add(read)
    return index, await read_suppliers(settings)


async def read_suppliers(settings: Settings) -> tuple[Exhibit, ...]:
    """Return every state of every supplier that still stands on the topic, in its order."""
    return tuple([exhibit_of(read) async for read in read_topic(settings, SUPPLIER_CHANGED.name)])


async def read_releases(settings: Settings) -> tuple[Exhibit, ...]:
    """Return every record of every release that still stands on the topic, in its order."""
    return tuple([exhibit_of(read) async for read in read_topic(settings, RELEASE_CHANGED.name)])


async def read_topic(settings: Settings, topic: str) -> AsyncIterator[Read]:
    """Yield every record that stands on a topic now.

    Raises:
        TopicSilent, aiokafka.errors.KafkaError: as `collect`.
    """
    async for record in read_to_end(settings, topic):
        yield read_of(record)


def read_of(record: ConsumerRecord) -> Read:
    """Return a record of the client as the projection and the dossiers know it."""
    return Read(
        record.topic,
        record.partition,
        record.offset,
        record.value,
        record.key,
        record.timestamp,
        {name: value for name, value in record.headers if value is not None},
    )
