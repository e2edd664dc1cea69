"""Bank accounts on the page: IBANs wherever they stand, in groups or over two lines, and whose they are."""

import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from schwifty import IBAN
from schwifty.exceptions import SchwiftyException
from schwifty.registry import get_countries, get_iban_spec

from agents.extraction.text.geometry import Word, overlap
from agents.extraction.text.headings import STACK_HEIGHTS_MAX
from agents.extraction.text.labels import Label, Labels
from agents.extraction.text.layout import Cell, Layout, Line, box_of
from agents.extraction.text.lexicon import lexicon, tokens
from schemas.evidence import Box

# Countries whose national check digits are one rule for all banks. Germany's depend on the bank's own method, which
# mergers change: there, mod 97 is what the IBAN itself promises.
NATIONALLY_CHECKED = frozenset({
    "BA", "BE", "CZ", "EE", "ES", "FI", "FR", "IS", "IT", "MC", "ME", "MK", "MR", "NO", "PL", "PT", "RS", "SI", "SK",
    "SM", "TL", "TN",
})  # fmt: skip
_BEGIN = re.compile(r"[(\[]?(?P<start>[A-Z]{2}\d{2}[A-Z0-9.\-]*)")
_COUNTRY = re.compile(r"[A-Z]{2}")
_GROUP = re.compile(r"[A-Z0-9][A-Z0-9.\-]*[,;.)\]]*")
_MASKED = re.compile(r"[*•·]{2,}|[Xx]{4,}")
# A second line of an IBAN begins near the first one or its label, within this many points.
CONTINUATION_POINTS = 40.0
# More accounts than these are a directory, not an invoice.
ACCOUNTS_MAX = 50
# `To`, `An`, `De` name no buyer.
HEADING_LETTERS_MIN = 4
# The shortest IBAN is Norway's.
LENGTH_MIN = 15


@dataclass(frozen=True, slots=True, eq=False)
class Printed:
    """An account as it stands on the page.

    `valid`: all its check digits hold; `own`: it is the buyer's; `derived`: printed is a domestic number, not the IBAN.
    """

    value: str
    raw: str
    valid: bool
    labelled: bool
    own: bool
    cell: Cell
    words: tuple[Word, ...]
    derived: bool = False

    @property
    def box(self) -> Box:
        """Return the box in points."""
        return box_of(self.words)


def find_accounts(layout: Layout, labels: Labels) -> tuple[Printed, ...]:
    """Return every IBAN, valid or claimed to be one, in reading order."""
    found: list[Printed] = []
    for line in layout.lines:
        for cell in line.cells:
            for index, word in enumerate(cell.words):
                printed = _at(layout, labels, line, cell, index, word)
                if printed is not None and len(found) < ACCOUNTS_MAX:
                    found.append(printed)
    return tuple(found)


