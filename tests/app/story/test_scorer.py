"""What the learned scorer said stands in the story: the value, how sure it is, and what spoke loudest for it."""

from app.story.judging import said
from schemas.finding import SCORER_DISSENTS, SCORER_SUGGESTS
from tests.agents.extraction.pdfs import page
from tests.agents.extraction.text.test_scoring import FOOT, HEAD, NUMBER, SUMS, reading


def test_a_suggestion_is_told_with_its_reasons() -> None:
    found = reading(page(*HEAD[:2], "Wagenkennung R-77123", HEAD[3], *SUMS, *FOOT))
    [finding] = [one for one in found.findings if one.rule == SCORER_SUGGESTS]
    told = said(finding, lambda text: text)
    assert told.startswith("SCORER-SUGGESTS holds it: A value was chosen by its looks")
    assert "invoice number: R-77123" in told
    assert "for it " in told


def test_dissent_is_told_with_both_values_and_its_reasons() -> None:
    content = page(*HEAD, "Kundennummer 998877", *SUMS, *FOOT)
    found = reading(content, (NUMBER, "called:other_number", 18.0))
    [finding] = [one for one in found.findings if one.rule == SCORER_DISSENTS]
    told = said(finding, lambda text: text)
    assert told.startswith("SCORER-DISSENTS holds it: By its looks another value on the page is the right one")
    assert "the rules read R-77123, by its looks it is 998877" in told
    assert "is called another number, as a customer's or an order's" in told
