"""Makes up a paper: a function of seed, language, layout and kind."""

import random
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from benchmarks.accuracy.papers import accounts, facts
from benchmarks.accuracy.papers.desk import Layout
from benchmarks.accuracy.papers.facts import ZERO, Paper, cents
from benchmarks.accuracy.papers.language import Words, countries, vocabulary
from benchmarks.accuracy.papers.notation import Notation
from benchmarks.accuracy.papers.tax_numbers import fill

# A long table goes over two pages at least.
LONG, SHORT = (32, 46), (1, 6)
_FACTORS = ("Eurofaktor", "Nordkredit Finans", "Atradia Factoring")
_UNTAXED = ("untaxed", "reverse")


def invent(seed: int, language: str, layout: Layout, kind: str) -> Paper:
    """Return a paper whose values follow from its arguments alone."""
    rng = random.Random(f"{seed}/{language}/{layout.name}/{kind}")
    words = Words(language, rng)
    country = rng.choice(vocabulary(language)["countries"])
    issued, days = facts.issue_day(rng), rng.choice([8, 10, 14, 15, 21, 30, 30, 45, 60])
    currency = facts.currency(rng, country)
    seller, buyer = facts.party(rng, country), facts.party(rng, country)
    while buyer.name == seller.name:
        buyer = facts.party(rng, country)
    number = facts.number(rng, issued)
    reference, printed = facts.reference(rng, country, number)
    paper = Paper(
        language, country, kind, number, issued, issued + timedelta(days=days), days, currency, seller, buyer,
        _items(rng, words, layout, country), facts.account(rng, country, seller.name), words,
        Notation.draw(rng, country, currency, words, language), rng, reference=reference, reference_printed=printed,
    )  # fmt: skip
    _abroad(rng, paper, layout)
    _extras(rng, paper)
    _traits(rng, paper, layout)
    _trouble(rng, paper)
    return paper


def _abroad(rng: random.Random, paper: Paper, layout: Layout) -> None:
    """Bill in dollars, without VAT and with the month first, as exporters to America do."""
    if "american" in layout.traits:
        paper.currency, paper.untaxed = rng.choice(["USD", "EUR", "GBP"]), "exempt"
        form = "{c} {}" if paper.currency == "USD" else paper.notation.form
        day = rng.choice(["%m/%d/%Y", "%m/%d/%Y", "american", "%b %d, %Y"])
        paper.notation = replace(
            paper.notation, thousands=",", point=".", form=form, currency=paper.currency, day_form=day
        )


def _items(rng: random.Random, words: Words, layout: Layout, country: str) -> list[facts.Item]:
    low, high = LONG if "many" in layout.traits else (1, 1) if "one" in layout.traits else SHORT
    rates = countries()[country]["rates"]
    count = rng.randint(low, high)
    found = facts.items(rng, words, layout.sector, rates, max(count, 2) if "several_rates" in layout.traits else count)
    if "several_rates" in layout.traits and len(rates) > 1:
        found = [
            facts.Item(item.text, item.quantity, item.price, Decimal(rates[at % 2])) for at, item in enumerate(found)
        ]
    return found


def _extras(rng: random.Random, paper: Paper) -> None:
    first = paper.issued.replace(day=1) - timedelta(days=1)
    start, end = first.replace(day=1), first
    paper.extras = {
        "customer": fill(rng, rng.choice(["######", "K-#####", "C####", "########"])),
        "order": fill(rng, rng.choice(["PO-#####", "45########", "B######"])),
        "contract": fill(rng, rng.choice(["##########", "V-######", "#### #### ##"])),
        "period": f"{paper.notation.day(start)} – {paper.notation.day(end)}",
        "delivery": paper.notation.day(paper.issued - timedelta(days=rng.randrange(1, 9))),
        "delivery_note": fill(rng, "LS######"),
    }
    paper.extras_day = paper.issued + timedelta(days=8)


def _traits(rng: random.Random, paper: Paper, layout: Layout) -> None:
    traits = layout.traits
    abroad = "reverse" in traits and rng.random() < 0.6
    if "untaxed" in traits or abroad:
        paper.untaxed = "reverse" if abroad else "exempt"
    if "discount" in traits:
        paper.discount_rate = Decimal(rng.choice(["2", "3", "5", "10"]))
    if "shipping" in traits:
        paper.shipping = Decimal(rng.choice(["4.90", "6.95", "12.50", "25.00"]))
    if "withheld" in traits and paper.words.has("withheld"):
        paper.withheld_rate = Decimal(paper.words("withheld_rate"))
    if "prepaid" in traits:
        paper.prepaid = cents(paper.gross * Decimal(rng.choice(["0.2", "0.3", "0.5"])))
    if "previous" in traits and rng.random() < 0.5:
        paper.previous = Decimal(rng.randrange(500, 9_000)) / 100
    if "rounded" in traits and paper.words.has("rounding") and paper.currency in ("SEK", "CZK"):
        paper.rounded = True
    if "several_banks" in traits:
        holder = paper.seller.name
        paper.more_accounts = [accounts.draw(rng, paper.country, holder) for _ in range(rng.randint(1, 2))]


def _trouble(rng: random.Random, paper: Paper) -> None:
    match paper.kind:
        case "bad_iban":
            paper.account = accounts.broken(rng, paper.account)
        case "factor":
            paper.factor = f"{rng.choice(_FACTORS)} {countries()[paper.country]['forms'][0]}"
            paper.more_accounts = [paper.account]
            paper.account = accounts.draw(rng, paper.country, paper.factor)
        case "own_account" | "direct_debit":
            paper.buyer_account = accounts.draw(rng, paper.country, paper.buyer.name)
        case "contradiction":
            paper.extras_amount = paper.payable + Decimal(rng.choice(["10.00", "90.00", "-1.00"])) + ZERO
        case "hidden_account":
            paper.more_accounts = [accounts.draw(rng, paper.country, "")]
