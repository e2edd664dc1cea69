"""Invents bills: plausible lines, rates, discounts, dates and references, all from one seeded generator."""

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from app.local.samples import identifiers
from app.local.samples.bill import ZERO, Adjustment, Bill, BillLine, cents
from app.local.samples.parties import Company
from app.local.samples.places import Item, country, language

# Before any day on which these samples will be used, and recent enough to be believed.
LAST_ISSUE_DATE = date(2026, 11, 20)
DAYS_BACK_MAX = 40
DUE_DAYS = (14, 30, 30, 30, 45, 60)
LINES_MAX = 7
# How often an invoice has each trait, in percent; together they leave about a third plain.
SEVERAL_RATES, ALLOWANCE, CHARGE, LINE_ALLOWANCE, PREPAID, PURCHASE_ORDER = 45, 25, 25, 15, 15, 50
_QUANTITIES = {
    "HUR": ("0.50", "1.25", "2.00", "7.50", "16.00"),
    "KGM": ("2.500", "10.000", "24.750"),
    "MTR": ("25", "100", "305"),
    "MON": ("1", "1", "3"),
    "DAY": ("0.5", "1", "2", "3"),
}
NUMBER_PATTERNS = ("F2026-{n:04}", "26{n:05}", "INV-{n:05}", "2026/{n:04}", "RE-2026-{n:04}", "FA{n:06}")


def chance(rng: random.Random, percent: int) -> bool:
    """Tell whether something that happens in so many of a hundred cases happens now."""
    return rng.randrange(100) < percent


def invoice_number(rng: random.Random, sequence: int) -> str:
    """Return an invoice number in one of the usual forms, unique for each sequence number below 10,000."""
    return rng.choice(NUMBER_PATTERNS).format(n=sequence)


def bill(rng: random.Random, seller: Company, buyer: Company, sequence: int, *, spoken: str | None = None) -> Bill:
    """Invent one invoice of the seller. `spoken` is the language of its words, by default the country's own."""
    place = country(seller.country)
    words = spoken or place.language
    number = invoice_number(rng, sequence)
    issued = LAST_ISSUE_DATE - timedelta(days=rng.randrange(DAYS_BACK_MAX))
    days = rng.choice(DUE_DAYS)
    sold = _lines(rng, words, _rates(rng, place.vat_rates))
    adjustments = _adjustments(rng, words, sold)
    made = Bill(
        number=number,
        issue_date=issued,
        due_date=issued + timedelta(days=days),
        currency=place.currency,
        language=words,
        seller=seller,
        buyer=buyer,
        lines=sold,
        account=seller.account,
        adjustments=adjustments,
        means=rng.choice(("30", "58")) if place.currency == "EUR" else "30",
        reference=_reference(rng, seller, number),
        purchase_order=f"PO-{rng.randrange(10_000, 99_999)}" if chance(rng, PURCHASE_ORDER) else None,
        terms=rng.choice(language(words).sentences["terms"]).format(days=days),
    )
    return with_prepayment(made, Decimal(rng.choice((20, 30, 50)))) if chance(rng, PREPAID) else made


def with_prepayment(made: Bill, percent: Decimal) -> Bill:
    """Return the bill with so much of its total already paid."""
    return replace(made, prepaid=cents(made.computed().gross * percent / 100))


def _rates(rng: random.Random, all_rates: tuple[str, ...]) -> tuple[Decimal, ...]:
    several = len(all_rates) > 1 and chance(rng, SEVERAL_RATES)
    return tuple(Decimal(rate) for rate in (rng.sample(all_rates, 2) if several else all_rates[:1]))


def _lines(rng: random.Random, words: str, rates: tuple[Decimal, ...]) -> tuple[BillLine, ...]:
    return lines(rng, words, rates, rng.randrange(1, LINES_MAX + 1))


def lines(rng: random.Random, words: str, rates: tuple[Decimal, ...], count: int) -> tuple[BillLine, ...]:
    """Invent so many lines, the rates in turn; an item comes twice only where there are more lines than items."""
    known = language(words).items
    items = [*rng.sample(known, min(count, len(known))), *rng.choices(known, k=max(0, count - len(known)))]
    return tuple(_line(rng, item, rates[index % len(rates)]) for index, item in enumerate(items))


def _line(rng: random.Random, item: Item, rate: Decimal) -> BillLine:
    quantity = Decimal(rng.choice(_QUANTITIES.get(item.unit, ("1", "2", "5", "12", "40"))))
    low, high = (int(Decimal(price) * 100) for price in (item.price_low, item.price_high))
    line = BillLine(item.name, quantity, item.unit, Decimal(rng.randrange(low, high)).scaleb(-2), rate)
    if not chance(rng, LINE_ALLOWANCE):
        return line
    return BillLine(item.name, quantity, item.unit, line.unit_price, rate, cents(line.net_amount / 10))


def _adjustments(rng: random.Random, words: str, sold: tuple[BillLine, ...]) -> tuple[Adjustment, ...]:
    spoken, rate = language(words), sold[0].vat_rate
    base = sum((line.net_amount for line in sold if line.vat_rate == rate), ZERO)
    made = []
    if chance(rng, ALLOWANCE):
        amount = cents(base * rng.choice((2, 3, 5)) / 100)
        made.append(Adjustment(rng.choice(spoken.allowances), amount, rate, is_charge=False))
    if chance(rng, CHARGE):
        amount = Decimal(rng.randrange(500, 4900)).scaleb(-2)
        made.append(Adjustment(rng.choice(spoken.charges), amount, rate, is_charge=True))
    return tuple(made)


def _reference(rng: random.Random, seller: Company, number: str) -> str | None:
    if seller.country == "BE":
        return identifiers.ogm(rng)
    return rng.choice((None, number, identifiers.creditor_reference(number)))
