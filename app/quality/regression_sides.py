"""What a comparison is between: releases by name, by file, or the code alone; and the documents it is made on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from app.documents import DocumentFailure, DocumentStore
from app.quality import golden, labels
from app.quality.cases import CaseBook
from app.quality.labels import FIELDS, Label
from app.quality.shelf import Shelf
from app.reading import content_of
from app.release import release_id
from app.settings import Settings
from app.snapshot import read_to_end
from schemas.case import Case
from schemas.codec import Undecodable, decode
from schemas.evidence import Unreadable
from schemas.release import Bundle, ReleaseChanged
from schemas.topics import RELEASE_CHANGED
from tables.releases import Running

# The word for what the code brings along, without anything learned.
CODE = "code"
TRUTH = "truth.jsonl"
# `set` of a label that is a case.
CASES = "cases"


class SideUnknown(Exception):  # noqa: N818 - it names what is wrong
    """A release cannot be had: it is not on the topic, its file is no bundle, or it was made for other code."""


async def side(text: str, settings: Settings) -> Running:
    """Return a release by what a person calls it: `code`, a file that holds a bundle, or its id on the topic.

    Raises:
        SideUnknown: there is none, or it does not run on this code.
        TopicSilent, aiokafka.errors.KafkaError: the topic cannot be read.
    """
    code = Running.of(Bundle(code=release_id()))
    if text in (CODE, code.name):
        return code
    bundle = _of_file(Path(text)) or await _of_topic(text, settings)
    if bundle.code != code.name:
        raise SideUnknown(f"{text} was made for {bundle.code}; {code.name} runs here")
    return Running.of(bundle)


def _of_file(path: Path) -> Bundle | None:
    """Return the bundle of a file, None where there is no such file."""
    try:
        return Bundle.model_validate_json(path.read_bytes()) if path.is_file() else None
    except (OSError, ValidationError) as wrong:
        raise SideUnknown(f"{path} holds no bundle: {str(wrong).splitlines()[0]}") from wrong


async def _of_topic(name: str, settings: Settings) -> Bundle:
    found: Bundle | None = None
    async for record in read_to_end(settings, RELEASE_CHANGED.name):
        try:
            change = decode(record.value, ReleaseChanged)
        except Undecodable:  # deleted, or of a newer writer
            continue
        if change.release_id == name and change.bundle is not None:
            found = change.bundle
    if found is None:
        raise SideUnknown(f"there is no release {name}, and no file of that name")
    return found


@dataclass(frozen=True)
class Golden:
    """The documents of a comparison; `name` is the folder's, or the set's version."""

    name: str
    labels: tuple[Label, ...]
    cases: Mapping[str, Case]

    async def load(self, label: Label, store: DocumentStore | None) -> bytes | Unreadable:
        """Return a document's bytes, or why they cannot be had."""
        case = self.cases.get(label.name)
        if case is None or store is None:
            return content_of(label.path)
        try:
            return await store.fetch(case.reference, case.document_id)
        except DocumentFailure as failed:
            return Unreadable(reason=failed.code, detail=failed.detail)


def gather(wanted: str | None, shelf: Shelf, claims: Iterable[str], now: datetime) -> Golden:
    """Return the documents of a folder, of a golden set, or of all cases thinned; with the cases that are claimed.

    Raises:
        SetUnknown: no set begins so.
        ShelfUnavailable: the storage does not answer.
    """
    book = CaseBook(shelf)
    rows: Sequence[Label] = ()
    cases: dict[str, Case] = {}
    if wanted is not None and (Path(wanted) / TRUTH).is_file():
        name, rows = Path(wanted).name, labels.read(Path(wanted))
    elif wanted is not None:
        name, cases = golden.load(shelf, wanted)
    else:
        known = book.every()
        chosen = golden.thinned(known)
        name, cases = chosen.version, {case_id: known[case_id] for case_id in chosen.cases}
    named = {label.name for label in rows}
    claimed = {claim: case for claim in claims if claim not in named and (case := book.get(claim)) is not None}
    kept = {case_id: case for case_id, case in {**cases, **claimed}.items() if not case.is_expired(now)}
    return Golden(name, (*rows, *(label_of(case_id, case) for case_id, case in kept.items())), kept)


def label_of(case_id: str, case: Case) -> Label:
    """Return a case as a label; what nobody stated is not scored."""
    known: dict[str, str | None] = dict(case.truth.items())
    truth = {field: known[name] for field, names in FIELDS.items() for name in reversed(names) if name in known}
    return Label(
        case_id,
        Path(case.document_id),
        {
            "id": case_id,
            "path": case.document_id,
            "set": CASES,
            "kind": case.lane or "unknown",
            "group": case.layout or case.supplier_id or case.document_id,
            "language": case.language,
            "truth": truth,
            "alt": {},
            "skip": [field for field in FIELDS if field not in truth],
            "optional": [],
            "negative": False,
            "aux": {"expect": case.expected},
        },
    )
