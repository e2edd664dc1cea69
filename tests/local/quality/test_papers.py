"""What the quality demo stands on: a bill of which only the number is misread, and two releases that do harm."""

from pathlib import Path

import pytest

from agents.extraction.reading import read
from agents.quality.proposals import AGREEING_MIN
from app.local.quality.bad import misreading, timid
from app.local.quality.chart import Phase, chart
from app.local.quality.golden import papers, write
from app.local.quality.papers import WaterBill
from app.quality import labels
from app.release import release_id
from schemas.evidence import ExtractedInvoice


@pytest.mark.parametrize("month", [0, 11, 12, 36])
def test_only_the_number_of_a_bill_is_read_wrongly(month: int) -> None:
    bill = WaterBill(month)
    found = read(bill.sample().content)
    assert isinstance(found, ExtractedInvoice)
    wrong = {name: found.value(name) for name, true in bill.sample().truth.items() if found.value(name) != true}
    assert wrong == {"invoice_number": bill.period}


def test_no_two_bills_share_a_number_or_a_sum() -> None:
    bills = [WaterBill(month) for month in range(60)]
    assert len({bill.number for bill in bills}) == len({bill.net for bill in bills}) == len(bills)
    assert len(bills) > AGREEING_MIN


def test_the_golden_folder_is_one_that_a_regression_reads(tmp_path: Path) -> None:
    chosen = papers()[:5]
    assert write(tmp_path / "golden", chosen) == len(chosen)
    read_back = labels.read(tmp_path / "golden")
    assert [label.name for label in read_back] == [sample.name for sample in chosen]
    assert all(labels.expectation(label) == "payable" for label in read_back)
    assert all(label.path.read_bytes() == sample.content for label, sample in zip(read_back, chosen, strict=True))


def test_the_bad_releases_are_of_the_code_that_runs_and_add_something() -> None:
    for bundle in (misreading(release_id()), timid(release_id())):
        assert bundle.release_id.startswith(f"{release_id()}.")


def test_a_picture_has_a_point_a_document_and_the_rate_of_each_phase() -> None:
    drawn = chart("A <title>", [Phase("before", (True, True)), Phase("after", (False, True, False, False))])
    assert drawn.count("<circle") == 6
    assert "A &lt;title&gt;" in drawn
    assert "100%" in drawn
    assert "25%" in drawn


def test_a_phase_without_documents_has_no_rate() -> None:
    assert Phase("none", ()).rate == 0.0
    assert chart("t", []).startswith("<svg")
