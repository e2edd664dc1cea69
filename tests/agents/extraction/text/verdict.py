"""The agreed rule by which a reading alone is payable (contracts: assessment), small enough to be seen through."""

from schemas.evidence import PAYMENT_CRITICAL, ExtractedInvoice
from schemas.finding import DOUBT_RULES, NOT_PAYABLE_RULES

CONFIDENCE_MIN = 0.9


def outcome(read: ExtractedInvoice) -> str:
    """Return payable, doubtful or not_payable."""
    if any(finding.rule in NOT_PAYABLE_RULES and finding.severity == "error" for finding in read.findings):
        return "not_payable"
    if any(finding.rule in DOUBT_RULES | NOT_PAYABLE_RULES for finding in read.findings):
        return "doubtful"
    fields = [read.field(name) for name in PAYMENT_CRITICAL]
    return "payable" if all(f.value and f.confidence >= CONFIDENCE_MIN for f in fields) else "doubtful"
