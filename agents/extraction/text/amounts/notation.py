"""Numbers as they are written in Europe: 1.234,56 and 1,234.56 and 1 234,56 and 1'234.56."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from agents.extraction.text.currencies import PATTERN
from schemas.money import AMOUNT_DIGITS_MAX

_GROUPED = r"\d{1,3}(?:[ .,'’´]\d{3})+(?:[.,]\d{1,4})?"
_PLAIN = r"\d+(?:[.,]\d{1,4})?"
_DASHED = r"\d{1,3}(?:[ .,'’´]?\d{3})*[.,](?:-{1,2}|–|—)(?!\d)"  # 1.250,- : no cents
_NUMBER = re.compile(
    rf"(?<![\w.,/:'’+%#*-])(?P<open>\()?(?P<minus>[-−–]\s?)?(?:(?P<before>{PATTERN})\s?)?(?P<sign>[-−–+]\s?)?"
    rf"(?P<number>{_DASHED}|{_GROUPED}|{_PLAIN})(?P<trailing>-(?!\w))?"
    rf"(?:\s?(?P<after>{PATTERN})(?:(?<=[€£$₹])|(?!\w)))?(?P<close>\))?"
    r"(?:(?<=[€£$₹])|(?![\w%’']|\s?%|[.,/:]\d|-\d))"
)
_DECIMALS = re.compile(r"[.,](\d{2})$")


@dataclass(frozen=True, slots=True)
class Written:
    """A number as written: place in the text, parts, and what its decimal mark may be."""

    start: int
    end: int
    digits: str
    currency: str | None
    negative: bool


def written(text: str) -> Iterator[Written]:
    """Yield what may be an amount in a text, left to right: never dates, rates, times or phone numbers."""
    for match in _NUMBER.finditer(text):
        minus = bool((match["minus"] or "").strip() or (match["sign"] or "").strip() in {"-", "−", "–"})
        currency = match["before"] or match["after"]
        yield Written(match.start(), match.end(), match["number"], currency, negative=minus or bool(match["trailing"]))


def decimal_mark(numbers: Iterable[str]) -> str | None:
    """Return the decimal mark of a document: the one before two final digits, if all agree.

    >>> decimal_mark(["1.234,56", "12,00"])
    ','
    >>> decimal_mark(["12.00", "12,00"]) is None
    True
    """
    marks = {number[-3] for number in numbers if _DECIMALS.search(number)}
    return marks.pop() if len(marks) == 1 else None


def parse(digits: str, mark: str | None) -> Decimal | None:
    """Return the number, or None where it can be read in two ways.

    `mark` is the document's decimal mark; it decides 1.234, which is 1234 where the comma is the decimal mark.

    >>> parse("1'234.50", None), parse("1.234", ","), parse("1.234", None)
    (Decimal('1234.50'), Decimal('1234'), None)
    """
    if digits.endswith(("-", "–", "—")):
        digits = digits.rstrip("-–—").rstrip(".,")
        mark = "," if mark is None else mark
        return _number(re.sub(r"\D", "", digits), "")
    tail = re.search(r"[.,](\d+)$", digits)
    if tail is None:
        return _number(re.sub(r"\D", "", digits), "")
    body, fraction = digits[: tail.start()], tail.group(1)
    if len(fraction) == 3 and not _is_decimal(digits[tail.start()], body, mark):
        return None if _is_decimal(digits[tail.start()], body, mark) is None else _number(_bare(digits), "")
    if digits[tail.start()] in body:
        return None  # 1,234,56: the same mark twice, and not in front of three digits
    return _number(_bare(body), fraction)


def _bare(digits: str) -> str:
    return re.sub(r"\D", "", digits)


def _is_decimal(tail_mark: str, body: str, mark: str | None) -> bool | None:
    """Tell whether the mark before three final digits is the decimal mark; None where nobody can know."""
    others = set(re.findall(r"\D", body))
    if tail_mark in others:
        return False  # 1.234.567
    if others:
        return True  # 1 234.567 has its thousands marked already
    if len(body) > 3:
        return True  # 1234.567
    return None if mark is None else tail_mark == mark


def _number(whole: str, fraction: str) -> Decimal | None:
    if not whole or len(whole) + len(fraction) > AMOUNT_DIGITS_MAX:
        return None
    return Decimal(f"{whole}.{fraction}" if fraction else whole)
