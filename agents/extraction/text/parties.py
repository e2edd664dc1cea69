"""Who asks for money and who is asked: by labels, legal forms and address blocks."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from agents.extraction.text.beside import beside
from agents.extraction.text.dates import is_date
from agents.extraction.text.identifiers import Identifier
from agents.extraction.text.labels import Label, Labels
from agents.extraction.text.layout import Cell, Layout, box_of
from schemas.evidence import Box

# An address has at most this many lines, with this much room between them in print heights.
BLOCK_LINES_MAX = 9
BLOCK_GAP_HEIGHTS = 1.3
BLOCK_INDENT_POINTS = 25.0
ADDRESS_LINES_MAX = 7
# `To`, `An`, `De` head an address only with a colon behind them.
HEADING_LETTERS_MIN = 4
NAME_LENGTH_MAX = 90
NAME_WORDS_MAX = 10
# The window of an envelope and what stands beside it: the upper part of the first page.
WINDOW_SHARE = 0.42
LABELLED, FORMED, GUESSED = 0.85, 0.75, 0.6
_FORM = re.compile(
    r"(?<!\w)(?:GmbH|mbH|AG|KG|KGaA|OHG|UG|e\.?\s?K\.?|e\.?\s?V\.?|a\.\s?G\.|SARL|S\.A\.R\.L\.?|SAS|SASU|S\.A\.S\.?|EURL|SCI|SNC|SCOP"
    r"|SA|S\.A\.?|SE|Ltd|Limited|LLP|LLC|PLC|plc|Inc|Corp|Corporation|Company|B\.?V\.?|N\.?V\.?|V\.?O\.?F\.?|BVBA|SRL|S\.?r\.?l\.?|S\.?p\.?A\.?"
    r"|S\.?n\.?c\.?|S\.?L\.?U?|Lda|Unipessoal|Oy|Oyj|Ky|Tmi|AB|HB|ApS|A/S|I/S|AS|ASA|s\.\s?r\.\s?o|spol|a\.\s?s|k\.\s?s"
    r"|Sp\. z o\. ?o|Sp\. ?j|Sp\. ?k|Société Anonyme|Sàrl|GbR|e\.U)(?!\w)\.?"
)
_POSTCODE = re.compile(
    r"(?<![\w.,-])(?:[A-Z]{1,2}[- ])?(?:\d{4,5}|\d{3} \d{2}|\d{2}-\d{3}|\d{4} ?[A-Z]{2})(?![\d.,/-])"
)
_NAMED = re.compile(
    r"(?:name|nom|nazwa|firmenname|firma|naam|nombre|nome|nimi|namn|navn|název|raison sociale|denominazione|company)"
    r"\s*:\s*(?P<name>.*)",
    re.IGNORECASE,
)
_CONTACT = re.compile(
    r"@|www\.|https?:|\bTel|\bFax|\bPhone|IBAN|\bfon\b|\bTVA\b|\bUSt|SIRET|\bVAT|\+\d\d", re.IGNORECASE
)
_MONEY = re.compile(r"[€£$]|\d[.,]\d{2}(?!\d)")
_SEPARATED = re.compile(r"\s+[-–—●•·|*/]\s+|\s*[●•|]\s*|,\s")


@dataclass(frozen=True, slots=True, eq=False)
class Name:
    """A party's name and where it stands."""

    value: str
    cell: Cell
    confidence: float

    @property
    def box(self) -> Box:
        """Return the box in points."""
        return box_of(self.cell.words)


@dataclass(frozen=True, slots=True)
class Parties:
    """Seller and buyer as far as the page tells them apart; `buyer_cells` are the lines of the buyer's address."""

    seller: Name | None
    buyer: Name | None
    seller_cells: frozenset[Cell]
    buyer_cells: frozenset[Cell]


def find_parties(layout: Layout, labels: Labels) -> Parties:
    """Return the parties."""
    buyer_blocks = list(_blocks(layout, labels, "buyer"))
    seller_blocks = list(_blocks(layout, labels, "seller"))
    buyer = _first_name(layout, labels, buyer_blocks, LABELLED)
    seller = _first_name(layout, labels, seller_blocks, LABELLED)
    shipped = [cell for block in _blocks(layout, labels, "ship_to") for cell in block]
    windows: list[list[Cell]] = []
    if buyer is None:
        windows = list(_windows(layout, labels))
        sender, receiver = _sender_and_receiver(layout, windows)
        seller = seller or _name(layout, labels, sender, GUESSED)
        named = seller or _holder(layout, labels) or _by_form(layout, _all(windows))
        buyer = _name(layout, labels, receiver, GUESSED) if named is not None else None
        if buyer is not None and not _same(named, buyer):
            seller, buyer_blocks = named, [*buyer_blocks, receiver]
        else:
            buyer = None  # one address alone may as well be the sender's
    taken = _all(buyer_blocks) | frozenset(shipped)
    seller = seller or _holder(layout, labels) or _by_form(layout, taken | _all(windows), buyer)
    return Parties(seller, buyer, _all(seller_blocks), taken)


