"""A person's act: followed once, under the key that the document has now, or refused with a machine reason."""

from decimal import Decimal
from typing import Any

import pytest

from agents.decision.agent import decision
from agents.decision.policy import DEFAULT_POLICY
from agents.review.agent import review as review_agent
from schemas.decision import ReviewSubmitted
from schemas.events import InvoiceNormalized
from schemas.feedback import FeedbackRecorded
from schemas.identifiers import digest
from schemas.money import Amount
from schemas.topics import FEEDBACK_RECORDED, INVOICE_NORMALIZED, INVOICE_VALIDATED, REVIEW_SUBMITTED
from tables.invoices import InvoiceRecord, held_key
from tables.keyed import Keyed
from tables.suppliers import Directory
from tests.agents.builders import DEBTOR, OTHER_IBAN, directory, invoice, review, supplier, transfer, validated
from tests.agents.ports import AtOnce, FakePorts, FakeTables, Feed

NEW_ACCOUNT = invoice(payment_instructions=(transfer(OTHER_IBAN),))


class Memory(FakeTables):
    def __init__(self) -> None:
        super().__init__()
        self.known: dict[str, Any] = {}
        self.invoices = Keyed[InvoiceRecord](self.known, InvoiceRecord)
        self.held = Keyed[InvoiceNormalized]({}, InvoiceNormalized)


class Reference:
    def __init__(self, known: Directory) -> None:
        self.known = known

    async def directory(self) -> Directory:
        return self.known


class Desk:
    """Decision and review over one memory; a document with a new account waits in it."""

    def __init__(self) -> None:
        self.ports = FakePorts()
        self.memory = Memory()
        self.reference = Reference(directory(supplier()))
        window = AtOnce()
        self.decide = Feed(
            decision(self.ports, window, self.memory, {"default": DEBTOR}, DEFAULT_POLICY), INVOICE_VALIDATED
        )
        self.submit = Feed(review_agent(self.ports, window, self.memory, self.reference), REVIEW_SUBMITTED)
        self.waiting = validated(NEW_ACCOUNT)
        self.key = self.waiting.normalized.invoice_key

    async def hold(self) -> None:
        await self.decide(self.waiting, self.key)
        assert self.ports.statuses[-1].state == "held"

    async def act(self, action: Any, reviewer: str = "anna", **changes: Any) -> ReviewSubmitted:
        given = review(action, reviewer, **{"invoice_key": self.key, **changes})
        await self.submit(given, given.invoice_key)
        return given

    @property
    def readmitted(self) -> list[InvoiceNormalized]:
        return self.ports.events(INVOICE_NORMALIZED)

    @property
    def keys(self) -> list[bytes | None]:
        return [record.key for record in self.ports.written if record.topic == INVOICE_NORMALIZED.name]

    @property
    def learned(self) -> list[FeedbackRecorded]:
        return self.ports.events(FEEDBACK_RECORDED)

    @property
    def refusal(self) -> tuple[str, ...]:
        entry = self.ports.audit[-1]
        assert entry.outcome == "refused"
        return entry.reasons


@pytest.fixture
async def desk() -> Desk:
    made = Desk()
    await made.hold()
    return made


@pytest.mark.parametrize("action", ["approve", "reject"])
async def test_an_act_brings_the_document_back_into_the_chain(desk: Desk, action: Any) -> None:
    given = await desk.act(action)
    # what is in force when somebody acts is what judges the act, whatever had held the document
    assert desk.waiting.normalized.release != "test-1"
    assert desk.readmitted == [desk.waiting.normalized.model_copy(update={"review": given, "release": "test-1"})]
    assert desk.ports.audit[-1].actor == "anna"
    assert desk.keys == [desk.key.encode()]


async def test_the_state_of_the_document_is_the_decisions_to_tell(desk: Desk) -> None:
    told = len(desk.ports.statuses)
    await desk.act("approve")
    assert len(desk.ports.statuses) == told


