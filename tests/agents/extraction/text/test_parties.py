import pytest

from agents.extraction.text.reading import read_text_pdf
from schemas.evidence import ExtractedInvoice
from tests.agents.extraction.text.drawing import draw

TOTALS = "\nRechnungsnummer: R-1\nNettobetrag 100,00 €\nMwSt. 19% 19,00 €\nGesamtbetrag 119,00 €\n"


def read(text: str) -> ExtractedInvoice:
    found = read_text_pdf(draw(text + TOTALS))
    assert isinstance(found, ExtractedInvoice)
    return found


def test_the_window_of_the_envelope_is_the_buyers() -> None:
    found = read(
        "Max Bauer GmbH - Hauptstr. 1 - 10115 Berlin\n\n\nKunde AG\nNebenweg 2\n20095 Hamburg\n\n\n"
        "Max Bauer GmbH    Tel. 030 123456\n"
    )
    assert found.value("seller_name") == "Max Bauer GmbH"
    assert found.value("buyer_name") == "Kunde AG"


def test_two_addresses_side_by_side_are_left_open() -> None:
    found = read(
        "Alpha Corporation                    Beta GmbH\nStation Road 21                      Hofstr. 12\n"
        "20097 Hamburg                        48436 Benrath\n"
    )
    assert found.value("seller_name") is None
    assert found.value("buyer_name") is None


@pytest.mark.parametrize("label", ["Rechnungsempfänger:", "Bill to:", "Facturé à :", "Odběratel:", "Nabywca:"])
def test_who_is_called_the_buyer_is_the_buyer(label: str) -> None:
    found = read(f"Max Bauer GmbH\n\n\n{label}\nKunde AG\nNebenweg 2\n20095 Hamburg\n")
    assert found.value("buyer_name") == "Kunde AG"
    assert found.value("seller_name") == "Max Bauer GmbH"


def test_the_recipient_of_a_payment_is_no_buyer() -> None:
    found = read("\nEmpfänger: Max Bauer GmbH\nIBAN: DE89 3704 0044 0532 0130 00\n")
    assert found.value("seller_name") == "Max Bauer GmbH"
    assert found.value("buyer_name") is None


def test_vat_ids_go_to_whom_they_are_called_after() -> None:
    found = read(
        "UID-Nr. ATU13585627\n\n\nKunde: Helios SAS\n95 rue des Tanneurs\n67000 Strasbourg\n"
        "Ihre USt-IdNr. FR83404833048\n"
    )
    assert found.value("seller_vat_identifier") == "ATU13585627"
    assert found.value("buyer_vat_identifier") == "FR83404833048"


def test_two_vat_ids_that_nothing_tells_apart_are_left_open() -> None:
    found = read("USt-IdNr. DE136695976\nUSt-IdNr. DE129273398\n")
    assert found.value("seller_vat_identifier") is None


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("Communication: +++090/9337/55493+++", "+++090/9337/55493+++"),
        ("Reference RF18 5390 0754 7034", "RF18539007547034"),
        ("Referenz 21 00000 00003 13947 14300 09017", "210000000003139471430009017"),
        ("Verwendungszweck: R-1", "R-1"),
        ("Viitenumero 1232", "1232"),
    ],
)
def test_the_reference_to_pay_under_is_read(text: str, reference: str) -> None:
    assert read(text + "\n").value("remittance_information") == reference


def test_a_reference_with_wrong_check_digits_is_none() -> None:
    assert read("+++090/9337/55494+++\n").value("remittance_information") is None


def test_a_bank_of_another_country_is_not_the_accounts() -> None:
    found = read("IBAN DE89 3704 0044 0532 0130 00\nBIC BNPAFRPP\n")
    assert found.value("payment_service_provider_identifier") is None
