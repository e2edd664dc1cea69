"""What an erasure takes, what it leaves to others, what it says of the rest; and what is told of the document then."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.api.problems import problem_of
from app.documents import DocumentErased, DocumentsConfig, DocumentStore, KeyFolder, open_documents
from app.dossier import exhibit_of
from app.extraction import StoredDocuments
from app.local.samples import Sample
from app.replay import Readers, replay
from app.replay.readers import erasable
from app.story import render as render_story
from app.story import tell
from app.supplier_data import (
    Claiming,
    Erased,
    SupplierData,
    SupplierUnknown,
    entry_of,
    erase,
    render,
    tenant_of,
    write_data,
)
from app.supplier_data.remaining import Keeping, remains_of
from schemas.events import DocumentReceived, InvoiceValidated
from schemas.topics import AUDIT_ENTRY, DOCUMENT_RECEIVED, INVOICE_VALIDATED, PAYMENT_INITIATED, SUPPLIER_CHANGED
from tests.app.replay.world import RELEASE, World
from tests.app.supplier_data.test_writing import scene

DAY_MS = 24 * 3600 * 1000
WORK = Keeping(is_compacted=False, retention_ms=14 * DAY_MS, segment_ms=7 * DAY_MS)
EVER = Keeping(is_compacted=False, retention_ms=-1, segment_ms=7 * DAY_MS)
COMPACTED = Keeping(is_compacted=True, retention_ms=-1, segment_ms=7 * DAY_MS)


class Scene:
    """Two documents of FR-001 and one of DE-001, decided, their bytes in a store under keys."""

    def __init__(self, world: World, own: list[Sample], other: Sample, keys: KeyFolder, store: DocumentStore) -> None:
        self.world, self.own, self.other, self.keys, self.store = world, own, other, keys, store

    def data(self, supplier_id: str = "FR-001", samples: list[Sample] | None = None) -> SupplierData:
        changes = tuple(
            exhibit_of(read)
            for read in self.world.reads
            if read.topic == SUPPLIER_CHANGED.name and read.key == supplier_id.encode()
        )
        dossiers = tuple(self.world.dossier(sample) for sample in (samples or self.own))
        return SupplierData(supplier_id, changes, dossiers, ())

    def erase(self, data: SupplierData | None, supplier_id: str = "FR-001") -> Erased:
        return erase(self.keys, supplier_id, data, self.world.now, "dpo@example.com")

    async def fetched(self, sample: Sample) -> bytes:
        return await self.store.fetch(str(self.store.locate(sample.document_id)), sample.document_id)

    def follow(self) -> None:
        """Let the API's follower take down whose documents they are."""
        Claiming({}, self.keys).take(self.world.reads)


@pytest.fixture
async def decided(tmp_path: Path) -> AsyncIterator[Scene]:
    world, own = await scene()
    other = next(sample for sample in world.samples.samples if sample.supplier_id == "DE-001")
    keys = KeyFolder(tmp_path / "keys")
    keys.create()
    config = DocumentsConfig(location=f"file://{tmp_path}/store", keys=tmp_path / "keys")
    async with open_documents(config) as store:
        for sample in (*own, other):
            await store.put(sample.content, sample.media_type)
        yield Scene(world, own, other, keys, store)


class TestWhatIsTaken:
    async def test_the_documents_of_the_supplier_and_no_others(self, decided: Scene) -> None:
        erased = decided.erase(decided.data())
        assert set(erased.documents) == {sample.document_id for sample in decided.own}
        assert not erased.in_clear
        assert not erased.of_others
        for sample in decided.own:
            with pytest.raises(DocumentErased):
                await decided.fetched(sample)
        assert await decided.fetched(decided.other) == decided.other.content

    async def test_what_the_topics_have_forgotten_was_taken_down_before(self, decided: Scene) -> None:
        decided.follow()
        erased = decided.erase(None)
        assert set(erased.documents) == {sample.document_id for sample in decided.own}
        assert await decided.fetched(decided.other) == decided.other.content

    async def test_to_erase_again_says_the_same(self, decided: Scene) -> None:
        first = decided.erase(decided.data())
        decided.world.later(days=1)
        assert decided.erase(decided.data()) == first

    async def test_a_document_that_turned_out_to_be_anothers_is_not_taken(self, decided: Scene) -> None:
        """The dossier names both suppliers; what was said last counts."""
        sample = decided.own[0]
        said = decided.world.events(INVOICE_VALIDATED, InvoiceValidated)
        last = next(event for event in reversed(said) if event.normalized.document_id == sample.document_id)
        assert last.match is not None
        german = next(each for each in decided.world.suppliers() if each.supplier_id == "DE-001")
        decided.world.later(minutes=1)
        moved = last.model_copy(update={"match": last.match.model_copy(update={"supplier": german})})
        decided.world.publish(INVOICE_VALIDATED, last.normalized.invoice_key, moved)
        erased = decided.erase(decided.data())
        assert set(erased.documents) == {decided.own[1].document_id}
        assert await decided.fetched(sample) == sample.content

    async def test_an_unknown_supplier_is_told(self, decided: Scene) -> None:
        with pytest.raises(SupplierUnknown):
            decided.erase(None, "XX-999")


