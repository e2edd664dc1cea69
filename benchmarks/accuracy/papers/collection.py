"""Writes a labelled folder: PDFs, and truth.jsonl in the form of the corpus'."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.accuracy.papers import drawing, scans, truth
from benchmarks.accuracy.papers.desk import NEGATIVES, Layout
from benchmarks.accuracy.papers.invention import invent
from benchmarks.accuracy.papers.language import LANGUAGES
from benchmarks.accuracy.papers.layouts import layouts, split

HELD = (*truth.HELD, *truth.EITHER)
# What nobody may pay.
REFUSED = (*NEGATIVES, *truth.HELD, *truth.ASKED)
# A paper that asks for money although something else on it looks like trouble.
HARMLESS = ("own_account",)


def plan(languages: Sequence[str], names: Sequence[str], *, every: int) -> Iterator[tuple[str, Layout, str]]:
    """Yield language, layout and kind: each layout as an invoice in each language, and the other kinds.

    Args:
        languages: of the twelve.
        names: of layouts.
        every: 1 for all of it; n for every n-th, with the languages in turn.
    """
    for row, name in enumerate(names):
        for column, language in enumerate(languages):
            if (row + column) % every == 0 and layouts()[name].speaks(language):
                yield language, layouts()[name], "invoice"
    yield from _kinds(languages, [name for name in names if layouts()[name].language is None], every)
    for language in languages:
        own = [name for name in names if layouts()[name].language == language]
        yield from _kinds([language], own, every)


def _kinds(languages: Sequence[str], names: Sequence[str], every: int) -> Iterator[tuple[str, Layout, str]]:
    """Yield what is no plain invoice, each kind once a language, in a layout that follows from both."""
    if not names:
        return
    for row, kind in enumerate((*NEGATIVES, *HELD, *HARMLESS, *truth.ASKED)):
        for column, language in enumerate(languages):
            if (row + column) % every == 0:
                yield language, layouts()[_turn(names, f"{language}/{kind}")], kind


def kinds_in(languages: Sequence[str], names: Sequence[str], kinds: Sequence[str]) -> Iterator[tuple[str, Layout, str]]:
    """Yield every one of these kinds in every one of these layouts and languages: what `plan` draws once a language."""
    for name in names:
        for language in languages:
            if layouts()[name].speaks(language):
                yield from ((language, layouts()[name], kind) for kind in kinds)


def _turn(names: Sequence[str], key: str) -> str:
    return names[int.from_bytes(hashlib.sha256(key.encode()).digest()[:4]) % len(names)]


def names_of(which: str) -> list[str]:
    """Return the layouts of `tuning`, `held_out` or `all`."""
    return [name for name in layouts() if which in ("all", split(name))]


def write(
    folder: Path,
    seed: int,
    *,
    which: str = "tuning",
    languages: Sequence[str] = LANGUAGES,
    names: Sequence[str] = (),
    scan: bool = False,
    every: int = 1,
    kinds: Sequence[str] = (),
) -> int:
    """Write the papers and their truth; return how many. With `kinds` those alone, in every layout of `names`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "documents").mkdir(exist_ok=True)
    rows = []
    chosen = names or names_of(which)
    drawn = kinds_in(languages, chosen, kinds) if kinds else plan(languages, chosen, every=every)
    for language, layout, kind in drawn:
        rows.append(_one(folder, seed, language, layout, kind, scan=scan))
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (folder / "truth.jsonl").write_text("".join(lines), encoding="utf-8")
    return len(rows)


def _one(folder: Path, seed: int, language: str, layout: Layout, kind: str, *, scan: bool) -> dict[str, Any]:
    paper = invent(seed, language, layout, kind)
    content, shown = drawing.draw(paper, layout)
    name = f"papers/{layout.name}-{language}-{kind}-{seed}" + ("-scan" if scan else "")
    faxed = False
    if scan:
        content, faxed = scans.scanned(content, f"{seed}/{name}")
    digest = hashlib.sha256(content).hexdigest()
    path = f"documents/{hashlib.sha256(name.encode()).hexdigest()[:12]}.pdf"
    (folder / path).write_bytes(content)
    row = truth.row(paper, layout, shown, name, path, "pdf_scan" if scan else "pdf_text_only")
    if scan:
        row = truth.as_scanned(row, layout, faxed=faxed)
    return row | {"sha256": digest[:16]}
