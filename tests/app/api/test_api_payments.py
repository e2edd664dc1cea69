"""Payments, reviews, decisions: what people may ask for, and what then leaves."""

from datetime import timedelta
from typing import Any

import pytest

from schemas import topics
from schemas.decision import ReviewSubmitted
from schemas.payment import CancellationRequested
from tests.app.api.world import World, bearer
from tests.app.readmodel.events import (
    COMMAND,
    DOCUMENT,
    IBAN,
    KEY,
    NOON,
    cancellation,
    decided,
    initiated,
    normalized,
    payment_status,
    received,
    status,
    supplier_changed,
)


def reviews(world: World) -> list[ReviewSubmitted]:
    return [event for event in world.log.events(topics.REVIEW_SUBMITTED) if isinstance(event, ReviewSubmitted)]


async def held(world: World, **more: Any) -> None:
    await world.log.write(topics.DOCUMENT_RECEIVED, received(submitted_by="ann"))
    await world.log.write(topics.INVOICE_NORMALIZED, normalized(**more), key=KEY)
    await world.log.write(topics.DOCUMENT_STATUS, status("held", invoice_key=KEY, reasons=("ACCOUNT-NEW",)))


async def test_a_payment_is_shown_with_what_the_engine_says(world: World) -> None:
    await world.log.write(topics.PAYMENT_INITIATED, initiated())
    for code in ("ACSP", "ACSC", "ACCP"):
        await world.log.write(topics.PAYMENT_STATUS, payment_status(code))
    shown = (await world.client.get(f"/v1/payments/{COMMAND}")).json()
    assert shown["state"] == "settled"
    assert [report["status"] for report in shown["reports"]] == ["ACSP", "ACSC", "ACCP"]
    assert shown["command"]["instructed_amount"] == {"value": "120.00", "currency": "EUR"}
    assert shown["conflicting"] is False
    listed = (await world.client.get("/v1/payments")).json()["items"]
    assert [item["command"]["command_id"] for item in listed] == [COMMAND]


async def test_other_bytes_under_one_command_are_an_alarm(world: World) -> None:
    await world.log.write(topics.PAYMENT_INITIATED, initiated())
    await world.log.write(topics.PAYMENT_INITIATED, initiated(debtor_agent="AGRIFRPP"))
    shown = (await world.client.get(f"/v1/payments/{COMMAND}")).json()
    assert shown["conflicting"] is True
    assert shown["command"]["debtor_agent"] is None


async def test_a_status_without_a_command_shows_nothing(world: World) -> None:
    await world.log.write(topics.PAYMENT_STATUS, payment_status("ACSC"))
    await world.log.write(topics.PAYMENT_CANCELLATION, cancellation())
    assert (await world.client.get(f"/v1/payments/{COMMAND}")).status_code == 404
    assert (await world.client.get("/v1/payments")).json()["items"] == []


async def test_a_payment_can_be_cancelled_until_it_is_accepted(world: World) -> None:
    await world.log.write(topics.PAYMENT_INITIATED, initiated())
    answer = await world.client.post(f"/v1/payments/{COMMAND}/cancel", json={"reason": "wrong goods"})
    assert answer.status_code == 202
    (asked,) = world.log.events(topics.PAYMENT_CANCELLATION)
    assert isinstance(asked, CancellationRequested)
    assert (asked.command_id, asked.requested_by, asked.reason) == (COMMAND, "ann", "wrong goods")
    assert world.log.records[topics.PAYMENT_CANCELLATION.name][0].key == COMMAND.encode()
    shown = (await world.client.get(f"/v1/payments/{COMMAND}")).json()
    assert (shown["state"], shown["cancellation_requested_by"]) == ("payment_initiated", "ann")
    await world.log.write(topics.PAYMENT_STATUS, payment_status("ACCP"))
    late = await world.client.post(f"/v1/payments/{COMMAND}/cancel")
    assert (late.status_code, late.json()["state"]) == (409, "payment_accepted")
    assert len(world.log.events(topics.PAYMENT_CANCELLATION)) == 1


