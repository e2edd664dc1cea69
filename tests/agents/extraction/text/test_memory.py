"""What a release has learned fills gaps and mends places; it repairs nothing and lifts no doubt."""

import pytest

from agents.extraction.reading import read
from agents.extraction.text.lexicon import lexicon
from agents.extraction.text.memory import ANCHORED, DISPUTED, TRUSTED_MIN, USED, with_labels
from agents.normalization.normalization import normalize
from agents.validation.assessment import assess
from agents.validation.validation import validate
from schemas.evidence import PAYMENT_CRITICAL, ExtractedInvoice, FieldName
from schemas.finding import Assessment, only_suggested
from schemas.release import CONFIDENCE_FLOOR, Anchor, LabelLearned, Learned, Zone
from tests.agents.extraction.pdfs import page

IBAN = "DE89 3704 0044 0532 0130 00"
WHOLE: Zone = (0.0, 0.0, 1.0, 1.0)
LINES = (
    "Muster Handel GmbH Hafenstrasse Bremen",
    "Rechnung",
    "Vorgangskennung 2026-0042",
    "Rechnungsdatum 30.09.2026",
    "Wir danken fuer Ihren Auftrag und bitten um Ausgleich ohne jeden Abzug",
    "Nettobetrag 100,00 EUR",
    "Umsatzsteuer 19,00 EUR",
    "Gesamtbetrag 119,00 EUR",
    f"IBAN {IBAN}",
)


def paper(**changed: str) -> bytes:
    """Return the issuer's paper, lines exchanged by their first words."""
    return page(*(changed.get(line.split(" ")[0], line) for line in LINES))


def learned(field: FieldName, label: str, *, zone: Zone = WHOLE, agreed: int = 2) -> Learned:
    """Return one anchor of the issuer's layout."""
    layout = reading(paper(Vorgangskennung="Vorgangskennung 1999-7777")).layout
    assert layout is not None
    anchor = Anchor(layout=layout, field=field, label=label, direction="inline", zone=zone, agreed=agreed)
    return Learned(anchors=(anchor,))


def reading(content: bytes, told: Learned | None = None) -> ExtractedInvoice:
    found = read(content, None, told or Learned())
    assert isinstance(found, ExtractedInvoice)
    return found


def assessed(found: ExtractedInvoice) -> Assessment:
    invoice, doubts = normalize(found)
    confidence = {name: found.field(name).confidence for name in PAYMENT_CRITICAL if found.value(name)}
    return assess(invoice, found.lane, confidence, validate(invoice, found.lane, doubts))


def test_an_anchor_fills_a_gap_and_the_document_can_be_paid() -> None:
    assert "invoice_number" in only_suggested(reading(paper()).findings)
    assert assessed(reading(paper())).outcome == "doubtful"
    found = reading(paper(), learned("invoice_number", "vorgangskennung"))
    field = found.field("invoice_number")
    assert (field.value, field.confidence, field.page) == ("2026-0042", ANCHORED, 1)
    assert field.box is not None
    assert [finding.fields for finding in found.findings if finding.rule == USED] == [("invoice_number",)]
    assert assessed(found).outcome == "payable"


def test_a_paper_of_another_layout_is_read_as_before() -> None:
    told = learned("invoice_number", "vorgangskennung")
    other = page("Autre Maison SARL, Lyon, rue de la Gare", "Facture de prestations pour notre client fidele",
                 "Vorgangskennung 2026-0042", "Merci de votre confiance et a bientot dans nos magasins")  # fmt: skip
    assert reading(other, told) == reading(other)


def test_an_anchor_reads_within_its_zone_alone() -> None:
    told = learned("invoice_number", "vorgangskennung", zone=(0.0, 0.8, 1.0, 1.0))
    assert "invoice_number" in only_suggested(reading(paper(), told).findings)


def test_two_values_under_one_anchor_are_none() -> None:
    told = learned("invoice_number", "vorgangskennung")
    twice = paper(Wir="Vorgangskennung 2026-0043")
    assert reading(twice, told).value("invoice_number") is None


def test_an_anchor_that_contradicts_the_reading_proves_nothing() -> None:
    content = paper(Wir="Rechnungsnummer 77123")
    assert reading(content).value("invoice_number") == "77123"
    found = reading(content, learned("invoice_number", "vorgangskennung"))
    assert (found.value("invoice_number"), found.field("invoice_number").confidence) == ("2026-0042", DISPUTED)
    assert DISPUTED < CONFIDENCE_FLOOR
    assert assessed(found).outcome == "doubtful"


