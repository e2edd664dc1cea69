"""The pure half: what records do to rows, in any order, once or twice."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import permutations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.readmodel.batch import Gap, fold, unseen
from app.readmodel.change import Change, Effect, RowKey, Rows, keys_of, merge
from app.readmodel.projection import PROJECTED_TOPICS, ROWS_MAX, effects_of
from app.readmodel.record import Read, rank
from schemas import topics
from schemas.decision import ReviewSubmitted
from schemas.evidence import ExtractedInvoice
from schemas.finding import Finding
from schemas.invoice import InvoiceLine
from tests.app.readmodel.events import (
    DOCUMENT,
    KEY,
    NOON,
    audit,
    decided,
    extracted,
    feedback,
    initiated,
    normalized,
    one_life,
    read,
    received,
    status,
    supplier_changed,
)

ROW: RowKey = ("document", ("default", DOCUMENT))


def rows_after(records: Sequence[Read]) -> Rows:
    effects: list[Effect] = [effect for one in records for effect in effects_of(one)]
    return merge(dict.fromkeys(keys_of(effects)), effects)


def test_every_projected_topic_is_one_of_the_vocabulary() -> None:
    assert set(PROJECTED_TOPICS) <= {topic.name for topic in topics.TOPICS}
    assert {one.topic for one in one_life()} == set(PROJECTED_TOPICS)


def test_the_last_status_by_offset_wins_whatever_order_they_come_in() -> None:
    first, last = read(topics.DOCUMENT_STATUS, status("held"), 4), read(topics.DOCUMENT_STATUS, status("rejected"), 9)
    for order in ([first, last], [last, first], [last, first, last]):
        row = rows_after(order)[ROW]
        assert row is not None
        assert row["state"] == "rejected"


@given(st.randoms(use_true_random=False))
def test_order_between_topics_and_repetition_change_nothing(shuffler: Random) -> None:
    life = one_life()
    again = life + life[3:9]
    shuffler.shuffle(again)
    assert rows_after(again) == rows_after(life)


def test_money_is_kept_as_the_decimal_string_that_came() -> None:
    row = rows_after([read(topics.INVOICE_NORMALIZED, normalized(), 0)])[ROW]
    assert row is not None
    assert row["amount_due"] == "120.00"


def test_a_correction_under_another_key_replaces_the_reading_before_it() -> None:
    """A corrected invoice keeps the moment of its event, which may even be a publisher's clock that is fast."""
    early, late = (reviewed(NOON - timedelta(minutes=minutes)) for minutes in (9, 1))
    told = [
        read(topics.INVOICE_NORMALIZED, normalized(lane="text"), 900, partition=5),
        read(topics.INVOICE_NORMALIZED, normalized(lane="scan", review=early), 80, partition=4),
        read(topics.INVOICE_NORMALIZED, normalized(lane="xml", review=late), 3, partition=1),
    ]
    for order in permutations(told):
        row = rows_after(order)[ROW]
        assert row is not None
        assert row["lane"] == "xml"


def reviewed(at: datetime) -> ReviewSubmitted:
    return ReviewSubmitted(
        review_id="r", document_id=DOCUMENT, invoice_key=KEY, action="correct", reviewer="rita", submitted_at=at
    )


def test_the_decision_that_was_told_last_is_shown_whenever_its_cause_was() -> None:
    """An approval whose payment found its key stale is decided anew, for the cause of before: that one stands."""
    approved = decided(outcome="approve", decided_at=NOON + timedelta(minutes=5))
    told = [
        read(topics.PAYMENT_DECIDED, approved, 9, partition=0, timestamp_ms=1_000),
        read(topics.PAYMENT_DECIDED, decided(decided_at=NOON), 2, partition=1, timestamp_ms=1_001),
    ]
    for order in (told, told[::-1]):
        row = rows_after(order)["decision", ("default", DOCUMENT, KEY)]
        assert row is not None
        assert row["outcome"] == "hold"


def test_the_first_command_wins_and_other_bytes_leave_a_trace() -> None:
    first = read(topics.PAYMENT_INITIATED, initiated(), 0)
    other = read(topics.PAYMENT_INITIATED, initiated(debtor_agent="AGRIFRPP"), 1)
    rows = rows_after([first, first, other])
    payment = rows["payment", (initiated().command_id,)]
    assert payment is not None
    assert "AGRIFRPP" not in str(payment["body"])
    assert sum(1 for table, _ in rows if table == "payment_bytes") == 2


