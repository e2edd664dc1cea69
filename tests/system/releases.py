"""Which release each record names, and that those of one document name one. Nothing of ours is imported here."""

import json
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from tests.system.anomalies import WRITTEN_BY_STAGES, Report
from tests.system.records import Record, Records

# Everything that a stage writes about a document names the release that it was written by.
NAMING = (*WRITTEN_BY_STAGES, "document.status", "audit.entry")


def check_releases(report: Report, found: Records) -> Mapping[str, str]:
    """Return the release of each document; say where a record names none, or another than those before it."""
    named: dict[str, dict[str, str]] = defaultdict(dict)
    for topic in NAMING:
        for record in found[topic]:
            document, release = document_of(record), release_of(record)
            if document is None:
                continue
            if not release:
                report.add("no release named", f"{topic} of {document}")
            else:
                named[document].setdefault(release, f"{topic}/{record.partition}/{record.offset}")
    for document, places in named.items():
        if len(places) > 1:
            report.add("several releases", f"{document}: {places}")
    report.counts["documents of one release"] = sum(len(places) == 1 for places in named.values())
    return {document: next(iter(places)) for document, places in named.items()}


def document_of(record: Record) -> str | None:
    """Return the document that a record is about."""
    found = _find(json.loads(record.value), "document_id")
    return found if isinstance(found, str) else None


def release_of(record: Record) -> str | None:
    """Return the release that a record names: its own word, or that of the decision in it."""
    tree = json.loads(record.value)
    found = tree.get("release") or tree.get("decision", {}).get("release")
    return found if isinstance(found, str) else None


def _find(tree: dict[str, Any], member: str) -> Any:
    """Return a member of the record, or of the event that it carries further."""
    if member in tree:
        return tree[member]
    for inner in ("decision", "normalized", "received"):
        if isinstance(tree.get(inner), dict):
            return _find(tree[inner], member)
    return None
