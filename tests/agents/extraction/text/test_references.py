"""References to pay under: proven by their country's check digits, told as a guess where these fail, never mended."""

import pytest

from agents.extraction.text.check_digits import is_kid, is_mod10, is_viite
from agents.extraction.text.reading import read_text_pdf
from schemas.evidence import ExtractedInvoice, Field
from tests.agents.extraction.text.drawing import draw

INVOICE = """
Muster Oy
# {title} 4711
{extra}
IBAN {account}
"""
FINNISH, SWEDISH = "FI21 1234 5600 0007 85", "SE45 5000 0000 0583 9825 7466"
NORWEGIAN, DANISH = "NO93 8601 1117 947", "DK50 0040 0440 1162 43"
BELGIAN, CZECH = "BE68 5390 0754 7034", "CZ65 0800 0000 1920 0014 5399"


def read(title: str, extra: str, account: str) -> tuple[Field, set[str]]:
    found = read_text_pdf(draw(INVOICE.format(title=title, extra=extra, account=account)))
    assert isinstance(found, ExtractedInvoice)
    return found.field("remittance_information"), {finding.rule for finding in found.findings}


@pytest.mark.parametrize(
    ("title", "extra", "account", "value"),
    [
        ("Lasku", "Viitenumero: 12 34561", FINNISH, "1234561"),
        ("Lasku", "Viite        1 23456 78901 23450", FINNISH, "1234567890123450"),
        ("Lasku", "Viitenumero  RF34 1234 561", FINNISH, "RF341234561"),
        ("Faktura", "OCR-nummer: 1234567897", SWEDISH, "1234567897"),
        ("Invoice", "KID: 12345678903", NORWEGIAN, "12345678903"),
        ("Invoice", "KID: 1234567897", NORWEGIAN, "1234567897"),
        ("Faktura", "Variabilní symbol: 2026004711", CZECH, "2026004711"),
        ("Facture", "Communication : +++090/9337/55493+++", BELGIAN, "+++090/9337/55493+++"),
    ],
)
def test_check_digits_prove_a_reference(title: str, extra: str, account: str, value: str) -> None:
    field, rules = read(title, extra, account)
    assert field.value == value
    assert field.confidence > 0.9
    assert "REFERENCE-INVALID" not in rules


@pytest.mark.parametrize(
    ("title", "extra", "account", "printed"),
    [
        ("Lasku", "Viitenumero: 12 34567", FINNISH, "1234567"),
        ("Faktura", "OCR-nummer: 1234567890", SWEDISH, "1234567890"),
        ("Invoice", "KID: 12345678904", NORWEGIAN, "12345678904"),
    ],
)
def test_a_misprint_is_told_as_printed_and_as_a_guess(title: str, extra: str, account: str, printed: str) -> None:
    field, rules = read(title, extra, account)
    assert field.value == printed
    assert field.confidence <= 0.5
    assert "REFERENCE-INVALID" in rules


def test_a_reference_with_letters_claims_no_check_digit() -> None:
    field, rules = read("Faktura", "OCR-nummer: A-4711", SWEDISH)
    assert field.value == "A-4711"
    assert "REFERENCE-INVALID" not in rules


def test_a_proven_reference_goes_before_a_misprint() -> None:
    field, rules = read("Lasku", "Viite: 1234567\nViitenumero: 1234561", FINNISH)
    assert field.value == "1234561"
    assert "REFERENCE-INVALID" not in rules


@pytest.mark.parametrize("value", ["1232", "1234561", "1009", "13466"])
def test_viite(value: str) -> None:
    assert is_viite(value)
    wrong = value[:-1] + str((int(value[-1]) + 1) % 10)
    assert not is_viite(wrong)
    assert not is_viite(f"{value[:-1]}X")


def test_kid() -> None:
    assert not is_kid("")
    assert not is_kid("12-45")
    assert sum(is_kid(f"400000000{last}") for last in "0123456789-") in (1, 2)  # one by each of the two rules


def test_mod10() -> None:
    assert [is_mod10(f"7992739871{last}") for last in "0123456789"].count(True) == 1
    assert not is_mod10("٤٢")
