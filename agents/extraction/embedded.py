"""Which of the files attached to a PDF is its invoice."""

from dataclasses import dataclass, field

from agents.extraction.attachments import Attachment
from agents.extraction.draft import Draft
from agents.extraction.xml.reading import read_draft
from schemas.evidence import FieldName, Unreadable
from schemas.finding import Finding

# Names by which the standards had it, the newest first: the order in which one of several is preferred.
INVOICE_NAMES = ("factur-x.xml", "xrechnung.xml", "zugferd-invoice.xml", "zugferd_invoice.xml", "cii.xml", "ubl.xml")
ORDER_NAMES = frozenset({"order-x.xml", "order.xml"})
_DOUBT_BY_FIELD: tuple[tuple[FieldName, str], ...] = (
    ("payment_account_identifier", "ACCOUNT-AMBIGUOUS"),
    ("amount_due_for_payment", "AMOUNT-AMBIGUOUS"),
    ("invoice_currency_code", "AMOUNT-AMBIGUOUS"),
    ("invoice_number", "NUMBER-AMBIGUOUS"),
)


@dataclass
class Embedded:
    """The invoice that was found, if any, and what has to be said about the others."""

    draft: Draft | None = None
    findings: list[Finding] = field(default_factory=list)


def choose(attachments: tuple[Attachment, ...]) -> Embedded:
    """Return the attached invoice; several that say the same are one, several that differ are a doubt."""
    found = Embedded()
    for attachment in sorted(attachments, key=_rank):
        name = attachment.name.lower()
        if name in ORDER_NAMES:
            found.findings.append(_finding("NOT-AN-INVOICE", f"an order is attached: {attachment.name[:80]}"))
            continue
        draft = read_draft(attachment.content)
        if not isinstance(draft, Unreadable):
            _take(found, draft)
        elif name in INVOICE_NAMES:
            found.findings.append(_finding("XML-BROKEN", f"{attachment.name[:80]}: {draft.reason}"))
    return found


def _rank(attachment: Attachment) -> int:
    name = attachment.name.lower()
    return INVOICE_NAMES.index(name) if name in INVOICE_NAMES else len(INVOICE_NAMES)


def _take(found: Embedded, draft: Draft) -> None:
    if found.draft is None:
        found.draft = draft
        return
    found.draft.find("XML-SEVERAL", "several invoices in XML are attached", severity="info")
    for name, doubt in _DOUBT_BY_FIELD:
        if found.draft.value(name) != draft.value(name):
            found.draft.find(doubt, "the attached invoices differ", name)


def _finding(rule: str, message: str) -> Finding:
    return Finding(rule=rule, severity="error", message=message)