async def test_a_correction_changes_the_invoice_and_names_the_person(desk: Desk) -> None:
    await desk.act("correct", corrections={"payment_account_identifier": "FR7630006000011234567890189"})
    [back] = desk.readmitted
    assert back.invoice.payee_accounts() == ("FR7630006000011234567890189",)
    assert back.corrected_by == ("anna",)
    assert back.invoice_key == desk.key


async def test_a_corrected_number_takes_the_document_to_another_key_for_good(desk: Desk) -> None:
    await desk.act("correct", corrections={"invoice_number": "F2026-0043"})
    [back] = desk.readmitted
    assert back.invoice_key != desk.key
    assert desk.keys == [back.invoice_key.encode()]
    record = desk.memory.invoices.get(desk.key)
    assert record is not None
    assert record.departed(back.document_id) == back
    await desk.act("approve", review_id="second")
    assert desk.refusal == ("REVIEW-MOVED",)
    assert len(desk.readmitted) == 1


async def test_a_supplier_known_since_changes_the_key(desk: Desk) -> None:
    desk.reference.known = directory(supplier("S9"))
    await desk.act("approve")
    [back] = desk.readmitted
    assert back.supplier_id == "S9"
    assert back.invoice_key != desk.key


async def test_an_act_delivered_again_says_the_same(desk: Desk) -> None:
    given = review("approve", "anna", invoice_key=desk.key)
    for _ in range(2):
        await desk.submit(given, desk.key, offset=5)
    assert len(desk.readmitted) == 1, "the broker had confirmed it before the act was remembered"
    first, second = [record.value for record in desk.ports.written if record.topic == "audit.entry"][-2:]
    assert first == second


async def test_an_act_refused_or_followed_says_the_same_though_all_has_changed_since(desk: Desk) -> None:
    given = review("reject", "anna", invoice_key=desk.key)
    await desk.submit(given, desk.key, offset=5)
    back = desk.readmitted[-1]
    await desk.decide(validated(back.invoice, received=back.received, review=back.review), desk.key, offset=8)
    late = review("approve", "bert", invoice_key=desk.key, review_id="late")
    await desk.submit(late, desk.key, offset=6)
    told = desk.ports.audit[-3:]
    await desk.submit(given, desk.key, offset=5)
    await desk.submit(late, desk.key, offset=6)
    assert desk.ports.audit[-2:] == [told[0], told[2]]


async def test_a_document_that_is_not_known_cannot_be_reviewed() -> None:
    desk = Desk()
    await desk.act("approve")
    assert desk.refusal == ("REVIEW-UNKNOWN",)
    assert not desk.readmitted


async def test_an_approved_document_does_not_wait_for_anybody() -> None:
    desk = Desk()
    desk.waiting = validated()
    await desk.decide(desk.waiting, desk.key)
    assert desk.ports.statuses[-1].state == "approved"
    await desk.act("reject")
    assert desk.refusal == ("REVIEW-LATE",)
    assert not desk.readmitted


async def test_what_was_decided_anew_since_the_person_looked_is_not_approved(desk: Desk) -> None:
    await desk.act("approve", evidence_digest="sha256:of yesterday")
    assert desk.refusal == ("REVIEW-OUTDATED",)


@pytest.mark.parametrize("corrections", [{"colour": "blue"}, {"amount_due_for_payment": "a lot"}])
async def test_a_value_that_a_field_cannot_have_is_refused_and_changes_nothing(
    desk: Desk, corrections: dict[str, str]
) -> None:
    waiting = held_key(desk.key, desk.waiting.normalized.document_id)
    before = desk.memory.held.get(waiting)
    assert before is not None
    await desk.act("correct", corrections=corrections)
    assert desk.refusal == ("REVIEW-UNCORRECTABLE",)
    assert desk.memory.held.get(waiting) == before
    assert not desk.readmitted


async def test_an_act_under_another_key_is_refused(desk: Desk) -> None:
    given = review("approve", "anna", invoice_key=desk.key)
    await desk.submit(given, "ik_" + "b" * 26)
    assert [letter.reason for letter in desk.ports.letters] == ["KEY-MISMATCH"]
    assert not desk.readmitted


