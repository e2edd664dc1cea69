"""Addresses that the page names: what stands under or beside `Bill to`, `Verkäufer`, `Nabywca`, `Spett.le`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from agents.extraction.text.beside import RIGHT_POINTS_MAX
from agents.extraction.text.geometry import overlap
from agents.extraction.text.labels import Label, Labels
from agents.extraction.text.layout import Cell, Layout
from agents.extraction.text.names import FORM, SEPARATED, Name, is_label, is_title, looks_like_name
from agents.extraction.text.places import is_place, is_street
from agents.extraction.text.stacks import column_from, right_of

PARTIES = frozenset({"buyer", "seller", "ship_to"})
# `To`, `An`, `De` head an address only with a colon behind them.
HEADING_LETTERS_MIN = 4
# A heading stands at most this many print heights over its address; forms leave room between them.
HEADING_GAP_HEIGHTS = 2.8
# A line of more cells than this is a row or the head of a table, and nobody's address.
CELLS_MAX = 4
# Lines of an address that may hold the name: numbers of the party may come before it.
NAME_LINES_MAX = 4
# Lines of a headed address may stand further apart than those of a letter: captions with values of two lines.
FORM_GAP_HEIGHTS = 1.7
LABELLED = 0.85
_NAMED = re.compile(
    r"(?:name|nom|nazwa|firmenname|firma|naam|nombre|nome|nimi|namn|navn|název|jméno|raison sociale|denominazione"
    r"|company|razón social)\s*:\s*(?P<name>.*)",
    re.IGNORECASE,
)
# Whom a letter is for, before or behind the name of the company that gets it.
FOR_WHOM = re.compile(
    r"(?:attn|att|attention|z\. ?hd|c/o|herrn?|frau|monsieur|madame|mme|m\.|mr|mrs|ms|t\.a\.v|an|à l'attention"
    r"|sig\.|egr)\b",
    re.IGNORECASE,
)
_LEAD = " :.#-–—()"
# `Bill to address:` is still a heading.
_MORE_OF_HEADING = re.compile(r"\s+\w+\s*:?$")


@dataclass(frozen=True, slots=True, eq=False)
class Headed:
    """An address under a label. `cells` are its lines, with what stands beside their captions."""

    label: Label
    cells: tuple[Cell, ...]
    name: Name | None
    complete: bool  # a line with the town is among them
    stated: bool  # the name stands behind the word for it

    @property
    def sure(self) -> bool:
        """Tell whether it reads like a company or an address, not like the next best words."""
        return self.complete or self.stated or (self.name is not None and FORM.search(self.name.value) is not None)


def headed_by(layout: Layout, labels: Labels, concept: str) -> Iterator[Headed]:
    """Yield the address of each label of a concept, as far as one stands there."""
    for label in labels.every():
        if concept not in label.concepts or label.start > 1:
            continue
        found = [
            one for first, start in _places(layout, label) if (one := _headed(layout, labels, label, first, start))
        ]
        best = next((one for one in found if one.complete), next((one for one in found if one.name), None))
        if best is not None:
            yield best


def _places(layout: Layout, label: Label) -> Iterator[tuple[Cell, int]]:
    """Yield where the address of a label may begin: behind it, below it, right of it."""
    behind = label.cell.text[label.end :]
    colon = behind.strip().startswith(":") or label.cell.text[: label.end].endswith(".")
    if behind.strip(_LEAD) and not (behind.endswith(":") and _MORE_OF_HEADING.match(behind)):
        if colon:
            yield label.cell, label.end
        return
    if label.end - label.start < HEADING_LETTERS_MIN and not colon:
        return
    below = next(_below(layout, label), None)
    if below is not None:
        yield below, 0
    right = right_of(layout, label.cell)
    if right is not None and right.text.strip(_LEAD) and right.left - label.right <= RIGHT_POINTS_MAX:
        yield right, 0


def _below(layout: Layout, label: Label) -> Iterator[Cell]:
    cell = label.cell
    for line in layout.lines[cell.line + 1 :]:
        if line.page != cell.page or line.top - cell.bottom > HEADING_GAP_HEIGHTS * cell.height:
            return
        yield from (one for one in line.cells if overlap(one.left, one.right, cell.left, cell.right) > 0)


def _headed(layout: Layout, labels: Labels, label: Label, first: Cell, start: int) -> Headed | None:
    if first is not label.cell and _heads(labels, first):
        return None  # the heading of the next column, or the next heading
    block = column_from(layout, first, FORM_GAP_HEIGHTS, ends=lambda cell: _heads(labels, cell))
    if any("IBAN" in cell.text for cell in block) and "buyer" in label.concepts:
        return None  # the recipient of a payment is no buyer
    complete = any(is_place(part) for cell in block for part in SEPARATED.split(_value(layout, cell)))
    if not complete and len(layout.lines[first.line].cells) > CELLS_MAX:
        return None
    stated = _stated(layout, block)
    name = stated or _name_in(labels, block, start)
    beyond = [one for cell in block if cell.text.endswith(":") and (one := right_of(layout, cell)) is not None]
    return Headed(label, tuple(dict.fromkeys((*block, *beyond))), name, complete, stated is not None)


def _heads(labels: Labels, cell: Cell) -> bool:
    """Tell whether a cell is itself the heading of an address."""
    return any(
        label.cell is cell and label.start <= 1 and label.concepts & PARTIES
        and not cell.text[label.end :].strip(_LEAD) and label.end - label.start >= HEADING_LETTERS_MIN
        for label in labels.on(cell.line)
    )  # fmt: skip


def _value(layout: Layout, cell: Cell) -> str:
    """Return what a line of an address says, without its caption."""
    if cell.text.endswith(":"):
        beyond = right_of(layout, cell)
        return beyond.text if beyond is not None else ""
    return cell.text.rpartition(": ")[2]


def _stated(layout: Layout, block: list[Cell]) -> Name | None:
    """Return the name in the line of an address that is called so."""
    for cell in block:
        match = _NAMED.match(cell.text)
        beyond = right_of(layout, cell) if match is not None and not match["name"] else None
        if beyond is not None and looks_like_name(beyond.text):
            return Name(beyond.text.strip(), beyond, LABELLED)
        if match is not None and looks_like_name(match["name"]):
            return Name(match["name"].strip(), cell, LABELLED)
    return None


def _name_in(labels: Labels, block: list[Cell], start: int) -> Name | None:
    """Return the name behind the heading, or in the first line that looks like one."""
    inline = SEPARATED.split(block[0].text[start:].strip(_LEAD))[0] if start else ""
    below = named_by(labels, block[1:] if start else block, LABELLED)
    if looks_like_name(inline) and not (FOR_WHOM.match(block[0].text) and below and FORM.search(below.value)):
        return Name(inline, block[0], LABELLED)
    return below


def named_by(labels: Labels, block: list[Cell], confidence: float) -> Name | None:
    """Return the name that an address begins with: a company rather than the person to whose attention it goes."""
    lines: list[Cell] = []
    for at, cell in enumerate(block[:NAME_LINES_MAX]):
        if is_place(cell.text) or is_street(cell.text):
            break
        followed = at + 1 < len(block) and (is_street(block[at + 1].text) or is_place(block[at + 1].text))
        if looks_like_name(cell.text) and (not is_label(labels, cell) or (followed and not is_title(cell))):
            lines.append(cell)
    formed = next((cell for cell in lines if FORM.search(cell.text)), None)
    plain = next((cell for cell in lines if not FOR_WHOM.match(cell.text)), lines[0] if lines else None)
    chosen = formed or plain
    return Name(chosen.text.strip(" ,;"), chosen, confidence) if chosen is not None else None
