"""An export holds everything on one supplier, nothing on another, and can be checked without us."""

import json
import stat
import subprocess
from pathlib import Path

import pytest

from app.documents import DocumentsConfig, DocumentStore, open_documents
from app.dossier import exhibit_of
from app.local.samples import Sample, demo_set
from app.readmodel.record import Read
from app.supplier_data import Exported, FolderInUse, SupplierData, write_data
from schemas.topics import DOCUMENT_RECEIVED, SUPPLIER_CHANGED
from tests.app.replay.world import RELEASE, World


async def written(world: World, samples: list[Sample], folder: Path, *, letters: tuple[Read, ...] = (),
                  keep: bool = True) -> Exported:  # fmt: skip
    """Export the supplier of the samples, whose bytes lie in a real store, or nowhere."""
    supplier_id = str(samples[0].supplier_id)
    changes = tuple(
        exhibit_of(read)
        for read in world.reads
        if read.topic == SUPPLIER_CHANGED.name and read.key == supplier_id.encode()
    )
    data = SupplierData(supplier_id, changes, tuple(world.dossier(sample) for sample in samples), letters)
    async with open_documents(DocumentsConfig(location=f"file://{folder}/store")) as store:
        if keep:
            await stored(world, samples, store)
        return await write_data(data, store, folder / "export", at=world.now, release=RELEASE)


async def stored(world: World, samples: list[Sample], store: DocumentStore) -> None:
    """Put the bytes where the store keeps them, and have the records say so."""
    for sample in samples:
        reference = str(await store.put(sample.content, sample.media_type))
        assert reference == str(store.locate(sample.document_id))


def is_whole(folder: Path) -> bool:
    """What anybody's `sha256sum` says of the folder."""
    checked = subprocess.run(["sha256sum", "--check", "--quiet", "--strict", "SHA256SUMS"], cwd=folder, check=False)
    return checked.returncode == 0


async def scene() -> tuple[World, list[Sample]]:
    """Two documents of one supplier, of which one is a duplicate of nothing, and one of another supplier."""
    world = World(demo_set())
    world.know()
    first = next(sample for sample in world.samples.samples if sample.supplier_id == "FR-001")
    second = next(s for s in world.samples.samples if s.supplier_id == "FR-001" and s.content != first.content)
    other = next(sample for sample in world.samples.samples if sample.supplier_id == "DE-001")
    for sample in (first, second, other):
        world.send(sample)
    await world.run()
    # The samples say that they lie elsewhere; after their records' retention only the store's own place is known.
    world.reads = [read for read in world.reads if read.topic != DOCUMENT_RECEIVED.name]
    return world, [first, second]


async def test_everything_is_there_and_can_be_checked_without_us(tmp_path: Path) -> None:
    world, samples = await scene()
    exported = await written(world, samples, tmp_path)
    folder = tmp_path / "export"
    assert exported.documents == 2
    assert exported.missing == ()
    assert is_whole(folder)
    for sample in samples:
        name = sample.document_id.removeprefix("sha256:")
        assert (folder / "documents" / name).read_bytes() == sample.content
        assert str(sample.truth["payment_account_identifier"]) in (folder / "stories" / f"{name}.txt").read_text()
    manifest = json.loads((folder / "manifest.json").read_text())
    topics = {file["of"].split("/")[0] for file in manifest["files"] if file["path"].startswith("records/")}
    assert {"supplier.changed", "invoice.extracted", "payment.initiated", "audit.entry", "document.status"} <= topics


async def test_the_records_are_the_bytes_that_the_log_names(tmp_path: Path) -> None:
    world, samples = await scene()
    await written(world, samples, tmp_path)
    files = (tmp_path / "export" / "records").rglob("*.json")
    there = {(path.parent.name, path.stem): path.read_bytes() for path in files}
    stood = {(read.topic, f"{read.partition}-{read.offset}"): read.value for read in world.reads}
    assert there
    assert all(stood[place] == value for place, value in there.items())


async def test_nothing_of_another_supplier_is_in_it(tmp_path: Path) -> None:
    world, samples = await scene()
    await written(world, samples, tmp_path)
    other = next(sample for sample in world.samples.samples if sample.supplier_id == "DE-001")
    name = str(other.truth["seller_name"]).encode()
    for path in (tmp_path / "export").rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert other.document_id.encode() not in content, path
            assert name not in content, path
            assert b"DE-001" not in content, path


async def test_bytes_that_cannot_be_had_are_named(tmp_path: Path) -> None:
    world, samples = await scene()
    exported = await written(world, samples, tmp_path, keep=False)
    assert [line.split(": ")[0] for line in exported.missing] == [sample.document_id for sample in samples]
    assert json.loads((tmp_path / "export" / "manifest.json").read_text())["missing"] == list(exported.missing)


async def test_dead_letters_are_in_it_as_they_are(tmp_path: Path) -> None:
    world, samples = await scene()
    letter = Read(DOCUMENT_RECEIVED.dead, 3, 7, b"not JSON \xff", b"key")
    await written(world, samples, tmp_path, letters=(letter,))
    assert (tmp_path / "export/records/document.received.dead/3-7.bytes").read_bytes() == b"not JSON \xff"


async def test_nobody_else_may_read_it(tmp_path: Path) -> None:
    world, samples = await scene()
    await written(world, samples, tmp_path)
    for path in (tmp_path / "export").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


async def test_a_folder_in_use_is_left_alone(tmp_path: Path) -> None:
    world, samples = await scene()
    (tmp_path / "export").mkdir()
    (tmp_path / "export" / "mine.txt").write_text("mine")
    with pytest.raises(FolderInUse):
        await written(world, samples, tmp_path)
    assert [path.name for path in (tmp_path / "export").iterdir()] == ["mine.txt"]
