"""Dates, money and lists as a person writes them."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from app.story import words
from app.story.masking import Masking, masked


def test_a_date_and_a_moment() -> None:
    assert words.day(date(2026, 11, 4)) == "4 November 2026"
    berlin = datetime(2026, 11, 24, 1, 2, 3, tzinfo=timezone(timedelta(hours=2)))
    assert words.moment(berlin) == "23 November 2026 at 23:02:03 UTC"
    assert words.millis(int(datetime(2026, 1, 2, tzinfo=UTC).timestamp() * 1000)) == "2 January 2026 at 00:00:00 UTC"
    assert words.millis(-1) == "1 January 1970 at 00:00:00 UTC", "publishers write any number"


@pytest.mark.parametrize(
    ("value", "currency", "text"),
    [
        ("1234.5", "EUR", "1,234.50 EUR"),
        ("1234567.89", "EUR", "1,234,567.89 EUR"),
        ("0.1234", "EUR", "0.1234 EUR"),
        ("10", "JPY", "10.00 JPY"),
        ("-5", None, "-5.00 (no currency)"),
    ],
)
def test_money(value: str, currency: str | None, text: str) -> None:
    assert words.money(Decimal(value), currency) == text


@pytest.mark.parametrize(
    ("share", "text"), [(1.0, "100%"), (0.99, "99%"), (0.9985, "99.85%"), (0.99999, "more than 99.99%"), (0.0, "0%")]
)
def test_nothing_is_rounded_up_to_certainty(share: float, text: str) -> None:
    assert words.percent(share) == text


def test_lists_counts_and_terms() -> None:
    assert words.listed([]) == ""
    assert words.listed(["a"]) == "a"
    assert words.listed(["a", "b", "c"]) == "a, b and c"
    assert words.number(1, "byte") == "1 byte"
    assert words.number(1200, "byte") == "1,200 bytes"
    assert words.term("seller_vat_identifier") == "seller VAT identifier"
    assert words.term("amount_due_for_payment") == "amount due"
    assert words.short("sha256:" + "a" * 64) == "sha256:" + "a" * 12 + "…"


def test_words_of_a_document_stay_on_one_line_and_short() -> None:
    assert words.quoted("a\n  b") == "“a b”"
    assert len(words.quoted("x" * 999)) == words.QUOTED_CHARACTERS_MAX + 2


@pytest.mark.parametrize(
    "text",
    [
        "pay DE89370400440532013000 now",
        "pay DE89 3704 0044 0532 0130 00 now",
        "pay de89-3704-0044-0532-0130-00 now",
    ],
)
def test_a_known_account_is_masked_however_it_is_spaced(text: str) -> None:
    assert Masking({"DE89370400440532013000"})(text) == "pay DE**3000 now"


def test_an_unknown_iban_is_masked_by_its_check_digits_and_a_vat_id_is_not() -> None:
    mask = Masking(())
    assert mask("FR7630006000011234567890189") == "FR**0189"
    assert mask("FR37429002652 and ATU99999999") == "FR37429002652 and ATU99999999"


def test_a_number_that_is_no_iban() -> None:
    assert masked("12345678") == "**5678"
    assert Masking({"12345678"})("to 1234 5678, ref 123") == "to **5678, ref 123"
    assert Masking({"1234"})("2026-1234") == "2026-1234", "so short a number is no account"


def test_in_full_nothing_is_masked() -> None:
    assert Masking({"DE89370400440532013000"}, full=True)("DE89370400440532013000") == "DE89370400440532013000"