@cache
def is_valid(value: str) -> bool:
    """Tell whether structure, mod 97 and, where one rule holds for all banks, the national check digits are right."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            IBAN(value, validate_bban=value[:2] in NATIONALLY_CHECKED)
        except SchwiftyException:
            return False
    return True


@cache
def length_of(country: str) -> int | None:
    """Return how many characters an IBAN of the country has, or None where it has none."""
    return int(get_iban_spec(country).iban_length) if country in _countries() else None


@cache
def _countries() -> frozenset[str]:
    return frozenset(get_countries())


def _at(layout: Layout, labels: Labels, line: Line, cell: Cell, index: int, word: Word) -> Printed | None:
    """Return the account that begins with this word, or None."""
    begin = _BEGIN.match(word.text)
    if begin is None and not (_COUNTRY.fullmatch(word.text) and _next_is_check(cell, index)):
        return None
    length = length_of(word.text[begin.start("start") if begin else 0 :][:2])
    if length is None:
        return None
    labelled = _is_labelled(labels, cell, word)
    value, words = _best(layout, line, cell, index, length)
    valid = len(value) == length and is_valid(value)
    if not valid and not (labelled and len(value) >= LENGTH_MIN) and not (len(value) == length and _in_fours(words)):
        return None
    if any(_MASKED.search(near.text) for near in (*words, *cell.words[index:])):
        return None
    raw = " ".join(near.text for near in words)
    return Printed(value, raw, valid, labelled, is_own(layout, labels, cell, words), cell, words)


def _next_is_check(cell: Cell, index: int) -> bool:
    following = cell.words[index + 1].text if index + 1 < len(cell.words) else ""
    return following[:2].isdigit() and following.isalnum()


def _best(layout: Layout, line: Line, cell: Cell, index: int, length: int) -> tuple[str, tuple[Word, ...]]:
    """Return the characters and their words: along the line, or on into the line below where only that is valid."""
    along = [word for later in line.cells[line.cells.index(cell) + 1 :] for word in later.words]
    readings = [_collect(cell.words[index:], more, length) for more in (along, _below(layout, line, cell, index), [])]
    return next((r for r in readings if len(r[0]) == length and is_valid(r[0])), readings[0])


def _below(layout: Layout, line: Line, cell: Cell, index: int) -> list[Word]:
    """Return the words at the start of the line below that may go on an IBAN."""
    for below in layout.lines[line.index + 1 : line.index + 4]:
        for candidate in below.cells:
            near = candidate.left - CONTINUATION_POINTS < cell.words[index].left
            if below.page == line.page and near and overlap(candidate.left, candidate.right, cell.left, cell.right) > 0:
                return list(candidate.words)
    return []


def _collect(words: Iterable[Word], more: Iterable[Word], length: int) -> tuple[str, tuple[Word, ...]]:
    """Return the characters up to the length and their words; more characters than fit mean that it is no IBAN."""
    value, used = "", []
    for word in (*words, *more):
        if not _GROUP.fullmatch(word.text.lstrip("([")):
            break
        value += re.sub(r"[^A-Z0-9]", "", word.text)
        used.append(word)
        if len(value) >= length:
            break
    return value, tuple(used)


def _in_fours(words: Iterable[Word]) -> bool:
    texts = [word.text for word in words]
    return len(texts) > 3 and all(len(text) == 4 for text in texts[:-1])


def _is_labelled(labels: Labels, cell: Cell, word: Word) -> bool:
    """Tell whether the page calls it an IBAN: before it on its line, or right above."""
    before = labels.before(cell.line, word.left + 1)
    if before:
        return "iban" in before[-1].concepts
    above = [label for line in range(max(cell.line - 3, 0), cell.line) for label in labels.on(line)]
    if (
        cell.words[0] is word
        and above
        and "iban" in above[-1].concepts
        and above[-1].end >= len(above[-1].cell.text) - 2
    ):
        return True  # the sentence broke between the word IBAN and the account
    return any(
        "iban" in label.concepts
        and label.cell.page == cell.page
        and overlap(label.left, label.right, cell.left, cell.right) > 0
        and cell.top - label.cell.bottom <= STACK_HEIGHTS_MAX * cell.height
        for label in above
    )


def is_own(layout: Layout, labels: Labels, cell: Cell, words: tuple[Word, ...]) -> bool:
    """Tell whether it is the buyer's own account: called so, or in a sentence about collecting from it."""
    left = words[0].left if words else cell.left
    before = labels.before(cell.line, left + 1)
    if any("own_account" in label.concepts for label in before[-2:]) or _is_buyers(before):
        return True
    if names_buyer(labels, cell):
        return True
    sentence = _sentence(layout, cell)
    return any(saying.pattern.search(sentence) for saying in lexicon().phrases["direct_debit"])


def _is_buyers(before: list[Label]) -> bool:
    """Tell whether the label says whose IBAN it is: Käufer-IBAN."""
    if len(before) < 2 or before[-1].cell is not before[-2].cell or "buyer" not in before[-2].concepts:
        return False
    named = before[-2].cell.text[before[-2].start : before[-2].end]
    if len(named) < HEADING_LETTERS_MIN or (before[-2].start > 0 and named.islower()):
        return False  # `transfer to account`, `betalas till IBAN`
    return before[-1].start - before[-2].end <= 1


def names_buyer(labels: Labels, cell: Cell) -> bool:
    """Tell whether the cell is about the buyer from its start: `Bill to: Smith Ltd, IBAN GB33...`."""
    return any(
        label.cell is cell and label.start <= 1 and "buyer" in label.concepts and "account_holder" not in label.concepts
        and cell.text[label.end : label.end + 2].strip().startswith(":")
        for label in labels.on(cell.line)
    )  # fmt: skip


def _sentence(layout: Layout, cell: Cell) -> str:
    """Return the folded text of the cell and of those right above and below it in its column."""
    near: list[Cell] = []
    for line in layout.lines[max(cell.line - 2, 0) : cell.line + 3]:
        if line.page == cell.page:
            near.extend(other for other in line.cells if _same_paragraph(cell, other))
    return " ".join(" ".join(tokens(other.text)) for other in near)


def _same_paragraph(cell: Cell, other: Cell) -> bool:
    gap = max(other.top - cell.bottom, cell.top - other.bottom)
    return other is cell or (
        gap < 0.8 * cell.height and abs(other.left - cell.left) < CONTINUATION_POINTS and len(other.words) > 2
    )