async def test_an_act_repeated_under_its_key_is_one_act(world: World) -> None:
    await held(world)
    headers = {"Idempotency-Key": "k1", **bearer("bob")}
    for _ in range(2):
        body = {"action": "approve"}
        answer = await world.client.post(f"/v1/reviews/{DOCUMENT}", json=body, headers=headers)
        assert (answer.status_code, answer.json()["document_id"]) == (202, DOCUMENT)
    assert len(reviews(world)) == 1
    other = await world.client.post(f"/v1/reviews/{DOCUMENT}", json={"action": "reject"}, headers=headers)
    assert other.status_code == 422


async def test_an_act_that_was_not_confirmed_is_the_same_act_when_it_is_repeated(world: World) -> None:
    await held(world)
    headers = {"Idempotency-Key": "k1", **bearer("bob")}
    world.log.lose_confirmation_of = topics.REVIEW_SUBMITTED
    assert (
        await world.client.post(f"/v1/reviews/{DOCUMENT}", json={"action": "approve"}, headers=headers)
    ).status_code == 503
    world.log.lose_confirmation_of = None
    assert (
        await world.client.post(f"/v1/reviews/{DOCUMENT}", json={"action": "approve"}, headers=headers)
    ).status_code == 202
    first, again = reviews(world)
    assert first.review_id == again.review_id


async def test_a_held_document_is_approved_by_another_person(world: World) -> None:
    await held(world)
    answer = await world.client.post(f"/v1/reviews/{DOCUMENT}", json={"action": "approve"}, headers=bearer("bob"))
    assert answer.status_code == 202
    (review,) = reviews(world)
    assert (review.action, review.reviewer, review.invoice_key) == ("approve", "bob", KEY)
    assert world.log.records[topics.REVIEW_SUBMITTED.name][0].key == KEY.encode()


@pytest.mark.parametrize("hands", [{}, {"received": received(submitted_by="carl"), "corrected_by": ("ann",)}])
async def test_whoever_captured_or_corrected_may_not_approve(world: World, hands: dict[str, Any]) -> None:
    await held(world, **hands)
    answer = await world.client.post(f"/v1/reviews/{DOCUMENT}", json={"action": "approve"})
    assert answer.status_code == 403
    assert answer.json()["type"] == "urn:quittance:problem:four-eyes"
    assert not reviews(world)
    reject = await world.client.post(f"/v1/reviews/{DOCUMENT}", json={"action": "reject", "reason": "not ours"})
    assert reject.status_code == 202


async def test_corrections_travel_by_field(world: World) -> None:
    await held(world)
    body = {"action": "correct", "corrections": {"amount_due_for_payment": "121.00", "payment_due_date": None}}
    assert (await world.client.post(f"/v1/reviews/{DOCUMENT}", json=body)).status_code == 202
    (review,) = reviews(world)
    assert review.corrections == {"amount_due_for_payment": "121.00", "payment_due_date": None}


@pytest.mark.parametrize(
    "body",
    [
        {"action": "correct"},
        {"action": "approve", "corrections": {"invoice_number": "1"}},
        {"action": "correct", "corrections": {"no_such_field": "1"}},
        {"action": "pay"},
        {"action": "cancel"},
        {},
    ],
)
async def test_a_review_that_means_nothing_is_refused(world: World, body: dict[str, Any]) -> None:
    await held(world)
    answer = await world.client.post(f"/v1/reviews/{DOCUMENT}", json=body)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert not reviews(world)


@pytest.mark.parametrize(
    ("action", "role", "may"),
    [("approve", "reviewer", False), ("approve", "approver", True), ("correct", "approver", False),
     ("correct", "reviewer", True), ("reject", "reviewer", True), ("reject", "approver", True)],
)  # fmt: skip
async def test_an_approval_needs_an_approver_and_a_correction_a_reviewer(
    world: World, action: str, role: str, may: bool
) -> None:
    await held(world)
    body = {"action": action} | ({"corrections": {"invoice_number": "1"}} if action == "correct" else {})
    answer = await world.client.post(f"/v1/reviews/{DOCUMENT}", json=body, headers=bearer(role))
    assert answer.status_code == (202 if may else 403)


