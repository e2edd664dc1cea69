"""How one document speaks: one variant of each label, one notation of numbers, dates and accounts."""

import random
from datetime import date
from decimal import Decimal

from app.local.samples.bill import cents
from app.local.samples.places import Language

SYMBOLS = {"EUR": "€", "GBP": "£", "USD": "$", "CHF": "CHF", "PLN": "zł", "SEK": "kr", "DKK": "kr", "CZK": "Kč"}
IBAN_GROUP = 4


class Wording:
    """The choices of one document, made once: a label reads the same wherever it stands on its pages."""

    def __init__(self, rng: random.Random, language: Language) -> None:
        self.language = language
        self._labels = {key: rng.choice(variants) for key, variants in language.labels.items()}
        self._sentences = {key: rng.choice(variants) for key, variants in language.sentences.items()}
        self._group = rng.choice(language.group_marks)
        self._money = rng.choice(language.money_formats)
        self._date = rng.choice(language.date_formats)
        self._grouped_iban = rng.randrange(4) > 0

    def label(self, key: str, *narrower: str) -> str:
        """Return the label, the one of the narrower key where there is one (`registration.FR`)."""
        return self._labels.get(".".join((key, *narrower)), self._labels.get(key, ""))

    def sentence(self, key: str) -> str:
        """Return a sentence, with its places still to be filled."""
        return self._sentences[key]

    def number(self, amount: Decimal) -> str:
        """Return the number as the language writes it, with the decimals that it has."""
        return format(amount, ",f").translate({ord(","): self._group, ord("."): self.language.decimal_mark})

    def amount(self, amount: Decimal) -> str:
        """Return an amount without its currency."""
        return self.number(cents(amount))

    def quantity(self, quantity: Decimal) -> str:
        """Return a quantity without trailing zeros: 2,5 kg, since 2,500 reads as two thousand."""
        return self.number(quantity.normalize())

    def money(self, amount: Decimal, currency: str) -> str:
        """Return an amount with its currency, as symbol or code."""
        symbol = SYMBOLS.get(currency, currency)
        sign = "-" if amount < 0 else ""
        return sign + self._money.format(amount=self.amount(abs(amount)), symbol=symbol, code=currency)

    def rate(self, rate: Decimal) -> str:
        """Return a percentage without its sign: 20 or 5,5."""
        return self.number(rate)

    def day(self, day: date) -> str:
        """Return a date in this document's notation."""
        return self._date.format(day=day.day, month=day.month, year=day.year, name=self.language.months[day.month - 1])

    def iban(self, iban: str) -> str:
        """Return the account in groups of four, or compact."""
        if not self._grouped_iban:
            return iban
        return " ".join(iban[start : start + IBAN_GROUP] for start in range(0, len(iban), IBAN_GROUP))
