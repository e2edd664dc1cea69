"""What papers by strange hands, in other words and other type than ours, were paid falsely or held in vain for."""

import random

import pytest

from agents.extraction.text.geometry import Word
from agents.extraction.text.lexicon import LANGUAGES, STOP
from agents.extraction.text.pages import PageText
from agents.extraction.text.reading import read_text_pdf
from agents.extraction.text.statements import spoken
from agents.extraction.text.together import RULES, told
from schemas.evidence import ExtractedInvoice
from tests.agents.extraction.text.drawing import draw
from tests.agents.extraction.text.verdict import outcome

IBAN = "DK50 0040 0440 1162 43"
DANISH = """
Træbyg ApS
# FAKTURA
Fakturanr.: F-26-118
Dato: 14-03-2026

Subtotal    100,00 DKK
Moms 25%     25,00 DKK
Til betaling     125,00 DKK

{said}

IBAN DK50 0040 0440 1162 43
"""


def read(page: str, font: str = "Helvetica") -> ExtractedInvoice:
    found = read_text_pdf(draw(page, font=font))
    assert isinstance(found, ExtractedInvoice)
    return found


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("", "payable"),
        ("Beløbet fratrækkes i den næste udbetaling til jer.", "doubtful"),
        ("This amount will be set off against your balance.", "doubtful"),
        ("Vent venligst med betaling, indtil I hører fra os.", "doubtful"),
        ("KLADDE", "doubtful"),
        ("Draft invoice for your approval", "doubtful"),
        ("Our bank was taken over and has given our account another number.", "doubtful"),
        ("We will never change our bank details by e-mail.", "payable"),
        ("Payable in 3 monthly instalments of 41,67.", "doubtful"),
        ("I kan tilmelde betalingen til Betalingsservice.", "payable"),
        ("Delivered goods: one account book, new edition.", "payable"),
    ],
)
def test_a_sentence_at_which_a_clerk_stops(said: str, expected: str) -> None:
    found = read(DANISH.format(said=said))
    assert outcome(found) == expected, found.findings


def test_a_sentence_below_a_head_without_full_stops_is_heard() -> None:
    head = "\n".join(f"Vores reference nummer {number} hos jer" for number in range(1, 12))
    said = "Vent venligst med betaling, indtil I hører fra os."
    paper = DANISH.replace("{said}", "").replace("Fakturanr.", f"{head}\n{said}\nFakturanr.")
    assert outcome(read(DANISH.format(said=""))) == "payable"
    assert outcome(read(paper)) == "doubtful"


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("Roskilde    KLADDE", "doubtful"),
        ("KLADDE    Roskilde", "payable"),
        ("Roskilde    Kladde", "payable"),
        ("Kladde", "doubtful"),
    ],
)
def test_a_stamp_is_heard_beside_an_address(row: str, expected: str) -> None:
    assert outcome(read(DANISH.format(said=row))) == expected


def test_an_offer_of_direct_debit_leaves_the_account_to_the_seller() -> None:
    offered = read(DANISH.format(said="I kan tilmelde betalingen til Betalingsservice."))
    assert offered.value("payment_account_identifier") == IBAN.replace(" ", "")
    condition = "If you do nothing, the sum will be debited from account " + IBAN
    collected = read(DANISH.replace("IBAN DK50 0040 0440 1162 43", condition).format(said=""))
    assert outcome(collected) != "payable"


@pytest.mark.parametrize("rule", RULES)
def test_two_words_tell_a_rule_in_one_sentence_only(rule: str) -> None:
    one, other = {
        "account_change": ("our account", "another number"),
        "on_hold": ("payment", "please wait"),
        "offset": ("retained", "your commission"),
    }[rule]
    assert told(rule, f"from may on {one} and {other} now")
    assert told(rule, f"{other} for {one}")
    assert not told(rule, f"{one} {STOP} {other}")
    assert not told(rule, f"if {one} then {other}")
    assert not told(rule, f"{one} {'so ' * 15}{other}")
    assert not told(rule, one)


def test_two_words_are_there_for_every_language() -> None:
    import json  # noqa: PLC0415 - a test of the file
    from importlib import resources  # noqa: PLC0415

    said = json.loads(resources.files("agents.extraction.text.together").joinpath("words.json").read_text("utf-8"))
    assert set(said) == set(LANGUAGES)
    assert all(set(found) == {"unless", *RULES} for found in said.values())


