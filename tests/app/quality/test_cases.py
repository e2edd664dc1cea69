"""Cases of reviewers' corrections, and golden sets that no layout outweighs."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.quality.cases import CaseBook, CaseUnknown, of_feedback
from app.quality.golden import CASES_A_LAYOUT_MAX, SetUnknown, keep, load, thinned
from app.quality.regression_sides import label_of
from app.quality.shelf import FolderObjects, Shelf
from schemas.case import Case, GoldenSet
from schemas.evidence import FieldName
from schemas.feedback import FeedbackRecorded, FeedbackSource

NOW = datetime(2026, 11, 1, tzinfo=UTC)
UNTIL = NOW + timedelta(days=730)


def case(document: str, *, layout: str | None = None, hours: int = 0, number: str = "1") -> Case:
    return Case(
        document_id=document,
        reference=f"file:///{document}",
        truth={"invoice_number": number},
        stated_by="ada",
        stated_at=NOW + timedelta(hours=hours),
        consent="contract",
        retain_until=UNTIL,
        layout=layout,
    )


def told(
    field: FieldName | None, right: str | None, *, document: str = "d1", source: FeedbackSource = "review",
    cause: str = "correction", hours: int = 0,
) -> FeedbackRecorded:  # fmt: skip
    return FeedbackRecorded(
        document_id=document,
        tenant="default",
        field=field,
        wrong="0",
        right=right,
        cause=cause,
        source=source,
        release="r1",
        recorded_at=NOW + timedelta(hours=hours),
        supplier_id="muster",
        layout="a" * 64,
        lane="text",
        reporter="ada",
    )


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(FolderObjects(tmp_path))


def by_id(*cases: Case) -> dict[str, Case]:
    return {one.case_id: one for one in cases}


def test_corrections_of_one_document_become_one_case_and_the_last_word_counts() -> None:
    feedback = [
        told("invoice_number", "1"),
        told("invoice_number", "2", hours=1),
        told("payment_due_date", None, hours=2),
    ]
    (found,) = of_feedback(feedback, {"d1": "file:///d1"}, "contract", UNTIL)
    assert found.truth == {"invoice_number": "2", "payment_due_date": None}
    assert (found.stated_by, found.stated_at, found.release) == ("ada", NOW + timedelta(hours=2), "r1")
    assert (found.supplier_id, found.layout, found.lane) == ("muster", "a" * 64, "text")


def test_what_is_no_correction_becomes_no_case() -> None:
    feedback = [
        told("invoice_number", "1", cause="rejection"),
        told("invoice_number", "1", source="settlement"),
        told(None, "1"),
        told("invoice_number", "1", document="gone"),
    ]
    assert of_feedback(feedback, {"d1": "file:///d1"}, "contract", UNTIL) == []


def test_a_set_holds_the_newest_case_of_a_document_and_a_few_of_a_layout() -> None:
    old, new = case("d", hours=1), case("d", hours=2, number="2")
    many = [case(f"m{at}", layout="a" * 64, hours=at) for at in range(CASES_A_LAYOUT_MAX + 3)]
    lone = [case("x1"), case("x2")]
    chosen = thinned(by_id(old, new, *many, *lone))
    assert set(chosen.cases) == {one.case_id for one in (new, *many[-CASES_A_LAYOUT_MAX:], *lone)}


def test_the_version_follows_from_the_cases_alone() -> None:
    cases = [case("d1"), case("d2")]
    assert thinned(by_id(*cases)).version == thinned(by_id(*reversed(cases))).version
    assert GoldenSet.of({"a", "b"}).version != GoldenSet.of({"a"}).version


def test_a_set_is_found_by_its_beginning_and_leaves_out_what_was_dropped(shelf: Shelf) -> None:
    book = CaseBook(shelf)
    kept, dropped = book.add(case("d1")), book.add(case("d2"))
    version = keep(shelf, thinned(book.every()))
    shelf.drop("cases", dropped)
    assert load(shelf, version[:15]) == (version, {kept: case("d1")})
    with pytest.raises(SetUnknown):
        load(shelf, "sha256:ffffffffffff0")


def test_a_case_is_found_by_digits_enough(shelf: Shelf) -> None:
    book = CaseBook(shelf)
    case_id = book.add(case("d1"))
    assert book.find(case_id)[1] == case("d1")
    assert book.find(case_id.removeprefix("sha256:")[:8])[0] == case_id
    for wrong in (case_id.removeprefix("sha256:")[:7], "f" * 64, ""):
        with pytest.raises(CaseUnknown):
            book.find(wrong)


def test_expired_cases_go_with_their_truth(shelf: Shelf, tmp_path: Path) -> None:
    book = CaseBook(shelf)
    gone = book.add(case("d1"))
    stays = book.add(case("d2").model_copy(update={"retain_until": UNTIL + timedelta(days=1)}))
    assert book.expire(UNTIL) == [gone]
    assert set(book.every()) == {stays}
    assert not any(gone.removeprefix("sha256:") in path.name for path in tmp_path.rglob("*"))


def test_of_a_case_only_what_was_stated_is_scored() -> None:
    stated = case("d1").model_copy(update={"truth": {"invoice_number": "1", "payment_due_date": None}})
    label = label_of(stated.case_id, stated)
    assert label.is_scored("invoice_number")
    assert label.is_scored("due_date")
    assert not label.is_scored("iban")
    assert label.truth == {"invoice_number": "1", "due_date": None}
