"""The payment shell: check, emit, await, record. Under any crash one command, and never another document's."""

import asyncio
from typing import Any

import pytest

from agents.decision.decision import decide
from agents.decision.policy import DEFAULT_POLICY
from agents.payment.agent import payment
from schemas.decision import Decision
from schemas.events import PaymentDecided
from schemas.identifiers import command_id, digest
from schemas.payment import Debtor
from schemas.topics import PAYMENT_DECIDED, PAYMENT_INITIATED, PAYMENT_ISSUED
from tables.invoices import InvoiceRecord
from tables.keyed import Keyed
from tables.payments import IssuedCommand, LedgerPosition, Payments
from tests.agents.builders import DEBTOR, OTHER_IBAN, TENANT, invoice, received, supplier, transfer, validated
from tests.agents.ports import AtOnce, Ended, FakePorts, FakeTables, Feed

COMMAND = command_id(TENANT, supplier().supplier_id, "F2026-0042")
PARTITION = 3


class Ledger(FakeTables):
    """The tables, which outlive their owner; `tail` is what the ledger says beyond them."""

    def __init__(self) -> None:
        super().__init__()
        self.commands: dict[str, Any] = {}
        self.positions: dict[str, Any] = {}
        self.tail: list[IssuedCommand] = []
        self.asked: list[int] = []
        self.index = self._opened()

    def _opened(self) -> Payments:
        return Payments(Keyed(self.commands, IssuedCommand), Keyed(self.positions, LedgerPosition))

    async def payments(self, partition: int) -> Payments:
        self.asked.append(partition)
        self.index.catch_up(partition, self.tail)
        self.tail = []
        return self.index


def decided(content: bytes = b"one", **changes: Any) -> Decision:
    given = validated(received=received(content))
    outcome = decide(given, InvoiceRecord(), policy=DEFAULT_POLICY, debtor=DEBTOR, release="r1")
    return outcome.model_copy(update=changes)


class Desk:
    def __init__(self, debtors: dict[str, Debtor] | None = None) -> None:
        self.ports = FakePorts()
        self.ledger = Ledger()
        payers = {TENANT: DEBTOR} if debtors is None else debtors
        self._feed = Feed(
            payment(self.ports, AtOnce(), self.ledger, payers, lambda _content: "signed"), PAYMENT_DECIDED
        )

    async def pay(self, decision: Decision, *, offset: int | None = None, key: str | None = None) -> None:
        event = PaymentDecided(decision=decision, correlation_id="chain")
        await self._feed(event, key or decision.invoice_key, offset=offset, partition=PARTITION)

    @property
    def commands(self) -> list[Any]:
        return self.ports.events(PAYMENT_INITIATED)

    @property
    def state(self) -> str:
        return self.ports.statuses[-1].state


@pytest.fixture
async def desk() -> Desk:
    return Desk()


async def test_an_approval_becomes_a_command_in_its_own_partition(desk: Desk) -> None:
    await desk.pay(decided())
    [command] = desk.commands
    assert command.command_id == COMMAND
    [record] = [record for record in desk.ports.written if record.topic == "payment.initiated"]
    assert (record.key, record.partition) == (COMMAND.encode(), PARTITION)
    assert (desk.state, desk.ports.statuses[-1].command_ids) == ("payment_initiated", (COMMAND,))


async def test_the_command_is_there_before_anybody_says_so(desk: Desk) -> None:
    await desk.pay(decided())
    assert desk.ports.topics == ["payment.initiated", "document.status", "audit.entry", "payment.issued"]


async def test_it_is_remembered_where_it_stands(desk: Desk) -> None:
    await desk.pay(decided())
    issued = desk.ledger.index.issued(COMMAND)
    assert issued is not None
    assert (issued.partition, issued.offset, issued.document_id) == (PARTITION, 0, decided().document_id)
    assert desk.ledger.index.position(PARTITION) == 1
    assert desk.ledger.confirmations == 2, "the command first, then the position"
    assert set(desk.ledger.asked) == {PARTITION}