@pytest.mark.parametrize(
    ("line", "agreed", "confidence"),
    [
        ("Rechnung 2026/09", TRUSTED_MIN, ANCHORED),
        ("Rechnung 2026/09", TRUSTED_MIN - 1, DISPUTED),
        ("Rechnungsnummer 77123", TRUSTED_MIN, DISPUTED),
    ],
)
def test_what_many_agreed_on_is_taken_over_a_number_that_no_label_names(
    line: str, agreed: int, confidence: float
) -> None:
    content = paper(Rechnung=line)
    assert reading(content).value("invoice_number") == line.split(" ")[1]
    found = reading(content, learned("invoice_number", "vorgangskennung", agreed=agreed))
    assert (found.value("invoice_number"), found.field("invoice_number").confidence) == ("2026-0042", confidence)


def test_an_amount_is_never_taken_over_another() -> None:
    content = paper(Wir="Restsumme 77,00 EUR")
    found = reading(content, learned("amount_due_for_payment", "restsumme", agreed=100))
    assert found.field("amount_due_for_payment").confidence <= DISPUTED
    assert assessed(found).outcome == "doubtful"


def test_an_anchor_mends_what_no_payment_hangs_on() -> None:
    content = paper(Rechnungsdatum="Rechnungsdatum 30.09.2026", Wir="Ausgestellt 01.10.2026")
    found = reading(content, learned("invoice_issue_date", "ausgestellt"))
    assert (found.value("invoice_issue_date"), found.field("invoice_issue_date").confidence) == ("2026-10-01", ANCHORED)


def test_an_anchor_repairs_no_check_digits() -> None:
    content = paper(IBAN="IBAN DE89 3704 0044 0532 0130 01")
    found = reading(content, learned("payment_account_identifier", "iban"))
    assert found.value("payment_account_identifier") is None
    assert "ACCOUNT-INVALID" in assessed(found).reasons


def test_a_doubt_about_the_account_stays_whatever_an_anchor_says() -> None:
    content = paper(Wir="Konto NL91 ABNA 0417 1643 00")
    told = learned("payment_account_identifier", "iban")
    assert "ACCOUNT-AMBIGUOUS" in assessed(reading(content)).reasons
    found = reading(content, told)
    assert found.value("payment_account_identifier") == IBAN.replace(" ", "")
    assert "ACCOUNT-AMBIGUOUS" in assessed(found).reasons
    assert assessed(found).outcome == "doubtful"


def test_a_sum_that_does_not_add_up_is_held() -> None:
    content = paper(Wir="Vereinbart 250,00 EUR")
    found = reading(content, learned("amount_due_for_payment", "vereinbart"))
    assert found.value("amount_due_for_payment") == "250.00"
    assert assessed(found).outcome == "doubtful"


def test_a_sum_that_the_page_tells_otherwise_in_words_is_held() -> None:
    lines = ["Maison Muster SARL Lyon", "Facture 2026-0042", "Merci de votre confiance et a bientot chez nous",
             "Solde convenu 250,00 EUR", "Arrete la presente facture a la somme de cent dix-neuf euros",
             f"IBAN {IBAN}"]  # fmt: skip
    layout = reading(page(*lines)).layout
    assert layout is not None
    anchor = Anchor(layout=layout, field="amount_due_for_payment", label="convenu", direction="inline", zone=WHOLE)
    found = reading(page(*lines), Learned(anchors=(anchor,)))
    assert found.value("amount_due_for_payment") == "250.00"
    assert assessed(found).outcome == "doubtful"
    assert "AMOUNT-AMBIGUOUS" in assessed(found).reasons


def test_a_label_joins_the_lexicon_for_one_document_only() -> None:
    before = repr(lexicon().tree)
    told = Learned(labels=(LabelLearned(language="de", concept="invoice_number", phrase="Vorgangskennung"),))
    assert reading(paper(), told).value("invoice_number") == "2026-0042"
    assert "invoice_number" in only_suggested(reading(paper()).findings)
    assert repr(lexicon().tree) == before


@pytest.mark.parametrize("phrase", ["rechnung nr neu", "rechnung", "voellig neues wort"])
def test_the_tree_keeps_what_it_held(phrase: str) -> None:
    tree = with_labels([LabelLearned(language="de", concept="probe", phrase=phrase)])
    node = tree
    for word in phrase.split(" "):
        node = node[word]
    assert "probe" in node[""]
    assert tree["rechnungsnummer"] == lexicon().tree["rechnungsnummer"]
