"""The invoice number: what the page calls so, and nothing else."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from agents.extraction.text.accounts.iban import is_valid
from agents.extraction.text.beside import Beside, beside
from agents.extraction.text.dates import is_date
from agents.extraction.text.geometry import Word
from agents.extraction.text.labels import Label, Labels
from agents.extraction.text.layout import Cell, Layout, Placed
from agents.extraction.text.lexicon import lexicon, tokens
from agents.extraction.text.listed import is_listed
from agents.extraction.text.overprint import is_overprinted

# Longer than this is no number that anybody writes into a payment: SEPA remittance holds 140 characters.
LENGTH_MAX = 40
_TOKEN = re.compile(r"[^\W_][\w./\\\-–+:#&]*")
# FA 2024-12, inv. 7; a longer word in small letters is one of a sentence: Hyvitys laskusta 4711 credits the invoice.
_PREFIX = re.compile(r"(?![a-z]{4})[A-Za-z]{1,8}[-/.]?$")
_GOES_ON = re.compile(r"\s?([/\\-]\s?[\w./\\-]+)")
_MORE_DIGITS = re.compile(r" ((?:\d+ ){0,3}\d[\w/-]*)\s*$")
_MONEY = re.compile(r"\d{1,3}(?:[., ]\d{3})*[.,]\d{2}$")
_YEAR = re.compile(r"(?:19|20)\d{2}$")
_ACCOUNT = re.compile(r"\d{3}-\d{7}-\d{2}$")  # Rekening 539-0075470-34: a Belgian account
_TRAILING = ".,;:)]}-–'\""
# Names that every kind of number goes by.
_GENERIC = frozenset(
    {"reference", "ref", "numero", "number", "nummer", "numer", "cislo", "referencia", "doklad", "beleg"}
)
# Rows of the totals that speak of other invoices than this one.
_STEPS = frozenset({"prepaid", "previous"})
TITLE_LINES_MAX = 3
# `Faktura 4711 af 10.11.2025`, `z dnia 10.11.2025`: two short words at most before the day
_DATED = re.compile(r"^(?:[^\W\d]{1,4} ){1,2}(?=\d)")
TITLE_WORDS_MAX = 4
FLUSH_POINTS = 20.0
# A number beside a title that nothing names is no page, year or clause: it has this many digits.
ALONE_DIGITS_MIN = 5
STRONG, TITLE, UNDER_TITLE, DOCUMENT, RUNS_ON, GENERIC = 0.96, 0.93, 0.925, 0.92, 0.8, 0.75
_STRENGTH = {"invoice_number": STRONG, "invoice_word": TITLE, "document_number": DOCUMENT}


@dataclass(frozen=True, slots=True, eq=False)
class Number(Placed):
    """What may be the invoice number, and how strongly the page says so."""

    value: str
    raw: str
    confidence: float
    cell: Cell
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Numbered:
    """The number that was chosen, or the rivals between which nobody can choose."""

    chosen: Number | None
    rivals: tuple[Number, ...] = ()


def find_number(layout: Layout, labels: Labels) -> Numbered:
    """Return the invoice number by the strongest kind of label that names one."""
    found = [number for label in labels.every() if (number := _named(layout, labels, label)) is not None]
    for confidence in sorted({number.confidence for number in found}, reverse=True):
        strongest = [number for number in found if number.confidence == confidence]
        values = {_bare(number.value) for number in strongest}
        if len(values) == 1:
            return Numbered(_weighed(strongest[0], found))
        return Numbered(None, tuple(strongest))
    return Numbered(None)


def is_own(numbered: Numbered) -> bool:
    """Tell whether the number is called the document's, whatever it is: `Document no`, not `Invoice no`."""
    return numbered.chosen is not None and numbered.chosen.confidence <= DOCUMENT


def _weighed(chosen: Number, found: Iterable[Number]) -> Number:
    """Return the number; a title that says the same makes it surer, one that says another takes the proof away."""
    titles = {_bare(number.value) for number in found if number.confidence in (TITLE, UNDER_TITLE)}
    if titles - {_bare(chosen.value)}:
        return replace(chosen, confidence=min(chosen.confidence, RUNS_ON))
    sure = titles and chosen.confidence == STRONG
    return replace(chosen, confidence=min(chosen.confidence + 0.02, 0.98)) if sure else chosen


def _bare(value: str) -> str:
    return re.sub(r"\W", "", value).upper()


