from datetime import date

import pytest

from agents.extraction.text.date_order import Order
from agents.extraction.text.dates import find_dates
from agents.extraction.text.labels import Labels
from agents.extraction.text.layout import lay_out
from agents.extraction.text.pages import DocumentText, page_texts
from tests.agents.extraction.text.drawing import draw


def dates_in(text: str, fallback: Order | None = None) -> list[tuple[date | None, frozenset[str]]]:
    document = page_texts(draw(text))
    assert isinstance(document, DocumentText)
    layout = lay_out(document.pages)
    return [(found.value, found.concepts) for found in find_dates(layout, Labels(layout), fallback)]


@pytest.mark.parametrize(
    "text",
    [
        "05.03.2026", "5. 3. 2026", "5.3.26", "2026-03-05", "05/03/2026 13/03/2026", "5 mars 2026", "5. März 2026",
        "March 5, 2026", "5th March 2026", "5-Mar-2026", "5 de marzo de 2026", "5 maart 2026", "5. března 2026",
        "5. maaliskuuta 2026", "5 marca 2026", "5 marzo 2026", "5. marts 2026", "1er mars 2026 5 mars 2026",
    ],
)  # fmt: skip
def test_a_day_is_read_in_every_language(text: str) -> None:
    assert date(2026, 3, 5) in [value for value, _ in dates_in(text)]


@pytest.mark.parametrize("text", ["31.02.2026", "45.13.2026", "1.2.3", "10.10.1066", "12345678", "3/4"])
def test_what_is_no_day_is_none(text: str) -> None:
    assert [value for value, _ in dates_in(text) if value is not None] == []


def test_another_date_decides_the_order() -> None:
    assert [value for value, _ in dates_in("03/04/2026")] == [None]
    assert dates_in("03/04/2026    03/24/2026")[0][0] == date(2026, 3, 4)
    assert dates_in("03/04/2026    24/03/2026")[0][0] == date(2026, 4, 3)
    assert dates_in("03/04/2026    24/03/2026    03/24/2026")[0][0] is None
    assert dates_in("03/04/2026", "dmy")[0][0] == date(2026, 4, 3)


@pytest.mark.parametrize(
    ("text", "fallback", "issued"),
    [
        # written out elsewhere
        ("Invoice date: 03/04/2026\nDelivered on 4 March 2026", None, date(2026, 3, 4)),
        ("Invoice date: 03/04/2026\nDelivered on 3 April 2026", None, date(2026, 4, 3)),
        # terms that lead from the one to the other
        ("Invoice date: 03/04/2026\nDue date: 04/03/2026\nTerms: Net 30", None, date(2026, 3, 4)),
        ("Invoice date: 03/04/2026\nDue date: 02/05/2026\nPayable within 29 days", None, date(2026, 4, 3)),
        ("Date de facture : 03/04/2026\nÉchéance : 02/06/2026\nPaiement à 60 jours", None, date(2026, 4, 3)),
        # a due date before the invoice
        ("Invoice date: 03/02/2026\nDue date: 04/01/2026", "dmy", date(2026, 3, 2)),
        ("Invoice date: 03/02/2026\nDue date: 02/04/2026", None, date(2026, 2, 3)),
        # both orders are possible
        ("Invoice date: 03/04/2026\nDue date: 05/06/2026", None, None),
        ("Invoice date: 03/04/2026\nDue date: 05/06/2026", "dmy", date(2026, 4, 3)),
        ("Invoice date: 03/04/2026", None, None),
        # terms of both orders: neither is decided
        ("Invoice date: 03/04/2026\nDue date: 04/03/2026\nNet 30, or 330 days", "dmy", date(2026, 3, 4)),
    ],
)
def test_what_the_other_dates_decide(text: str, fallback: Order | None, issued: date | None) -> None:
    found = [value for value, concepts in dates_in(text, fallback) if "issue_date" in concepts]
    assert found[:1] == [issued]


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("Rechnungsdatum: 05.03.2026", "issue_date"),
        ("Date limite de paiement le 05/03/2026", "due_date"),
        ("Vervaldatum      05-03-2026", "due_date"),
        ("Eräpäivä\n5.3.2026", "due_date"),
        ("Lieferdatum 05.03.2026", "other_date"),
    ],
)
def test_a_date_is_called_by_what_stands_before_or_above_it(text: str, concept: str) -> None:
    assert concept in dates_in(text)[0][1]
