"""The golden set: the cases that a release is measured on, thinned so that no layout outweighs the others."""

from collections.abc import Mapping

from agents.extraction.text.sketch import alike
from app.quality.cases import CaseBook
from app.quality.shelf import Shelf
from schemas.case import Case, GoldenSet
from schemas.codec import decode, encode

# A supplier that is corrected a hundred times would otherwise be the whole set; five papers show how a layout varies.
CASES_A_LAYOUT_MAX = 5


class SetUnknown(Exception):  # noqa: N818 - it names what is wrong
    """There is no such set, or there are several that begin so."""


def thinned(cases: Mapping[str, Case]) -> GoldenSet:
    """Return the newest case of each document, and of each layout the newest few. Without a layout a case is its own.

    The same cases in any order are the same set.
    """
    newest: dict[str, str] = {}
    for case_id in sorted(cases, key=lambda it: (cases[it].stated_at, it)):
        newest[cases[case_id].document_id] = case_id
    kept: dict[str, int] = {}
    chosen: set[str] = set()
    for case_id in sorted(newest.values(), key=lambda it: (cases[it].stated_at, it), reverse=True):
        layout = cases[case_id].layout
        home = next((known for known in kept if layout is not None and alike(known, layout)), layout)
        if home is None or kept.get(home, 0) < CASES_A_LAYOUT_MAX:
            chosen.add(case_id)
        if home is not None:
            kept[home] = kept.get(home, 0) + 1
    return GoldenSet.of(chosen)


def keep(shelf: Shelf, golden: GoldenSet) -> str:
    """Keep a set and return its version."""
    return shelf.put("sets", encode(golden))


def load(shelf: Shelf, version: str) -> tuple[str, dict[str, Case]]:
    """Return a set's version, and those of its cases that are still kept; `version` may be the beginning of one.

    Raises:
        SetUnknown: there is none that begins so, or several.
    """
    wanted = version.removeprefix("sha256:")
    known = [one for one in shelf.every("sets") if one.removeprefix("sha256:").startswith(wanted)]
    content = shelf.get("sets", known[0]) if len(known) == 1 else None
    if content is None:
        raise SetUnknown(f"{len(known)} golden sets begin with {version}")
    book = CaseBook(shelf)
    found = ((case_id, book.get(case_id)) for case_id in decode(content, GoldenSet).cases)
    return known[0], {case_id: case for case_id, case in found if case is not None}
