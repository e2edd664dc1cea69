"""What the topics hold about one document: the records themselves, and the audit entries that speak of them."""

from app.dossier.collecting import (
    collect,
    collect_records,
    read_everything,
    read_releases,
    read_suppliers,
    read_topic,
)
from app.dossier.dossier import STAGES, DocumentUnknown, Dossier
from app.dossier.events import REMEMBERING_STAGES, Event, events_of, roots
from app.dossier.exhibit import Exhibit, Testimony, exhibit_of
from app.dossier.index import Index, names_in
from app.dossier.naming import named_document
from app.dossier.reading import read_of
from app.dossier.releases import ReleasesThen

__all__ = [
    "REMEMBERING_STAGES",
    "STAGES",
    "DocumentUnknown",
    "Dossier",
    "Event",
    "Exhibit",
    "Index",
    "ReleasesThen",
    "Testimony",
    "collect",
    "collect_records",
    "events_of",
    "exhibit_of",
    "named_document",
    "names_in",
    "read_everything",
    "read_of",
    "read_releases",
    "read_suppliers",
    "read_topic",
    "roots",
]