async def test_a_recovery_in_another_order_does_not_bring_the_uncorrected_invoice_back(desk: Desk) -> None:
    """The old key's partition is never told that the document has left it; a recovery applies it in any order."""
    document = desk.waiting.normalized.document_id
    await desk.act("correct", corrections={"invoice_number": "F2026-0043"})
    [moved] = desk.readmitted
    await desk.decide(validated(moved.invoice, received=moved.received, review=moved.review), moved.invoice_key)
    # the changelog of the old key's partition, applied last
    desk.memory.held.put(held_key(desk.key, document), desk.waiting.normalized)
    await desk.act("approve", "bert", invoice_key=moved.invoice_key, review_id="second")
    assert desk.readmitted[-1].invoice.invoice_number == "F2026-0043"
    assert desk.readmitted[-1].invoice_key == moved.invoice_key


async def test_an_event_that_comes_twice_does_not_take_a_refused_document_out_of_its_final_state(desk: Desk) -> None:
    """An earlier stage, run again after a crash, writes its event a second time, behind what a person did since."""
    await desk.act("reject")
    back = desk.readmitted[-1]
    await desk.decide(validated(back.invoice, received=back.received, review=back.review), desk.key)
    assert desk.ports.statuses[-1].state == "rejected"
    await desk.decide(desk.waiting, desk.key)
    assert desk.ports.statuses[-1].state == "rejected"


async def test_a_document_that_has_left_is_followed_when_it_comes_again(desk: Desk) -> None:
    """Sent twice, or written twice by a stage run again: its own key tells what stands, last."""
    await desk.act("correct", corrections={"invoice_number": "F2026-0043"})
    [moved] = desk.readmitted
    told = len(desk.ports.statuses)
    await desk.decide(desk.waiting, desk.key, offset=9)
    assert desk.readmitted == [moved, moved]
    assert desk.ports.written[-1].key == moved.invoice_key.encode()
    assert len(desk.ports.statuses) == told
    assert desk.ports.audit[-1].outcome == "moved"
    await desk.decide(validated(moved.invoice, received=moved.received, review=moved.review), moved.invoice_key)
    stands = desk.ports.statuses[-1]
    again = validated(moved.invoice, received=moved.received, review=moved.review)
    await desk.decide(again, moved.invoice_key, offset=10)
    assert desk.ports.statuses[-1].reasons == stands.reasons == ("ACCOUNT-NEW", "CORRECTED")


async def test_a_document_may_come_back_to_a_key_that_it_has_left(desk: Desk) -> None:
    """A worker that did not know the supplier yet gave it another key; the next approval gives it its own again."""
    desk.reference.known = directory(supplier("S9"))
    await desk.act("approve")
    [away] = desk.readmitted
    back = away.model_copy(
        update={
            "invoice_key": desk.key,
            "supplier_id": "S1",
            "review": review("approve", "bert", invoice_key=away.invoice_key, review_id="back"),
        }
    )
    await desk.decide(desk.waiting.model_copy(update={"normalized": back}), desk.key, offset=11)
    assert "MOVED" not in desk.ports.statuses[-1].reasons
    assert desk.ports.audit[-1].outcome != "moved"


async def test_what_comes_a_second_time_is_audited_as_what_stands(desk: Desk) -> None:
    await desk.act("reject")
    back = desk.readmitted[-1]
    await desk.decide(validated(back.invoice, received=back.received, review=back.review), desk.key, offset=3)
    await desk.decide(desk.waiting, desk.key, offset=4)
    entry = desk.ports.audit[-1]
    assert entry.outcome == "reject"
    assert set(entry.written) <= {digest(record.value or b"") for record in desk.ports.written}


async def test_a_person_of_another_tenant_is_refused(desk: Desk) -> None:
    await desk.act("approve", tenant="other")
    assert not desk.readmitted


