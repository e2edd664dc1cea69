"""One document is one invoice: what a later release makes of the same bytes goes where the first reading went."""

import pytest

from agents.decision.decision import decide
from agents.decision.policy import DEFAULT_POLICY
from agents.normalization.agent import READ_OTHERWISE, normalization
from schemas.events import DocumentReceived, InvoiceExtracted, InvoiceNormalized, InvoiceValidated
from schemas.evidence import ExtractedInvoice, Field, FieldName
from schemas.identifiers import document_id
from schemas.topics import INVOICE_EXTRACTED, INVOICE_NORMALIZED
from tables.documents import DocumentFile, document_key
from tables.invoices import InvoiceRecord
from tables.keyed import Keyed
from tables.suppliers import Directory
from tests.agents.builders import DEBTOR, IBAN, MOMENT, directory, supplier, validated
from tests.agents.ports import AtOnce, FakePorts, FakeTables, Feed

DOCUMENT = document_id(b"one invoice")


class Memory(FakeTables):
    def __init__(self) -> None:
        super().__init__()
        self.documents = Keyed[DocumentFile]({}, DocumentFile)


class Desk:
    """The stage over a directory that may change."""

    def __init__(self) -> None:
        self.ports, self.memory, self.known = FakePorts(), Memory(), Directory()
        self.feed = Feed(normalization(self.ports, AtOnce(), self.memory, self), INVOICE_EXTRACTED)

    async def directory(self) -> Directory:
        return self.known

    async def reads(self, number: str, *, analysis: int = 0, tenant: str = "default") -> InvoiceNormalized:
        await self.feed(extracted(number, analysis, tenant), DOCUMENT)
        found: InvoiceNormalized = self.ports.events(INVOICE_NORMALIZED)[-1]
        return found


def extracted(number: str, analysis: int, tenant: str) -> InvoiceExtracted:
    values: dict[FieldName, str] = {
        "invoice_number": number, "seller_name": "Boulangerie Dupont SARL", "seller_vat_identifier": "FR40303265045",
        "invoice_currency_code": "EUR", "amount_due_for_payment": "120.00", "payment_account_identifier": IBAN,
    }  # fmt: skip
    return InvoiceExtracted(
        received=DocumentReceived(
            document_id=DOCUMENT, reference="file:///in/one.pdf", analysis=analysis, tenant=tenant
        ),
        extracted=ExtractedInvoice(
            lane="text",
            media_type="application/pdf",
            pages=1,
            fields={name: Field(value=value, raw=value, confidence=0.99) for name, value in values.items()},
        ),
        release="r",
        event_time=MOMENT,
    )


def checked(normalized: InvoiceNormalized) -> InvoiceValidated:
    """Return the event as validation passes it on."""
    return validated(
        normalized.invoice,
        invoice_key=normalized.invoice_key,
        received=normalized.received,
        confidence=normalized.confidence,
        findings=normalized.findings,
    )


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def test_another_number_of_the_same_document_goes_to_the_key_of_the_first(desk: Desk) -> None:
    first, second = await desk.reads("2026/03"), await desk.reads("5034.1")
    assert second.invoice_key == first.invoice_key
    assert READ_OTHERWISE in second.findings
    assert READ_OTHERWISE not in first.findings
    assert await desk.reads("2026/03") == first


async def test_the_first_reading_is_written_down_before_the_event_is_settled(desk: Desk) -> None:
    await desk.reads("2026/03")
    assert desk.memory.confirmations == 1
    file = desk.memory.documents.get(document_key("default", DOCUMENT))
    assert file is not None
    assert len(file.readings) == 1


async def test_a_new_analysis_may_find_another_invoice(desk: Desk) -> None:
    first, second = await desk.reads("2026/03"), await desk.reads("5034.1", analysis=1)
    assert second.invoice_key != first.invoice_key
    assert READ_OTHERWISE not in second.findings


async def test_what_two_tenants_are_sent_is_two_documents(desk: Desk) -> None:
    await desk.reads("2026/03")
    assert READ_OTHERWISE not in (await desk.reads("5034.1", tenant="other")).findings


async def test_a_supplier_who_is_known_by_now_is_no_other_reading(desk: Desk) -> None:
    await desk.reads("2026/03")
    desk.known = directory(supplier())
    assert READ_OTHERWISE not in (await desk.reads("2026/03")).findings


async def test_what_was_decided_on_the_first_reading_stands(desk: Desk) -> None:
    """Whatever the second one says, the decision is the one of before; and where there is none, a person decides."""
    desk.known = directory(supplier())
    first, second = await desk.reads("2026/03"), await desk.reads("5034.1")
    paid = decide(checked(first), InvoiceRecord(), policy=DEFAULT_POLICY, debtor=DEBTOR, release="r")
    assert paid.outcome == "approve"
    record = InvoiceRecord().with_answer(paid, analysis=0, review_id=None)
    assert decide(checked(second), record, policy=DEFAULT_POLICY, debtor=DEBTOR, release="r") == paid
    alone = decide(checked(second), InvoiceRecord(), policy=DEFAULT_POLICY, debtor=DEBTOR, release="r")
    assert alone.outcome == "hold"
    assert READ_OTHERWISE.rule in alone.reasons
