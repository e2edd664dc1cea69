"""What differs by country and by language, read from the JSON files beside this module."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Country:
    """Names, places and identifier patterns of one country. `#` is a random digit, `@` a random letter."""

    code: str
    language: str
    currency: str
    vat_rates: tuple[str, ...]
    vat_template: str
    registration_template: str
    registration_scheme: str | None  # ISO 6523 (EN 16931 BT-30-1)
    legal_forms: tuple[str, ...]
    trades: tuple[str, ...]
    families: tuple[str, ...]
    towns: tuple[tuple[str, str], ...]
    streets: tuple[str, ...]
    phone: str


@dataclass(frozen=True)
class Item:
    """Something that suppliers sell. `unit` is a code of UN/ECE Recommendation 20."""

    name: str
    unit: str
    price_low: str
    price_high: str


@dataclass(frozen=True)
class Language:
    """Every wording of one language; each key has the variants that real invoices use."""

    code: str
    labels: dict[str, list[str]]
    sentences: dict[str, list[str]]
    units: dict[str, str]
    countries: dict[str, str]
    allowances: list[str]
    charges: list[str]
    items: tuple[Item, ...]
    decimal_mark: str
    group_marks: list[str]
    money_formats: list[str]
    date_formats: list[str]
    months: list[str]

    def writes_pages(self) -> bool:
        """Tell whether there are labels enough to draw a page; without, the language serves XML only."""
        return bool(self.labels)


def _read(folder: str, name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((_HERE / folder / f"{name}.json").read_text(encoding="utf-8"))
    return content


def _frozen(value: Any) -> Any:
    return tuple(_frozen(part) for part in value) if isinstance(value, list) else value


@cache
def country(code: str) -> Country:
    """Return the country of an ISO 3166 code.

    Raises:
        FileNotFoundError: where the generator has no file for it.
    """
    return Country(code=code, **{name: _frozen(value) for name, value in _read("countries", code).items()})


@cache
def language(code: str) -> Language:
    """Return the language of an ISO 639 code.

    Raises:
        FileNotFoundError: where the generator has no file for it.
    """
    content = _read("languages", code)
    number = content.pop("number")
    return Language(
        code=code,
        items=tuple(Item(*item) for item in content.pop("items")),
        decimal_mark=number["decimal"],
        group_marks=number["groups"],
        money_formats=number["money"],
        date_formats=content.pop("dates"),
        **content,
    )
