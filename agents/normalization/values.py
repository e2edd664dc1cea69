"""A canonical text to a typed value, or None where it is none. Never raises."""

import re
from datetime import date
from decimal import Decimal

from schemas.base import CODE_LENGTH_MAX, TEXT_LENGTH_MAX
from schemas.money import parse_money

_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CURRENCY = re.compile(r"[A-Z]{3}")
_COUNTRY = re.compile(r"[A-Z]{2}")


def text(value: str) -> str | None:
    """Return free text without blanks around it, None where nothing is left."""
    return value.strip()[:TEXT_LENGTH_MAX] or None


def code(value: str) -> str | None:
    """Return an identifier, None where it is empty or longer than any: cut, it would name something else."""
    stripped = value.strip()
    return stripped if 0 < len(stripped) <= CODE_LENGTH_MAX else None


def money(value: str) -> Decimal | None:
    """Return a decimal number within what `Money` carries."""
    return parse_money(value.strip())


def day(value: str) -> date | None:
    """Return an ISO 8601 date."""
    stripped = value.strip()
    if not _ISO_DATE.fullmatch(stripped):
        return None
    try:
        return date.fromisoformat(stripped)
    except ValueError:  # 31 February
        return None


def currency(value: str) -> str | None:
    """Return an ISO 4217 code, by its form."""
    stripped = value.strip().upper()
    return stripped if _CURRENCY.fullmatch(stripped) else None


def country(value: str) -> str | None:
    """Return an ISO 3166-1 alpha-2 code, by its form."""
    stripped = value.strip().upper()
    return stripped if _COUNTRY.fullmatch(stripped) else None