def _named(layout: Layout, labels: Labels, label: Label) -> Number | None:
    """Return the number that a label names, if it names one."""
    strength = max((_STRENGTH.get(concept, 0.0) for concept in label.concepts), default=0.0)
    if strength == 0.0 or (strength == TITLE and "other_number" in label.concepts):
        return None
    if strength == DOCUMENT and _is_generic(label):
        near = _title_near(labels, label)
        dated = _is_dated(labels, label)
        if near is None and not dated:
            return None
        strength = UNDER_TITLE if dated or (near is not None and _is_under(near, label)) else GENERIC
    if _is_of_a_step(labels, label):
        return None
    for place in _places(layout, labels, label, strength):
        if is_listed(layout, place):
            continue
        number = _read(place, strength) or (_past_mark(place) if strength == TITLE else None)
        if number is not None:
            clear = _ends_well(labels, number) and not is_overprinted(number.cell.words)
            return number if clear else replace(number, confidence=RUNS_ON)
    return None


def _is_of_a_step(labels: Labels, label: Label) -> bool:
    """Tell whether the name stands in a row of what was paid before: `Deposit of 12 July (invoice 4711)  -2,880.00`."""
    before = (one for one in labels.on(label.line) if one.cell is label.cell and one.start < label.start)
    return any(one.concepts & _STEPS and "invoice_number" not in one.concepts for one in before)


def _is_generic(label: Label) -> bool:
    """Tell whether every kind of number goes by this name."""
    named = tokens(label.cell.text[label.start : label.end])
    return "other_number" in label.concepts or (label.words == 1 and named[0] in _GENERIC)


def _begins_with_mark(place: Beside) -> bool:
    said = tokens(place.cell.text)
    return bool(said) and said[0] in lexicon().marks


def _ends_well(labels: Labels, number: Number) -> bool:
    """Tell whether the number is all that is called so: behind it the cell ends, or a date or a label begins."""
    at = number.cell.text.find(number.raw) + len(number.raw)
    rest = number.cell.text[at:].strip()
    named = any(0 <= label.start - at <= 2 for label in labels.on(number.cell.line) if label.cell is number.cell)
    dated = is_date(rest) or is_date(_DATED.sub("", rest))
    return not rest or named or not rest[0].isalnum() or dated


def _title_near(labels: Labels, label: Label) -> Label | None:
    """Return the document's title where it stands near: only there does `Reference` mean the invoice's own."""
    near = (one for line in range(label.line - TITLE_LINES_MAX, label.line + 2) for one in labels.on(line))
    for one in near:
        if one.cell.page == label.cell.page and len(one.cell.words) <= one.words + 2 and "invoice_word" in one.concepts:
            return one
    return None


def _is_dated(labels: Labels, label: Label) -> bool:
    """Tell whether the date of issue stands beside or right below a mere `Number`: they are the document's own two."""
    if "other_number" in label.concepts:
        return False
    beside_it = [one for one in labels.on(label.line) if one is not label]
    below = [one for line in (label.line + 1, label.line + 2) for one in labels.on(line)]
    flush = [one for one in below if _is_over(label, one) and one.cell.page == label.cell.page]
    return any("issue_date" in one.concepts and "other_date" not in one.concepts for one in [*beside_it, *flush])


def _is_over(label: Label, other: Label) -> bool:
    """Tell whether two names are of one column, flush left or flush right."""
    return min(abs(other.left - label.left), abs(other.right - label.right)) <= FLUSH_POINTS


def _is_under(title: Label, label: Label) -> bool:
    """Tell whether a name stands right under the title, flush with it, as its first line."""
    return 0 <= label.line - title.line <= 2 and abs(label.left - title.left) <= FLUSH_POINTS


def _places(layout: Layout, labels: Labels, label: Label, strength: float) -> Iterator[Beside]:
    """Yield where the number may stand; a mere title (`Invoice 4711`) has it right behind, or below as `# 4711`."""
    for place in beside(layout, labels, label):
        if place.direction == "right" and lexicon().marks.issuperset(tokens(place.cell.text)):
            yield from _beyond(layout, place)
        elif strength != TITLE or _is_titles(labels, label, place):
            yield place
    cells = layout.lines[label.line].cells
    if strength == TITLE and len(cells) == 2 and cells[0] is label.cell:
        across = Beside(cells[1].text, cells[1], 0, "right")
        if _is_alone(across, label):
            yield across


