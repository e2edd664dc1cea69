"""What a paper says before it has a form: parties, lines, sums, account and reference; all of it consistent."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from benchmarks.accuracy.papers import accounts, references, tax_numbers
from benchmarks.accuracy.papers.accounts import Account
from benchmarks.accuracy.papers.language import Words, countries
from benchmarks.accuracy.papers.notation import Notation

ZERO = Decimal("0.00")
CENT = Decimal("0.01")
FIRST_DAY = date(2024, 1, 3)
DAYS_SPAN = 900
# The paper's own currency where the country keeps another than the euro; some sell abroad in euros all the same.
EURO_ABROAD = 0.15


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class Party:
    """A company: the seller or the buyer."""

    name: str
    street: str
    post_code: str
    town: str
    country: str
    vat: str
    vat_printed: str
    registration: str
    phone: str

    @property
    def domain(self) -> str:
        plain = "".join(sign for sign in self.name.casefold() if sign.isascii() and sign.isalpha())
        return f"{plain[:14]}.example"

    def address(self) -> list[str]:
        return [self.street, f"{self.post_code} {self.town}"]


@dataclass(frozen=True)
class Item:
    """One line: quantity times price is its amount."""

    text: str
    quantity: Decimal
    price: Decimal
    rate: Decimal

    @property
    def amount(self) -> Decimal:
        return cents(self.quantity * self.price)


@dataclass
class Paper:
    """All that one paper says. `kind` is invoice, or the name of what is wrong or of what it is instead."""

    language: str
    country: str
    kind: str
    number: str
    issued: date
    due: date
    days: int
    currency: str
    seller: Party
    buyer: Party
    items: list[Item]
    account: Account
    words: Words
    notation: Notation
    rng: random.Random
    discount_rate: Decimal = ZERO
    shipping: Decimal = ZERO
    prepaid: Decimal = ZERO
    previous: Decimal = ZERO
    withheld_rate: Decimal = ZERO
    rounded: bool = False
    untaxed: str | None = None
    more_accounts: list[Account] = field(default_factory=list)
    buyer_account: Account | None = None
    factor: str | None = None
    reference: str | None = None
    reference_printed: str | None = None
    extras: dict[str, str] = field(default_factory=dict)
    extras_day: date = FIRST_DAY  # the last day of the cash discount
    extras_amount: Decimal | None = None  # the slip's amount where it contradicts the totals

    @property
    def lines_total(self) -> Decimal:
        return sum((item.amount for item in self.items), ZERO)

    @property
    def discount(self) -> Decimal:
        return cents(self.lines_total * self.discount_rate / 100)

    @property
    def net(self) -> Decimal:
        return self.lines_total - self.discount + self.shipping

    def breakdown(self) -> list[tuple[Decimal, Decimal, Decimal]]:
        """Return rate, base and tax, highest rate first; discount by share, freight at the highest rate."""
        if self.untaxed:
            return []
        bases: dict[Decimal, Decimal] = {}
        for item in self.items:
            bases[item.rate] = bases.get(item.rate, ZERO) + item.amount
        top, left = max(bases), self.discount
        for rate in sorted(bases):
            share = left if rate == top else cents(self.discount * bases[rate] / self.lines_total)
            bases[rate], left = bases[rate] - share, left - share
        bases[top] += self.shipping
        return [(rate, base, cents(base * rate / 100)) for rate, base in sorted(bases.items(), reverse=True)]

    @property
    def vat(self) -> Decimal:
        return sum((tax for _, _, tax in self.breakdown()), ZERO)

    @property
    def gross(self) -> Decimal:
        return self.net + self.vat

    @property
    def withheld(self) -> Decimal:
        return cents(self.net * self.withheld_rate / 100)

    @property
    def before_rounding(self) -> Decimal:
        return self.gross - self.withheld - self.prepaid + self.previous

    @property
    def payable(self) -> Decimal:
        whole = self.before_rounding.quantize(Decimal(1), rounding=ROUND_HALF_UP)
        return cents(Decimal(whole)) if self.rounded else self.before_rounding

    @property
    def adjusted(self) -> bool:
        """Tell whether the sum to pay is another than the total with VAT."""
        return self.payable != self.gross


def party(rng: random.Random, country: str) -> Party:
    place = countries()[country]
    family, trade, form = rng.choice(place["families"]), rng.choice(place["trades"]), rng.choice(place["forms"])
    second = rng.choice(place["families"])
    name = rng.choice([f"{family} {trade} {form}", f"{trade} {family} {form}", f"{family} & {second} {form}"])
    post_code, town = rng.choice(place["towns"])
    vat, registration = tax_numbers.identifiers(rng, country)
    street = rng.choice(place["streets"]).format(n=rng.randrange(2, 190))
    phone = tax_numbers.fill(rng, place["phone"])
    return Party(
        name, street, post_code, town, country, vat, tax_numbers.printed(rng, country, vat), registration, phone
    )


_NUMBERS = (
    "{y}-{n:04}",
    "F{y}{n:05}",
    "{n:06}",
    "{y}/{n:03}",
    "RE-{y}-{n:04}",
    "{yy}{n:05}",
    "INV-{n:05}",
    "VF{yy}-{n:05}",
    "{n:03}/{m:02}/{y}",
    "{y}{m:02}{n:04}",
    "FT {y}/{n}",
    "{yy}.{n:04}",
    "A{n:07}",
    "SI-{n:06}",
    "{n:08}",
    "{n}",
)


def number(rng: random.Random, day: date) -> str:
    form = rng.choice(_NUMBERS)
    return form.format(y=day.year, yy=day.year % 100, m=day.month, n=rng.randrange(12, 9_800))


def items(rng: random.Random, words: Words, sector: str, rates: list[str], count: int) -> list[Item]:
    texts = words.items(sector)
    several = len(rates) > 1 and rng.random() < 0.35
    chosen = []
    for place in range(count):
        rate = Decimal(rates[place % 2]) if several else Decimal(rates[0])
        quantity = Decimal(rng.choice(["1", "1", "2", "3", "5", "10", "12", "7.5", "0.5", "24"]))
        price = Decimal(rng.randrange(250, 48_000)) / 100
        chosen.append(Item(texts[place % len(texts)], quantity, price, rate))
    return chosen


def reference(rng: random.Random, country: str, paper_number: str) -> tuple[str | None, str | None]:
    """Return the structured reference as a bank takes it, and as it is printed; both None where there is none."""
    share, makes, groups = _REFERENCES.get(country, (0.0, None, 0))
    if makes is None or rng.random() >= share:
        return None, None
    bare = makes(rng, paper_number)
    if country == "BE":
        return bare, f"+++{bare[:3]}/{bare[3:7]}/{bare[7:]}+++"
    if country == "FI":  # in groups from the right
        back = bare[::-1]
        return bare, " ".join(back[at : at + groups] for at in range(0, len(back), groups))[::-1]
    return bare, " ".join(bare[at : at + groups] for at in range(0, len(bare), groups))


def _creditor(_: random.Random, paper_number: str) -> str:
    return references.creditor(paper_number)


# How often suppliers of the country print one, how it is made, and in groups of how many it is printed.
_REFERENCES: dict[str, tuple[float, Callable[[random.Random, str], str], int]] = {
    "FI": (1.0, lambda rng, _: references.finnish(rng), 5),
    "SE": (1.0, lambda rng, _: references.swedish(rng), 99),
    "BE": (1.0, lambda rng, _: references.belgian(rng), 99),
    "CZ": (1.0, lambda _, number: "".join(sign for sign in number if sign.isdigit())[-10:], 99),
    "DK": (1.0, lambda rng, _: references.danish(rng), 99),
    "NL": (0.4, lambda rng, _: references.dutch(rng), 4),
    "AT": (0.15, _creditor, 4),
    "DE": (0.15, _creditor, 4),
    "IE": (0.15, _creditor, 4),
    "FR": (0.15, _creditor, 4),
}


def currency(rng: random.Random, country: str) -> str:
    home = countries()[country]["currency"]
    return "EUR" if home != "EUR" and rng.random() < EURO_ABROAD else home


def issue_day(rng: random.Random) -> date:
    return FIRST_DAY + timedelta(days=rng.randrange(DAYS_SPAN))


def account(rng: random.Random, country: str, holder: str) -> Account:
    return accounts.draw(rng, country, holder)
