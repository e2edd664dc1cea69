"""Sums in words, as invoices of twelve languages close with them."""

from decimal import Decimal

import pytest

from agents.extraction.text.geometry import Word
from agents.extraction.text.in_words import sums_in_words
from agents.extraction.text.lexicon import tokens
from agents.extraction.text.numerals import number_of
from agents.extraction.text.pages import PageText
from agents.extraction.text.reading import read_text_pdf
from schemas.evidence import ExtractedInvoice
from tests.agents.extraction.text.drawing import draw
from tests.agents.extraction.text.verdict import outcome

SENTENCES = [
    ("Arrêtée la présente facture à la somme de mille deux cent trente-quatre euros et cinquante centimes.", "1234.50"),
    ("Arrêté à la somme de : QUATRE-VINGT-DIX-SEPT MILLE QUATRE-VINGTS EUROS TTC", "97080"),
    ("en lettres : deux mille septante-cinq francs et 20 centimes", "2075.20"),
    ("Słownie: jeden tysiąc dwieście trzydzieści cztery złote 50/100", "1234.50"),
    ("Słownie złotych: sto dwadzieścia trzy i 00/100", "123.00"),
    ("slovy: jedentisícdvěstětřicetčtyřikorun českých", "1234"),
    ("Slovy: dvanáct tisíc pět set korun a padesát haléřů", "12500.50"),
    ("Diconsi euro milleduecentotrentaquattro/50", "1234.50"),
    ("Importo in lettere: ventunomilacentootto euro", "21108"),
    ("Son: mil doscientos treinta y cuatro euros con cincuenta céntimos", "1234.50"),
    ("Asciende la presente factura a la cantidad de VEINTIÚN MIL QUINIENTOS EUROS", "21500"),
    ("São: mil duzentos e trinta e quatro euros e cinquenta cêntimos", "1234.50"),
    ("In Worten: eintausendzweihundertvierunddreißig Euro und fünfzig Cent", "1234.50"),
    ("Amount in words: One thousand two hundred and thirty-four euros and fifty cents only", "1234.50"),
    ("Say US Dollars twelve hundred only", "1200"),
    ("Zegge: duizend tweehonderd vierendertig euro en 50 cent", "1234.50"),
    ("Belopp i ord: ettusen tvåhundrafyrtio kronor", "1240"),
    ("Skriver: enogtyvetusinde og femhundrede og enoghalvfjerds kroner", "21571"),
    ("Yhteensä sanoin: tuhat kaksisataakolmekymmentäneljä euroa", "1234"),
]
NO_SUMS = [
    "Soit deux cents exemplaires",  # no currency
    "Son dos personas",
    "In Worten: eins-zwei-drei-vier Euro",  # digits one by one
    "Słownie: jeden dwa trzy cztery zł",
    "Amount in words: as above",
    "deux cents euros",  # not announced
]


def in_words(sentence: str) -> list[Decimal]:
    words = tuple(Word(word, 0, 0, 1, 1) for word in sentence.split())
    return [one.value for one in sums_in_words([PageText(1, 595, 842, words)])]


@pytest.mark.parametrize(("sentence", "value"), SENTENCES)
def test_what_the_words_come_to(sentence: str, value: str) -> None:
    assert in_words(sentence) == [Decimal(value)]


@pytest.mark.parametrize("sentence", NO_SUMS)
def test_what_is_no_sum_in_words(sentence: str) -> None:
    assert in_words(sentence) == []


@pytest.mark.parametrize(
    ("words", "language", "number"),
    [
        ("soixante et onze", "fr", 71),
        ("quatre-vingt-dix-neuf", "fr", 99),
        ("zweiundvierzigtausendeins", "de", 42_001),
        ("centottantotto", "it", 188),
        ("ciento uno", "es", 101),
        ("one million two hundred", "en", 1_000_200),
        ("vingt vingt", "fr", None),
        ("deux cent cent", "fr", None),
        ("et", "fr", None),
        ("", "fr", None),
        ("hund", "de", None),
    ],
)
def test_numbers(words: str, language: str, number: int | None) -> None:
    assert number_of(tokens(words), language) == number


FRENCH = """
Durand Conseil SARL
# FACTURE N° 2026-014
Date : 10/03/2026

Prestation de conseil                  1 000,00
Total HT                               1 000,00
TVA 20 %                                 200,00
Total TTC                              1 200,00 €
{words}
IBAN FR76 3000 6000 0112 3456 7890 189
"""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "payable"),
        ("Arrêtée la présente facture à la somme de mille deux cents euros", "payable"),
        ("Arrêtée la présente facture à la somme de mille deux cent dix euros", "doubtful"),
        ("Arrêtée la présente facture à la somme de mille deux cents euros et dix centimes", "doubtful"),
        ("Arrêtée la présente facture à la somme indiquée", "payable"),
    ],
)
def test_words_that_tell_another_sum_are_a_doubt(words: str, said: str) -> None:
    found = read_text_pdf(draw(FRENCH.format(words=words)))
    assert isinstance(found, ExtractedInvoice)
    assert found.value("amount_due_for_payment") == "1200.00"
    assert outcome(found) == said, found.findings


def test_words_that_agree_make_a_lonely_sum_surer() -> None:
    lonely = "# FACTURE N° 7\nNet à payer : 1 200,00 €\nIBAN FR76 3000 6000 0112 3456 7890 189\n{}"
    bare, told = (
        read_text_pdf(draw(lonely.format(words))) for words in ("", "Arrêtée à la somme de mille deux cents euros")
    )
    assert isinstance(bare, ExtractedInvoice)
    assert isinstance(told, ExtractedInvoice)
    assert told.field("amount_due_for_payment").confidence > bare.field("amount_due_for_payment").confidence
