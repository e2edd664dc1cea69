"""The settlement shells: reports, cancellations and the stage's own word of a command, in any order and twice."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from agents.settlement.agent import cancellation, issuing, settlement
from schemas.identifiers import command_id, document_id, invoice_key
from schemas.payment import CancellationRequested, PaymentIssued, PaymentStatusCode, PaymentStatusReported
from schemas.release import Bundle
from schemas.topics import FEEDBACK_RECORDED, PAYMENT_CANCELLATION, PAYMENT_ISSUED, PAYMENT_STATUS
from tables import settlements as table
from tables.releases import Running
from tables.settlements import PaymentFile, Settlements
from tests.agents.ports import AtOnce, FakePorts, FakeTables, Feed

AT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
COMMAND = command_id("acme", "S1", "42")
ISSUED = PaymentIssued(
    command_id=COMMAND,
    tenant="acme",
    document_id=document_id(b"one"),
    invoice_key=invoice_key("acme", "S1", "42"),
    release="r1",
    issued_at=AT,
    correlation_id="chain",
)


class Memory(FakeTables):
    def __init__(self) -> None:
        super().__init__()
        self.mapping: dict[str, Any] = {}
        self.settlements = Settlements(self.mapping)


class Desk:
    """The three agents over one memory."""

    def __init__(self) -> None:
        self.ports = FakePorts()
        self.memory = Memory()
        window = AtOnce()
        self.issued = Feed(issuing(self.ports, window, self.memory), PAYMENT_ISSUED)
        self.reported = Feed(settlement(self.ports, window, self.memory), PAYMENT_STATUS)
        self.cancelled = Feed(cancellation(self.ports, window, self.memory), PAYMENT_CANCELLATION)

    async def issue(self, **place: int) -> None:
        await self.issued(ISSUED, COMMAND, **place)

    async def report(self, status: PaymentStatusCode, reason: str | None = None, *, minute: int = 0) -> None:
        await self.reported(
            PaymentStatusReported(
                command_id=COMMAND, status=status, reason_code=reason, at=AT + timedelta(minutes=minute)
            ),
            COMMAND,
        )

    async def cancel(self, who: str = "anna") -> None:
        await self.cancelled(
            CancellationRequested(command_id=COMMAND, tenant="acme", requested_by=who, requested_at=AT), COMMAND
        )

    @property
    def file(self) -> PaymentFile:
        found = self.memory.settlements.get(COMMAND)
        assert found is not None
        return found

    @property
    def states(self) -> list[str]:
        return [status.state for status in self.ports.statuses]

    @property
    def outcomes(self) -> list[str]:
        return [entry.outcome for entry in self.ports.audit]


@pytest.fixture
async def desk() -> Desk:
    return Desk()


async def test_a_payment_is_accepted_then_settled(desk: Desk) -> None:
    await desk.issue()
    await desk.report("ACSP")
    await desk.report("ACSC")
    assert desk.states == ["payment_accepted", "settled"]
    last = desk.ports.statuses[-1]
    assert (last.document_id, last.tenant, last.final, last.command_ids) == (
        ISSUED.document_id, "acme", True, (COMMAND,),
    )  # fmt: skip
    assert last.invoice_key == ISSUED.invoice_key


async def test_the_payment_stage_has_told_of_the_command_already(desk: Desk) -> None:
    await desk.issue()
    assert desk.states == []
    assert desk.outcomes == ["issued"]


async def test_a_report_before_our_own_word_waits_for_it(desk: Desk) -> None:
    await desk.report("ACSC")
    assert (desk.states, desk.outcomes) == ([], ["early"])
    await desk.issue()
    assert desk.states == ["settled"]
    assert desk.file.early == ()


@pytest.mark.parametrize("order", list(permutations(["issue", "ACTC", "ACSP", "ACSC"])))
async def test_the_last_state_does_not_depend_on_the_order(desk: Desk, order: tuple[Any, ...]) -> None:
    for step in order:
        await (desk.issue() if step == "issue" else desk.report(step))
    assert desk.file.state == "settled"
    assert desk.states[-1] == "settled"


@pytest.mark.parametrize("final", ["ACSC", "RJCT", "CANC", "RTRN"])
@pytest.mark.parametrize("later", ["PDNG", "ACTC", "ACCP", "ACSP", "ACSC", "RJCT", "CANC", "RTRN"])
async def test_a_final_state_is_left_by_nothing_but_a_return(
    desk: Desk, final: PaymentStatusCode, later: PaymentStatusCode
) -> None:
    await desk.issue()
    await desk.report(final)
    reached = desk.file.state
    await desk.report(later, minute=1)
    returned = final == "ACSC" and later == "RTRN"
    assert desk.file.state == ("returned" if returned else reached)
    assert desk.states[-1] == desk.file.state


async def test_a_contradiction_is_an_alarm_and_moves_nothing(desk: Desk) -> None:
    await desk.issue()
    await desk.report("ACSC")
    await desk.report("RJCT", "AC04")
    last = desk.ports.statuses[-1]
    assert (last.state, last.reasons) == ("settled", ("STATUS-CONTRADICTION", "RJCT"))
    assert desk.outcomes[-1] == "contradiction"


async def test_a_rejection_tells_why_and_teaches(desk: Desk) -> None:
    await desk.issue()
    await desk.report("RJCT", "AC01")
    last = desk.ports.statuses[-1]
    assert (last.state, last.final, last.reasons) == ("payment_rejected", True, ("AC01",))
    [lesson] = desk.ports.events(FEEDBACK_RECORDED)
    assert (lesson.cause, lesson.document_id, lesson.release) == ("AC01", ISSUED.document_id, "r1")


async def test_a_report_told_twice_changes_and_teaches_once(desk: Desk) -> None:
    await desk.issue()
    await desk.report("RJCT", "AC01")
    await desk.report("RJCT", "AC01")
    assert desk.states == ["payment_rejected"]
    assert len(desk.ports.events(FEEDBACK_RECORDED)) == 1
    assert desk.outcomes[-1] == "repeated"


async def test_our_own_word_delivered_again_tells_the_state_again(desk: Desk) -> None:
    """The payment stage, run again after a crash, has just told that the command was initiated."""
    await desk.issue()
    await desk.report("ACSC")
    await desk.issue()
    assert desk.states == ["settled", "settled"]


async def test_a_cancellation_is_a_wish_until_the_engine_confirms_it(desk: Desk) -> None:
    await desk.issue()
    await desk.cancel()
    wish = desk.ports.statuses[-1]
    assert (wish.state, wish.final, wish.reasons) == ("payment_initiated", False, ("CANCEL-REQUESTED",))
    assert desk.ports.audit[-1].actor == "anna"
    await desk.report("CANC")
    told = desk.ports.statuses[-1]
    assert (told.state, told.final, told.reasons) == ("cancelled", True, ())


async def test_a_cancellation_that_the_engine_ignores_is_forgotten_with_its_answer(desk: Desk) -> None:
    await desk.issue()
    await desk.cancel()
    await desk.report("ACSC")
    assert (desk.ports.statuses[-1].state, desk.ports.statuses[-1].reasons) == ("settled", ())


@pytest.mark.parametrize("status", ["ACTC", "ACSP", "ACSC", "RJCT", "CANC"])
async def test_after_the_engine_has_spoken_a_cancellation_is_too_late(desk: Desk, status: PaymentStatusCode) -> None:
    await desk.issue()
    await desk.report(status)
    told = len(desk.states)
    await desk.cancel()
    assert len(desk.states) == told
    assert desk.outcomes[-1] == "too_late"
    assert desk.file.cancellation_requested_by is None


async def test_a_cancellation_may_come_before_our_own_word(desk: Desk) -> None:
    await desk.cancel()
    await desk.issue()
    await desk.report("CANC")
    assert desk.states[-1] == "cancelled"
    assert desk.file.cancellation_requested_by == "anna"


async def test_every_change_is_confirmed_before_its_event_is_over(desk: Desk) -> None:
    await desk.report("ACSP")
    await desk.issue()
    await desk.cancel()
    assert desk.memory.confirmations == 3


async def test_a_record_under_another_key_is_refused(desk: Desk) -> None:
    """Its state lies in another partition."""
    other = command_id("acme", "S1", "43")
    await desk.reported(PaymentStatusReported(command_id=COMMAND, status="ACSC", at=AT), other)
    await desk.issued(ISSUED, other)
    assert [letter.reason for letter in desk.ports.letters] == ["KEY-MISMATCH"] * 2
    assert not desk.memory.mapping


async def test_a_rejection_that_came_early_teaches_too(desk: Desk) -> None:
    await desk.report("RJCT", "AC01")
    await desk.issue()
    assert desk.states == ["payment_rejected"]
    assert [lesson.cause for lesson in desk.ports.events(FEEDBACK_RECORDED)] == ["AC01"]


async def test_a_cancellation_that_came_early_is_told_with_our_own_word(desk: Desk) -> None:
    await desk.cancel()
    await desk.issue()
    assert desk.ports.statuses[-1].reasons == ("CANCEL-REQUESTED",)


async def test_another_tenant_cannot_ask_for_a_cancellation(desk: Desk) -> None:
    await desk.issue()
    request = CancellationRequested(command_id=COMMAND, tenant="other", requested_by="mallory", requested_at=AT)
    await desk.cancelled(request, COMMAND)
    assert desk.file.cancellation_requested_by is None


@pytest.mark.parametrize("early", ["report", "cancel"])
async def test_what_comes_again_names_the_release_of_then(desk: Desk, early: str) -> None:
    """Before our own word the active one, afterwards that of the word; neither changes when another is promoted."""
    desk.ports.releases.known["r1"] = Running.of(Bundle(code="r1"))
    report = PaymentStatusReported(command_id=COMMAND, status="PDNG", at=AT)
    asked = CancellationRequested(command_id=COMMAND, tenant="acme", requested_by="anna", requested_at=AT)

    async def again() -> None:
        await (
            desk.cancelled(asked, COMMAND, offset=7) if early == "cancel" else desk.reported(report, COMMAND, offset=7)
        )

    await again()
    desk.ports.releases.active = Running.of(Bundle(code="later"))
    await again()
    await desk.issue()
    await again()
    await desk.report("ACSC")
    first, second, issued, third, settled = desk.ports.audit
    assert first == second == third
    assert (first.release, issued.release, settled.release) == ("test-1", "r1", "r1")


@pytest.mark.parametrize("early", ["report", "cancel"])
async def test_what_came_early_is_audited_as_then_when_it_comes_again(desk: Desk, early: str) -> None:
    """Delivered again after our own word: by now it is known whose it was, and the first entry did not say so."""

    async def come() -> None:
        if early == "cancel":
            asked = CancellationRequested(command_id=COMMAND, tenant="acme", requested_by="anna", requested_at=AT)
            await desk.cancelled(asked, COMMAND, offset=7)
        else:
            await desk.reported(PaymentStatusReported(command_id=COMMAND, status="ACSC", at=AT), COMMAND, offset=7)

    await come()
    await desk.issue()
    await come()
    first, _, again = desk.ports.audit
    assert again == first


async def test_a_command_keeps_the_first_word_that_we_said_of_it(desk: Desk) -> None:
    await desk.issue()
    other = ISSUED.model_copy(update={"correlation_id": "the document sent again"})
    await desk.issued(other, COMMAND)
    assert desk.file.issued == ISSUED


class TestStrangers:
    """Reports of commands that nobody is known to have issued: so many wait, the next are parked for an operator."""

    @pytest.fixture(autouse=True)
    def one_may_wait(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(table, "STRANGERS_MAX", 1)

    async def invent(self, desk: Desk) -> None:
        invented = command_id("acme", "S1", "invented")
        report = PaymentStatusReported(command_id=invented, status="ACSC", at=AT)
        await desk.reported(report, invented, offset=7)

    async def test_one_too_many_is_parked_and_not_remembered(self, desk: Desk) -> None:
        await self.invent(desk)
        before = dict(desk.memory.mapping)
        await desk.report("ACSC")
        await desk.cancel()
        assert desk.memory.mapping == before
        assert [letter.reason for letter in desk.ports.letters] == ["COMMAND-UNKNOWN"] * 2

    async def test_one_that_waits_already_may_say_more(self, desk: Desk) -> None:
        await desk.report("ACCP")
        await desk.report("ACSC", minute=1)
        assert not desk.ports.letters

    async def test_what_we_have_issued_is_always_settled(self, desk: Desk) -> None:
        await self.invent(desk)
        await desk.issue()
        await desk.report("ACSC")
        assert not desk.ports.letters
        assert desk.memory.mapping[COMMAND]["state"] == "settled"


class TestLinks:
    """A report is in the trace of whoever sent it; a link leads to the command, in the trace of its document."""

    async def test_reports_and_cancellations_are_linked_to_our_word_of_the_command(self, desk: Desk) -> None:
        await desk.issue()
        [(_, word)] = desk.ports.spans
        await desk.cancel()
        await desk.report("ACSP")
        assert [effects.links for effects in desk.ports.effects] == [(), (str(word.trace),), (str(word.trace),)]

    async def test_our_word_is_linked_to_reports_that_were_faster(self, desk: Desk) -> None:
        await desk.report("ACSP")
        await desk.report("ACSC", minute=1)
        await desk.issue()
        early = tuple(str(place.trace) for _, place in desk.ports.spans[:2])
        assert [effects.links for effects in desk.ports.effects] == [(), (), early]

    async def test_a_redelivery_is_linked_as_before(self, desk: Desk) -> None:
        await desk.report("ACSP")
        await desk.issue()
        await desk.issue(offset=0)
        assert desk.ports.effects[-1].links == desk.ports.effects[-2].links != ()


async def test_a_payee_of_another_name_is_a_lesson_once_however_it_comes(desk: Desk) -> None:
    """Early, and delivered again after our own word of the command: the entry of the early one stays as it was."""
    await desk.report("RVNM")
    await desk.issue()
    assert [lesson.cause for lesson in desk.ports.events(FEEDBACK_RECORDED)] == ["RVNM"]
    entry = desk.ports.audit[0]
    await desk.reported(
        PaymentStatusReported(command_id=COMMAND, status="RVNM", reason_code=None, at=AT), COMMAND, offset=0
    )
    assert desk.ports.audit[-1] == entry
    assert len(desk.ports.events(FEEDBACK_RECORDED)) == 1
