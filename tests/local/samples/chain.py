"""The pure cores of all stages in a row, without broker or tables: what the real chain must decide as well."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from agents.decision.decision import decide
from agents.decision.policy import DEFAULT_POLICY
from agents.extraction.reading import read
from agents.normalization.normalization import normalize
from agents.validation.assessment import assess
from agents.validation.reference import validate_against
from agents.validation.validation import validate
from app.local.samples import SampleSet, supplier_csv
from app.local.samples.parties import TENANT, Company
from app.suppliers import parse_suppliers
from schemas.decision import Decision, DecisionOutcome
from schemas.events import DocumentReceived, InvoiceNormalized, InvoiceValidated
from schemas.evidence import PAYMENT_CRITICAL, ExtractedInvoice
from schemas.identifiers import digest
from schemas.invoice import PostalAddress
from schemas.payment import Debtor
from tables.invoices import InvoiceRecord
from tables.keys import key_of
from tables.suppliers import Directory

NOW = datetime(2026, 11, 24, tzinfo=UTC)
RELEASE = "test"


@dataclass
class Chain:
    """Remembers what was decided, by invoice key, as the decision stage's table does."""

    samples: SampleSet
    directory: Directory = field(default_factory=Directory)
    records: dict[str, InvoiceRecord] = field(default_factory=dict)
    outcomes: dict[str, DecisionOutcome] = field(default_factory=dict)
    reasons: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        file = supplier_csv(self.samples.suppliers).encode()
        for supplier in parse_suppliers(file, verified_by="test", verified_at=NOW):
            self.directory.apply(supplier)

    def run(self) -> "Chain":
        """Put every document through, once each, in the order of the set."""
        contents = {sample.document_id: sample.content for sample in self.samples.samples}
        for document, content in contents.items():
            extracted = read(content)
            if isinstance(extracted, ExtractedInvoice):
                decision = self._decide(document, extracted)
                self.outcomes[document], self.reasons[document] = decision.outcome, decision.reasons
            else:
                self.outcomes[document], self.reasons[document] = "reject", (extracted.reason,)
        return self

    def _decide(self, document: str, extracted: ExtractedInvoice) -> Decision:
        validated = self._validate(self._normalize(document, extracted))
        key = validated.normalized.invoice_key
        record = self.records.get(key) or InvoiceRecord()
        debtor = debtor_of(self.samples.debtor)
        decision = decide(validated, record, policy=DEFAULT_POLICY, debtor=debtor, release=RELEASE)
        self.records[key] = record.with_answer(decision, analysis=0, review_id=None)
        return decision

    def _normalize(self, document: str, extracted: ExtractedInvoice) -> InvoiceNormalized:
        invoice, findings = normalize(extracted)
        key, supplier_id = key_of(invoice, TENANT, document, self.directory)
        return InvoiceNormalized(
            received=DocumentReceived(document_id=document, reference="file:///test"),
            invoice_key=key,
            supplier_id=supplier_id,
            invoice=invoice,
            lane=extracted.lane,
            confidence={name: extracted.field(name).confidence for name in PAYMENT_CRITICAL if extracted.value(name)},
            findings=findings,
            evidence_digest=digest(b"test"),
            release=RELEASE,
            event_time=NOW,
        )

    def _validate(self, normalized: InvoiceNormalized) -> InvoiceValidated:
        invoice = normalized.invoice
        match = self.directory.match(invoice, TENANT)
        document = validate(invoice, normalized.lane, normalized.findings)
        own = frozenset({self.samples.debtor.account.iban})
        known = validate_against(invoice, match, self.directory, tenant=TENANT, own_accounts=own)
        return InvoiceValidated(
            normalized=normalized,
            findings=(*document, *known),
            assessment=assess(invoice, normalized.lane, normalized.confidence, document),
            match=match,
            release=RELEASE,
        )


def debtor_of(company: Company) -> Debtor:
    """Return the paying party as the settings would make it."""
    address = PostalAddress(
        street=company.street, post_code=company.post_code, town=company.town, country=company.country
    )
    return Debtor(name=company.name, account=company.account.iban, agent=company.account.bic, postal_address=address)
