"""How values are printed, and what only looks like them."""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.extraction import sightings
from agents.extraction.sightings import Page, find
from agents.extraction.text.geometry import Word


def page_of(text: str) -> Page:
    words = (Word(part, 10.0 * at, 5.0, 10.0 * at + 9.0, 15.0) for at, part in enumerate(text.split()))
    return Page(1, words)


def seen(patterns: Iterable[re.Pattern[str]], text: str) -> bool:
    return find([page_of(text)], *patterns) is not None


@pytest.mark.parametrize(
    "text", ["1234.50", "1.234,50", "1,234.50", "1 234,50", "1'234.50", "1’234,50", "€1234,5", "-1.234,50", "1.234,500"]
)
def test_amount_in_every_notation(text: str) -> None:
    assert seen(sightings.amount(Decimal("1234.50")), f"Total {text} EUR")


@pytest.mark.parametrize("text", ["11234.50", "1234.505", "1234.51", "5.1234,50", "1234.50.1", "1234", "12 34.50"])
def test_other_amounts(text: str) -> None:
    assert not seen(sightings.amount(Decimal("1234.50")), text)


@pytest.mark.parametrize("text", ["100", "100.00", "100,-", "100,--", "EUR100"])
def test_whole_amount(text: str) -> None:
    assert seen(sightings.amount(Decimal("100.00")), text)


def test_whole_amount_is_not_found_in_another() -> None:
    assert not seen(sightings.amount(Decimal(100)), "100,50 1.100,00 1100 100.000,00")


@given(st.decimals(min_value=Decimal("0.01"), max_value=Decimal("999999999.99"), places=2))
def test_every_amount_is_found_in_the_usual_notations(value: Decimal) -> None:
    english = f"{value:,.2f}"
    german = english.translate(str.maketrans(",.", ".,"))
    for text in (english, german, german.replace(".", " "), f"{value:f}"):
        assert seen(sightings.amount(value), f"x {text} y")


@pytest.mark.parametrize("text", ["RE-2026/42", "re-2026/42", "RE - 2026 / 42", "Nr.:RE-2026/42,", "(RE-2026/42)"])
def test_number(text: str) -> None:
    assert seen(sightings.document_number("RE-2026/42"), f"Invoice {text} of today")


@pytest.mark.parametrize("text", ["RE-2026/421", "XRE-2026/42", "RE-2026/42-A", "A-RE-2026/42", "RE-2026/43"])
def test_other_numbers(text: str) -> None:
    assert not seen(sightings.document_number("RE-2026/42"), text)


def test_short_number_is_not_put_together_from_pieces() -> None:
    assert not seen(sightings.document_number("4711"), "47 11")
    assert seen(sightings.document_number("471102"), "No 4711 02")


def test_account_in_groups() -> None:
    patterns = sightings.account("DE02120300000000202051")
    assert seen(patterns, "IBAN: DE02 1203 0000 0000 2020 51")
    assert seen(patterns, "IBANDE02120300000000202051")
    assert not seen(patterns, "DE02 1203 0000 0000 2020 52")


@pytest.mark.parametrize(("code", "text"), [("EUR", "12 €"), ("EUR", "12 Euro"), ("USD", "US$ 12"), ("CHF", "CHF 12")])
def test_currency(code: str, text: str) -> None:
    assert seen(sightings.currency(code), text)


def test_currency_is_not_found_in_a_word() -> None:
    assert not seen(sightings.currency("EUR"), "Friseur 12 $")


@pytest.mark.parametrize(
    "text",
    ["30.09.2026", "30/9/26", "09/30/2026", "2026-09-30", "20260930", "30. September 2026", "30 sept. 2026",
     "September 30, 2026", "30th September 2026", "30 de septiembre de 2026"],
)  # fmt: skip
def test_day(text: str) -> None:
    assert seen(sightings.day(date(2026, 9, 30)), f"Date: {text} Page 1")


@pytest.mark.parametrize("text", ["30.08.2026", "30.09.2025", "130.09.2026", "September 2026"])
def test_other_days(text: str) -> None:
    assert not seen(sightings.day(date(2026, 9, 30)), text)


def test_place_has_page_and_box() -> None:
    place = find([Page(1, ()), page_of("Total 1 234,50 EUR")], *sightings.amount(Decimal("1234.50")))
    assert place is not None
    assert (place.page, place.box) == (1, (10.0, 5.0, 29.0, 15.0))
