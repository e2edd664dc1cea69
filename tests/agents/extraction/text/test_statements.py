import json
from pathlib import Path
from typing import Any

import pytest

from agents.extraction.text.reading import read_text_pdf
from schemas.evidence import ExtractedInvoice
from tests.agents.extraction.text.drawing import draw
from tests.agents.extraction.text.verdict import outcome

WORDINGS: dict[str, Any] = json.loads(Path(__file__).with_name("wordings.json").read_text("utf-8"))
INVOICES, HEADINGS = WORDINGS["invoices"], WORDINGS["headings"]
OTHER_PAPERS, TAKEN_BACK = WORDINGS["other_papers"], WORDINGS["taken_back"]
LANGUAGES = sorted(INVOICES)
# Of the wordings this part is told apart as nothing to pay; of the rest a clerk is asked. None is ever paid.
REFUSED_MIN = 0.85


def outcome_of(text: str) -> str:
    found = read_text_pdf(draw(text))
    assert isinstance(found, ExtractedInvoice)
    return outcome(found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_invoice_itself_is_payable(language: str) -> None:
    assert outcome_of(INVOICES[language].format(title=HEADINGS[language], extra="")) == "payable"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_no_invoice_by_its_heading_is_not_paid(language: str) -> None:
    outcomes = {one: outcome_of(INVOICES[language].format(title=one, extra="")) for one in OTHER_PAPERS[language]}
    assert [one for one, said in outcomes.items() if said == "payable"] == []
    assert sum(said == "not_payable" for said in outcomes.values()) >= REFUSED_MIN * len(outcomes)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_takes_the_request_back_is_not_paid(language: str) -> None:
    invoice, heading = INVOICES[language], HEADINGS[language]
    outcomes = {one: outcome_of(invoice.format(title=heading, extra=one)) for one in TAKEN_BACK[language]}
    assert [one for one, said in outcomes.items() if said == "payable"] == []
    assert sum(said == "not_payable" for said in outcomes.values()) >= REFUSED_MIN * len(outcomes)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_notice_of_a_new_account_or_of_a_factor_is_held(language: str) -> None:
    invoice, heading = INVOICES[language], HEADINGS[language]
    outcomes = {one: outcome_of(invoice.format(title=heading, extra=one)) for one in WORDINGS["held"][language]}
    assert [one for one, said in outcomes.items() if said == "payable"] == []
