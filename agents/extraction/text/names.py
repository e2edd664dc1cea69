"""What the name of a company or a person looks like, and when two names are one."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from agents.extraction.text.dates import is_date
from agents.extraction.text.labels import Label, Labels, spelled
from agents.extraction.text.layout import Cell, box_of
from agents.extraction.text.lexicon import lexicon, longest, tokens
from agents.extraction.text.places import is_street, post_code_in
from schemas.evidence import Box

NAME_LENGTH_MAX = 90
NAME_WORDS_MAX = 10
# This much of a name's print is letters: `3M`, `1&1 Telecom` and `Studio 54` are names, `GLN 4304171000002` is none.
LETTERS_SHARE_MIN = 0.55
# A name of one word stands for a longer one only where it has this many letters.
ALONE_LETTERS_MIN = 4
# Legal forms in any case; those of two or three letters only as companies write them, since `as` and `se` are words.
FORM = re.compile(
    r"(?<!\w)(?:(?i:GmbH|mbH|KGaA|OHG|e\.\s?K|e\.\s?V|e\.\s?U|a\.\s?G\.|GbR|PartG|SARL|S\.A\.R\.L|SASU|S\.A\.S|EURL|Sàrl"
    r"|Société Anonyme|Ltd|Limited|LLP|LLC|PLC|Inc|Corp|Corporation|DAC|B\.V|N\.V|V\.O\.F|BVBA|S\.?r\.?l"
    r"|S\.n\.c|S\.a\.s|S\.L\.?U?|Lda|Unipessoal|Oyj|ApS|A/S|I/S|K/S|s\.\s?r\.\s?o|spol|a\.\s?s|k\.\s?s|v\.\s?o\.\s?s"
    r"|Sp\. ?z ?o\. ?o|Sp\. ?j|Sp\. ?k|S\.A)"
    r"|AG|KG|UG|OG|SE|SA|SAS|SCI|SNC|SCOP|BV|NV|VOF|SL|SLU|Oy|OY|Ky|Tmi|AB|HB|KB|AS|ASA|S\.?p\.?A|S\.P\.A|SPA|eG|eK|eV)(?!\w)\.?"
)
_SAME_FORM = {"limited": "ltd", "corporation": "corp", "unipessoal": "lda", "sro": "sro", "spol": "sro"}
_MONEY = re.compile(r"[€£$]|\d[.,]\d{2}(?!\d)")
_BANK = re.compile(
    r"bank$|^banka$|^banken$|^bankhaus|^banque|^banca|^banco|kasse$|^kasse|^caixa|^caja|^caisse|^pankki|pankki$|^bankia|sporitelna"
    r"|^raiffeisen|^volksb|^kredit|^credit"
)
# Between the parts of a line that names somebody and where he sits; not before a legal form: `Contoso, Ltd.`
SEPARATED = re.compile(rf"\s+[-–—●•·|*/−]\s+|\s*[●•|]\s*|,\s+(?!{FORM.pattern})")


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


def looks_like_name(text: str) -> bool:
    """Tell whether a text may be a name: mostly letters, no sum, no date, no address."""
    if not 2 < len(text) <= NAME_LENGTH_MAX or len(text.split()) > NAME_WORDS_MAX:
        return False
    if "@" in text or ":" in text or "www." in text or is_date(text) or _MONEY.search(text):
        return False
    bare = FORM.sub("", text).strip(" .,-&")
    if not bare or post_code_in(text) or (len(bare) == len(text.strip(" .,-&")) and is_street(text)):
        return False
    letters = sum(map(str.isalpha, text))
    return letters > LETTERS_SHARE_MIN * len(text.replace(" ", ""))


def is_label(labels: Labels, cell: Cell) -> bool:
    """Tell whether a cell is called something instead of being somebody: `Nummer`, `Your order AB321`, `INVOICE`."""
    if FORM.search(cell.text):
        return False  # `Total Energies SE`, `Doprava Procházka s.r.o.`: words of the lexicon in a name
    if cell.text.rstrip().endswith(":") or is_title(cell):
        return True
    return any(
        label.cell is cell and (label.start <= 1 or _ends(label, cell))
        and not cell.text[label.end :].strip(" :.").replace(" ", "").isalpha()
        for label in labels.on(cell.line)
    )  # fmt: skip


def _ends(label: Label, cell: Cell) -> bool:
    """Tell whether a cell ends with a label; a preposition may end a name: `CRONUS DE`."""
    return label.end >= len(cell.text) - 2 and label.end - label.start >= ALONE_LETTERS_MIN


def is_title(cell: Cell) -> bool:
    """Tell whether a cell begins like the heading of a document."""
    words = [token for word in cell.words for token, _, _ in spelled(word.text)]
    return longest(lexicon().titles, words, 0) is not None


class Key(NamedTuple):
    """A name for comparing: its folded words without the legal form, and the form, empty where none is told."""

    words: tuple[str, ...]
    form: str


def key_of(name: str) -> Key:
    """Return what a name is compared by; where nothing but a form is left, that is the name."""
    forms = ["".join(tokens(found.group())) for found in FORM.finditer(name)]
    bare = tokens(FORM.sub(" ", name))
    if not bare or not forms:
        return Key(bare or tokens(name), "")
    return Key(bare, _SAME_FORM.get(forms[-1], forms[-1]))


def are_alike(one: Key, other: Key) -> bool:
    """Tell whether two names are one, or one the beginning of the other: a mark that was cut, `Corp` for `Corporation`.

    Companies of one group may differ in their legal form alone: these are two.

    >>> are_alike(key_of("MUSTER SUPPLIES LTD"), key_of("Muster Supplies Limited"))
    True
    >>> are_alike(key_of("Muster Supplies Ltd"), key_of("Muster Services Ltd"))
    False
    >>> are_alike(key_of("Muster Supplies GmbH"), key_of("Muster Supplies AG"))
    False
    """
    short, long = sorted((one.words, other.words), key=len)
    if not short or (len(short) == 1 and len(long) > 1 and len(short[0]) < ALONE_LETTERS_MIN):
        return False
    if one.form and other.form and one.form != other.form:
        return False
    last, other_last = short[-1], long[len(short) - 1]
    if len(long) > 1 and len(short) == 1:
        return last == other_last
    begun = other_last.startswith(last) or (len(short) == len(long) and last.startswith(other_last))
    return begun and short[:-1] == long[: len(short) - 1]


def names_bank(name: str) -> bool:
    """Tell whether a name is likely a bank's, which stands beside an account as often as its holder does."""
    return any(_BANK.search(word) for word in tokens(name))