def _all(blocks: Iterable[list[Cell]]) -> frozenset[Cell]:
    return frozenset(cell for block in blocks for cell in block)


def _same(one: Name | None, other: Name) -> bool:
    return one is not None and (one.value in other.value or other.value in one.value)


def _first_name(layout: Layout, labels: Labels, blocks: list[list[Cell]], confidence: float) -> Name | None:
    return next((name for block in blocks if (name := _name(layout, labels, block, confidence)) is not None), None)


def split_identifiers(
    found: Iterable[Identifier], parties: Parties, labels: Labels
) -> tuple[Identifier | None, Identifier | None]:
    """Return the seller's and the buyer's identifier; None where two could be the seller's."""
    own: dict[str, Identifier] = {}
    theirs: dict[str, Identifier] = {}
    for identifier in found:
        shelf = theirs if _is_buyers(identifier, parties, labels) else own
        shelf.setdefault(identifier.value, identifier)
    in_block = {value: one for value, one in own.items() if one.cell in parties.seller_cells}
    labelled = {value: one for value, one in own.items() if one.labelled}
    seller = next((shelf for shelf in (in_block, own, labelled) if len(shelf) == 1), {})
    return next(iter(seller.values()), None), next(iter(theirs.values()), None) if len(theirs) == 1 else None


def _is_buyers(identifier: Identifier, parties: Parties, labels: Labels) -> bool:
    before = labels.before(identifier.cell.line, identifier.words[0].left)
    if before and "buyer_vat_identifier" in before[-1].concepts:
        return True
    return identifier.cell in parties.buyer_cells and identifier.cell not in parties.seller_cells


def _blocks(layout: Layout, labels: Labels, concept: str) -> Iterator[list[Cell]]:
    """Yield the address under or beside each label that stands alone enough to head one."""
    for label in labels.every():
        if concept not in label.concepts or label.start > 1 or len(label.cell.words) > label.words + NAME_WORDS_MAX:
            continue
        block = _headed(layout, labels, label)
        if block:
            yield block


def _headed(layout: Layout, labels: Labels, label: Label) -> list[Cell]:
    for place in beside(layout, labels, label):
        if not place.text or not _is_heading(label, place.cell):
            continue
        first = [place.cell]
        return first + _under(layout, labels, place.cell)
    return []


def _is_heading(label: Label, cell: Cell) -> bool:
    """Tell whether a label heads an address: with a colon, or alone in its cell and no mere preposition."""
    if label.cell.text[label.end : label.end + 3].strip().startswith(":"):
        return True
    return cell is not label.cell and label.end - label.start >= HEADING_LETTERS_MIN


def _under(layout: Layout, labels: Labels, cell: Cell) -> list[Cell]:
    """Return the lines of a block below its first cell, as long as they follow closely and are flush left."""
    block: list[Cell] = []
    last = cell
    for line in layout.lines[cell.line + 1 :]:
        if line.page != cell.page or line.top - last.bottom > BLOCK_GAP_HEIGHTS * last.height:
            break
        flush = [c for c in line.cells if abs(c.left - cell.left) < BLOCK_INDENT_POINTS]
        if not flush:
            continue
        if any(label.concepts & {"buyer", "seller", "ship_to"} and label.start == 0 and label.cell is flush[0]
               for label in labels.on(line.index)) or len(block) >= BLOCK_LINES_MAX:  # fmt: skip
            break
        block.append(flush[0])
        last = flush[0]
    return block


def _name(layout: Layout, labels: Labels, block: list[Cell], confidence: float) -> Name | None:
    """Return the name in an address: the line that is called so, else the first that looks like one."""
    for cell in block:
        match = _NAMED.match(cell.text)
        if match is not None and _looks_like_name(match["name"]):
            return Name(match["name"].strip(), cell, confidence)
        beyond = _beyond(layout, cell) if match is not None and not match["name"] else None
        if beyond is not None and _looks_like_name(beyond.text):
            return Name(beyond.text.strip(), beyond, confidence)
    for cell in block[:3]:
        text = cell.text.rpartition(":")[2].strip() if cell is block[0] else cell.text.strip()
        if _looks_like_name(text) and (text != cell.text.strip() or not _is_label(labels, cell)):
            return Name(text, cell, confidence)
    return None