class TestWhatIsNot:
    async def test_a_document_in_clear_is_named_with_its_place(self, decided: Scene, tmp_path: Path) -> None:
        data = decided.data()
        decided.keys = KeyFolder(tmp_path / "later")
        decided.keys.create()  # keys that came after the documents
        erased = decided.erase(data)
        assert {each.document_id for each in erased.in_clear} == {sample.document_id for sample in decided.own}
        assert all(each.reference.startswith("file:///documents/") for each in erased.in_clear)
        told = render(erased)
        assert "nothing was destroyed" in told
        assert told.count("lies in clear") == 2

    async def test_the_report_says_what_is_gone_and_what_goes_when(self, decided: Scene) -> None:
        data = decided.data()
        keeping = {read.topic: WORK for read in data.records()}
        keeping |= {PAYMENT_INITIATED.name: EVER, SUPPLIER_CHANGED.name: COMPACTED}
        erased = decided.erase(data).model_copy(update={"remains": remains_of(data.records(), keeping)})
        left = {each.topic: each for each in erased.remains}
        assert AUDIT_ENTRY.name not in left
        assert left[PAYMENT_INITIATED.name].gone_by is left[SUPPLIER_CHANGED.name].gone_by is None
        normalized = left["invoice.normalized"]
        assert normalized.gone_by == normalized.last_at + timedelta(days=21)
        told = render(erased)
        assert "2 documents in the store: ciphertext that nobody can read" in told
        assert f"gone by {normalized.gone_by:%Y-%m-%d %H:%M} UTC" in told
        assert "payment.initiated: 2 records" in told
        assert "read model" in told


class TestAfterwards:
    async def test_the_story_says_erased_and_rings_no_alarm(self, decided: Scene) -> None:
        decided.erase(decided.data())
        story = tell(decided.world.dossier(decided.own[0]), now=decided.world.now, running=RELEASE, found="erased")
        assert story.alarms == ()
        assert "The bytes were erased" in " ".join(render_story(story).split())

    async def test_a_replay_says_erased_and_replays_the_rest(self, decided: Scene) -> None:
        world, sample = World(decided.world.samples), decided.own[0]
        world.know()
        world.shelf.contents[sample.document_id] = sample.content
        reference = str(decided.store.locate(sample.document_id))
        received = DocumentReceived(document_id=sample.document_id, reference=reference, received_at=world.now)
        world.publish(DOCUMENT_RECEIVED, sample.document_id, received)
        await world.run()
        readers = Readers(erasable(StoredDocuments(decided.store)), world.readers.reader)
        assert (await replay(world.dossier(sample), readers, world.debtors, running=RELEASE)).is_equal
        decided.erase(decided.data())
        found = await replay(world.dossier(sample), readers, world.debtors, running=RELEASE)
        assert any("were erased" in gap for gap in found.gaps)
        assert {step.verdict for step in found.steps if step.stage != "extraction"} == {"equal"}

    async def test_an_export_names_what_was_erased(self, decided: Scene, tmp_path: Path) -> None:
        data = decided.data()
        decided.erase(data)
        exported = await write_data(data, decided.store, tmp_path / "export", at=decided.world.now, release=RELEASE)
        assert len(exported.missing) == 2
        assert all(line.endswith("DOCUMENT-ERASED") for line in exported.missing)
        assert not (tmp_path / "export" / "documents").exists()

    async def test_who_sends_it_again_over_http_is_told_so(self, decided: Scene) -> None:
        decided.erase(decided.data())
        with pytest.raises(DocumentErased) as refused:
            await decided.store.put(decided.own[0].content, decided.own[0].media_type)
        problem = problem_of(refused.value)
        assert (problem.name, problem.status_code) == ("document-erased", 409)

    async def test_the_log_keeps_who_and_when_and_no_name(self, decided: Scene) -> None:
        data = decided.data()
        erased = decided.erase(data)
        entry = entry_of(erased.last, tenant_of(data), RELEASE)
        assert (entry.stage, entry.outcome, entry.actor) == ("erasure", "erased", "dpo@example.com")
        assert entry == entry_of(erased.last, tenant_of(data), RELEASE)
        name = next(each.name for each in decided.world.suppliers() if each.supplier_id == "FR-001")
        assert name not in entry.model_dump_json()


def test_a_keeping_without_an_end_has_none() -> None:
    assert EVER.gone_by(0) is COMPACTED.gone_by(0) is None
    assert replace(WORK, segment_ms=0).gone_by(0) == WORK.gone_by(-7 * DAY_MS)
