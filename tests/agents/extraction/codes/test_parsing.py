"""Which scheme a code claims, and the schemes of single countries."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.extraction.codes.parsing import CONTENT_BYTES_MAX, parse
from agents.extraction.codes.payment import BrokenCode, Part, PaymentCode

CZECH = "CZ5855000000001265098001"
POLISH = "27114020040000300201355387"
SLOVENIAN = "SI56020360253863406"


def asked(content: str) -> PaymentCode:
    found = parse(content.encode())
    assert isinstance(found, PaymentCode)
    return found


def broken(content: str) -> tuple[str, Part]:
    found = parse(content.encode())
    assert isinstance(found, BrokenCode)
    return found.scheme, found.part


def test_czech() -> None:
    found = asked(f"SPD*1.0*ACC:{CZECH}+RZBCCZPP*AM:480.50*CC:CZK*RN:ALZA%2A*X-VS:1234567890*MSG:PLATBA ZA ZBOZI")
    assert (found.account, found.amount, found.currency) == (CZECH, Decimal("480.50"), "CZK")
    assert (found.reference, found.payee, found.text) == ("1234567890", "ALZA*", "PLATBA ZA ZBOZI")


def test_czech_without_amount_and_in_crowns_without_saying_so() -> None:
    assert (asked(f"SPD*1.0*ACC:{CZECH}").amount, asked(f"SPD*1.0*ACC:{CZECH}").currency) == (None, None)
    assert asked(f"SPD*1.0*ACC:{CZECH}*AM:1*").currency == "CZK"


@pytest.mark.parametrize(
    ("rest", "part"),
    [
        (f"2.0*ACC:{CZECH}", "version"),
        ("1.0*AM:1.00", "account"),
        ("1.0*ACC:CZ5855000000001265098002", "account"),
        (f"1.0*ACC:{CZECH}*AM:1,00", "amount"),
        (f"1.0*ACC:{CZECH}*CC:K", "currency"),
        (f"1.0*ACC:{CZECH}*ACC:CZ6508000000192000145399", "form"),
        (f"1.0*ACC:{CZECH}*AM", "form"),
        ("", "version"),
    ],
)
def test_czech_broken(rest: str, part: Part) -> None:
    assert broken(f"SPD*{rest}") == ("SPAYD", part)


def test_polish() -> None:
    found = asked(f"5260250995|PL|{POLISH}|001234|Firma|FV 1/34/2026|||")
    assert (found.account, found.amount, found.currency) == (f"PL{POLISH}", Decimal("12.34"), "PLN")
    assert asked(f"|PL|{POLISH}||Firma|FV|||").amount is None


@pytest.mark.parametrize(
    ("content", "part"), [(f"|PL|{POLISH[:-1]}|1|a|b|||", "account"), (f"|PL|{POLISH}|1,5|a|b|||", "amount")]
)
def test_polish_broken(content: str, part: Part) -> None:
    assert broken(content) == ("ZBP 2D", part)


def slovenian(amount: str = "00000012345", account: str = SLOVENIAN) -> str:
    lines = ["UPNQR", "", "", "", "", "Kupec", "", "", amount, "", "", "GDSV", "Racun 7", "31.12.2026", account]
    return "\n".join([*lines, "SI0012345", "Prodajalec d.o.o.", "Cesta 1", "Ljubljana", "150", ""])


def test_slovenian() -> None:
    found = asked(slovenian())
    assert (found.account, found.amount, found.currency) == (SLOVENIAN, Decimal("123.45"), "EUR")
    assert found.payee == "Prodajalec d.o.o."
    assert asked(slovenian(amount="")).amount is None


def test_slovenian_broken() -> None:
    assert broken(slovenian(amount="123,45")) == ("UPN QR", "amount")
    assert broken(slovenian(account="SI56020360253863407")) == ("UPN QR", "account")
    assert broken("UPNQR\n\n") == ("UPN QR", "form")


def test_finnish_national_reference() -> None:
    """The guide's first example: 4 79 4405 2020 0360 82, 4 883,15 euros, reference 86851 62596 19897."""
    found = asked("479440520200360820048831500000000868516259619897100612")
    assert (found.account, found.amount) == ("FI7944052020036082", Decimal("4883.15"))
    assert found.reference == "868516259619897"


def test_finnish_creditor_reference() -> None:
    """The guide's first example of version 5: RF09 8685 1625 9619 897."""
    found = asked("579440520200360820048831509000000868516259619897100612")
    assert found.reference == "RF09868516259619897"


def test_finnish_open_amount_and_no_reference() -> None:
    found = asked("4794405202003608200000000" + "0" * 23 + "000000")
    assert (found.amount, found.reference) == (None, None)


def test_finnish_broken() -> None:
    assert broken("479440520200360830048831500000000868516259619897100612")[1] == "account"
    assert broken("479440520200360820048831500000000868516259619896100612")[1] == "reference"


@pytest.mark.parametrize(
    "content",
    ["https://example.com/pay", "0012345678905", "", "WIFI:T:WPA;S:net;;", "a|b", "DE89370400440532013001",
     "DE89370400440532013000 DE02120300000000202051"],
)  # fmt: skip
def test_what_asks_for_no_payment(content: str) -> None:
    assert parse(content.encode()) is None


def test_a_scheme_that_is_not_known_still_names_its_account() -> None:
    link = "bank://singlepaymentsepa?name=X&iban=DE89370400440532013000&amount=12"
    assert asked(link) == PaymentCode("IBAN in a code", "DE89370400440532013000")
    assert asked("HRVHUB30\nEUR\n000000000012355\n\n\n\nX\n\n\nHR1723600001101234565\nHR01").account[:2] == "HR"


def test_more_than_a_code_can_hold_is_none() -> None:
    assert parse(b"BCD" + b"x" * CONTENT_BYTES_MAX) is None


@given(st.binary(max_size=300))
def test_any_bytes_have_an_answer(content: bytes) -> None:
    for tag in (b"", b"BCD\n002\n1\nSCT\n", b"SPC\n0200\n1\n", b"SPD*1.0*", b"UPNQR\n", b"|PL|"):
        assert parse(tag + content) is None or isinstance(parse(tag + content), PaymentCode | BrokenCode)
