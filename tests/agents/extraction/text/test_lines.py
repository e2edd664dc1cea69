"""Items of a table on a page: all of them with their proof, or none."""

from decimal import Decimal

import pytest

from agents.extraction.text.columns import COLUMNS, column_names
from agents.extraction.text.layout import lay_out
from agents.extraction.text.lines import find_lines
from agents.extraction.text.pages import DocumentText, page_texts
from agents.extraction.text.reading import read_text_pdf
from schemas.evidence import ExtractedInvoice
from schemas.invoice import InvoiceLine
from tests.agents.extraction.text.drawing import draw

ENGLISH = """
Description                      Qty      Unit price     VAT      Amount
Network cable, 5 m               25             1.36    20 %       34.00
On-site training                  2           603.25    20 %    1,206.50
Total net                                                       1,240.50
"""


def items(text: str, *sums: str) -> list[tuple[str | None, str, str, str | None, str]]:
    document = page_texts(draw(text))
    assert isinstance(document, DocumentText)
    return [said(item) for item in find_lines(lay_out(document.pages), {Decimal(each) for each in sums})]


def said(item: InvoiceLine) -> tuple[str | None, str, str, str | None, str]:
    rate = None if item.invoiced_item_vat_rate is None else str(item.invoiced_item_vat_rate)
    return (
        item.item_name,
        str(item.invoiced_quantity),
        str(item.item_net_price),
        rate,
        str(item.invoice_line_net_amount),
    )


def test_every_row_is_an_item() -> None:
    assert items(ENGLISH, "1240.50") == [
        ("Network cable, 5 m", "25", "1.36", "20", "34.00"),
        ("On-site training", "2", "603.25", "20", "1206.50"),
    ]


@pytest.mark.parametrize("sums", [(), ("1240.51",), ("34.00",)])
def test_what_does_not_add_up_is_left_out(sums: tuple[str, ...]) -> None:
    assert items(ENGLISH, *sums) == []


def test_a_row_that_does_not_close_is_no_item_and_then_nothing_adds_up() -> None:
    assert items(ENGLISH.replace("34.00", "35.00"), "1241.50") == []


def test_words_without_the_headings_of_a_table_have_no_items() -> None:
    assert items(ENGLISH.replace("Unit price", "Remarks"), "1240.50") == []


@pytest.mark.parametrize(
    "headings",
    [
        "Désignation                      Qté      PU HT          TVA      Montant HT",
        "Bezeichnung                      Menge    Einzelpreis    USt      Gesamtpreis",
        "Omschrijving                     Aantal   Prijs          BTW      Bedrag",
        "Descripción                      Cantidad Precio         IVA      Importe",
        "Descrizione                      Quantità Prezzo         IVA      Importo",
        "Descrição                        Qtd      Preço          IVA      Valor",
        "Nazwa                            Ilość    Cena netto     VAT      Wartość",
        "Kuvaus                           Määrä    Hinta          ALV      Yhteensä",
        "Beskrivning                      Antal    À-pris         Moms     Belopp",
        "Beskrivelse                      Antal    Pris           Moms     Beløb",
        "Popis                            Množství Cena           DPH      Celkem",
        "Description                      Hours    Rate           VAT      Amount",
        "Product                          Amount   Price          VAT      Total",
    ],
)
def test_headings_of_twelve_languages(headings: str) -> None:
    assert len(items(ENGLISH.replace(ENGLISH.strip().split("\n", maxsplit=1)[0], headings), "1240.50")) == 2


def test_a_discount_below_its_row_belongs_to_it() -> None:
    text = """
Item                             Qty      Unit price     VAT      Amount
Next-day delivery                 5            40.86    23 %      183.87
Trade discount: -20.43
Network cable                    25             1.36    23 %       34.00
"""
    assert [item[4] for item in items(text, "217.87")] == ["183.87", "34.00"]


def test_of_two_readings_the_one_under_its_headings_holds() -> None:
    text = """
Description        Qty     Price      Tax      Amount
Document fee         3     10.00     3.00       30.00
Printing fee         2      5.00     1.00       10.00
"""
    assert [item[1:3] for item in items(text, "40.00")] == [("3", "10.00"), ("2", "5.00")]


def test_a_reading_carries_the_items_of_its_page() -> None:
    reading = read_text_pdf(draw("Acme Ltd\n# INVOICE\nInvoice No R-1\nDate: 2026-03-10\n" + ENGLISH))
    assert isinstance(reading, ExtractedInvoice)
    assert [item.line_identifier for item in reading.lines] == ["1", "2"]


def test_a_phrase_names_one_column() -> None:
    names = column_names()
    assert set(names.values()) == set(COLUMNS)
    assert names["einzelpreis",] == "price"
