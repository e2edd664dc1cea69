"""Whether a value stands on a page, in the notations that invoices are printed in."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from agents.extraction.text.geometry import Word
from schemas.evidence import Box

Patterns = tuple[re.Pattern[str], ...]

# Thousands are set apart by a dot, comma, apostrophe or blank; words of a page come joined by one blank.
_GROUP = r"[.,'’ ]?"
_NOT_INSIDE_NUMBER = (r"(?<![0-9])(?<![0-9][.,'’])", r"(?![0-9])(?![.,][0-9])")
_SIGNS = {
    "EUR": "€|euros?", "USD": r"\$|us ?\$", "GBP": "£", "JPY": "[¥￥]", "CHF": r"fr\.|sfr", "PLN": "zł", "CZK": "kč",
    "SEK": "kr", "NOK": "kr", "DKK": "kr", "ISK": "kr", "HUF": "ft", "RON": "lei", "INR": "₹|rs", "TRY": "₺|tl",
    "BGN": "лв", "UAH": "₴|грн", "ILS": "₪", "KRW": "₩",
}  # fmt: skip
_ANY_DATE = re.compile(
    r"(?<![0-9])(?:[0-9]{1,2}[./-][0-9]{1,2}[./-](?:[0-9]{4}|[0-9]{2})|[0-9]{4}-[0-9]{2}-[0-9]{2})(?![0-9])"
)
# A shorter number may be met by chance once its blanks no longer count.
_LONG_NUMBER_LENGTH_MIN = 6


@dataclass(frozen=True)
class Place:
    """Where on the pages a value was met."""

    page: int
    box: Box


class Page:
    """One page's words as one text in which a place can be found again."""

    def __init__(self, number: int, words: Iterable[Word]) -> None:
        """Join the words by blanks and remember where each begins."""
        self.number = number
        self._words = tuple(words)
        self._starts: list[int] = []
        length = 0
        for word in self._words:
            self._starts.append(length)
            length += len(word.text) + 1
        self.text = " ".join(word.text for word in self._words)

    def find(self, pattern: re.Pattern[str]) -> Place | None:
        """Return where the pattern is first met."""
        found = pattern.search(self.text)
        if found is None:
            return None
        first, last = (bisect_right(self._starts, position) - 1 for position in (found.start(), found.end() - 1))
        return Place(self.number, _around(self._words[first : last + 1]))


def _around(words: tuple[Word, ...]) -> Box:
    """Return the smallest box that holds the words, to a tenth of a point."""
    return (
        round(min(word.left for word in words), 1),
        round(min(word.top for word in words), 1),
        round(max(word.right for word in words), 1),
        round(max(word.bottom for word in words), 1),
    )


def find(pages: Iterable[Page], *patterns: re.Pattern[str]) -> Place | None:
    """Return the first place where one of the patterns is met, the better pattern first."""
    known = tuple(pages)
    return next((place for pattern in patterns for page in known if (place := page.find(pattern))), None)


def masked(identifier: str) -> str:
    """Return enough of an account to talk about, too little to pay.

    >>> masked("DE89370400440532013000")
    'DE**3000'
    """
    return f"{identifier[:2]}**{identifier[-4:]}"


def account(identifier: str) -> Patterns:
    """Return how an IBAN may be printed: in one, or in groups."""
    return (re.compile(r"[ .-]?".join(map(re.escape, identifier)), re.IGNORECASE),)


def document_number(number: str) -> Patterns:
    """Return how a number may be printed: its punctuation with or without blanks, not inside another number."""
    before, after = r"(?<![^\W_])(?<![^\W_][./-])", r"(?![^\W_])(?![/-][^\W_])"
    parts = re.findall(r"[^\W_]+|[^\w\s]|_", number)
    exact = re.compile(before + r" ?".join(map(re.escape, parts)) + after, re.IGNORECASE)
    letters = [character for part in parts for character in part]
    if len(letters) < _LONG_NUMBER_LENGTH_MIN:
        return (exact,)
    return exact, re.compile(before + r" ?".join(map(re.escape, letters)) + after, re.IGNORECASE)


def amount(value: Decimal) -> Patterns:
    """Return how a sum may be printed: 1234.50, 1.234,50, 1 234,5, 1'234.50; its sign is not looked at."""
    whole, _, fraction = format(abs(value), "f").partition(".")
    whole, fraction = whole.lstrip("0") or "0", fraction.rstrip("0")
    head = len(whole) % 3 or 3
    groups = [whole[:head], *(whole[at : at + 3] for at in range(head, len(whole), 3))]
    decimals = rf"[.,]{fraction}0*" if fraction else r"(?:[.,](?:0+|[-–—]+))?"
    before, after = _NOT_INSIDE_NUMBER
    return (re.compile(before + _GROUP.join(groups) + decimals + after),)


def currency(code: str) -> Patterns:
    """Return how a currency may be printed: its code or its sign."""
    names = "|".join(filter(None, (re.escape(code), _SIGNS.get(code, ""))))
    return (re.compile(rf"(?<![^\W\d_])(?:{names})(?![^\W\d_])", re.IGNORECASE),)


def day(value: date) -> Patterns:
    """Return how a date may be printed: in digits in any order, or with the month as a word of any language."""
    year, month, number = rf"(?:{value.year}|{value.year % 100:02})", rf"0?{value.month}", rf"0?{value.day}"
    word, gap, full = r"[^\W\d_]{3,12}\.?", r"[ .,/-]{1,3}", str(value.year)
    orders = (
        rf"{number} ?[./-] ?{month} ?[./-] ?{year}",
        rf"{month} ?[./-] ?{number} ?[./-] ?{year}",
        rf"{full} ?[./-] ?{month} ?[./-] ?{number}",
        rf"{value:%Y%m%d}",
        rf"{number}(?:st|nd|rd|th|er)?{gap}(?:de )?{word}{gap}(?:de )?{year}",
        rf"{word}{gap}{number}(?:st|nd|rd|th)?{gap}{full}",
    )
    return tuple(re.compile(rf"(?<![0-9])(?:{order})(?![0-9])", re.IGNORECASE) for order in orders)


def has_dates(pages: Iterable[Page]) -> bool:
    """Tell whether any date in digits stands on the pages."""
    return any(page.find(_ANY_DATE) for page in pages)
