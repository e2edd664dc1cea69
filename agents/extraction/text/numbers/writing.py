"""How invoice numbers are written: `FA 2024-12`, `2024 / 0012`; and what looks like one and is a sum or an account."""

import re

from agents.extraction.text.accounts.iban import is_valid
from agents.extraction.text.beside import Beside
from agents.extraction.text.dates import is_date
from agents.extraction.text.lexicon import lexicon, tokens
from agents.extraction.text.numbers.number import GENERIC, STRONG, UNDER_TITLE, Number

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
TITLE_WORDS_MAX = 4


def read_at(place: Beside, strength: float) -> Number | None:
    """Return the number at the start of a text, or None where something else begins there."""
    if is_date(place.text) or place.text[:1] in "(%":
        return None
    raw = _stretch(place.text)
    value = raw.rstrip(_TRAILING)
    if not _is_number(value, strength):
        return None
    return Number(re.sub(r"\s+", " ", value), raw, strength, place.cell, place.words(len(value)))


def past_mark(place: Beside) -> Number | None:
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
            return read_at(behind, UNDER_TITLE if spoken <= 1 else GENERIC)
    return None


def _stretch(text: str) -> str:
    """Return the characters of one number: `FA 2024-12`, `2024 / 0012`, `2024 0012` at the end of a cell."""
    end = _first_end(text)
    if end == 0:
        return ""
    while (more := _GOES_ON.match(text, end)) is not None and any(map(str.isdigit, more.group())):
        if " " in more.group() and is_date(more.group().lstrip(" /\\-")):
            break  # 4711 - 10/11/2026
        end = more.end()
    digits = _MORE_DIGITS.match(text, end)
    if digits is not None and text[:end].isdigit() and not is_date(text[end + 1 :]):
        end = digits.end(1)
    return text[:end]


def _first_end(text: str) -> int:
    """Return where the first word of a number ends, with the letters that may stand before it; 0 where none begins."""
    first = _TOKEN.match(text)
    if first is None or any(map(str.isdigit, first.group())):
        return first.end() if first is not None else 0
    end = first.end()
    is_prefix = _PREFIX.match(first.group()) and not lexicon().marks.intersection(tokens(first.group()))
    second = _TOKEN.match(text, end + 1) if is_prefix and text[end : end + 1] == " " else None
    if second is None or not any(map(str.isdigit, second.group())) or is_date(text[end + 1 :]):
        return 0
    return second.end()


def is_money(value: str) -> bool:
    """Tell whether a text begins with a sum and nothing behind it: 1.234,56."""
    return _MONEY.match(value) is not None


def _is_number(value: str, strength: float) -> bool:
    if not value or len(value) > LENGTH_MAX or not any(map(str.isdigit, value)) or is_money(value):
        return False
    if _ACCOUNT.match(value):
        return False
    last = value.rpartition(" ")[2]  # `invoice to GB33...`
    if any(is_valid(re.sub(r"\W", "", one).upper()) for one in (value, last)) or "@" in value:
        return False
    return strength == STRONG or not (_YEAR.match(value) or len(value) < 2)
