"""Each reason code: what follows from it, and how it is said to a clerk.

`reject` is final. `bar` keeps the invoice held whatever a person says, as something must first be put right (a value
corrected, a supplier entered). `hold` waits for a person, whose approval lifts it. `note` only informs. What keeps a
payment from being complete bars it as long as it is so (payee.py), whatever is written here.
"""

from typing import Literal, NamedTuple

from schemas.finding import DOUBT_RULES, NOT_PAYABLE_RULES, Finding

Consequence = Literal["reject", "bar", "hold", "note"]


class Rule(NamedTuple):
    """What a reason code leads to, and one plain sentence for it."""

    consequence: Consequence | None  # None: an error holds, anything milder informs
    sentence: str


RULES: dict[str, Rule] = {
    # The document asks for no credit transfer.
    "NOT-AN-INVOICE": Rule("reject", "This document is no invoice."),
    "CREDIT-NOTE": Rule("reject", "This is a credit note; nothing is paid for it."),
    "ALREADY-PAID": Rule("reject", "The document says that it is already paid."),
    "DIRECT-DEBIT": Rule("reject", "The supplier collects this sum by direct debit."),
    "CARD-PAYMENT": Rule("reject", "This invoice is settled by card."),
    "PAYMENT-MEANS": Rule("reject", "The document asks for another means of payment than a credit transfer."),
    "NOTHING-DUE": Rule("reject", "The sum to pay is zero or less."),
    "DOCUMENT-NOT-PAYABLE": Rule("reject", "The document does not ask for a payment."),
    "TYPE-UNUSUAL": Rule("hold", "The document is of an unusual type."),
    "CORRECTED-INVOICE": Rule("hold", "This invoice corrects an earlier one, which may have been paid."),
    # What was decided before, and by whom.
    "DUPLICATE": Rule("reject", "This invoice was already approved for payment, on another document."),
    "DUPLICATE-SUGGESTED": Rule(
        "bar", "An invoice with the suggested number was already approved; please enter the right number, or refuse it."
    ),
    "REFUSED": Rule("reject", "A person refused this invoice."),
    "DUPLICATE-POSSIBLE": Rule("hold", "Another document with the same supplier and invoice number was seen before."),
    "REANALYSED": Rule("hold", "The document was read again and is now another invoice than before."),
    "READ-OTHERWISE": Rule("hold", "The same document was read as another invoice before; that is what counts."),
    "CORRECTED": Rule("hold", "A person corrected this invoice; somebody else must approve it."),
    "FOUR-EYES": Rule("bar", "Whoever captured or corrected an invoice may not approve it."),
    "REVIEW-MISDIRECTED": Rule("bar", "The approval was given for another document."),
    "REVIEW-OUTDATED": Rule("bar", "The invoice has changed since the approval was given; please look at it again."),
    "MOVED": Rule("bar", "A correction gave this document another supplier or number; it is decided there."),
    "KEY-STALE": Rule("bar", "The supplier became known after the document was read; please have it read again."),
    # The supplier.
    "SUPPLIER-UNKNOWN": Rule("bar", "The supplier is not in the reference data."),
    "SUPPLIER-INACTIVE": Rule("bar", "The supplier is blocked for payments."),
    "SUPPLIER-NAME": Rule("bar", "The supplier has no name in the reference data."),
    "SUPPLIER-ADDRESS": Rule("bar", "The supplier has no town or no country, and banks require both."),
    "SUPPLIER-CONFLICT": Rule("hold", "The identifiers on the invoice belong to different suppliers."),
    "SUPPLIER-MISMATCH": Rule("hold", "The supplier was found, but its name or VAT id on the invoice is another one."),
    "SUPPLIER-BY-NAME": Rule("hold", "The supplier was found by its name alone."),
    "PAYEE-NOT-SELLER": Rule("hold", "The invoice asks to pay somebody else than the seller."),
    # The account.
    "ACCOUNT-MISSING": Rule("hold", "There is no account to pay to."),
    "ACCOUNT-INVALID": Rule("hold", "The account number is not valid."),
    "ACCOUNT-AMBIGUOUS": Rule("hold", "There are several accounts, and not exactly one is verified for the supplier."),
    "ACCOUNT-OWN": Rule("bar", "The account is our own."),
    "ACCOUNT-NEW": Rule("hold", "This account is not verified for the supplier."),
    "ACCOUNT-OF-ANOTHER-SUPPLIER": Rule("hold", "This account is verified for another supplier."),
    "ACCOUNT-CHANGE-NOTICE": Rule("hold", "The document announces new bank details."),
    "ACCOUNT-NOT-IBAN": Rule("hold", "The account is not an IBAN and cannot be checked."),
    "ACCOUNT-CHECK-METHOD": Rule("note", "The account fails its own bank's check method, as published."),
    "BIC-INVALID": Rule("note", "The bank identifier is not valid."),
    "BIC-MISMATCH": Rule("note", "The bank identifier is of another country than the account."),
    "AGENT-MISSING": Rule("bar", "For a payment outside SEPA the supplier's bank must be named."),
    "QR-REFERENCE": Rule("bar", "The Swiss account takes payments with a QR reference only, and there is none."),
    "DEBTOR-MISSING": Rule("bar", "No account is set up from which this could be paid."),
    "DEBTOR-INCOMPLETE": Rule("bar", "Our own name, address or account is not set up completely."),
    # Sums, numbers, dates.
    "AMOUNT-MISSING": Rule("hold", "The sum to pay is not stated."),
    "AMOUNT-MINOR-UNITS": Rule("bar", "The sum has more decimals than the currency has."),
    "AMOUNT-MAX": Rule("bar", "The sum is more than a SEPA credit transfer may carry."),
    "AMOUNT-LIMIT": Rule("hold", "The sum is above the limit for automatic approval."),
    "AMOUNT-AMBIGUOUS": Rule("hold", "It is not certain which sum is to be paid."),
    "INSTALMENTS": Rule("hold", "The sum is split into instalments; approving pays it whole."),
    "CURRENCY-MISSING": Rule("hold", "The currency is not stated."),
    "CURRENCY-UNKNOWN": Rule("bar", "The currency code does not exist."),
    "NUMBER-MISSING": Rule("hold", "The invoice has no number."),
    "NUMBER-AMBIGUOUS": Rule("hold", "It is not certain which number is the invoice's."),
    "DUE-DATE-IMPLAUSIBLE": Rule("hold", "The due date does not fit the date of the invoice."),
    "BR-CO-10": Rule(None, "The lines do not add up to their stated sum."),
    "BR-CO-13": Rule(None, "The total without VAT does not follow from lines, allowances and charges."),
    "BR-CO-14": Rule(None, "The VAT amounts do not add up to the total VAT."),
    "BR-CO-15": Rule(None, "The total with VAT is not the total without VAT plus VAT."),
    "BR-CO-16": Rule(None, "The sum to pay does not follow from the total, what was paid before and rounding."),
    # How sure we are.
    "AUDIT-SAMPLE": Rule("hold", "Nothing is wrong: this one was drawn to be looked at, so that errors are counted."),
    "RELEASE-WITHDRAWN": Rule("hold", "The release that read this document was taken back; please look at it."),
    "ASSISTED": Rule("hold", "A language model suggested values that the readers did not find; please compare them."),
    "SCORER-SUGGESTS": Rule("hold", "A value was chosen by its looks, as no rule could tell; please compare it."),
    "SCORER-DISSENTS": Rule("hold", "By its looks another value on the page is the right one; please compare both."),
    "LANE-REVIEW": Rule("hold", "Documents of this kind are always looked at by a person."),
    "CONFIDENCE-LOW": Rule("hold", "A value that matters for the payment could not be read with certainty."),
    "DOCUMENT-DOUBTFUL": Rule("hold", "The document leaves doubts."),
    "VALUE-UNPARSABLE": Rule("hold", "A value could not be understood."),
    "XML-PAGE-MISMATCH": Rule("hold", "The page says something else than the data inside the file."),
    "XML-OTHER-INVOICE": Rule("hold", "The data inside the file is another invoice than the page."),
    "CODE-MISMATCH": Rule("hold", "A payment code on the page asks for something else than the document."),
    "CODE-BROKEN": Rule("hold", "A payment code on the page breaks its own rules."),
    "XML-BROKEN": Rule("hold", "The data inside the file is damaged."),
    "PAYMENT-MEANS-REVIEW": Rule("hold", "The means of payment needs a look before money moves."),
    "PAYMENT-MEANS-VAGUE": Rule("hold", "The document does not clearly ask for a credit transfer."),
    "PAYMENT-MEANS-MIXED": Rule("hold", "The document offers a transfer and another means of payment."),
    "PAYMENT-MEANS-UNKNOWN": Rule("hold", "The code of the means of payment does not exist."),
    "PAGE-WITHOUT-TEXT": Rule("hold", "The page is a picture and could not be compared with the data inside the file."),
    "SEVERAL-INVOICES": Rule("hold", "The file holds several invoices, and only one was read."),
    "TEST-INDICATOR": Rule("hold", "The document says that it is a test."),
    "LINES-OMITTED": Rule("hold", "The invoice has more lines than are read."),
    # Worth knowing.
    "XML-SEVERAL": Rule("note", "Several invoice files are attached, and they agree on what is to be paid."),
    "VALUE-IGNORED": Rule("note", "A value that does not matter for the payment could not be understood."),
    "WITHHOLDING": Rule("note", "A withholding tax goes to the state."),
    "SPLIT-PAYMENT": Rule("note", "The VAT goes to the state, not to the supplier."),
    "ACCOUNT-CHOSEN": Rule("note", "Of several accounts the one that is verified for the supplier is paid."),
    "PAYMENT-MEANS-UNSTATED": Rule("note", "The document does not say how it wants to be paid."),
    "REFERENCE-INVALID": Rule("note", "The payment reference has a wrong check digit and is sent as plain text."),
    "VAT-ID-INVALID": Rule("note", "A VAT id has wrong check digits."),
    "SUPPLIER-NAME-DIFFERS": Rule("note", "The name on the invoice is not the one in the reference data."),
}
# Where several findings are told at once, the first few say enough; all of them stand in `findings`.
SENTENCES_MAX = 12


def consequence(finding: Finding) -> Consequence:
    """Return what follows from a finding.

    What would reject but is only suspected (severity below error) waits for a person. A rule that is not ours to
    know follows its severity; a doubt always holds.
    """
    known = RULES.get(finding.rule)
    if finding.rule in NOT_PAYABLE_RULES and finding.severity != "error":
        return "hold"
    if known is not None and known.consequence is not None:
        return known.consequence
    return "hold" if finding.severity == "error" or finding.rule in DOUBT_RULES else "note"


def explain(reasons: tuple[str, ...], findings: tuple[Finding, ...]) -> str:
    """Return the reasons in plain words; one of a foreign rule in the words of its own finding."""
    own_words = {finding.rule: f"{finding.rule}: {finding.message}"[:200] for finding in findings}
    sentences = [RULES[code].sentence if code in RULES else own_words.get(code, code) for code in reasons]
    return " ".join(sentences[:SENTENCES_MAX])
