"""From what stands in a document to its canonical form; None where it is no value of that kind.

Every function takes the raw text, stripped, and never raises. A value is taken as it is or not at all: nothing is
repaired, because a repaired account number is somebody else's.
"""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from schemas.base import CODE_LENGTH_MAX, TEXT_LENGTH_MAX

ACCOUNT_LENGTH_MAX = 64  # an IBAN has at most 34 characters, and so has any other account (ISO 20022 Max34Text)
MEANS_CODE_LENGTH_MAX = 16

Canonical = Callable[[str], str | None]

_DECIMAL = re.compile(r"[+-]?(?:[0-9]{1,30}(?:\.[0-9]{0,30})?|\.[0-9]{1,30})")  # xs:decimal, bounded
_ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:T.{0,30}|Z|[+-][0-9]{2}:[0-9]{2})?")
_COMPACT_DATE = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:[0-9]{2,10})?")  # UNTDID 2379: 102, 203, 204
_IBAN_SHAPE = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")  # ISO 13616 without its check digits
_CURRENCY = re.compile(r"[A-Z]{3}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_SPACE = re.compile(r"\s+")
_NO_IDENTIFIER = re.compile(r"[^0-9A-Z]")


def text(raw: str) -> str | None:
    """Return free text with single spaces, cut where no invoice term is that long."""
    return _SPACE.sub(" ", raw).strip()[:TEXT_LENGTH_MAX] or None


def code(raw: str) -> str | None:
    """Return an identifier as printed. One that is too long is refused: cut, it would name something else."""
    value = _SPACE.sub(" ", raw).strip()
    return value if 0 < len(value) <= CODE_LENGTH_MAX else None


def compact(raw: str) -> str | None:
    """Return a VAT id or BIC: letters and digits alone, in upper case."""
    value = _NO_IDENTIFIER.sub("", raw.upper())
    return value if 0 < len(value) <= CODE_LENGTH_MAX else None


def account(raw: str) -> str | None:
    """Return an account number without spaces, in upper case; an IBAN also without hyphens and its name.

    >>> account("IBAN: de02-1203 0000 0000 2020 51")
    'DE02120300000000202051'
    >>> account("12-34-56 12345678")
    '12-34-5612345678'
    """
    printed = _SPACE.sub("", raw.upper())
    bare = _NO_IDENTIFIER.sub("", printed).removeprefix("IBAN")
    value = bare if is_iban_shaped(bare) else printed
    return value if 0 < len(value) <= ACCOUNT_LENGTH_MAX else None


def means_code(raw: str) -> str | None:
    """Return a payment means code; a longer text is cut, and is no known code either way."""
    return _SPACE.sub(" ", raw).strip()[:MEANS_CODE_LENGTH_MAX] or None


def is_iban_shaped(value: str) -> bool:
    """Tell whether it looks like an IBAN. Whether its check digits hold is for validation to say."""
    return _IBAN_SHAPE.fullmatch(value) is not None


def decimal(raw: str) -> str | None:
    """Return a decimal number with a dot (xs:decimal: no thousands, no exponent), without a plus sign."""
    value = raw.strip()
    return format(Decimal(value), "f") if _DECIMAL.fullmatch(value) else None


def total(raw: str) -> str | None:
    """Return the sum of decimal numbers written as `1.00 + 2.50`, or None where one of them is none."""
    parts = [decimal(part) for part in raw.split(" + ")]
    return None if None in parts else format(sum((Decimal(part or 0) for part in parts), Decimal(0)), "f")


def iso_date(raw: str) -> str | None:
    """Return YYYY-MM-DD from an xs:date, from YYYYMMDD, or from either with a time behind it."""
    value = raw.strip()
    found = _ISO_DATE.fullmatch(value) or _COMPACT_DATE.fullmatch(value)
    if found is None:
        return None
    try:
        return date(*map(int, found.groups())).isoformat()
    except ValueError:  # 31 February
        return None


def currency(raw: str) -> str | None:
    """Return an ISO 4217 code by its form."""
    value = raw.strip().upper()
    return value if _CURRENCY.fullmatch(value) else None


def country(raw: str) -> str | None:
    """Return an ISO 3166-1 alpha-2 code by its form."""
    value = raw.strip().upper()
    return value if _COUNTRY.fullmatch(value) else None