def test_a_tombstone_removes_the_supplier() -> None:
    stated = read(topics.SUPPLIER_CHANGED, supplier_changed(), 0, key="acme")
    gone = Read(topics.SUPPLIER_CHANGED.name, 0, 1, None, b"acme")
    assert rows_after([stated, gone])["supplier", ("acme",)] is None


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (Read("document.status", 0, 7, b"{"), "VALUE-INVALID"),
        (Read("document.status", 0, 7, b""), "VALUE-EMPTY"),
        (Read("document.status", 0, 7, None), "VALUE-EMPTY"),
        (Read("document.status", 0, 7, b"\xff\xfe"), "VALUE-INVALID"),
        (Read("document.status", 0, 7, b" " * 1_000_001), "VALUE-TOO-LARGE"),
        (read(topics.DOCUMENT_STATUS, status("held"), 7, headers={"ce_schemaversion": b"2"}), "VERSION-UNKNOWN"),
        (Read("document.received", 0, 7, b'{"document_id":"x","reference":"y"}'), "VALUE-INVALID"),
    ],
)
def test_what_cannot_be_read_is_named_and_passed_over(record: Read, reason: str) -> None:
    folded = fold([record, read(topics.AUDIT_ENTRY, audit("a1"), 3)])
    assert [one.reason for one in folded.skipped] == [reason]
    assert folded.applied == 1
    assert folded.next_offsets == {(record.topic, 0): 8, ("audit.entry", 0): 4}


def test_a_moment_outside_of_the_calendar_is_passed_over() -> None:
    value = f'{{"document_id":"{DOCUMENT}","reference":"file:///a","received_at":"0001-01-01T00:00:00+14:00"}}'
    folded = fold([Read("document.received", 0, 0, value.encode())])
    assert [one.reason for one in folded.skipped] == ["VALUE-UNSTORABLE"]


def test_what_no_database_holds_is_cut_to_what_it_holds() -> None:
    huge = read(topics.DOCUMENT_RECEIVED, received(size_bytes=2**80, source="a\x00b"), 0)
    row = rows_after([huge])[ROW]
    assert row is not None
    assert row["size_bytes"] == 2**63 - 1
    assert row["source"] == "a\N{REPLACEMENT CHARACTER}b"


def test_records_that_are_stored_are_left_out() -> None:
    batch = [read(topics.DOCUMENT_STATUS, status("held"), offset) for offset in (5, 6, 7)]
    begun_at = {("document.status", 0): 5}
    assert unseen(batch, begun_at, {("document.status", 0): 7}) == batch[2:]
    assert unseen(batch, begun_at, {("document.status", 0): 8}) == []


def test_a_hole_before_the_batch_is_refused() -> None:
    batch = [read(topics.DOCUMENT_STATUS, status("held"), 5)]
    with pytest.raises(Gap):
        unseen(batch, {("document.status", 0): 5}, {("document.status", 0): 4})
    with pytest.raises(Gap):
        unseen(batch, {("document.status", 0): 5}, {})


@given(st.lists(st.integers(0, 2**63)), st.lists(st.integers(0, 2**63)))
def test_ranks_sort_as_their_numbers_do(one: list[int], other: list[int]) -> None:
    if len(one) == len(other):
        assert (rank(*one) < rank(*other)) == (one < other)


def test_a_lesson_that_is_told_twice_is_one_row() -> None:
    first, again = (read(topics.FEEDBACK_RECORDED, feedback(), offset) for offset in (3, 9))
    assert effects_of(first)[0].key == effects_of(again)[0].key
    other = read(topics.FEEDBACK_RECORDED, feedback(field="invoice_number"), 4)
    assert effects_of(first)[0].key != effects_of(other)[0].key


def test_of_a_reading_only_what_tells_why_is_kept() -> None:
    findings = (
        Finding(rule="VALUE-UNPARSABLE", severity="error", message="", fields=("payment_due_date",)),
        Finding(rule="BR-CO-10", severity="error", message=""),
    )
    lines = tuple(InvoiceLine(line_identifier=str(at)) for at in range(ROWS_MAX + 1))
    event = extracted()
    event = event.model_copy(
        update={"extracted": event.extracted.model_copy(update={"findings": findings, "lines": lines})}
    )
    [effect] = effects_of(read(topics.INVOICE_EXTRACTED, event, 0))
    assert isinstance(effect, Change)
    kept = ExtractedInvoice.model_validate_json(str(effect.values["body"]))
    assert [finding.rule for finding in kept.findings] == ["VALUE-UNPARSABLE"]
    assert len(kept.lines) == ROWS_MAX
    assert kept.fields == event.extracted.fields
