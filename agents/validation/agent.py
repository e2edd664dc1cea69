"""The validation stage: every finding, what the document alone is worth, and whose invoice it is."""

from collections.abc import Mapping

from agents.effects import Agent, Arrival, Effects, Emission, Ports, Subject, Window
from agents.stage import Stage
from agents.validation.assessment import assess
from agents.validation.reference import validate_against
from agents.validation.thresholds import thresholds
from agents.validation.validation import validate
from schemas.events import InvoiceNormalized, InvoiceValidated
from schemas.payment import Debtor
from schemas.topics import INVOICE_NORMALIZED, INVOICE_VALIDATED
from tables.reference import Reference
from tables.releases import Running


def validation(ports: Ports, window: Window, reference: Reference, debtors: Mapping[str, Debtor]) -> Agent:
    """Return the agent that reads `invoice.normalized`."""

    async def step(arrival: Arrival[InvoiceNormalized]) -> Effects:
        normalized, running = arrival.event, arrival.running
        tenant, invoice = normalized.received.tenant, normalized.invoice
        directory = await reference.directory()
        own = debtors.get(tenant)
        match = directory.match(invoice, tenant)
        document = validate(invoice, normalized.lane, normalized.findings)
        known = validate_against(
            invoice, match, directory, tenant=tenant, own_accounts=frozenset({own.account} if own else ())
        )
        validated = InvoiceValidated(
            normalized=normalized,
            findings=(*document, *known),
            assessment=assess(
                invoice,
                normalized.lane,
                normalized.confidence,
                document,
                confidence_min=thresholds(running.bundle.confidence_min),
            ),
            match=match,
            release=running.name,
        )
        emission = Emission(INVOICE_VALIDATED, normalized.invoice_key, validated)
        return Effects(about(normalized), "validated", "validated", then=(emission,))

    async def under(event: InvoiceNormalized) -> Running:
        return await ports.releases.named(event.release, event.document_id)

    return Stage("validation", INVOICE_NORMALIZED, InvoiceNormalized, step, about, ports, window, under=under).agent()


def about(event: InvoiceNormalized) -> Subject:
    """Name whom the event concerns."""
    return Subject(event.received.tenant, event.document_id, event.invoice_key)
