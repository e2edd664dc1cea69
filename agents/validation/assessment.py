"""What the document alone proves: payable, doubtful or not payable (contracts: `quittance read`)."""

from collections.abc import Iterable, Mapping

from agents.validation.thresholds import thresholds
from schemas.accounts import claims_iban
from schemas.evidence import PAYMENT_CRITICAL, FieldName, Lane
from schemas.finding import DOUBT_RULES, NOT_PAYABLE_RULES, Assessment, Finding
from schemas.identifiers import fold_number
from schemas.invoice import Invoice

# Below it a value is a guess; chosen by an exact bound on labelled documents (docs/decisions/0019).
CONFIDENCE_MIN: Mapping[Lane, float] = thresholds()


def assess(
    invoice: Invoice,
    lane: Lane,
    confidence: Mapping[FieldName, float],
    findings: tuple[Finding, ...],
    *,
    confidence_min: Mapping[Lane, float] = CONFIDENCE_MIN,
) -> Assessment:
    """Return the worth of a document, from its own values and findings.

    Args:
        invoice: the normalized invoice.
        lane: how it was read.
        confidence: the reader's, for each payment-critical value; what is missing is not proven. Where the sum to pay
            is taken from the total with VAT (BT-115 is absent), the total's counts.
        findings: of the reader and of the document rules, not of reference data.
        confidence_min: below it a value is a guess, by lane; another release may have other thresholds.
    """
    refusals = _codes(
        finding for finding in findings if finding.rule in NOT_PAYABLE_RULES and finding.severity == "error"
    )
    sureness = min(_confidence(invoice, name, confidence) for name in PAYMENT_CRITICAL)
    if refusals:
        return Assessment(outcome="not_payable", confidence=sureness, reasons=refusals)
    doubts = {finding.rule for finding in findings if _is_doubt(finding)} | _gaps(invoice)
    if sureness < confidence_min[lane]:
        doubts.add("CONFIDENCE-LOW")
    return Assessment(outcome="doubtful" if doubts else "payable", confidence=sureness, reasons=tuple(sorted(doubts)))


def _confidence(invoice: Invoice, name: FieldName, confidence: Mapping[FieldName, float]) -> float:
    if name == "amount_due_for_payment" and invoice.totals.amount_due_for_payment is None:
        name = "invoice_total_amount_with_vat"
    return confidence.get(name, 0.0)


def _is_doubt(finding: Finding) -> bool:
    """Tell whether a finding makes a careful clerk stop; a mere suspicion that nothing is to be paid does too."""
    return finding.severity == "error" or finding.rule in DOUBT_RULES or finding.rule in NOT_PAYABLE_RULES


def _gaps(invoice: Invoice) -> set[str]:
    """Return the payment-critical values that are missing or cannot be proven."""
    accounts = invoice.payee_accounts()
    gaps = {
        "ACCOUNT-MISSING": not accounts,
        "ACCOUNT-NOT-IBAN": any(not claims_iban(account) for account in accounts),
        "AMOUNT-MISSING": invoice.amount_payable() is None,
        "CURRENCY-MISSING": invoice.invoice_currency_code is None,
        "NUMBER-MISSING": not fold_number(invoice.invoice_number or ""),
    }
    return {rule for rule, missing in gaps.items() if missing}


def _codes(findings: Iterable[Finding]) -> tuple[str, ...]:
    return tuple(sorted({finding.rule for finding in findings}))
