"""How a country writes amounts and dates."""

import random
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from benchmarks.accuracy.papers.language import Words

NBSP = "\u00a0"
# thousands, decimal point, and how the currency stands by it; `{}` is the number, `{c}` the code, `{s}` the sign
_AMOUNTS: dict[str, list[tuple[str, str, str]]] = {
    "FR": [
        (NBSP, ",", "{}{n}{s}"),
        (" ", ",", "{} {s}"),
        (" ", ",", "{} {c}"),
        ("", ",", "{} {s}"),
        (".", ",", "{} {s}"),
    ],
    "BE": [(".", ",", "{} {s}"), (".", ",", "{s} {}"), (" ", ",", "{} {c}")],
    "CH": [("'", ".", "{c} {}"), ("’", ".", "{c} {}"), (" ", ".", "{} {c}"), ("'", ".", "{}")],
    "GB": [(",", ".", "{s}{}"), (",", ".", "{s}{}"), (",", ".", "{c} {}")],
    "IE": [(",", ".", "{s}{}"), (",", ".", "{c} {}")],
    "DE": [(".", ",", "{} {s}"), (".", ",", "{} {c}"), (".", ",", "{c} {}"), ("", ",", "{} {s}")],
    "AT": [(".", ",", "{s} {}"), (".", ",", "{c} {}"), (".", ",", "{} {s}")],
    "NL": [(".", ",", "{s} {}"), (".", ",", "{s}{n}{}"), ("", ",", "{s} {}"), (".", ",", "{c} {}")],
    "ES": [(".", ",", "{} {s}"), (".", ",", "{}{s}"), (".", ",", "{} {c}"), ("", ",", "{} {s}")],
    "IT": [(".", ",", "{s} {}"), (".", ",", "{} {s}"), (".", ",", "{c} {}"), (".", ",", "{}")],
    "PT": [(".", ",", "{} {s}"), (" ", ",", "{} {s}"), (".", ",", "{s} {}"), (NBSP, ",", "{}{n}{s}")],
    "PL": [(" ", ",", "{} zł"), (NBSP, ",", "{} {c}"), ("", ",", "{} zł"), (" ", ",", "{} {c}")],
    "FI": [(" ", ",", "{} {s}"), (NBSP, ",", "{}{n}{s}"), ("", ",", "{}"), (" ", ",", "{} {c}")],
    "SE": [(" ", ",", "{} kr"), (NBSP, ",", "{} {c}"), (" ", ",", "{}"), ("", ",", "{} {c}")],
    "DK": [(".", ",", "{}"), (".", ",", "kr. {}"), (".", ",", "{c} {}"), (".", ",", "{} kr.")],
    "CZ": [(" ", ",", "{} Kč"), (NBSP, ",", "{}{n}Kč"), (" ", ",", "{} {c}"), ("", ",", "{} Kč")],
}
_SIGNS = {"EUR": "€", "GBP": "£"}
_DATES: dict[str, list[str]] = {
    "fr": ["%d/%m/%Y", "%d/%m/%Y", "%d/%m/%y", "long", "%d.%m.%Y"],
    "en": ["%d/%m/%Y", "long", "%d-%b-%Y", "%d %b %Y", "%d.%m.%Y"],
    "de": ["%d.%m.%Y", "%d.%m.%Y", "%d.%m.%y", "long."],
    "nl": ["%d-%m-%Y", "%d-%m-%Y", "long", "%d/%m/%Y"],
    "es": ["%d/%m/%Y", "%d-%m-%Y", "de", "%d/%m/%y"],
    "it": ["%d/%m/%Y", "%d/%m/%Y", "long", "%d.%m.%Y"],
    "pt": ["%d/%m/%Y", "%d-%m-%Y", "%Y-%m-%d", "de"],
    "pl": ["%d.%m.%Y", "%Y-%m-%d", "%d-%m-%Y", "long r."],
    "fi": ["short.", "%d.%m.%Y", "short.", "long."],
    "sv": ["%Y-%m-%d", "%Y-%m-%d", "long"],
    "da": ["%d-%m-%Y", "%d.%m.%Y", "long.", "%d/%m/%Y"],
    "cs": ["%d.%m.%Y", "spaced.", "long.", "%d. %m. %Y"],
}
_ENGLISH_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


_WRITTEN: dict[str, str] = {
    "long": "{d} {month} {y}",
    "long.": "{d}. {month} {y}",
    "long r.": "{d} {month} {y} r.",
    "de": "{d} de {month} de {y}",
    "short.": "{d}.{m}.{y}",
    "spaced.": "{d}. {m}. {y}",
    "american": "{month} {d}, {y}",
}


def _day(form: str, day: date, words: Words) -> str:
    if form in _WRITTEN:
        return _WRITTEN[form].format(d=day.day, m=day.month, y=day.year, month=words.month(day.month))
    return day.strftime(form.replace("%b", _ENGLISH_MONTHS[day.month - 1]))


@dataclass(frozen=True)
class Notation:
    """One paper's way to write numbers and days."""

    thousands: str
    point: str
    form: str
    currency: str
    day_form: str
    words: Words

    @classmethod
    def draw(cls, rng: random.Random, country: str, currency: str, words: Words, language: str) -> "Notation":
        thousands, point, form = rng.choice(_AMOUNTS[country])
        home = {"PL": "PLN", "SE": "SEK", "DK": "DKK", "CZ": "CZK"}.get(country, currency)
        if currency != home:
            form = "{} {c}"  # in a currency that is not the country's the code is written out
        return cls(thousands, point, form, currency, rng.choice(_DATES[language]), words)

    def number(self, amount: Decimal, places: int = 2) -> str:
        """Return an amount without a currency, such as 1.234,50."""
        whole = f"{abs(amount):,.{places}f}".replace(",", "\0").replace(".", self.point).replace("\0", self.thousands)
        return ("-" if amount < 0 else "") + whole

    def money(self, amount: Decimal) -> str:
        """Return an amount as it stands in the totals, with the currency where the country writes it there."""
        sign = _SIGNS.get(self.currency, self.currency)
        return self.form.format(self.number(amount), n=NBSP, s=sign, c=self.currency)

    @property
    def names_currency(self) -> bool:
        return self.form != "{}"

    def coded(self, amount: Decimal) -> str:
        """Return an amount with its currency in any case, for sentences."""
        return self.money(amount) if self.names_currency else f"{self.number(amount)} {self.currency}"

    def rate(self, rate: Decimal) -> str:
        text = f"{rate.normalize():f}".replace(".", self.point)
        return f"{text} %" if self.thousands == NBSP else f"{text}%"

    def day(self, day: date) -> str:
        return _day(self.day_form, day, self.words)
