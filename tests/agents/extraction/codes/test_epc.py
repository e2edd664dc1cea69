"""EPC069-12: what banks and accounting programs print, and what breaks it."""

from decimal import Decimal

import pytest

from agents.extraction.codes.epc import parse
from agents.extraction.codes.payment import CodeError, Part

IBAN = "DE89370400440532013000"


def code(*changes: tuple[int, str], lines: int = 12, end: str = "\n") -> bytes:
    """Return a whole code with lines (from 1) changed and cut after so many."""
    whole = ["BCD", "002", "1", "SCT", "COBADEFFXXX", "Müller & Co", IBAN, "EUR12.3", "GDDS", "", "Rechnung 7", "hello"]
    for number, content in changes:
        whole[number - 1] = content
    return end.join(whole[:lines]).encode()


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_whole_code(end: str) -> None:
    found = parse(code(end=end))
    assert (found.account, found.amount, found.currency) == (IBAN, Decimal("12.30"), "EUR")
    assert (found.payee, found.reference, found.text) == ("Müller & Co", None, "Rechnung 7")


def test_structured_reference() -> None:
    found = parse(code((10, "RF18 5390 0754 7034"), (11, "")))
    assert (found.reference, found.text) == ("RF18539007547034", None)


def test_structured_reference_with_wrong_check_digits_is_text() -> None:
    found = parse(code((10, "RF19539007547034"), (11, "")))
    assert (found.reference, found.text) == (None, "RF19539007547034")


@pytest.mark.parametrize("lines", range(7, 12))
def test_cut_tail(lines: int) -> None:
    found = parse(code(lines=lines))
    assert found.account == IBAN
    assert found.amount == (Decimal("12.3") if lines >= 8 else None)


@pytest.mark.parametrize("version", ["001", "002"])
def test_versions(version: str) -> None:
    assert parse(code((2, version), (5, ""))).account == IBAN


@pytest.mark.parametrize(
    ("number", "name"),
    [("1", "utf-8"), ("2", "iso8859-1"), ("3", "iso8859-2"), ("4", "iso8859-4"), ("8", "iso8859-15")],
)
def test_character_sets(number: str, name: str) -> None:
    content = code((3, number), (6, "Bäcker")).decode().encode(name)
    assert parse(content).payee == "Bäcker"


def test_greek_and_cyrillic() -> None:
    assert parse(code((3, "6"), (6, "Ελλάς")).decode().encode("iso8859-7")).payee == "Ελλάς"
    assert parse(code((3, "5"), (6, "Борис")).decode().encode("iso8859-5")).payee == "Борис"


@pytest.mark.parametrize("amount", ["", "EUR0", "EUR0.00"])
def test_amount_that_the_payer_fills_in(amount: str) -> None:
    assert parse(code((8, amount))).amount is None


@pytest.mark.parametrize("amount", ["EUR999999999.99", "EUR1", "EUR 1", "EUR1,00"])
def test_amounts(amount: str) -> None:
    assert parse(code((8, amount))).amount is not None


def test_a_bank_identifier_that_is_none_decides_nothing() -> None:
    assert parse(code((5, "99-99-888"))).account == IBAN


def test_account_in_groups() -> None:
    assert parse(code((7, "DE89 3704 0044 0532 0130 00"))).account == IBAN


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ((2, "003"), "version"),
        ((4, "SDD"), "version"),
        ((7, "DE89370400440532013001"), "account"),
        ((7, ""), "account"),
        ((8, "12.30"), "amount"),
        ((8, "EUR1.234"), "amount"),
        ((8, "EUR-1.00"), "amount"),
        ((8, "EUR1234567890.00"), "amount"),
        ((8, "USD1.00"), "currency"),
    ],
)
def test_what_breaks_it(change: tuple[int, str], part: Part) -> None:
    with pytest.raises(CodeError) as caught:
        parse(code(change))
    assert caught.value.part == part


@pytest.mark.parametrize("content", [b"BCD", code(lines=6), code() + b"\nmore\nand more"])
def test_wrong_number_of_lines(content: bytes) -> None:
    with pytest.raises(CodeError) as caught:
        parse(content)
    assert caught.value.part == "form"