def _is_label(labels: Labels, cell: Cell) -> bool:
    """Tell whether a cell is called something instead of being somebody: `Nummer`, `Your order AB321`."""
    return any(
        label.cell is cell and label.start <= 1
        and not cell.text[label.end :].strip(" :.").replace(" ", "").isalpha()
        for label in labels.on(cell.line)
    )  # fmt: skip


def _beyond(layout: Layout, cell: Cell) -> Cell | None:
    """Return the cell to the right on the same line."""
    cells = layout.lines[cell.line].cells
    at = cells.index(cell) + 1
    return cells[at] if at < len(cells) else None


def _looks_like_name(text: str) -> bool:
    if (
        not 2 < len(text) <= NAME_LENGTH_MAX
        or len(text.split()) > NAME_WORDS_MAX
        or "@" in text
        or is_date(text)
        or _MONEY.search(text)
    ):
        return False
    letters = sum(map(str.isalpha, text))
    return letters > 0.55 * len(text.replace(" ", "")) and ":" not in text and not _POSTCODE.search(text)


def _holder(layout: Layout, labels: Labels) -> Name | None:
    """Return the account holder: whoever is paid has a name."""
    for label in labels.every():
        if "account_holder" not in label.concepts:
            continue
        for place in beside(layout, labels, label):
            form = _FORM.search(place.text)
            if form is not None and _looks_like_name(place.text[: form.end()]):
                return Name(place.text[: form.end()], place.cell, FORMED)
    return None


def _by_form(layout: Layout, taken: frozenset[Cell], buyer: Name | None = None) -> Name | None:
    """Return the company that the page names most often outside the buyer's address."""
    found: list[tuple[str, Cell]] = []
    for cell in layout.cells():
        if cell in taken:
            continue
        parts = [part.strip() for part in _SEPARATED.split(cell.text) if _FORM.search(part) and _looks_like_name(part)]
        found.extend((part, cell) for part in parts if buyer is None or part not in buyer.value)
    counted = Counter(name for name, _ in found)
    best = max(found, key=lambda one: (counted[one[0]], -one[1].line), default=None)
    return Name(best[0], best[1], FORMED if counted[best[0]] > 1 else GUESSED) if best is not None else None


def _windows(layout: Layout, labels: Labels) -> Iterator[list[Cell]]:
    """Yield the address blocks in the upper part of the first page that carry no label and no contact data."""
    height = layout.sizes.get(1, (0.0, 0.0))[1]
    seen: set[Cell] = set()
    for cell in layout.cells():
        if cell.page != 1 or cell.top > WINDOW_SHARE * height:
            return
        if cell in seen or not _looks_like_name(cell.text) or _SEPARATED.search(cell.text) or _is_label(labels, cell):
            continue
        block = [cell, *_under(layout, labels, cell)]
        if 3 <= len(block) <= ADDRESS_LINES_MAX and any(_POSTCODE.search(line.text) for line in block[1:]):
            seen.update(block)
            if not _has_contact(block) and not any(":" in line.text for line in block):
                yield block


def _sender_and_receiver(layout: Layout, windows: list[list[Cell]]) -> tuple[list[Cell], list[Cell]]:
    """Return the addresses of seller and buyer among those that nothing names; empty where nobody can tell.

    The sender is named again elsewhere: in a line above the window, in the footer. Else the upper one is the sender;
    side by side, countries differ.
    """
    if len(windows) < 2:
        return [], windows[0] if windows else []
    first, second = windows[:2]
    again = [_mentions(layout, block[0]) for block in (first, second)]
    if again[0] != again[1]:
        return (first, second) if again[0] > again[1] else (second, first)
    beside_each_other = abs(first[0].top - second[0].top) < 2 * first[0].height
    return ([], []) if beside_each_other else (first, second)


def _mentions(layout: Layout, name: Cell) -> int:
    return sum(1 for cell in layout.cells() if name.text in cell.text)


def _has_contact(block: list[Cell]) -> bool:
    """Tell whether a block carries phone, mail or bank data, as only the sender's does."""
    return any(_CONTACT.search(line.text) for line in block)
