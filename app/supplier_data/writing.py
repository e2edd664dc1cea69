"""A supplier's data as a folder that needs no program of ours: records as they are, documents, stories, digests.

records/TOPIC/PARTITION-OFFSET.json   the bytes of each record, by which the audit log's digests can be checked
documents/HEX                         the bytes of each document; HEX is their SHA-256
stories/HEX.txt                       what became of each, in plain words, account numbers in clear
manifest.json                         what each file is, and what could not be had
SHA256SUMS                            for `sha256sum --check`
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.documents import DocumentErased, DocumentFailure, DocumentStore
from app.dossier import Dossier
from app.story import Bytes, render, tell
from app.supplier_data.finding import SupplierData
from schemas.base import Code, Moment, Record, Text
from schemas.events import DocumentReceived
from schemas.identifiers import digest
from schemas.topics import DOCUMENT_RECEIVED

# Bank data of others: for nobody but who exported it.
_FOLDER_MODE, _FILE_MODE = 0o700, 0o600


class FolderInUse(Exception):  # noqa: N818 - it says what is wrong
    """The folder is there and not empty: two exports in one would be neither."""


class ExportedFile(Record):
    """One file of the export. `of` says where its bytes were: a record's place, or a document's reference."""

    path: Code
    sha256: Code
    size_bytes: int
    of: Text


class Manifest(Record):
    """What an export holds, and what it does not."""

    supplier_id: Code
    exported_at: Moment
    release: Code
    documents: int
    files: tuple[ExportedFile, ...]
    missing: tuple[Text, ...]


@dataclass(frozen=True)
class Exported:
    """How much was written; `missing` are the documents whose bytes could not be had, each with the reason."""

    files: int
    documents: int
    missing: tuple[str, ...]


async def write_data(data: SupplierData, store: DocumentStore, folder: Path, *, at: datetime, release: str) -> Exported:
    """Write the folder; a file that is there is whole, and the manifest comes last.

    Raises:
        FolderInUse: before anything is written.
        OSError: where something cannot be written.
    """
    writer = _Writer(folder)
    for read in data.records():
        # What a dead letter holds may be anything.
        suffix = "bytes" if read.topic.endswith(".dead") else "json"
        name = f"records/{read.topic}/{read.partition}-{read.offset}.{suffix}"
        writer.write(name, read.value or b"", f"{read.topic}/{read.partition}/{read.offset}")
    missing = []
    for dossier in data.dossiers:
        found, content, said = await _bytes(dossier, store)
        if content is not None:
            writer.write(f"documents/{_hex(dossier)}", content, said)
        else:
            missing.append(f"{dossier.document_id}: {said}")
        story = tell(dossier, now=at, running=release, full=True, found=found)
        writer.write(f"stories/{_hex(dossier)}.txt", render(story, proof=True).encode(), dossier.document_id)
    manifest = Manifest(
        supplier_id=data.supplier_id,
        exported_at=at,
        release=release,
        documents=len(data.dossiers),
        files=tuple(writer.files),
        missing=tuple(missing),
    )
    text = json.dumps(manifest.model_dump(mode="json"), indent=1, ensure_ascii=False)
    writer.write("manifest.json", text.encode(), "this export")
    sums = "".join(f"{file.sha256}  {file.path}\n" for file in writer.files)
    writer.write("SHA256SUMS", sums.encode(), "this export")
    return Exported(len(writer.files), len(data.dossiers), tuple(missing))


class _Writer:
    """Writes files below one folder, and keeps account of them."""

    def __init__(self, folder: Path) -> None:
        if folder.exists() and any(folder.iterdir()):
            raise FolderInUse(f"{folder} is not empty")
        folder.mkdir(parents=True, exist_ok=True, mode=_FOLDER_MODE)
        self._folder = folder
        self.files: list[ExportedFile] = []

    def write(self, path: str, content: bytes, of: str) -> None:
        at = self._folder / path
        for above in reversed(list(_between(self._folder, at.parent))):
            above.mkdir(mode=_FOLDER_MODE, exist_ok=True)
        beside = at.with_name(f".{at.name}.part")
        beside.touch(mode=_FILE_MODE)
        beside.write_bytes(content)
        beside.rename(at)
        found = digest(content).removeprefix("sha256:")
        self.files.append(ExportedFile(path=path, sha256=found, size_bytes=len(content), of=of))


def _between(folder: Path, below: Path) -> Iterator[Path]:
    """Yield the folders from `below` up to the one under `folder`."""
    while below != folder:
        yield below
        below = below.parent


async def _bytes(dossier: Dossier, store: DocumentStore) -> tuple[Bytes, bytes | None, str]:
    received = [each.event for each in dossier.own(DOCUMENT_RECEIVED) if isinstance(each.event, DocumentReceived)]
    reference = received[-1].reference if received else str(store.locate(dossier.document_id))
    try:
        return "there", await store.fetch(reference, dossier.document_id), reference
    except DocumentErased as erased:
        return "erased", None, f"{reference}: {erased.code}"
    except DocumentFailure as failed:
        return "not asked", None, f"{reference}: {failed.code}"


def _hex(dossier: Dossier) -> str:
    return dossier.document_id.removeprefix("sha256:")
