"""What else the page says against the value that stands where it should: each case was once paid falsely."""

import io

import pytest
from reportlab.pdfgen.canvas import Canvas

from agents.extraction.text.reading import read_text_pdf
from schemas.evidence import ExtractedInvoice
from tests.agents.extraction.text.drawing import PAGE_SIZE, draw
from tests.agents.extraction.text.verdict import outcome

HEAD = """
Træbyg ApS
# FAKTURA
Fakturanr.: F-26-118
Dato: 14-03-2026
{totals}
IBAN DK50 0040 0440 1162 43
"""
DANISH = """
Subtotal    100,00 DKK
Moms 25%     25,00 DKK
Total       125,00 DKK
Til betaling     125,00 DKK
"""
SLIP = """
Giroindbetaling

Modtager                                          {heading}
Træbyg ApS                                        {amount}
"""


def read(*pages: str) -> ExtractedInvoice:
    found = read_text_pdf(draw(*pages))
    assert isinstance(found, ExtractedInvoice)
    return found


@pytest.mark.parametrize("heading", ["Kroner DKK", "DKK", "Kr.", "Danske kroner"])
@pytest.mark.parametrize(("amount", "said"), [("125,00", "payable"), ("305,00", "doubtful")])
def test_a_box_that_a_currency_heads_asks_for_the_sum_of_a_slip(heading: str, amount: str, said: str) -> None:
    found = read(HEAD.format(totals=DANISH) + SLIP.format(heading=heading, amount=amount))
    assert outcome(found) == said, found.findings


TOTALS = """
Subtotal             80.76 DKK
VAT 23%              18.57 DKK
Total                99.33 DKK
{step}
{led}
"""


@pytest.mark.parametrize(
    ("step", "led", "said"),
    [
        ("", "", "payable"),
        ("Quittanced before   (29.80)", "For the present      69.53", "doubtful"),
        ("Quittanced before    29.80", "Total for the present  69.53", "doubtful"),
        ("Quittanced before   (29.80)", "For the present      61.53", "payable"),  # follows from nothing
    ],
)
def test_a_step_of_an_unknown_name_leads_to_another_sum(step: str, led: str, said: str) -> None:
    found = read(HEAD.format(totals=TOTALS.format(step=step, led=led)))
    assert outcome(found) == said, found.findings


def test_parts_of_the_total_below_it_lead_nowhere() -> None:
    parts = "Paper                70.00\nInk                  29.33"
    found = read(HEAD.format(totals=TOTALS.format(step="", led=parts)))
    assert found.value("amount_due_for_payment") == "99.33"
    assert outcome(found) == "payable"


DUTCH = """
Houtbouw BV
# FACTUUR
Factuurnummer: F-26-118
Factuurdatum: 14-03-2026
Subtotaal                                    € 100,00
BTW 21%                                       € 21,00
Te voldoen                                 {total}
{said}
IBAN NL91 ABNA 0417 1643 00
"""


@pytest.mark.parametrize("total", ["€ 121,00", "121,00 EUR"])
@pytest.mark.parametrize("said", ["Voldaan op 14-03-2026. Openstaand: € 0,00", "Betaald op 14-03-2026."])
def test_what_stands_below_a_row_of_the_totals_is_said_anew(said: str, total: str) -> None:
    assert outcome(read(DUTCH.format(total=total, said=""))) == "payable"
    assert outcome(read(DUTCH.format(total=total, said=said))) == "not_payable"


def overprinted(shift: float, behind: str = "102") -> ExtractedInvoice:
    """Return an invoice on which the number's name is printed over an address, so many points below its line."""
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=PAGE_SIZE, invariant=1)
    canvas.setFont("Helvetica", 9)
    for x, y, text in (
        (40, 60, "Suministros Navarro S.L."),
        (300, 100, f"Avda. de la Constitución {behind}"),
        (398, 100 + shift, "Factura nº"), (500, 100 + shift, "SI-000379"),
        (398, 125, "Fecha de factura"), (500, 125, "17/04/2026"),
        (300, 200, "Base imponible"), (500, 200, "100,00 EUR"),
        (300, 215, "IVA 21%"), (500, 215, "21,00 EUR"),
        (300, 230, "Total a pagar"), (500, 230, "121,00 EUR"),
        (40, 260, "IBAN ES91 2100 0418 4502 0005 1332"),
    ):  # fmt: skip
        canvas.drawString(x, PAGE_SIZE[1] - y, text)
    canvas.setFont("Helvetica", 18)
    canvas.drawString(40, PAGE_SIZE[1] - 40, "FACTURA")
    canvas.save()
    found = read_text_pdf(stream.getvalue())
    assert isinstance(found, ExtractedInvoice)
    return found


@pytest.mark.parametrize("shift", [1.5, 2.0, 3.0])
def test_lines_that_are_printed_over_each_other_are_read_one_by_one(shift: float) -> None:
    found = overprinted(shift)
    assert found.value("invoice_number") == "SI-000379"
    assert outcome(found) == "payable"


def test_a_number_among_words_on_the_very_same_foot_is_not_believed() -> None:
    found = overprinted(0.0)
    assert outcome(found) != "payable" or found.value("invoice_number") == "SI-000379"


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("Charged to Visa ending in 4242 on 14-03-2026.", "doubtful"),
        ("Debiteret Visa-kort der ender på 4242.", "doubtful"),
        ("Mastercard (4242)", "doubtful"),
        ("Vi tager gerne Visa.", "payable"),
        ("Visa fra 01.02.2026", "payable"),
    ],
)
def test_a_brand_of_card_and_its_last_digits_were_charged(sentence: str, said: str) -> None:
    found = read(HEAD.format(totals=DANISH) + sentence)
    assert outcome(found) == said, found.findings


LIST = """
Træbyg ApS
Vi savner betaling af

Fakturanr.      Dato            Beløb
F-26-118        14-03-2026      125,00
{second}

Til betaling                    {due}
IBAN DK50 0040 0440 1162 43
"""


def test_the_numbers_of_a_list_are_not_the_papers_own() -> None:
    several = read(LIST.format(second="F-26-101        01-03-2026      100,00", due="225,00"))
    assert several.value("invoice_number") is None
    assert outcome(several) != "payable"
    one = read(LIST.format(second="", due="125,00"))
    assert one.value("invoice_number") == "F-26-118"


@pytest.mark.parametrize("said", ["Ud over det. Til betaling 0,00 DKK", "Til betaling    0,00 DKK"])
def test_nothing_that_is_called_payable_as_well_is_asked_about(said: str) -> None:
    assert outcome(read(HEAD.format(totals=DANISH) + said)) == "doubtful"


FRENCH = """
Bois Dubois SARL
# FACTURE
Numéro de facture 2026-118
Date de facture 14/03/2026
À payer avant le 14/04/2026
N° client 516114
{notice}

Total HT                                     100,00 EUR
TVA 20%                                       20,00 EUR
Net à payer                                  120,00 EUR
IBAN FR76 3000 6000 0112 3456 7890 189
"""


def test_a_french_colon_ends_what_was_said_before() -> None:
    assert outcome(read(FRENCH.format(notice=""))) == "payable"
    told = read(FRENCH.format(notice="ATTENTION : nos coordonnées bancaires ont changé."))
    assert outcome(told) == "doubtful"
