"""Where a page prints a right value, and what it calls it there."""

from agents.extraction.text.pages import page_texts
from agents.extraction.text.showing import Place, show
from schemas.evidence import FieldName, Unreadable
from tests.agents.extraction.text.drawing import draw

PAGE = """
Muster Handel GmbH
Hafenstrasse 7, Bremen
# Rechnung
Vorgangskennung        Ausgestellt
2026-0042              30.09.2026
Ihr Zeichen: AB-77
Bitte gleichen Sie den Betrag aus
Gesamtbetrag                                  119,00 EUR
Offener Betrag                                119,00 EUR
IBAN                   DE89 3704 0044 0532 0130 00
Steuernummer 4711      Kunde 4711
"""


def places(field: FieldName, right: str, page: str = PAGE) -> list[Place]:
    document = page_texts(draw(page))
    assert not isinstance(document, Unreadable)
    return list(show(document, {field: right}).places[field])


def called(field: FieldName, right: str, page: str = PAGE) -> set[tuple[str, str]]:
    return {(place.label, place.direction) for place in places(field, right, page)}


def test_labels_above_beside_and_before_are_found() -> None:
    assert called("invoice_number", "2026-0042") == {("vorgangskennung", "below")}
    assert called("invoice_issue_date", "2026-09-30") == {("ausgestellt", "below")}
    assert called("buyer_reference", "AB-77") == {("ihr zeichen", "inline")}
    assert called("payment_account_identifier", "DE89370400440532013000") == {("iban", "right")}


def test_a_known_name_of_another_sum_names_no_sum() -> None:
    assert called("invoice_total_amount_with_vat", "119.00") == {("gesamtbetrag", "right")}
    assert called("amount_due_for_payment", "119.00") == {("gesamtbetrag", "right"), ("offener betrag", "right")}


def test_a_phrase_of_the_lexicon_is_not_new() -> None:
    assert [place.is_new for place in places("payment_account_identifier", "DE89370400440532013000")] == [False]
    assert [place.is_new for place in places("invoice_number", "2026-0042")] == [True]


def test_a_label_that_stands_over_two_values_leads_nowhere() -> None:
    twice = PAGE.replace("Bitte gleichen", "Vorgangskennung\n2026-0043\nBitte gleichen")
    assert called("invoice_number", "2026-0042", twice) == set()


def test_what_the_page_does_not_say_is_nowhere() -> None:
    assert places("invoice_number", "2026-9999") == []


def test_the_page_tells_layout_and_language() -> None:
    document = page_texts(draw(PAGE))
    assert not isinstance(document, Unreadable)
    shown = show(document, {})
    assert shown.language == "de"
    assert shown.layout is not None
    assert len(shown.layout) == 64