async def test_a_decision_delivered_again_pays_nothing_again_and_says_the_same(desk: Desk) -> None:
    await desk.pay(decided(), offset=9)
    first = [record for record in desk.ports.written if record.topic in {"payment.issued", "audit.entry"}]
    await desk.pay(decided(), offset=9)
    assert len(desk.commands) == 1
    again = [record for record in desk.ports.written if record.topic in {"payment.issued", "audit.entry"}][2:]
    assert [(record.topic, record.value) for record in again] == [(record.topic, record.value) for record in first]
    assert desk.state == "payment_initiated"


@pytest.mark.parametrize("dies_at", ["document.status", "audit.entry", "payment.issued"])
async def test_after_a_crash_behind_the_brokers_word_the_ledger_knows_the_command(desk: Desk, dies_at: str) -> None:
    desk.ports.broken.add(dies_at)
    with pytest.raises(Ended):
        await desk.pay(decided(), offset=9)
    [record] = [record for record in desk.ports.written if record.topic == "payment.initiated"]
    assert desk.ledger.index.issued(COMMAND) is None, "the table does not know it"
    desk.ports.broken.clear()
    desk.ledger.tail = [
        IssuedCommand(
            command_id=COMMAND,
            document_id=decided().document_id,
            digest=digest(record.value or b""),
            partition=PARTITION,
            offset=0,
        )
    ]
    await desk.pay(decided(), offset=9)
    assert len(desk.commands) == 1
    assert desk.ports.topics[-1] == "payment.issued"


async def test_two_commands_of_a_zombie_and_its_successor_are_the_same_bytes() -> None:
    one, other = Desk(), Desk()
    await one.pay(decided(), offset=9)
    await other.pay(decided(), offset=9)
    first, second = (desk.ports.written[0] for desk in (one, other))
    assert first == second


async def test_the_same_invoice_by_another_document_is_paid_already(desk: Desk) -> None:
    await desk.pay(decided(b"one"))
    await desk.pay(decided(b"two"))
    assert len(desk.commands) == 1
    assert (desk.state, desk.ports.statuses[-1].reasons) == ("rejected", ("DUPLICATE",))
    assert len(desk.ports.events(PAYMENT_ISSUED)) == 1


@pytest.mark.parametrize("outcome", ["hold", "reject"])
async def test_nothing_else_than_an_approval_pays(desk: Desk, outcome: str) -> None:
    await desk.pay(decided(outcome=outcome))
    assert not desk.commands
    assert not desk.ports.statuses, "the decision has told"
    assert desk.ports.audit[-1].outcome == "nothing_to_pay"


async def test_without_a_paying_party_nothing_is_paid() -> None:
    desk = Desk({})
    await desk.pay(decided())
    assert not desk.commands


async def test_a_command_that_is_not_complete_waits_for_a_person() -> None:
    homeless = DEBTOR.model_copy(update={"postal_address": DEBTOR.postal_address.model_copy(update={"town": None})})
    desk = Desk({TENANT: homeless})
    await desk.pay(decided())
    assert not desk.commands
    assert desk.state == "held"


async def test_a_decision_that_is_not_at_home_is_never_paid_there(desk: Desk) -> None:
    """Its command id belongs to another partition; two owners would each know nothing of the other's."""
    stale = "ik_" + "b" * 26
    await desk.pay(decided(invoice_key=stale))
    assert not desk.commands
    assert not desk.ledger.asked
    assert (desk.state, desk.ports.statuses[-1].reasons) == ("held", ("KEY-STALE",))


async def test_a_held_invoice_has_no_payment_to_make() -> None:
    assert decide(
        validated(invoice(payment_instructions=(transfer(OTHER_IBAN),))),
        InvoiceRecord(),
        policy=DEFAULT_POLICY,
        debtor=DEBTOR,
        release="r1",
    ).payment is None  # fmt: skip


async def test_nothing_is_written_before_the_ledger_is_read(desk: Desk) -> None:
    read = asyncio.Event()
    known = desk.ledger.payments

    async def slow(partition: int) -> Payments:
        await read.wait()
        return await known(partition)

    desk.ledger.payments = slow  # type: ignore[method-assign]  # the one method whose time matters here
    paying = asyncio.create_task(desk.pay(decided()))
    for _ in range(20):
        await asyncio.sleep(0)
    assert not desk.ports.asked
    read.set()
    await paying
    assert len(desk.commands) == 1
