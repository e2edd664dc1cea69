from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.extraction.text.amounts.notation import decimal_mark, parse, written


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        ("1.234,56 €", "1234.56", "€"),
        ("€1,300.00", "1300.00", "€"),
        ("CHF 1'540.00", "1540.00", "CHF"),
        ("1 994.75", "1994.75", None),
        ("6 611,36 zł", "6611.36", "zł"),
        ("-$78.00", "-78.00", "$"),
        ("14,73-", "-14.73", None),
        ("−12,00", "-12.00", None),
        ("158,88EUR", "158.88", "EUR"),
        ("Rs 1939", "1939", "Rs"),
        ("1.250,- EUR", "1250", "EUR"),
        ("12,99€TTC", "12.99", "€"),
        ("3.441.812 Euros", "3441812", "Euros"),
    ],
)
def test_a_sum_is_read_in_every_local_notation(text: str, value: str, currency: str | None) -> None:
    (found,) = written(text)
    number = parse(found.digits, None)
    assert number is not None
    assert (-number if found.negative else number) == Decimal(value)
    assert found.currency == currency


@pytest.mark.parametrize(
    "text", ["05.03.2018", "2014-07-03", "02/17/26", "20,00 %", "19%", "12:30", "R-1.234,56", "1/2"]
)
def test_dates_rates_and_times_are_no_sums(text: str) -> None:
    assert [found for found in written(text) if "," in found.digits or "." in found.digits] == []


@pytest.mark.parametrize(
    ("digits", "mark", "value"),
    [
        ("1.234", ",", "1234"),
        ("1.234", ".", "1.234"),
        ("1.234", None, None),
        ("1,234,567", None, "1234567"),
        ("1 234.567", None, "1234.567"),
        ("1,234,56", None, None),
    ],
)
def test_what_can_be_read_in_two_ways_is_not_read(digits: str, mark: str | None, value: str | None) -> None:
    assert parse(digits, mark) == (None if value is None else Decimal(value))


def test_the_document_decides_its_decimal_mark() -> None:
    assert decimal_mark(["1.234,56", "0,99"]) == ","
    assert decimal_mark(["1,234.56", "0.99"]) == "."
    assert decimal_mark(["1,00", "1.00"]) is None


@given(
    st.decimals(min_value=0, max_value=Decimal("99999999.99"), places=2, allow_nan=False),
    st.sampled_from([(".", ","), (",", "."), (" ", ","), ("'", "."), ("", ","), ("\u2019", ".")]),
)
def test_whatever_is_written_with_cents_is_read_back(value: Decimal, style: tuple[str, str]) -> None:
    thousands, mark = style
    text = f"{value:,.2f}".replace(",", "\0").replace(".", mark).replace("\0", thousands)
    (found,) = written(text)
    assert parse(found.digits, None) == value
