"""What the name of a company or a person looks like."""

import re
from dataclasses import dataclass

from agents.extraction.text.dates import is_date
from agents.extraction.text.labels import Labels
from agents.extraction.text.layout import Cell, Layout, box_of
from schemas.evidence import Box

NAME_LENGTH_MAX = 90
NAME_WORDS_MAX = 10
FORM = re.compile(
    r"(?<!\w)(?:GmbH|mbH|AG|KG|KGaA|OHG|UG|e\.?\s?K\.?|e\.?\s?V\.?|a\.\s?G\.|SARL|S\.A\.R\.L\.?|SAS|SASU|S\.A\.S\.?"
    r"|EURL|SCI|SNC|SCOP|SA|S\.A\.?|SE|Ltd|Limited|LLP|LLC|PLC|plc|Inc|Corp|Corporation|B\.?V\.?|N\.?V\.?"
    r"|V\.?O\.?F\.?|BVBA|SRL|S\.?r\.?l\.?|S\.?p\.?A\.?"
    r"|S\.?n\.?c\.?|S\.?L\.?U?|Lda|Unipessoal|Oy|Oyj|Ky|Tmi|AB|HB|ApS|A/S|I/S|AS|ASA|s\.\s?r\.\s?o|spol|a\.\s?s|k\.\s?s"
    r"|Sp\. z o\. ?o|Sp\. ?j|Sp\. ?k|Société Anonyme|Sàrl|GbR|e\.U)(?!\w)\.?"
)
POSTCODE = re.compile(r"(?<![\w.,-])(?:[A-Z]{1,2}[- ])?(?:\d{4,5}|\d{3} \d{2}|\d{2}-\d{3}|\d{4} ?[A-Z]{2})(?![\d.,/-])")
_NAMED = re.compile(
    r"(?:name|nom|nazwa|firmenname|firma|naam|nombre|nome|nimi|namn|navn|název|raison sociale|denominazione|company)"
    r"\s*:\s*(?P<name>.*)",
    re.IGNORECASE,
)
_MONEY = re.compile(r"[€£$]|\d[.,]\d{2}(?!\d)")
_STREET = re.compile(r"(?:\d+[a-zA-Z]?,?\s\D+|\D+\s\d+\s?[a-zA-Z]?)$")  # `95 rue des Tanneurs`, `Goethestraße 13`
SEPARATED = re.compile(r"\s+[-–—●•·|*/]\s+|\s*[●•|]\s*|,\s")


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


def name_in(layout: Layout, labels: Labels, block: list[Cell], confidence: float) -> Name | None:
    """Return the name in an address: the line that is called so, else the first that looks like one."""
    for cell in block:
        match = _NAMED.match(cell.text)
        if match is not None and looks_like_name(match["name"]):
            return Name(match["name"].strip(), cell, confidence)
        beyond = _beyond(layout, cell) if match is not None and not match["name"] else None
        if beyond is not None and looks_like_name(beyond.text):
            return Name(beyond.text.strip(), beyond, confidence)
    for cell in block[:3]:
        text = cell.text.rpartition(":")[2].strip() if cell is block[0] else cell.text.strip()
        if looks_like_name(text) and (text != cell.text.strip() or not is_label(labels, cell)):
            return Name(text, cell, confidence)
    return None


def is_label(labels: Labels, cell: Cell) -> bool:
    """Tell whether a cell is called something instead of being somebody: `Nummer`, `Your order AB321`."""
    return any(
        label.cell is cell and (label.start <= 1 or label.end >= len(cell.text) - 2)
        and not cell.text[label.end :].strip(" :.").replace(" ", "").isalpha()
        for label in labels.on(cell.line)
    )  # fmt: skip


def _beyond(layout: Layout, cell: Cell) -> Cell | None:
    """Return the cell to the right on the same line."""
    cells = layout.lines[cell.line].cells
    at = cells.index(cell) + 1
    return cells[at] if at < len(cells) else None


def looks_like_name(text: str) -> bool:
    """Tell whether a text may be a name: mostly letters, no sum, no date, no address."""
    if (
        not 2 < len(text) <= NAME_LENGTH_MAX
        or len(text.split()) > NAME_WORDS_MAX
        or "@" in text
        or is_date(text)
        or _MONEY.search(text)
    ):
        return False
    if _STREET.match(text) or not FORM.sub("", text).strip(" .,-&"):
        return False
    letters = sum(map(str.isalpha, text))
    return letters > 0.55 * len(text.replace(" ", "")) and ":" not in text and not POSTCODE.search(text)