def _is_titles(labels: Labels, label: Label, place: Beside) -> bool:
    """Tell whether what stands there is the number of a mere title."""
    below = place.direction == "below" and _heads_a_column(labels, label)
    return below or place.direction == "behind" or _begins_with_mark(place) or _is_alone(place, label)


def _heads_a_column(labels: Labels, label: Label) -> bool:
    """Tell whether a mere title is the head of a column beside that of the date: `INVOICE | DATE | ACCOUNT`."""
    whole = label.start <= 1 and label.end >= len(label.cell.text)
    beside_it = [one for one in labels.on(label.line) if one.cell is not label.cell and one.start <= 1]
    return whole and any("issue_date" in one.concepts for one in beside_it)


def _beyond(layout: Layout, mark: Beside) -> Iterator[Beside]:
    """Yield the cell behind one that holds nothing but a mark for a number."""
    cells = layout.lines[mark.cell.line].cells
    after = cells[cells.index(mark.cell) + 1 :]
    if after:
        yield Beside(after[0].text, after[0], 0, "right")


def _is_alone(place: Beside, label: Label) -> bool:
    """Tell whether a title ends its cell, and one word of digits in the title's own print is all that is beside it."""
    whole = label.start <= 1 and label.end >= len(label.cell.text)
    alone = whole and place.direction == "right" and len(place.cell.words) == 1 and not _MONEY.match(place.text)
    digits = sum(map(str.isdigit, place.text))
    return alone and digits >= ALONE_DIGITS_MIN and abs(place.cell.height - label.cell.height) < 0.1 * label.cell.height


def _read(place: Beside, strength: float) -> Number | None:
    """Return the number at the start of a text, or None where something else begins there."""
    if is_date(place.text) or place.text[:1] in "(%":
        return None
    raw = _stretch(place.text)
    value = raw.rstrip(_TRAILING)
    if not _is_number(value, strength):
        return None
    return Number(re.sub(r"\s+", " ", value), raw, strength, place.cell, place.words(len(value)))


def _past_mark(place: Beside) -> Number | None:
    """Return the number behind a mark for one that follows a word after the title: `Schlussrechnung Bau Nr. 4711`.

    More words than one may name another thing: `Rechnung zur Versicherung Nr. 4711` numbers the insurance.
    """
    words = place.text.split(" ")
    at = 0
    for index, word in enumerate(words[: TITLE_WORDS_MAX + 1]):
        at += len(word) + 1
        if lexicon().marks.intersection(tokens(word)) and not any(map(str.isdigit, word)):
            text = place.text[at:].lstrip(" :.#")
            spoken = sum(1 for said in words[:index] if any(map(str.isalpha, said)))
            behind = Beside(text, place.cell, place.start + len(place.text) - len(text), "behind")
            return _read(behind, UNDER_TITLE if spoken <= 1 else GENERIC)
    return None


def _stretch(text: str) -> str:
    """Return the characters of one number: `FA 2024-12`, `2024 / 0012`, `2024 0012` at the end of a cell."""
    first = _TOKEN.match(text)
    if first is None:
        return ""
    end = first.end()
    if not any(map(str.isdigit, first.group())):
        is_prefix = _PREFIX.match(first.group()) and not lexicon().marks.intersection(tokens(first.group()))
        second = _TOKEN.match(text, end + 1) if is_prefix and text[end : end + 1] == " " else None
        if second is None or not any(map(str.isdigit, second.group())) or is_date(text[end + 1 :]):
            return ""
        end = second.end()
    while (more := _GOES_ON.match(text, end)) is not None and any(map(str.isdigit, more.group())):
        if " " in more.group() and is_date(more.group().lstrip(" /\\-")):
            break  # 4711 - 10/11/2026
        end = more.end()
    digits = _MORE_DIGITS.match(text, end)
    if digits is not None and text[:end].isdigit() and not is_date(text[end + 1 :]):
        end = digits.end(1)
    return text[:end]


def _is_number(value: str, strength: float) -> bool:
    if not value or len(value) > LENGTH_MAX or not any(map(str.isdigit, value)) or _MONEY.match(value):
        return False
    if _ACCOUNT.match(value):
        return False
    last = value.rpartition(" ")[2]  # `invoice to GB33...`
    if any(is_valid(re.sub(r"\W", "", one).upper()) for one in (value, last)) or "@" in value:
        return False
    return strength == STRONG or not (_YEAR.match(value) or len(value) < 2)
