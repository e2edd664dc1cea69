"""The Swiss QR code: examples of the guidelines, and each rule broken."""

from decimal import Decimal

import pytest

from agents.extraction.codes.payment import CodeError, Part
from agents.extraction.codes.swiss import parse

QR_IBAN, IBAN = "CH4431999123000889012", "CH5800791123000889012"
QR_REFERENCE = "210000000003139471430009017"


def code(*changes: tuple[int, str], end: str = "\n", tail: tuple[str, ...] = ()) -> bytes:
    """Return the guidelines' example with lines (from 1) changed."""
    lines = [
        "SPC", "0200", "1", QR_IBAN, "S", "Robert Schneider AG", "Rue du Lac", "1268", "2501", "Biel", "CH",
        *[""] * 7, "1949.75", "CHF",
        "S", "Pia-Maria Rutschmann-Schnyder", "Grosse Marktgasse", "28", "9400", "Rorschach", "CH",
        "QRR", QR_REFERENCE, "Order of 15 June", "EPD", *tail,
    ]  # fmt: skip
    for number, content in changes:
        lines[number - 1] = content
    return end.join(lines).encode()


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_qr_reference(end: str) -> None:
    found = parse(code(end=end))
    assert (found.account, found.amount, found.currency) == (QR_IBAN, Decimal("1949.75"), "CHF")
    assert (found.reference, found.payee, found.text) == (QR_REFERENCE, "Robert Schneider AG", "Order of 15 June")


def test_creditor_reference() -> None:
    found = parse(code((4, IBAN), (28, "SCOR"), (29, "RF18539007547034")))
    assert (found.account, found.reference) == (IBAN, "RF18539007547034")


def test_no_reference_and_no_amount() -> None:
    found = parse(code((4, IBAN), (19, ""), (20, "EUR"), (28, "NON"), (29, "")))
    assert (found.amount, found.currency, found.reference) == (None, "EUR", None)


def test_combined_address_of_old_papers() -> None:
    assert parse(code((5, "K"), (7, "Rue du Lac 1268"), (8, "2501 Biel"), (9, ""), (10, ""))).account == QR_IBAN


def test_bill_information_and_alternative_schemes() -> None:
    tail = ("//S1/10/10201409/11/200701", "eBill/B/simon.muster@example.com", "cdbk/some/values")
    assert parse(code(tail=tail)).amount == Decimal("1949.75")


def test_an_amount_of_nothing_forbids_the_payment() -> None:
    assert parse(code((19, "0.00"))).amount == 0


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ([(2, "0300")], "version"),
        ([(3, "2")], "version"),
        ([(5, "X")], "version"),
        ([(4, "CH4431999123000889013")], "account"),
        ([(4, "DE89370400440532013000")], "account"),
        ([(19, "1'949.75")], "amount"),
        ([(19, "-1.00")], "amount"),
        ([(20, "USD")], "currency"),
        ([(4, IBAN)], "reference"),  # a QR reference without a QR-IBAN
        ([(29, "210000000003139471430009018")], "reference"),
        ([(28, "SCOR"), (29, "RF18539007547034")], "reference"),  # a QR-IBAN without a QR reference
        ([(28, "NON"), (29, "")], "reference"),
        ([(4, IBAN), (28, "SCOR"), (29, "RF19539007547034")], "reference"),
        ([(4, IBAN), (28, "NON")], "reference"),
        ([(4, IBAN), (28, "ABC"), (29, "")], "reference"),
        ([(31, "END")], "form"),
    ],
)
def test_what_breaks_it(changes: list[tuple[int, str]], part: Part) -> None:
    with pytest.raises(CodeError) as caught:
        parse(code(*changes))
    assert caught.value.part == part


@pytest.mark.parametrize("content", [b"SPC", code(tail=("", "", "", "more"))])
def test_wrong_number_of_lines(content: bytes) -> None:
    with pytest.raises(CodeError) as caught:
        parse(content)
    assert caught.value.part == "form"
