"""Which supplier a record says that a document is of."""

from datetime import UTC, datetime

from app.documents import Claim
from app.dossier import Exhibit
from schemas.events import InvoiceNormalized, InvoiceValidated
from schemas.payment import PaymentInitiated
from schemas.topics import INVOICE_NORMALIZED, INVOICE_VALIDATED, PAYMENT_INITIATED

# Where a document is said to be a supplier's. The commands stay for ever, the others as long as work is kept.
NAMING = (INVOICE_NORMALIZED, INVOICE_VALIDATED, PAYMENT_INITIATED)


def recognised(exhibit: Exhibit) -> Claim | None:
    """Return the supplier that a record names, for which tenant, and when; None where it names none."""
    match exhibit.event:
        case InvoiceNormalized(supplier_id=str(found), received=received):
            tenant = received.tenant
        case InvoiceValidated(match=match, normalized=normalized) if match:
            found, tenant = match.supplier.supplier_id, normalized.received.tenant
        case PaymentInitiated(supplier_id=str(found), tenant=tenant):
            pass
        case _:
            return None
    return Claim(tenant=tenant, supplier_id=found, at=datetime.fromtimestamp(exhibit.read.timestamp_ms / 1000, UTC))
