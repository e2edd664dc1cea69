import pytest

from agents.extraction.text.accounts.printed import find_accounts
from agents.extraction.text.labels import Labels
from agents.extraction.text.layout import lay_out
from agents.extraction.text.pages import DocumentText, page_texts
from tests.agents.extraction.text.drawing import draw


def accounts_in(text: str) -> list[tuple[str, bool, bool]]:
    document = page_texts(draw(text))
    assert isinstance(document, DocumentText)
    layout = lay_out(document.pages)
    return [(found.value, found.valid, found.own) for found in find_accounts(layout, Labels(layout))]


@pytest.mark.parametrize(
    "text",
    [
        "IBAN DE89370400440532013000",
        "IBAN: DE89 3704 0044 0532 0130 00",
        "IBAN DE 89 3704 0044 0532 0130 00",
        "IBAN (DE89 3704 0044 0532 0130 00)",
        "Bitte zahlen Sie auf DE89 3704 0044 0532 0130 00, danke.",
        "IBAN     DE89 3704 0044     0532 0130 00",
        "Bank    IBAN                   Giro\nBank    DE89 3704 0044 0532    888-9999\n        0130 00",
    ],
)
def test_an_account_is_found_however_it_is_grouped(text: str) -> None:
    assert accounts_in(text) == [("DE89370400440532013000", True, False)]


@pytest.mark.parametrize(
    "text",
    [
        "DE0001346484600000000000000100038",  # a metering point
        "USt-IdNr. DE123456789",
        "FR76 **** **** **** 1234",
        "Order DE12 of 2026",
    ],
)
def test_what_is_no_account_is_none(text: str) -> None:
    assert accounts_in(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Wir ziehen 119,00 EUR von Ihrem Konto ein.\nIhre IBAN: DE89 3704 0044 0532 0130 00",
        "Käufer-IBAN: DE89 3704 0044 0532 0130 00",
        "Der Betrag wird von Ihrem Konto DE89 3704 0044 0532 0130 00 abgebucht.",
        "La somme sera prélevée sur votre compte DE89 3704 0044 0532 0130 00.",
        "The amount will be debited from your account DE89 3704 0044 0532 0130 00.",
    ],
)
def test_an_account_to_collect_from_is_the_buyers_own(text: str) -> None:
    assert accounts_in(text) == [("DE89370400440532013000", True, True)]
