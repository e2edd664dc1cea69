"""0 rows unhandled: docs/faults.md names every failure that the code can name, each with one outcome and a proof."""

from collections.abc import Iterator

import pytest

from app.dead_letters.letter import POISON_REASONS
from app.documents import DocumentFailure, DocumentForbidden, PermanentFailure
from app.extraction import READER_STARVED
from app.sandbox import Reason
from tests.faults.table import Row, codes_in, names_of, rows

ROWS = list(rows())
BY_NAME = {row.name: row for row in ROWS}
OUTCOMES = ("retried", "held", "rejected", "ends", "refused")
# Design, delivery text, R7; issue 4, line 5.
REQUIRED = {
    "S3-REFUSED", "S3-SLOW", "S3-STALL", "S3-403", "S3-404", "S3-412", "S3-500", "S3-503", "S3-TRUNCATED",
    "S3-CHECKSUM",    "KAFKA-NOT-LEADER", "KAFKA-TOO-LARGE", "KAFKA-TIMEOUT", "KAFKA-NOT-ENOUGH-REPLICAS", "KAFKA-AWAY",
    "DISK-STORE", "DISK-SANDBOX", "DISK-BROKER",
}  # fmt: skip


def leaves(failure: type[DocumentFailure] = DocumentFailure) -> Iterator[type[DocumentFailure]]:
    """Every document failure that carries a code of its own."""
    if "code" in vars(failure):
        yield failure
    for each in failure.__subclasses__():
        yield from leaves(each)


FAILURES = list(leaves())


def test_each_row_stands_once() -> None:
    assert len(BY_NAME) == len(ROWS) > 40


def test_no_row_of_the_design_is_missing() -> None:
    assert BY_NAME.keys() >= REQUIRED


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
class TestRow:
    def test_it_has_an_outcome_and_somebody_who_notices(self, row: Row) -> None:
        assert row.outcome.startswith(OUTCOMES)
        assert row.noticed_by

    def test_its_proof_is_there(self, row: Row) -> None:
        assert row.proofs
        assert [f"{path}::{test}" for path, test in row.proofs if test not in names_of(path)] == []


def test_every_failure_that_the_code_can_name_has_a_row() -> None:
    named = {failure.code for failure in FAILURES} | {str(reason) for reason in Reason} | POISON_REASONS
    named |= codes_in("app/publishing.py") | codes_in("schemas/codec.py") | codes_in("agents/stage.py")
    named |= {READER_STARVED}
    assert named - {code for row in ROWS for code in row.codes} == set()


def test_no_row_speaks_of_a_code_that_is_no_more() -> None:
    known = {failure.code for failure in FAILURES} | {str(reason) for reason in Reason} | POISON_REASONS
    known |= {READER_STARVED} | codes_in("app/publishing.py")
    assert {code for row in ROWS for code in row.codes} - known == set()


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: failure.code)
def test_a_document_failure_has_the_outcome_of_its_branch(failure: type[DocumentFailure]) -> None:
    """Permanent is rejected, all else is held (tests/faults/test_parked.py shows that the stage does so)."""
    told = {row.outcome for row in ROWS if failure.code in row.codes and row.outcome != "refused"}
    for_good = issubclass(failure, PermanentFailure) and failure is not DocumentForbidden
    expected = "rejected" if for_good else "held"
    assert all(outcome.endswith(expected) for outcome in told), told
    if failure.is_retried:
        assert all(outcome.startswith("retried") for outcome in told), told
