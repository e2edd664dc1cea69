"""Check digits of the references that northern countries pay under, by the names that claim them.

Sources: Finance Finland, *Forming a Finnish reference number*; Bits (Norway), *KID*; Bankgirot (Sweden), *OCR control*;
Mastercard Payment Services (Denmark), *FI cards 71 and 75*. A Czech or Slovak variable symbol has no check digit.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from stdnum import luhn

KID_WEIGHTS = (2, 3, 4, 5, 6, 7)
VIITE_WEIGHTS = (7, 3, 1)


@dataclass(frozen=True, slots=True)
class Scheme:
    """How one country makes references: folded names of it, how many digits, and what they must pass."""

    names: frozenset[str]
    length_min: int
    length_max: int
    is_valid: Callable[[str], bool]


def is_viite(value: str) -> bool:
    """Tell whether the last digit follows from the others by 7, 3, 1 from the right, modulo 10.

    >>> is_viite("1232"), is_viite("1233")
    (True, False)
    """
    if not value.isdecimal():
        return False
    body = value[:-1][::-1]
    total = sum(int(digit) * VIITE_WEIGHTS[place % 3] for place, digit in enumerate(body))
    return -total % 10 == int(value[-1])


def is_kid(value: str) -> bool:
    """Tell whether a Norwegian KID passes modulo 10 or modulo 11; a payee has chosen one of the two.

    >>> is_kid("1234567897"), is_kid("12345678903"), is_kid("12345678904")
    (True, True, False)
    """
    return is_mod10(value) or (re.fullmatch(r"\d+[\d-]", value) is not None and _mod11(value[:-1]) == value[-1])


def _mod11(body: str) -> str:
    total = sum(int(digit) * KID_WEIGHTS[place % len(KID_WEIGHTS)] for place, digit in enumerate(reversed(body)))
    check = -total % 11
    return "-" if check == 10 else str(check)


def is_mod10(value: str) -> bool:
    """Tell whether a Swedish OCR number or a Danish reference passes modulo 10 (Luhn)."""
    return value.isdecimal() and luhn.is_valid(value)


def _any_digits(value: str) -> bool:
    return value.isdecimal()


SCHEMES = (
    Scheme(frozenset({"viite", "viitenumero", "viitenro", "viitenr", "pankkiviite", "maksuviite"}), 4, 20, is_viite),
    Scheme(frozenset({"kid"}), 4, 25, is_kid),
    Scheme(frozenset({"ocr", "ocrnummer"}), 4, 25, is_mod10),
    Scheme(frozenset({"fik", "kortart"}), 15, 16, is_mod10),
    Scheme(frozenset({"variabilni", "variabilny", "vs"}), 1, 10, _any_digits),
)
