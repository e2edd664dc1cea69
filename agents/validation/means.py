"""The payment-means gate: by which codes money may move, and by which the document asks for no transfer."""

from agents.validation.rule import CLEAN, Findings, finding
from schemas.evidence import Lane
from schemas.invoice import Invoice
from schemas.means import MeansKind, is_movable, means_kind

_FIELD = "payment_means_type_code"
_NOT_MOVABLE: dict[MeansKind, tuple[str, str]] = {
    "direct_debit": ("DIRECT-DEBIT", "the seller collects the sum"),
    "card": ("CARD-PAYMENT", "settled by card"),
}


def payment_means(invoice: Invoice, lane: Lane) -> Findings:
    """Money moves only where a transfer is asked for (UNTDID 4461): a document of other means alone is not paid."""
    del lane
    codes = _codes(invoice)
    if not codes or any(is_movable(code) for code in codes):
        return CLEAN
    kinds = {means_kind(code) for code in codes}
    if "unknown" in kinds:
        return CLEAN  # payment_means_unknown says so; what the code means cannot be told
    rule, why = (
        _NOT_MOVABLE.get(kinds.pop(), ("PAYMENT-MEANS", "other means"))
        if len(kinds) == 1
        else ("PAYMENT-MEANS", "other means")
    )
    return finding(rule, "error", f"{why}: code {', '.join(code or 'none' for code in codes)}", _FIELD)


def payment_means_unknown(invoice: Invoice, lane: Lane) -> Findings:
    """A code stands in UNTDID 4461 or in FatturaPA's list."""
    del lane
    unknown = [code for code in _codes(invoice) if code and means_kind(code) == "unknown"]
    return finding("PAYMENT-MEANS-UNKNOWN", "error", f"code {', '.join(unknown)}", _FIELD) if unknown else CLEAN


def payment_means_mixed(invoice: Invoice, lane: Lane) -> Findings:
    """A transfer beside a collection, a card or a cheque may pay twice."""
    del lane
    codes = _codes(invoice)
    movable = [code for code in codes if is_movable(code)]
    barred = [code for code in codes if code and not is_movable(code) and means_kind(code) != "unknown"]
    debited = invoice.debited_account_identifier is not None
    if not movable or not (barred or debited):
        return CLEAN
    return finding(
        "PAYMENT-MEANS-MIXED", "warning", f"also code {', '.join(barred) or 'none, but an account to debit'}", _FIELD
    )


def payment_means_review(invoice: Invoice, lane: Lane) -> Findings:
    """Code 31 is a debit transfer by its name; a person tells whether a credit transfer is meant."""
    del lane
    reviewed = any(means_kind(code) == "review" for code in _codes(invoice))
    return finding("PAYMENT-MEANS-REVIEW", "warning", "code 31", _FIELD) if reviewed else CLEAN


def payment_means_vague(invoice: Invoice, lane: Lane) -> Findings:
    """Codes 1 and ZZZ leave the means to an agreement that we do not know."""
    del lane
    vague = [code for code in _codes(invoice) if code and means_kind(code) == "unstated"]
    return finding("PAYMENT-MEANS-VAGUE", "warning", f"code {', '.join(vague)}", _FIELD) if vague else CLEAN


def payment_means_unstated(invoice: Invoice, lane: Lane) -> Findings:
    """A document without a code is paid as the supplier's verified account allows: by transfer."""
    del lane
    return CLEAN if any(_codes(invoice)) else finding("PAYMENT-MEANS-UNSTATED", "info", "no code (BT-81)", _FIELD)


def _codes(invoice: Invoice) -> list[str | None]:
    return list(dict.fromkeys(instruction.payment_means_type_code for instruction in invoice.payment_instructions))
