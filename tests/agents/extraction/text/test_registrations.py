"""Company numbers as countries print them at home: VAT ids without their prefix, registers, tax offices."""

import pytest

from agents.extraction.text.reading import read_text_pdf
from schemas.evidence import ExtractedInvoice, FieldName
from tests.agents.extraction.text.drawing import draw

VAT: FieldName = "seller_vat_identifier"
REGISTER: FieldName = "seller_legal_registration_identifier"
OFFICE: FieldName = "seller_tax_registration_identifier"


def value(name: FieldName, *lines: str) -> str | None:
    found = read_text_pdf(draw("\n".join(("# Invoice 4711", *lines))))
    assert isinstance(found, ExtractedInvoice)
    return found.value(name)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("NIP: 521-314-87-29", None),  # wrong check digit
        ("NIP: 526-025-09-95", "PL5260250995"),
        ("NIP PL5260250995", "PL5260250995"),
        ("P. IVA 00743110157", "IT00743110157"),
        ("Partita IVA: 00743110158", None),
        ("N.I.F.: B64717838", "ESB64717838"),
        ("NIF 501964843", "PT501964843"),
        ("Contribuinte n.º 501 964 843", "PT501964843"),
        ("CVR-nr. 13585628", "DK13585628"),
        ("P.IVA 00743110157 C.F. 59342517", "IT00743110157"),
        ("Telefon 13585628", None),
    ],
)
def test_a_vat_id_without_its_prefix_proves_itself(printed: str, expected: str | None) -> None:
    assert value(VAT, printed) == expected


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("Amtsgericht Kassel, HRB 67270", "HRB 67270"),
        ("REGON 360717558, KRS 0000123456", "360717558"),
        ("B 421 938 861 RCS Paris", "421938861"),
        ("RCS Lille 424 761 419 00045", "424761419"),
        ("421 938 862 RCS Paris", None),  # wrong check digit
        ("CVR-nr. 13585628, CVR DK13585628", "13585628"),
        ("FN 609896k", "609896k"),
        ("Y-tunnus 7020437-5", "7020437-5"),
        ("KvK-nummer: 66286331", "66286331"),
        ("Registered in England No 28610629", "28610629"),
        ("Registro Mercantil de Madrid, Hoja 86075157", "86075157"),
        ("Firmenbuchnummer: CHE-931.782.225", "CHE931782225"),
        ("Handelsregister Kassel", None),
        ("IČO: 2026", None),  # too short for one
    ],
)
def test_numbers_of_registers(printed: str, expected: str | None) -> None:
    found = value(REGISTER, printed)
    assert (found or "").removeprefix("FN ") == (expected or "")


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("Steuernummer: 201/113/40209", "201/113/40209"),
        ("St.-Nr. 22/815/0815/4", "22/815/0815/4"),
        ("Steuernummer: siehe unten", None),
        ("NIF B64717838", None),  # a VAT id
    ],
)
def test_numbers_of_tax_offices(printed: str, expected: str | None) -> None:
    assert value(OFFICE, printed) == expected


def test_two_ids_without_a_buyer_are_nobodys() -> None:
    assert value(VAT, "P. IVA 00743110157", "P. IVA 02313821007") is None


def test_two_registers_are_nobodys() -> None:
    assert value(REGISTER, "HRB 67270", "HRB 67271") is None