@pytest.mark.parametrize("state", ["received", "approved", "rejected", "settled"])
async def test_only_a_held_document_can_be_reviewed(world: World, state: str) -> None:
    await held(world)
    await world.log.write(topics.DOCUMENT_STATUS, status(state, invoice_key=KEY))  # type: ignore[arg-type]  # parametrized
    answer = await world.client.post(f"/v1/reviews/{DOCUMENT}", json={"action": "reject"})
    assert (answer.status_code, answer.json()["state"]) == (409, state)


async def test_a_document_that_was_never_normalized_has_nothing_to_review(world: World) -> None:
    await world.log.write(topics.DOCUMENT_STATUS, status("held"))
    answer = await world.client.post(f"/v1/reviews/{DOCUMENT}", json={"action": "reject"})
    assert answer.status_code == 409


async def test_a_decision_is_shown_with_its_reasons(world: World) -> None:
    await world.log.write(topics.DOCUMENT_STATUS, status("held"))
    assert (await world.client.get(f"/v1/decisions/{DOCUMENT}")).status_code == 404
    await world.log.write(topics.PAYMENT_DECIDED, decided(), key=KEY)
    await world.log.write(
        topics.PAYMENT_DECIDED, decided(outcome="approve", decided_at=NOON + timedelta(hours=1)), key=KEY
    )
    shown = await world.client.get(f"/v1/decisions/{DOCUMENT}")
    assert (shown.status_code, shown.json()["outcome"]) == (200, "approve")


INVOICE: dict[str, Any] = {
    "invoice_number": "F2026-0042",
    "invoice_issue_date": "2026-11-01",
    "invoice_type_code": "380",
    "invoice_currency_code": "EUR",
    "payment_due_date": "2026-12-01",
    "seller": {"name": "Acme SARL", "vat_identifier": "FR40303265045"},
    "payment_instructions": [{"payment_means_type_code": "58", "payment_account_identifier": IBAN}],
    "totals": {
        "sum_of_invoice_line_net_amount": "100.00",
        "invoice_total_amount_without_vat": "100.00",
        "invoice_total_vat_amount": "20.00",
        "invoice_total_amount_with_vat": "120.00",
        "amount_due_for_payment": "120.00",
    },
    "vat_breakdown": [
        {
            "vat_category_code": "S",
            "vat_category_rate": "20",
            "vat_category_taxable_amount": "100.00",
            "vat_category_tax_amount": "20.00",
        }
    ],
}


async def test_a_dry_run_decides_and_leaves_nothing(world: World) -> None:
    unknown = (await world.client.post("/v1/decisions", json=INVOICE)).json()
    assert unknown["decision"]["outcome"] == "hold"
    assert "SUPPLIER-UNKNOWN" in unknown["decision"]["reasons"]
    await world.log.write(topics.SUPPLIER_CHANGED, supplier_changed(vat_identifier="FR40303265045"), key="acme")
    before = {topic: len(records) for topic, records in world.log.records.items()}
    known = (await world.client.post("/v1/decisions", json=INVOICE)).json()
    assert known["match"]["supplier"]["supplier_id"] == "acme"
    assert (known["decision"]["outcome"], known["decision"]["reasons"]) == ("approve", [])
    assert {topic: len(records) for topic, records in world.log.records.items()} == before


async def test_a_dry_run_knows_the_payments_that_are_out(world: World) -> None:
    await world.log.write(topics.SUPPLIER_CHANGED, supplier_changed(vat_identifier="FR40303265045"), key="acme")
    first = (await world.client.post("/v1/decisions", json=INVOICE)).json()["decision"]
    paid = decided(outcome="approve", reasons=(), invoice_key=first["invoice_key"])
    await world.log.write(topics.PAYMENT_DECIDED, paid, key=first["invoice_key"])
    again = (await world.client.post("/v1/decisions", json=INVOICE)).json()["decision"]
    assert again["outcome"] != "approve"
    assert "DUPLICATE" in again["reasons"]


@pytest.mark.parametrize("amount", [120.5, "NaN", "1e400", "1" * 30])
async def test_a_dry_run_takes_no_amount_that_is_no_money(world: World, amount: object) -> None:
    body = {**INVOICE, "totals": {"amount_due_for_payment": amount}}
    answer = await world.client.post("/v1/decisions", json=body)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
