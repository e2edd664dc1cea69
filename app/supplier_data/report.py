"""An erasure in plain words: what is gone now, what goes when, and what does not go by itself."""

from collections.abc import Iterator
from datetime import datetime

from app.supplier_data.erasing import Erased
from app.supplier_data.remaining import Remains

_INDENT = "  "
# What holds copies without being asked; the same for every supplier.
_COPIES = (
    "the ledger's tables and their changelogs: copies of decisions and waiting invoices; they do not go by themselves",
    "the API's read model: build it anew once the topics have forgotten (docs/audit.md)",
    "backups of the folder of keys, if there are any, undo all of this: destroy them as well",
    "older versions of labelled cases that lay in clear, where the bucket keeps versions",
    "exports that were made, and what was sent to others",
)


def render(erased: Erased) -> str:
    """Return the report. Nothing is called gone that was not tried."""
    return (
        "\n".join(
            [
                f"Supplier {erased.supplier_id}",
                *_keys(erased),
                "",
                "Gone now:",
                *_indented(_gone(erased)),
                "",
                "Not gone, and when it goes:",
                *_indented([*_readable(erased), *map(_remains, erased.remains), *_COPIES]),
                "",
                "Stays, and need not go: the audit log, which holds digests and ids alone.",
            ]
        )
        + "\n"
    )


def _keys(erased: Erased) -> Iterator[str]:
    for each in erased.erasures:
        yield f"{_INDENT}key {each.key_id} destroyed {_at(each.erased_at)} by {each.erased_by}"
    if not erased.erasures:
        yield f"{_INDENT}has no key, for none of its documents was put under one: nothing was destroyed"


def _gone(erased: Erased) -> Iterator[str]:
    if not erased.documents:
        yield "nothing"
    else:
        counted = _counted(len(erased.documents), "document")
        yield f"{counted} in the store: ciphertext that nobody can read (tried just now)"
    if erased.cases:
        yield f"{_counted(len(erased.cases), 'labelled case')}: unreadable with the documents, or deleted"


def _readable(erased: Erased) -> Iterator[str]:
    for document in erased.in_clear:
        where = document.reference or "its place is not known any more"
        yield f"{document.document_id}: lies in clear, under no key of ours: {where}; delete it there"
    for document_id in erased.of_others:
        yield f"{document_id}: another tenant received the same bytes; it goes with the key of that one's supplier"


def _remains(left: Remains) -> str:
    counted = f"{left.topic}: {_counted(left.records, 'record')}, the last of {_at(left.last_at)}"
    if left.gone_by is not None:
        return f"{counted}; gone by {_at(left.gone_by)} (the broker's retention and segment)"
    return f"{counted}; kept until its retention is limited, or a tombstone is written and compacted"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _at(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M UTC")


def _indented(lines: Iterator[str] | list[str]) -> list[str]:
    return [f"{_INDENT}- {line}" for line in lines]
