"""What is known of a command after it left: reports that came too early wait, once each, and not without bounds."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from schemas.identifiers import document_id, invoice_key
from schemas.payment import PaymentIssued, PaymentStatusCode, PaymentStatusReported
from tables import settlements as module
from tables.settlements import EARLY_REPORTS_MAX, PaymentFile, Settlements

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


def issued(command_id: str) -> PaymentIssued:
    return PaymentIssued(
        command_id=command_id,
        tenant="acme",
        document_id=document_id(b"one"),
        invoice_key=invoice_key("acme", "S1", "42"),
        release="r1",
        issued_at=MOMENT,
        correlation_id="chain",
    )


def test_so_many_commands_that_nobody_has_issued_may_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "STRANGERS_MAX", 2)
    settlements = Settlements({})
    for name in ("a", "b"):
        assert settlements.has_room_for(name)
        settlements.put(name, PaymentFile())
    assert not settlements.has_room_for("c")
    assert settlements.has_room_for("a")


def test_a_command_that_turns_out_to_be_ours_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "STRANGERS_MAX", 1)
    settlements = Settlements({})
    settlements.put(COMMAND, PaymentFile())
    settlements.put(COMMAND, PaymentFile(issued=issued(COMMAND)))
    assert settlements.has_room_for("another")


def test_what_was_recovered_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A recovery fills the mapping behind the view's back."""
    monkeypatch.setattr(module, "STRANGERS_MAX", 1)
    mapping: dict[str, Any] = {}
    settlements = Settlements(mapping)
    assert settlements.has_room_for("b")
    mapping["a"] = PaymentFile().model_dump(mode="json")
    mapping[COMMAND] = PaymentFile(issued=issued(COMMAND)).model_dump(mode="json")
    settlements.recount()
    assert not settlements.has_room_for("b")
    settlements.remove("a")
    assert settlements.has_room_for("b")
