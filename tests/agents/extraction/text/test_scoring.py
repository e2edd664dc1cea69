"""The learned scorer: what it sees, what it may say, and that no payment ever follows from it."""

import math

import pytest

from agents.extraction.reading import read
from agents.extraction.text.pages import page_texts
from agents.extraction.text.scoring import base
from agents.extraction.text.scoring.advice import DISSENT_MIN, SCORED, SUGGESTED_MAX
from agents.extraction.text.scoring.model import probabilities, reasons
from agents.extraction.text.scoring.offering import offer
from agents.extraction.text.scoring.wording import PHRASES
from agents.normalization.normalization import normalize
from agents.validation.assessment import assess
from agents.validation.validation import validate
from schemas.evidence import PAYMENT_CRITICAL, ExtractedInvoice, FieldName, Unreadable
from schemas.finding import DOUBT_RULES, SCORER_DISSENTS, SCORER_SUGGESTS, Assessment
from schemas.release import CONFIDENCE_FLOOR, FeatureWeight, Learned, Scorer
from tests.agents.extraction.pdfs import page

NUMBER: FieldName = "invoice_number"
SUM: FieldName = "amount_due_for_payment"
HEAD = ("Muster Handel GmbH Hafenstrasse Bremen", "Rechnung", "Rechnungsnummer R-77123", "Rechnungsdatum 30.09.2026")
SUMS = ("Nettobetrag 100,00 EUR", "Umsatzsteuer 19,00 EUR", "Gesamtbetrag 119,00 EUR")
FOOT = ("IBAN DE89 3704 0044 0532 0130 00",)
GOOD = page(*HEAD, *SUMS, *FOOT)


def reading(content: bytes, *weights: tuple[FieldName, str, float]) -> ExtractedInvoice:
    """Read with the code's scorer, or with one of these weights alone."""
    flat = tuple(FeatureWeight(field=field, feature=name, weight=weight) for field, name, weight in weights)
    learned = Learned(scorer=Scorer(version="test", seed=1, weights=flat)) if flat else Learned()
    found = read(content, None, learned)
    assert isinstance(found, ExtractedInvoice)
    return found


def assessed(found: ExtractedInvoice) -> Assessment:
    invoice, doubts = normalize(found)
    confidence = {name: found.field(name).confidence for name in PAYMENT_CRITICAL if found.value(name)}
    return assess(invoice, found.lane, confidence, validate(invoice, found.lane, doubts))


def said(found: ExtractedInvoice, rule: str) -> str:
    return next((finding.message for finding in found.findings if finding.rule == rule), "")


def features(content: bytes, field: FieldName, value: str) -> set[str]:
    document = page_texts(content)
    assert not isinstance(document, Unreadable)
    return next(set(one.features) for one in offer(document).fields[field] if one.value == value)


def test_what_is_to_be_seen_of_a_number() -> None:
    seen = features(GOOD, NUMBER, "R-77123")
    assert {"any", "called:invoice_number", "dated", "title", "shape:lettered", "shape:parted", "page:first"} <= seen
    assert not seen & {"called:other_number", "repeated", "worded", "shape:digits"}


def test_what_is_to_be_seen_of_a_sum() -> None:
    assert {"sum:total", "sum:closes", "sum:largest", "sum:last", "sum:steps", "currency"} <= features(
        GOOD, SUM, "119.00"
    )
    assert "sum:vat" in features(GOOD, SUM, "19.00")


def test_what_is_to_be_seen_of_a_day() -> None:
    assert "day:issue_date" in features(GOOD, "invoice_issue_date", "2026-09-30")


def test_every_weight_is_of_a_feature_that_can_be_said_in_words() -> None:
    known = base.artefact()
    assert {one.field for one in known.scorer.weights} == set(SCORED)
    assert {one.feature for one in known.scorer.weights} <= set(PHRASES)


def test_probabilities_are_a_softmax_with_room_for_none() -> None:
    weights = {"a": 1.0, "b": -2.0}
    chances = probabilities([frozenset({"a"}), frozenset({"b"})], weights)
    whole = 1 + math.e + math.exp(-2)
    assert chances == pytest.approx([math.e / whole, math.exp(-2) / whole])
    assert probabilities([], weights) == []


def test_reasons_are_what_tells_two_candidates_apart_the_loudest_first() -> None:
    weights = {"place:top": 1.0, "dated": 2.0, "row": -3.0, "any": 9.0, "prose": 0.01}
    told = reasons(frozenset({"any", "place:top", "dated", "prose"}), frozenset({"any", "row"}), weights)
    assert told == (
        "the other stands in a row of sums", "has the date of issue beside it", "stands in the upper third",
    )  # fmt: skip


