"""The questions of the API, asked of both databases; and what the API remembers by itself."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncEngine

from app.readmodel.cursor import CursorInvalid, parse_cursor, render_cursor
from app.readmodel.queries import Page, ReadModel
from app.readmodel.record import Read
from app.readmodel.remembered import Answer, Claimed, InFlight, OtherRequest, Remembered
from app.readmodel.store import ProjectionStore
from schemas import topics
from schemas.identifiers import command_id, digest, document_id, orphan_key
from tests.app.readmodel.events import (
    COMMAND,
    DOCUMENT,
    KEY,
    NOON,
    audit,
    decided,
    initiated,
    one_life,
    payment_status,
    read,
    received,
    status,
    supplier_changed,
)


async def projected(engine: AsyncEngine, records: Sequence[Read]) -> ReadModel:
    store = ProjectionStore(engine)
    await store.create()
    stored = await store.offsets()
    await store.apply(records, {(one.topic, 0): stored.get((one.topic, 0), 0) for one in records})
    return ReadModel(engine)


async def test_documents_are_listed_newest_first_and_each_once(engine: AsyncEngine) -> None:
    records = [
        read(
            topics.DOCUMENT_RECEIVED, received(document_id(b"%d" % n), received_at=NOON + timedelta(minutes=n // 2)), n
        )
        for n in range(9)
    ]
    model = await projected(engine, [*records, read(topics.DOCUMENT_STATUS, status("held", document_id(b"only")), 0)])
    seen: list[str] = []
    cursor = None
    while True:
        page = await model.documents("default", cursor=cursor, limit=2)
        seen += [document.document_id for document in page.items]
        cursor = page.cursor
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 10
    assert seen[0] == document_id(b"8")
    held = await model.documents("default", state="held", limit=50)
    assert [document.document_id for document in held.items] == [document_id(b"only")]
    assert (await model.documents("default", state="received", limit=50)).items.__len__() == 9
    assert await model.documents("other", limit=50) == Page((), None)


async def test_a_whole_life_can_be_read(engine: AsyncEngine) -> None:
    model = await projected(engine, one_life())
    payment = await model.payment("default", COMMAND)
    assert payment is not None
    assert (payment.state, payment.conflicting, payment.cancellation_requested_by) == ("settled", False, "bob")
    decision = await model.decision("default", DOCUMENT)
    assert decision is not None
    assert decision.outcome == "approve"
    assert await model.decisions_under("default", KEY) == (decision,)
    document = await model.document("default", DOCUMENT)
    assert document is not None
    assert [entry.entry_id for entry in await model.audit(document)] == ["a1", "a2"]
    assert document.invoice is not None
    assert (document.invoice.supplier_id, document.invoice.matched_by) == ("acme", "vat_identifier")
    assert document.assessment is not None
    assert [finding.rule for finding in document.findings] == ["ACCOUNT-NEW"]
    supplier = await model.supplier("default", "acme")
    assert supplier is not None
    assert supplier.changed_at == NOON


async def test_of_two_keys_the_decision_is_that_which_the_status_names(engine: AsyncEngine) -> None:
    """What a person sees is what is reviewed: under another key the act would be refused, however often it is done."""
    other = orphan_key("default", DOCUMENT)
    held, refused = decided(), decided(invoice_key=other, outcome="reject", evidence_digest=digest(b"other"))
    told = [
        read(topics.PAYMENT_DECIDED, held, 0, timestamp_ms=1_000),
        read(topics.PAYMENT_DECIDED, refused, 1, timestamp_ms=1_001),
        read(topics.DOCUMENT_STATUS, status("held", invoice_key=KEY), 0),
    ]
    model = await projected(engine, told)
    assert await model.decision("default", DOCUMENT) == held.decision
    assert await model.decisions_under("default", KEY) == (held.decision,)
    assert await model.decisions_under("default", other) == ()
    model = await projected(engine, [read(topics.DOCUMENT_STATUS, status("rejected", invoice_key=other), 1)])
    assert await model.decision("default", DOCUMENT) == refused.decision
    assert await model.decisions_under("default", KEY) == ()


async def test_another_tenant_has_none_of_it(engine: AsyncEngine) -> None:
    model = await projected(engine, one_life())
    assert await model.document("other", DOCUMENT) is None
    assert await model.decision("other", DOCUMENT) is None
    assert await model.payment("other", COMMAND) is None
    assert await model.supplier("other", "acme") is None
    assert await model.decisions_under("other", KEY) == ()
    for page in (await model.payments("other", limit=9), await model.suppliers("other", limit=9)):
        assert page.items == ()
    assert await model.foreign_suppliers("other", ["acme", "beta"]) == {"acme"}
    assert await model.foreign_suppliers("default", ["acme", "beta"]) == frozenset()


async def test_one_document_of_two_tenants_is_two(engine: AsyncEngine) -> None:
    records = [
        read(topics.DOCUMENT_STATUS, status("held"), 0),
        read(topics.DOCUMENT_STATUS, status("rejected", tenant="other"), 1),
    ]
    model = await projected(engine, records)
    states = [document.state for tenant in ("default", "other") if (document := await model.document(tenant, DOCUMENT))]
    assert states == ["held", "rejected"]


async def test_payments_are_listed_newest_first_with_their_reports(engine: AsyncEngine) -> None:
    ids = [command_id("default", "acme", f"{n}") for n in range(5)]
    records = [
        *(
            read(topics.PAYMENT_INITIATED, initiated(command_id=one), n, timestamp_ms=1_000 * n)
            for n, one in enumerate(ids)
        ),
        read(topics.PAYMENT_STATUS, payment_status("RJCT", command_id=ids[3], reason_code="AC04"), 0),
        read(topics.PAYMENT_STATUS, payment_status("ACCP", command_id=ids[3]), 1),
    ]
    model = await projected(engine, records)
    first = await model.payments("default", limit=3)
    second = await model.payments("default", limit=3, cursor=first.cursor)
    listed = [*first.items, *second.items]
    assert [payment.command.command_id for payment in listed] == ids[::-1]
    assert (listed[1].state, listed[1].reason_code) == ("payment_rejected", "AC04")


async def test_suppliers_are_listed_by_id(engine: AsyncEngine) -> None:
    names = ["b", "A", "a", "c.1"]
    records = [read(topics.SUPPLIER_CHANGED, supplier_changed(supplier_id=name), n) for n, name in enumerate(names)]
    model = await projected(engine, records)
    seen: list[str] = []
    cursor = None
    while True:
        page = await model.suppliers("default", cursor=cursor, limit=1)
        seen += [view.supplier.supplier_id for view in page.items]
        cursor = page.cursor
        if cursor is None:
            break
    assert sorted(seen) == sorted(names)


async def test_a_page_that_does_not_hold_everything_says_where_to_go_on(engine: AsyncEngine) -> None:
    model = await projected(engine, [read(topics.AUDIT_ENTRY, audit("a1"), 0)])
    assert (await model.documents("default", limit=1)).cursor is None


@pytest.fixture
async def remembered(engine: AsyncEngine) -> Remembered:
    await ProjectionStore(engine).create()
    return Remembered(engine)


async def test_a_key_is_claimed_once_and_its_answer_given_again(remembered: Remembered) -> None:
    assert await remembered.claim("ann", "k", "d1", NOON) == Claimed()
    assert await remembered.claim("ann", "k", "d1", NOON) == InFlight()
    assert await remembered.claim("ann", "k", "d2", NOON) == OtherRequest()
    assert await remembered.claim("bob", "k", "d2", NOON) == Claimed()
    answer = Answer(202, "{}", "/v1/documents/x")
    await remembered.complete("ann", "k", answer)
    assert await remembered.claim("ann", "k", "d1", NOON + timedelta(hours=47)) == answer
    assert await remembered.claim("ann", "k", "d3", NOON + timedelta(hours=47)) == OtherRequest()
    assert await remembered.claim("ann", "k", "d3", NOON + timedelta(hours=49)) == Claimed()


@pytest.mark.parametrize("later", [timedelta(minutes=3), timedelta(days=3)])
async def test_a_claim_of_a_process_that_died_is_given_up(remembered: Remembered, later: timedelta) -> None:
    assert await remembered.claim("ann", "k", "d1", NOON) == Claimed()
    assert await remembered.claim("ann", "k", "d1", NOON + later) == Claimed()


async def test_a_claim_that_is_given_back_is_free_but_an_answer_stays(remembered: Remembered) -> None:
    await remembered.claim("ann", "k", "d1", NOON)
    await remembered.give_back("ann", "k")
    assert await remembered.claim("ann", "k", "d2", NOON) == Claimed()
    await remembered.complete("ann", "k", Answer(202, "{}", None))
    await remembered.give_back("ann", "k")
    assert await remembered.claim("ann", "k", "d2", NOON) == Answer(202, "{}", None)


async def test_of_many_who_claim_at_once_one_wins(remembered: Remembered) -> None:
    claims = await asyncio.gather(*(remembered.claim("ann", "k", "d1", NOON) for _ in range(20)))
    assert claims.count(Claimed()) == 1
    assert claims.count(InFlight()) == 19


async def test_readings_only_count_up(remembered: Remembered) -> None:
    assert await remembered.analysis("default", DOCUMENT) is None
    for analysis in (0, 2, 1):
        await remembered.accepted("default", DOCUMENT, analysis, _at(analysis))
    assert await remembered.analysis("default", DOCUMENT) == 2
    assert await remembered.analysis("other", DOCUMENT) is None


def _at(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


@given(st.lists(st.text(st.characters(exclude_characters="\x00", codec="utf-8"), max_size=20), min_size=1, max_size=2))
def test_a_cursor_comes_back_as_it_went(columns: list[str]) -> None:
    assert parse_cursor(render_cursor(*columns), len(columns)) == tuple(columns)


@given(st.text())
def test_any_text_is_a_cursor_or_a_typed_error(text: str) -> None:
    try:
        parse_cursor(text, 2)
    except CursorInvalid:
        return
