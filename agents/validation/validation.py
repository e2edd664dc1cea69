"""All document rules in one table. Their order does not matter: each looks at the invoice alone."""

from agents.validation import accounts, document, means, sums
from agents.validation.rule import CLEAN, Findings, Rule, finding
from schemas.evidence import Lane
from schemas.invoice import Invoice

RULES: tuple[Rule, ...] = (
    sums.br_co_10,
    sums.br_co_13,
    sums.br_co_14,
    sums.br_co_15,
    sums.br_co_16,
    sums.br_co_17,
    accounts.account_invalid,
    accounts.account_check_method,
    accounts.account_not_iban,
    accounts.account_ambiguous,
    accounts.account_own,
    accounts.bic_invalid,
    accounts.bic_mismatch,
    accounts.reference_invalid,
    means.payment_means,
    means.payment_means_unknown,
    means.payment_means_mixed,
    means.payment_means_review,
    means.payment_means_vague,
    means.payment_means_unstated,
    document.credit_note,
    document.not_an_invoice,
    document.type_unusual,
    document.corrected_invoice,
    document.nothing_due,
    document.amount_ambiguous,
    document.instalments,
    document.payee_not_seller,
    document.vat_id_invalid,
    document.currency_unknown,
    document.due_date_implausible,
)


# What a reader says of an Italian invoice of which a part goes to the state: the sum to pay is less than the total.
STATE_SHARE = frozenset({"WITHHOLDING", "SPLIT-PAYMENT"})


def validate(invoice: Invoice, lane: Lane, findings: Findings) -> Findings:
    """Return the findings of the stages before, followed by those of the document rules, each once."""
    found = (each for rule in RULES for each in rule(invoice, lane))
    return tuple(dict.fromkeys((*findings, *found, *_state_share(invoice, findings))))


def _state_share(invoice: Invoice, findings: Findings) -> Findings:
    """Where a part of the total goes to the state, the total is never what the seller gets."""
    shared = STATE_SHARE & {each.rule for each in findings}
    if not shared or invoice.totals.amount_due_for_payment is not None:
        return CLEAN
    return finding("AMOUNT-AMBIGUOUS", "error", "a part of the total goes to the state", "amount_due_for_payment")