def test_sentences_are_heard_in_whatever_order_they_were_drawn() -> None:
    text = "Note that our bank details have changed since the last invoice was sent to you in May"
    words = [Word(one, 40 + 30 * at, 100, 66 + 30 * at, 110) for at, one in enumerate(text.split())]
    random.Random(4).shuffle(words)
    page = PageText(1, 595, 842, tuple(words))
    assert spoken([page], ["account_change"]) == {"account_change"}


LETTER = """
Imprenta Sol S.L.
Estimado cliente:
{mention}
Total a pagar 544,50 €
IBAN ES91 2100 0418 4502 0005 1332
"""


@pytest.mark.parametrize(
    ("mention", "expected"),
    [
        ("le escribimos por nuestra factura nº 2026/311 de 01/09/2026 que le enviamos en su dia", "doubtful"),
        ("Factura nº 2026/311", "payable"),
    ],
)
def test_a_letter_that_only_speaks_of_an_invoice_is_none(mention: str, expected: str) -> None:
    found = read(LETTER.format(mention=mention))
    assert outcome(found) == expected, found.findings


GERMAN = """
Bürohaus Kern GmbH
# Rechnung
Rechnungsnummer: BK-26118
Rechnungsdatum: 12.11.2026
{method}

Nettobetrag    {net}
MwSt. 19 %     {vat}
Gesamtbetrag   {gross}
{step}
IBAN DE02 1203 0000 0000 2020 51
"""


@pytest.mark.parametrize("method", ["SEPA-Basislastschrift", "SEPA-Firmenlastschrift", "Klarna"])
def test_a_way_to_pay_that_is_no_transfer(method: str) -> None:
    sums = {"net": "500,00 €", "vat": "95,00 €", "gross": "595,00 €", "step": ""}
    assert outcome(read(GERMAN.format(method=f"Zahlungsweise: {method}", **sums))) == "not_payable"


def test_a_blank_of_a_typewriter_parts_no_thousands() -> None:
    sums = {"net": "15 000,00 €", "vat": "2 850,00 €", "gross": "17 850,00 €", "step": "", "method": ""}
    found = read(GERMAN.format(**sums), font="Courier")
    assert found.value("invoice_total_amount_with_vat") == "17850.00"
    assert outcome(found) == "payable", found.findings


def test_the_last_sum_of_a_step_is_what_was_paid() -> None:
    step = "abzüglich gezahlter Abschläge (11 x 40,00)    -440,00 €\nNachzahlung    155,00 €\n"
    sums = {"net": "500,00 €", "vat": "95,00 €", "gross": "595,00 €", "step": step, "method": ""}
    found = read(GERMAN.format(**sums))
    assert found.value("amount_due_for_payment") == "155.00"
    assert outcome(found) == "payable", found.findings


FRENCH = """
Transports Guillemin SA
{head}

Total HT    500,00{sign}
TVA 20 %    100,00{sign}
Total TTC   600,00{sign}
{step}
Merci de régler la facture par virement bancaire
IBAN FR14 2004 1010 0505 0001 3M02 606
"""
COLUMNS = """
FACTURE         Date          Code client
F2610-00458     31/10/2026    C004417
"""


@pytest.mark.parametrize(
    ("head", "step"),
    [
        (COLUMNS, ""),
        ("FACTURE F2610-00458 - 10/11/2026", ""),
        (
            "Facture n° F2610-00458",
            "Acompte versé le 12/07/2026 (facture n° FA-26-0871)  -200,00 €\nNet à payer  400,00 €",
        ),
    ],
)
def test_the_number_of_a_french_invoice(head: str, step: str) -> None:
    found = read(FRENCH.format(head=head, step=step, sign=" €"))
    assert found.value("invoice_number") == "F2610-00458"
    assert outcome(found) == "payable", found.findings


@pytest.mark.parametrize(
    ("note", "currency"), [("", "EUR"), ("Siège : 12 rue du Port, Nantes", "EUR"), ("Cours du jour en USD", None)]
)
def test_at_home_an_unnamed_currency_is_the_countrys(note: str, currency: str | None) -> None:
    found = read(FRENCH.format(head=f"Facture n° F2610-00458\n{note}", step="", sign=""))
    assert (found.value("invoice_currency_code") == "EUR") == (currency == "EUR")
