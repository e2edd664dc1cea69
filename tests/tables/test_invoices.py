"""What one InvoiceKey remembers."""

from datetime import UTC, datetime

from schemas.codec import decode, encode
from schemas.decision import Decision, DecisionOutcome
from schemas.identifiers import digest, document_id, invoice_key
from tables.invoices import ACTS_MAX, ANSWERS_MAX, REFUSED, Act, InvoiceRecord, is_standing
from tests.agents.builders import received, validated


def decision(
    content: bytes, outcome: DecisionOutcome = "hold", reasons: tuple[str, ...] = ("ACCOUNT-NEW",)
) -> Decision:
    return Decision(
        document_id=document_id(content),
        invoice_key=invoice_key("default", "S1", "1"),
        tenant="default",
        outcome=outcome,
        reasons=reasons,
        policy="p",
        release="r",
        evidence_digest=digest(content),
        decided_at=datetime(2026, 11, 24, tzinfo=UTC),
    )


ONE, TWO = decision(b"one"), decision(b"two")
APPROVED = decision(b"one", "approve", ())
ACT = Act(place="review.submitted/0/7", outcome="approve", written=("sha256:x",))


def test_an_answer_is_found_by_exactly_its_event() -> None:
    record = InvoiceRecord().with_answer(ONE, analysis=1, review_id="r")

    assert record.answer(ONE.document_id, 1, "r") == ONE
    assert record.answer(ONE.document_id, 0, "r") is None
    assert record.answer(ONE.document_id, 1, None) is None
    assert record.answer(TWO.document_id, 1, "r") is None


def test_the_first_answer_to_an_event_stays() -> None:
    record = InvoiceRecord().with_answer(ONE, analysis=0, review_id=None)

    assert record.with_answer(APPROVED, analysis=0, review_id=None) is record


def test_the_latest_decision_on_a_document_and_on_the_others() -> None:
    record = InvoiceRecord().with_answer(ONE, analysis=0, review_id=None).with_answer(TWO, analysis=0, review_id=None)
    record = record.with_answer(APPROVED, analysis=0, review_id="r")

    assert record.latest(ONE.document_id) == APPROVED
    assert record.others(TWO.document_id) == (APPROVED,)
    assert record.others(ONE.document_id) == (TWO,)
    assert record.knows(TWO.document_id)
    assert not record.knows(document_id(b"three"))


def test_an_approval_and_a_persons_refusal_stand() -> None:
    refused = decision(b"one", "reject", (REFUSED,))

    assert is_standing(APPROVED)
    assert is_standing(refused)
    assert not is_standing(ONE)
    assert not is_standing(decision(b"one", "reject", ("CREDIT-NOTE",)))
    assert InvoiceRecord().with_answer(refused, analysis=0, review_id="r").standing(ONE.document_id) == refused
    assert InvoiceRecord().with_answer(ONE, analysis=0, review_id=None).standing(ONE.document_id) is None


def test_answers_are_bounded_but_an_approval_is_never_forgotten() -> None:
    record = InvoiceRecord().with_answer(TWO, analysis=0, review_id=None)
    record = record.with_answer(APPROVED, analysis=0, review_id=None)
    for number in range(3 * ANSWERS_MAX):
        record = record.with_answer(decision(b"copy %d" % number, "reject", ("DUPLICATE",)), analysis=0, review_id=None)
        record = record.with_answer(APPROVED, analysis=number + 1, review_id=None)

    assert len(record.answers) == ANSWERS_MAX + 1
    assert record.standing(ONE.document_id) == APPROVED
    assert not record.knows(TWO.document_id)


def test_documents_leave_and_come_back() -> None:
    gone = validated(received=received(b"one")).normalized
    record = InvoiceRecord().with_departure(gone).with_departure(gone)

    assert record.moved == (gone,)
    assert record.departed(ONE.document_id) == gone
    assert record.with_arrival(ONE.document_id).moved == ()
    assert record.with_arrival(TWO.document_id) == record


def test_an_answer_is_found_by_where_its_record_stood() -> None:
    record = InvoiceRecord().with_answer(ONE, analysis=0, review_id=None, place="t/0/1")
    record = record.with_answer(APPROVED, analysis=0, review_id=None, place="t/0/2")

    assert record.answer_at("t/0/1") == ONE
    assert record.answer_at("t/0/2") == APPROVED
    assert record.answer_at("t/0/3") is None
    assert record.with_answer(ONE, analysis=0, review_id=None, place="t/0/2") is record


def test_acts_are_remembered_up_to_a_bound() -> None:
    record = InvoiceRecord()
    for number in range(ACTS_MAX + 1):
        record = record.with_act(Act(place=f"t/0/{number}", outcome="approve"))

    assert record.act("t/0/0") is None
    assert record.act(f"t/0/{ACTS_MAX}") == Act(place=f"t/0/{ACTS_MAX}", outcome="approve")


def test_a_record_survives_its_changelog() -> None:
    record = InvoiceRecord(revision=2).with_answer(ONE, analysis=0, review_id="r", place="t/0/1")
    record = record.with_departure(validated(received=received(b"two")).normalized).with_act(ACT)

    assert decode(encode(record), InvoiceRecord) == record
