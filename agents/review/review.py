"""Whether a person's act can be followed, and what comes back into the chain. The decision keeps the four eyes."""

from agents.review.corrections import Uncorrectable, correct
from schemas.base import Record
from schemas.decision import ReviewSubmitted
from schemas.events import InvoiceNormalized
from tables.invoices import InvoiceRecord
from tables.keys import key_of
from tables.suppliers import Directory


class Refusal(Record):
    """Why an act cannot be followed.

    `REVIEW-UNKNOWN`: the document was never decided under this key. `REVIEW-MOVED`: it has another key now.
    `REVIEW-LATE`: a decision stands, above all an approval whose command may be out. `REVIEW-UNCORRECTABLE`: a value
    that its field cannot have. `REVIEW-OUTDATED`: the document was decided anew since the person looked at it.
    """

    reason: str
    detail: str = ""


def readmit(
    review: ReviewSubmitted, held: InvoiceNormalized | None, record: InvoiceRecord, directory: Directory
) -> InvoiceNormalized | Refusal:
    """Return the held invoice as the act leaves it, or why it is refused.

    The key is derived anew, for a correction or a supplier known since may change it.
    """
    latest = record.latest(review.document_id)
    if record.departed(review.document_id):
        return Refusal(reason="REVIEW-MOVED", detail="The document was corrected to another invoice.")
    if latest is None or held is None or latest.outcome != "hold":
        late = latest is not None
        return Refusal(reason="REVIEW-LATE" if late else "REVIEW-UNKNOWN", detail="The document does not wait here.")
    if review.tenant != held.received.tenant:
        return Refusal(reason="REVIEW-UNKNOWN", detail="The document does not wait here.")
    if review.evidence_digest is not None and review.evidence_digest != latest.evidence_digest:
        return Refusal(reason="REVIEW-OUTDATED", detail="The document was decided anew since it was looked at.")
    try:
        changed = correct(held, review.corrections, review.reviewer) if review.action == "correct" else held
    except Uncorrectable as wrong:
        return Refusal(reason="REVIEW-UNCORRECTABLE", detail=str(wrong))
    received = held.received
    key, supplier_id = key_of(changed.invoice, received.tenant, received.document_id, directory)
    return changed.model_copy(update={"invoice_key": key, "supplier_id": supplier_id, "review": review})
