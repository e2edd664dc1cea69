"""What may be the invoice number: every number that a name stands beside, and those that no word of ours names."""

import re
from collections.abc import Iterator

from agents.extraction.text.anchored import Readings, Value, value_at
from agents.extraction.text.beside import Beside, beside, stretch
from agents.extraction.text.labels import Label
from agents.extraction.text.layout import Cell
from agents.extraction.text.lexicon import MONEY
from agents.extraction.text.numbers.calling import TITLE_LINES_MAX
from agents.extraction.text.numbers.listed import is_listed
from agents.extraction.text.numbers.number import Number, Numbered
from agents.extraction.text.scoring.candidates import PROSE_WORDS, Candidate, Sighted, Surroundings, merged
from schemas.evidence import FieldName

FIELD: FieldName = "invoice_number"
# Signs of a number at most, as for the rules (numbers.LENGTH_MAX); of those that count as short and as long.
SHORT, LONG = 4, 12
_CALLED = ("invoice_number", "document_number", "invoice_word", "other_number", "remittance_information")
_IDENTIFIERS = frozenset({
    "tax_number", "vat_identifier", "buyer_vat_identifier", "registration", "siret", "siren", "iban", "bic", "mandate",
    "creditor_identifier", "own_account",
})  # fmt: skip
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_MONTH = re.compile(r"(?:20\d\d[-/.](?:0?[1-9]|1[0-2])|(?:0?[1-9]|1[0-2])[-/.]20\d\d)$")
_PHONE = re.compile(r"(?:\+|00|0\d)[\d/ ()-]{6,}$")
_SEPARATORS = frozenset("-/.")


def bare(value: str) -> str:
    """Return a number as two spellings of it are alike."""
    return re.sub(r"\W", "", value).upper()


def numbers(readings: Readings, numbered: Numbered, around: Surroundings) -> tuple[Candidate, ...]:
    """Return the candidates; what the rules have read keeps the extent that they have seen."""
    return merged(_Walk(readings, numbered, around).sightings(), bare)


class _Walk:
    """One turn through a document."""

    def __init__(self, readings: Readings, numbered: Numbered, around: Surroundings) -> None:
        self._readings = readings
        self._around = around
        chosen = (numbered.chosen,) if numbered.chosen is not None else ()
        self._known: tuple[Number, ...] = (*chosen, *numbered.rivals)
        self._sums = {amount.line for amount in readings.amounts}
        self._titles = {
            label.line for label in readings.labels.every()
            if "invoice_word" in label.concepts and len(label.cell.words) <= label.words + 2
        }  # fmt: skip
        self._issued = {label.line for label in readings.labels.every() if "issue_date" in label.concepts}

    def sightings(self) -> Iterator[Sighted]:
        taken: set[tuple[int, int]] = set()
        for label in self._readings.labels.every():
            if label.concepts & MONEY and not label.concepts & {"invoice_number", "invoice_word"}:
                continue
            for place in beside(self._readings.layout, self._readings.labels, label):
                found = self._value(place)
                if found is not None:
                    taken.add((id(place.cell), place.start))
                    yield self._sighted(found, place.cell, {*_names(label), place.direction})
        for cell in self._readings.layout.cells():
            if cell.line not in self._sums and len(cell.words) <= PROSE_WORDS:
                yield from self._unnamed(cell, taken)

    def _unnamed(self, cell: Cell, taken: set[tuple[int, int]]) -> Iterator[Sighted]:
        """Yield the numbers of a cell that no label leads to, behind words or by themselves."""
        for index, start in enumerate(cell.starts):
            before = cell.words[index - 1].text if index else ""
            if not any(map(str.isdigit, cell.words[index].text)) or any(map(str.isdigit, before)):
                continue
            place = stretch(cell, start, "behind")
            if (id(cell), place.start) in taken or (found := self._value(place)) is None:
                continue
            yield self._sighted(found, cell, {"worded" if index or self._is_led_to(cell) else "alone"})

    def _is_led_to(self, cell: Cell) -> bool:
        """Tell whether words alone stand left of a cell."""
        cells = self._readings.layout.lines[cell.line].cells
        at = cells.index(cell)
        return at > 0 and not any(map(str.isdigit, cells[at - 1].text))

    def _value(self, place: Beside) -> Value | None:
        if not any(map(str.isdigit, place.text)) or is_listed(self._readings.layout, place):
            return None
        left = place.words(1)[0].left
        for one in self._known:
            if one.cell is place.cell and abs(one.words[0].left - left) < 0.5:
                return Value(one.value, one.raw, one.cell.page, one.box)
        return value_at(self._readings, place, FIELD)

    def _sighted(self, found: Value, cell: Cell, names: set[str]) -> Sighted:
        features = {*names, *self._around.of(cell), *_shape(found.value), *self._context(cell)}
        return Sighted(found.value, found.raw, found.page, found.box, frozenset(features))

    def _context(self, cell: Cell) -> Iterator[str]:
        line = cell.line
        if cell.line in self._sums:
            yield "row"
        if any(line - TITLE_LINES_MAX <= title <= line + 1 for title in self._titles):
            yield "title"
        if self._issued & {line - 1, line, line + 1}:
            yield "dated"


def _names(label: Label) -> Iterator[str]:
    known = [concept for concept in _CALLED if concept in label.concepts]
    yield from (f"called:{concept}" for concept in known)
    if label.concepts & _IDENTIFIERS:
        yield "called:identifier"
    elif not known:
        yield "called:else"


def _shape(value: str) -> Iterator[str]:
    signs = bare(value)
    if signs.isdigit():
        yield "shape:digits"
    elif signs[:1].isalpha():
        yield "shape:lettered"
    if _SEPARATORS.intersection(value):
        yield "shape:parted"
    if _YEAR.search(value):
        yield "shape:year"
    if _MONTH.match(value):
        yield "shape:month"
    if _PHONE.match(value):
        yield "shape:phone"
    if len(signs) < SHORT or len(signs) > LONG:
        yield "shape:short" if len(signs) < SHORT else "shape:long"
