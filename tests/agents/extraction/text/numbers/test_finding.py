import pytest

from agents.extraction.text.labels import Labels
from agents.extraction.text.layout import lay_out
from agents.extraction.text.numbers.finding import find_number
from agents.extraction.text.numbers.number import Numbered
from agents.extraction.text.pages import DocumentText, page_texts
from tests.agents.extraction.text.drawing import draw


def number_in(text: str) -> Numbered:
    document = page_texts(draw(text))
    assert isinstance(document, DocumentText)
    layout = lay_out(document.pages)
    return find_number(layout, Labels(layout))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Rechnungsnummer: R-2026-77", "R-2026-77"),
        ("Rechnungsnr.      30064443      Kundennr.     47774", "30064443"),
        ("Facture n°562044387 du 02 Juillet 2015", "562044387"),
        ("Invoice # RE-20190610/507 issued at 2019-06-10", "RE-20190610/507"),
        ("INVOICE: NO. 001", "001"),
        ("INVOICE\nN° 4711", "4711"),
        ("Invoice 103767", "103767"),
        ("FACTUUR\nNr. VF2026/118", "VF2026/118"),
        ("Factuurnr.      Datum          Debiteurnr.\nF26-1001        03-02-2026     20331", "F26-1001"),
        ("Numéro de facture : FA 2024-12", "FA 2024-12"),
        ("Handelsrechnung (380) Nr. 471102 vom 05.03.2018", "471102"),
        ("Schlussrechnung Bau (877) Nr. 210113 vom 30.06.2025", "210113"),
        ("Faktura - daňový doklad č. 260100042", "260100042"),
        ("Laskun numero      20260117", "20260117"),
        ("# HYVITYSLASKU\nHyvityslaskun nro 2506876\nHyvitys laskusta 9781/01/2025", "2506876"),
        ("Invoice inv 4711", "inv 4711"),
        ("W załączeniu przesyłamy fakturę 2024/3524 z dnia 16.08.2024 na kwotę 856,60 PLN.", "2024/3524"),
        ("Zasíláme Vám fakturu 2024/3524 ze dne 16.08.2024 na částku 856,60 Kč.", "2024/3524"),
        ("FATTURA N. 45/2026 del 10/03/2026", "45/2026"),
        ("Invoice number  INV-1\nCustomer number  C-2\nOrder number  O-3", "INV-1"),
    ],
)
def test_the_number_is_what_is_called_so(text: str, number: str) -> None:
    chosen = number_in(text).chosen
    assert chosen is not None
    assert chosen.value == number
    assert chosen.confidence >= 0.9


@pytest.mark.parametrize(
    "text",
    [
        "Kundennummer 4711", "Rechnung vom 05.03.2018", "Facture du 2 mars 2026", "Order number 5",
        "Invoice total 120.00",
        "Rechnung", "Invoice date 2026-03-05", "Phone 0123 456789", "Rechnungsnummer: DE89370400440532013000",
    ],
)  # fmt: skip
def test_other_numbers_are_not_taken_for_it(text: str) -> None:
    assert number_in(text).chosen is None


def test_two_of_the_same_strength_are_rivals() -> None:
    found = number_in("Invoice number: A-1\nInvoice number: A-2")
    assert found.chosen is None
    assert {rival.value for rival in found.rivals} == {"A-1", "A-2"}


def test_the_same_number_twice_is_one() -> None:
    chosen = number_in("Rechnung 4711\nRechnungsnummer: 4711").chosen
    assert chosen is not None
    assert chosen.confidence > 0.96


def test_a_number_that_runs_on_is_not_proven() -> None:
    chosen = number_in("Rechnung Nr. 210111 mit LV vom 30.05.2026").chosen
    assert chosen is not None
    assert chosen.confidence < 0.9


def test_a_number_of_what_the_invoice_is_for_is_not_proven() -> None:
    chosen = number_in("Beitragsrechnung zur Kraftfahrtversicherung Nr. 00.123.456.7").chosen
    assert chosen is None or chosen.confidence < 0.9
