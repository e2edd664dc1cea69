"""Reads the topics for what concerns one document. They are the truth; no API and no database is needed."""

from collections.abc import AsyncIterator, Collection, Iterable, Iterator

from app.dossier.dossier import Dossier, related
from app.dossier.exhibit import Exhibit, exhibit_of
from app.dossier.index import Index, names_in
from app.dossier.reading import TopicsReader, read_of
from app.readmodel.record import Read
from app.settings import Settings
from app.snapshot import read_to_end
from schemas.audit import AuditEntry
from schemas.identifiers import digest
from schemas.topics import AUDIT_ENTRY, DOCUMENT_STATUS, PAYMENT_INITIATED, RELEASE_CHANGED, SUPPLIER_CHANGED, TOPICS

# What is kept for ever, or compacted, knows the keys of a document whose other records may be gone.
_LASTING = (AUDIT_ENTRY, DOCUMENT_STATUS, PAYMENT_INITIATED)
_READ = tuple(topic for topic in TOPICS if topic not in {SUPPLIER_CHANGED, RELEASE_CHANGED})
_PASSING = tuple(topic for topic in _READ if topic not in _LASTING)
# So far the clock of who wrote a record may be behind the one that its entry goes by. More is found out by the digests.
CLOCKS_APART_MS = 3600 * 1000


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

    The lasting topics are read twice: first for the documents' keys and commands, then for what names those. The others
    are read from the moment on at which the first of these records was written, and whole where a record that an entry
    names is not found so: it may be gone, or a clock was wrong.

    Raises:
        TopicSilent, aiokafka.errors.KafkaError: as `collect`.
    """
    wanted, found = frozenset(document_ids), Index()
    async with TopicsReader(settings, [topic.name for topic in _LASTING]) as lasting:
        first = Index([read async for read in lasting.whole(wanted) if not wanted.isdisjoint(names_in(read))])
        names = wanted.union(*(related(document, first.naming([document])) for document in wanted))
        kept = [read async for read in lasting.whole(names) if not names.isdisjoint(names_in(read))]
    for read in (*kept, *await _passing(settings, names, kept)):
        found.add(read)
    return found


async def _passing(settings: Settings, names: frozenset[str], kept: Iterable[Read]) -> list[Read]:
    entries = list(_entries(kept))
    begin = _begin_ms(entries)
    async with TopicsReader(settings, [topic.name for topic in _PASSING]) as passing:
        if begin is None:
            return [read async for read in passing.whole(names) if not names.isdisjoint(names_in(read))]
        later = [read async for read in passing.since(names, begin) if not names.isdisjoint(names_in(read))]
        if not _missing(entries, (*kept, *later)):
            return later
        return later + [read async for read in passing.before(names, begin) if not names.isdisjoint(names_in(read))]


def _entries(reads: Iterable[Read]) -> Iterator[AuditEntry]:
    for read in reads:
        if read.topic == AUDIT_ENTRY.name and isinstance(entry := exhibit_of(read).event, AuditEntry):
            yield entry


def _begin_ms(entries: Iterable[AuditEntry]) -> int | None:
    """Return from when on there can be records; None where no entry says anything."""
    times = [entry.event_time.timestamp() for entry in entries]
    return int(min(times) * 1000) - CLOCKS_APART_MS if times else None


def _missing(entries: Iterable[AuditEntry], reads: Iterable[Read]) -> bool:
    """Tell whether entries name records that were not found."""
    there = {digest(read.value or b"") for read in reads}
    return any(not there.issuperset((*entry.read, *entry.written)) for entry in entries)


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