@pytest.mark.parametrize("reviewer", ["anna", "petra"])
async def test_an_act_is_linked_to_the_decision_that_the_person_looked_at(desk: Desk, reviewer: str) -> None:
    """Whether it is followed or, as the second time, only audited as it was."""
    [(stage, place)] = desk.ports.spans
    given = await desk.act("approve", reviewer)
    assert stage == "decision"
    assert desk.ports.effects[-1].links == (str(place.trace),)
    await desk.submit(given, given.invoice_key, offset=0)
    assert desk.ports.effects[-1].links == (str(place.trace),)


async def test_an_act_on_what_was_never_decided_is_linked_to_nothing() -> None:
    desk = Desk()
    await desk.act("approve")
    assert desk.ports.effects[-1].links == ()


async def test_each_corrected_field_is_a_lesson_with_an_id_of_its_own(desk: Desk) -> None:
    account = "FR7630006000011234567890189"
    await desk.act("correct", corrections={"payment_account_identifier": account, "invoice_number": "F2026-0043"})
    assert [(lesson.field, lesson.wrong, lesson.right) for lesson in desk.learned] == [
        ("invoice_number", "F2026-0042", "F2026-0043"),
        ("payment_account_identifier", OTHER_IBAN, account),
    ]
    assert len({lesson.feedback_id for lesson in desk.learned}) == 2
    written = [record for record in desk.ports.written if record.topic == FEEDBACK_RECORDED.name]
    assert len({record.headers["ce_id"] for record in written}) == 2
    assert len({record.headers["traceparent"] for record in written}) == 2
    assert set(desk.ports.audit[-1].written) >= {digest(record.value or b"") for record in written}


async def test_a_lesson_says_what_was_held_for_what_sum_and_who_says_so(desk: Desk) -> None:
    await desk.act("reject", reason="ordered by nobody")
    [lesson] = desk.learned
    assert (lesson.cause, lesson.reporter, lesson.detail) == ("rejection", "anna", "ordered by nobody")
    assert (lesson.supplier_id, lesson.lane, lesson.release) == ("S1", "xml", desk.waiting.normalized.release)
    assert lesson.at_risk == Amount(value=Decimal("120.00"), currency="EUR")
    assert "ACCOUNT-NEW" in lesson.reasons


async def test_a_person_who_confirms_a_value_corrects_nothing(desk: Desk) -> None:
    await desk.act("correct", corrections={"amount_due_for_payment": "120.00"})
    assert desk.learned == []


async def test_a_correction_of_sums_compares_what_they_mean(desk: Desk) -> None:
    await desk.act("correct", corrections={"amount_due_for_payment": "121.50", "seller_name": None})
    assert [(lesson.wrong, lesson.right) for lesson in desk.learned] == [
        ("120.00", "121.50"),
        ("Boulangerie Dupont", None),
    ]


async def test_what_was_held_in_vain_is_a_lesson_unless_somebody_had_to_correct_it(desk: Desk) -> None:
    await desk.act("approve")
    assert [lesson.cause for lesson in desk.learned] == ["approval"]
    held = desk.waiting.normalized.model_copy(update={"corrected_by": ("bert",)})
    desk.memory.held.put(held_key(desk.key, held.document_id), held)
    await desk.act("approve", review_id="after a correction")
    assert len(desk.learned) == 1


async def test_a_refused_act_teaches_nothing(desk: Desk) -> None:
    await desk.act("approve", tenant="other")
    assert desk.learned == []


@pytest.mark.parametrize("action", ["approve", "reject", "correct"])
async def test_lessons_written_and_not_remembered_are_written_again_byte_by_byte(desk: Desk, action: Any) -> None:
    given = review(
        action, "anna", invoice_key=desk.key, corrections={"amount_due_for_payment": "7", "buyer_name": "Us"}
    )
    before = dict(desk.memory.known)
    await desk.submit(given, desk.key, offset=5)
    desk.memory.known.clear()
    desk.memory.known.update(before)
    await desk.submit(given, desk.key, offset=5)
    written = [(dict(r.headers), r.value) for r in desk.ports.written if r.topic == FEEDBACK_RECORDED.name]
    half = len(written) // 2
    assert written[:half] == written[half:]
    assert half == (2 if action == "correct" else 1)
