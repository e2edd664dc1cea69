"""What is suggested, and what stands in a line that cannot be read, is for a person to confirm."""

import pytest
from PIL import Image

from agents.extraction.opened import MEDIA_TYPE
from agents.extraction.scan.pages import ScannedDocument, ScannedPage
from agents.extraction.scan.port import Picture, Token
from agents.extraction.scan.proofs import DOUBTED, weighed
from agents.extraction.scan.reading import read_scan
from agents.extraction.scan.turning import IDENTITY, Upright
from schemas.evidence import ExtractedInvoice, Field

SIZE = (600, 400)


class Agreeing:
    """An engine that reads every strip as it is told."""

    def __init__(self, *texts: str) -> None:
        self._texts = texts

    def page(self, picture: Picture) -> tuple[Token, ...]:
        del picture
        return row(0, *self._texts)

    scattered = line = strip = page


def row(line: int, *texts: str, confidence: float = 0.95) -> tuple[Token, ...]:
    """Return words of one line, ten pixels a letter."""
    found, left, top = [], 20.0, 20.0 + 40 * line
    for text in texts:
        right = left + 10 * len(text)
        found.append(Token(text, left, top, right, top + 20, line, confidence))
        left = right + 8
    return tuple(found)


def page(*tokens: Token) -> ScannedPage:
    return ScannedPage(1, Upright(Image.new("L", SIZE, 255), IDENTITY), 1.0, SIZE[0], SIZE[1], tokens)


def read(*tokens: Token) -> ExtractedInvoice:
    scanned = page(*tokens)
    found = read_scan(ScannedDocument((scanned.text(),), {1: scanned}, 1, is_cut=False), Agreeing(), MEDIA_TYPE)
    assert isinstance(found, ExtractedInvoice)
    return found


def test_an_account_that_only_look_alikes_make_valid_is_a_doubted_value_and_said() -> None:
    found = read(*row(0, "Rechnung"), *row(2, "UBS", "CHOS", "3019", "0309", "6525", "8472", "6"))
    account = found.field("payment_account_identifier")
    assert (account.value, account.confidence, account.source) == ("CH0530190309652584726", DOUBTED, "ocr")
    assert "CHOS" in (account.raw or "")
    assert account.box is not None
    assert {finding.rule for finding in found.findings} >= {"ACCOUNT-INVALID", "ACCOUNT-SUGGESTION"}


def test_beside_an_account_that_was_read_a_suggestion_is_only_said() -> None:
    read_well = row(1, "IBAN:", "DE89", "3704", "0044", "0532", "0130", "00")
    found = read(*row(0, "Rechnung"), *read_well, *row(3, "IBAN:", "CHOS", "3019", "0309", "6525", "8472", "6"))
    assert found.value("payment_account_identifier") != "CH0530190309652584726"
    assert {finding.rule for finding in found.findings} >= {"ACCOUNT-INVALID", "ACCOUNT-SUGGESTION"}


def test_of_two_accounts_that_cannot_be_read_none_is_the_value() -> None:
    found = read(
        *row(0, "Rechnung"),
        *row(1, "IBAN", "CHOS", "3019", "0309", "6525", "8472", "6"),
        *row(4, "IBAN", "F121", "2729", "2339", "6607", "24"),
    )
    assert found.value("payment_account_identifier") is None


@pytest.mark.parametrize(("label", "confidence"), [(0.95, 0.97), (0.1, DOUBTED)])
def test_a_sum_beside_a_word_that_may_be_anything_is_doubted(label: float, confidence: float) -> None:
    words = row(1, "Totale", "naOnese", confidence=label)
    amount = Token("4.386,24", 300, 60, 380, 80, 1, 0.96)
    field = Field(value="4386.24", raw="4.386,24", confidence=0.97, page=1, box=(300, 60, 380, 80), source="text")
    found = weighed("amount_due_for_payment", field, page(*words, amount), Agreeing("4.386,24"), exchanged=frozenset())
    assert found.confidence == confidence
