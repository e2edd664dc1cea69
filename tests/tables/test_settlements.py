"""What is known of a command after it left: reports that came too early wait, once each, and not without bounds."""

from datetime import UTC, datetime, timedelta

from schemas.payment import PaymentStatusCode, PaymentStatusReported
from tables.settlements import EARLY_REPORTS_MAX, PaymentFile

COMMAND = "Q" + "A" * 26
MOMENT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def report(minute: int = 0, status: PaymentStatusCode = "ACSP") -> PaymentStatusReported:
    return PaymentStatusReported(command_id=COMMAND, status=status, at=MOMENT + timedelta(minutes=minute))


def test_a_new_file_knows_nothing() -> None:
    file = PaymentFile()
    assert (file.issued, file.state, file.early, file.cancellation_requested_by) == (
        None,
        "payment_initiated",
        (),
        None,
    )


def test_an_early_report_waits() -> None:
    assert PaymentFile().with_early(report()).early == (report(),)


def test_the_same_report_waits_once() -> None:
    assert PaymentFile().with_early(report()).with_early(report()).early == (report(),)


def test_reports_wait_in_their_order() -> None:
    file = PaymentFile().with_early(report(0, "ACTC")).with_early(report(1, "ACSC"))
    assert [waiting.status for waiting in file.early] == ["ACTC", "ACSC"]


def test_the_oldest_make_room() -> None:
    file = PaymentFile()
    for minute in range(EARLY_REPORTS_MAX + 3):
        file = file.with_early(report(minute))
    assert len(file.early) == EARLY_REPORTS_MAX
    assert file.early[-1] == report(EARLY_REPORTS_MAX + 2)
    assert PaymentFile.model_validate(file.model_dump(mode="json")) == file


def test_nothing_else_is_touched() -> None:
    file = PaymentFile(cancellation_requested_by="anna").with_early(report())
    assert file.cancellation_requested_by == "anna"
