"""The words and habits of a country's invoices. They come from real invoices, never from the reader's own lexicons."""

import random
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent
LANGUAGES = ("fr", "en", "de", "nl", "es", "it", "pt", "pl", "fi", "sv", "da", "cs")


@cache
def vocabulary(language: str) -> dict[str, Any]:
    """Return the words of a language: for most keys a list, of which a paper uses one."""
    loaded: dict[str, Any] = yaml.safe_load((FOLDER / "words" / f"{language}.yaml").read_text(encoding="utf-8"))
    return loaded


@cache
def countries() -> dict[str, dict[str, Any]]:
    """Return towns, streets, names, VAT rates and the currency, by country."""
    loaded: dict[str, dict[str, Any]] = yaml.safe_load((FOLDER / "countries.yaml").read_text(encoding="utf-8"))
    return loaded


class Words:
    """The words of one paper: each key is drawn once, and stays the same through the paper."""

    def __init__(self, language: str, rng: random.Random) -> None:
        self._all = vocabulary(language)
        self._rng = rng
        self._chosen: dict[str, str] = {}

    def __call__(self, key: str, **values: str) -> str:
        """Return the paper's word for a key, with `{name}` filled in."""
        if key not in self._chosen:
            found = self._all[key]
            self._chosen[key] = self._rng.choice(found) if isinstance(found, list) else found
        return self._chosen[key].format(**values) if values else self._chosen[key]

    def has(self, key: str) -> bool:
        return key in self._all

    def negative(self, kind: str) -> dict[str, Any]:
        """Return title, number label and sentences of a paper that asks for no transfer."""
        found: dict[str, Any] = self._all["negative"][kind]
        return found

    def items(self, sector: str) -> list[str]:
        found: list[str] = self._all["items"][sector]
        return found

    def month(self, number: int) -> str:
        return str(self._all["months"][number - 1])