def test_it_is_silent_where_the_rules_are_right() -> None:
    found = reading(GOOD)
    assert not {SCORER_SUGGESTS, SCORER_DISSENTS} & {finding.rule for finding in found.findings}
    assert assessed(found).outcome == "payable"


def test_a_gap_is_filled_for_a_person_and_for_nobody_else() -> None:
    found = reading(page(*HEAD[:2], "Wagenkennung R-77123", HEAD[3], *SUMS, *FOOT))
    field = found.field(NUMBER)
    assert (field.value, field.page) == ("R-77123", 1)
    assert field.box is not None
    assert 0.5 <= field.confidence <= SUGGESTED_MAX < CONFIDENCE_FLOOR
    assert "invoice number: R-77123" in said(found, SCORER_SUGGESTS)
    assert {"SCORER-SUGGESTS", "CONFIDENCE-LOW"} <= set(assessed(found).reasons)


def test_a_suggestion_holds_whatever_confirms_it_later() -> None:
    """A payment code that says the same lifts a confidence (agents/extraction/codes/witness.py), and no finding."""
    found = reading(page(*HEAD[:2], "Wagenkennung R-77123", HEAD[3], *SUMS, *FOOT))
    fields = {name: field.model_copy(update={"confidence": 0.995}) for name, field in found.fields.items()}
    assert assessed(found.model_copy(update={"fields": fields})).outcome == "doubtful"
    assert {SCORER_SUGGESTS, SCORER_DISSENTS} <= DOUBT_RULES


def test_what_the_rules_doubt_stays_doubted() -> None:
    found = reading(page(*HEAD, "Rechnungsnummer R-88234", *SUMS, *FOOT))
    assert "NUMBER-AMBIGUOUS" in {finding.rule for finding in found.findings}
    assert found.value(NUMBER) in {"R-77123", "R-88234", None}
    assert assessed(found).outcome == "doubtful"


def test_another_value_that_is_all_but_certain_is_dissent() -> None:
    content = page(*HEAD, "Kundennummer 998877", *SUMS, *FOOT)
    found = reading(content, (NUMBER, "called:other_number", 18.0))
    assert found.value(NUMBER) == "R-77123"
    message = said(found, SCORER_DISSENTS)
    assert "the rules read R-77123, by its looks it is 998877" in message
    assert "is called another number" in message
    assert assessed(found).outcome == "doubtful"
    assert SCORER_DISSENTS in assessed(found).reasons


def test_a_likely_value_that_is_not_certain_is_no_dissent() -> None:
    content = page(*HEAD, "Kundennummer 998877", *SUMS, *FOOT)
    found = reading(content, (NUMBER, "called:other_number", math.log(DISSENT_MIN / (1 - DISSENT_MIN)) - 1))
    assert said(found, SCORER_DISSENTS) == ""


def test_no_day_is_guessed_on_a_paper_that_could_be_paid() -> None:
    """A day decides when money goes."""
    content = page(*HEAD, "Danke", "Danke", "Xolvar 15.10.2026", *SUMS, *FOOT)
    eager: tuple[FieldName, str, float] = ("payment_due_date", "day:unnamed", 18.0)
    assert reading(content, eager).value("payment_due_date") is None
    assert assessed(reading(content, eager)).outcome == "payable"
    doubted = page(*HEAD, "Rechnungsnummer R-88234", "Danke", "Danke", "Xolvar 15.10.2026", *SUMS, *FOOT)
    waiting = reading(doubted, eager)
    assert waiting.value("payment_due_date") is not None
    assert waiting.field("payment_due_date").confidence < CONFIDENCE_FLOOR


def test_nothing_is_said_of_a_paper_that_asks_for_nothing() -> None:
    content = page(HEAD[0], "Mahnung", "Wagenkennung R-77123", HEAD[3], *SUMS, *FOOT)
    assert not {SCORER_SUGGESTS, SCORER_DISSENTS} & {finding.rule for finding in reading(content).findings}


def test_a_release_has_its_own_weights_and_the_code_the_rest() -> None:
    own = Scorer(version="own", seed=1, weights=(FeatureWeight(field=NUMBER, feature="any", weight=1.0),))
    assert base.weights(own, NUMBER) == {"any": 1.0}
    assert base.weights(own, SUM) == base.weights(None, SUM) != {}


def test_the_same_document_is_read_the_same() -> None:
    content = page(*HEAD[:2], "Wagenkennung R-77123", HEAD[3], *SUMS, *FOOT)
    assert reading(content) == reading(content)
