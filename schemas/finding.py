"""What a rule has to say about an invoice, and what the document alone is worth."""

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field

from schemas.base import Code, Record, Text

Severity = Literal["error", "warning", "info"]


class Finding(Record):
    """One rule's verdict. `rule` is the official id where one exists (BR-CO-15), else ours (ACCOUNT-NEW).

    `location` is an XPath into the invoice's XML, where the rule is one of XML.
    """

    rule: Code
    severity: Severity
    message: Text
    fields: tuple[Code, ...] = ()
    location: Code | None = None


Worth = Literal["payable", "doubtful", "not_payable"]


# Rules by which a document asks for no credit transfer at all. A reader or a rule reports one of them, with severity
# "error", and the assessment becomes `not_payable`.
NOT_PAYABLE_RULES = frozenset({
    "NOT-AN-INVOICE",  # quote, order, pro-forma, delivery note, statement, reminder, letter
    "CREDIT-NOTE",
    "ALREADY-PAID",
    "DIRECT-DEBIT",
    "CARD-PAYMENT",
    "PAYMENT-MEANS",  # UNTDID 4461 code by which money never moves (contracts)
    "NOTHING-DUE",  # payable of zero or less
})  # fmt: skip
# A language model suggests values that the readers did not find (docs/decisions/0032): a person has to look.
ASSISTED = "ASSISTED"
# The learned scorer puts a value down where the reader's rules found none, or calls another one the right one than
# they do (docs/scorer.md): a person has to look at both.
SCORER_SUGGESTS = "SCORER-SUGGESTS"
SCORER_DISSENTS = "SCORER-DISSENTS"
# Rules by which a careful clerk would hold the document, whatever else is right.
DOUBT_RULES = frozenset({
    "ACCOUNT-AMBIGUOUS",  # several accounts, none of them preferred by the document
    "ACCOUNT-INVALID",  # IBAN check digits, national check digits, length
    "ACCOUNT-CHANGE-NOTICE",  # "our new bank details"
    "AMOUNT-AMBIGUOUS",
    "NUMBER-AMBIGUOUS",
    "XML-PAGE-MISMATCH",  # a hybrid whose page says something else than its XML
    "XML-OTHER-INVOICE",  # a hybrid whose XML is another invoice than its page
    "CODE-MISMATCH",  # a payment code that contradicts text, XML or another code
    "CODE-BROKEN",  # a payment code that does not keep to its scheme
    "VALUE-UNPARSABLE",
    "PAYEE-NOT-SELLER",  # a factor, or somebody who wants to be one
    "PAGE-WITHOUT-TEXT",  # a hybrid whose page cannot be compared with its XML, being a picture
    "SEVERAL-INVOICES",  # one file, more invoices than the one that was read
    "INSTALMENTS",  # the sum is asked for in parts, on different days
    "ACCOUNT-OWN",  # the payee's account is the buyer's own
    "ACCOUNT-NOT-IBAN",  # no check digits prove it
    "PAYMENT-MEANS-MIXED",  # a transfer beside a direct debit, a card or a cheque
    "PAYMENT-MEANS-UNKNOWN",  # a code of no list
    "TEST-INDICATOR",  # the document calls itself a test
    ASSISTED,
    SCORER_SUGGESTS,
    SCORER_DISSENTS,
    "XML-BROKEN",  # an attachment that claims to be the invoice and cannot be read
})  # fmt: skip


def only_suggested(findings: Iterable[Finding]) -> frozenset[str]:
    """Return the fields whose value is the learned scorer's suggestion: for the readers' rules they are missing."""
    return frozenset(field for one in findings if one.rule == SCORER_SUGGESTS for field in one.fields)


class Assessment(Record):
    """What the document alone proves, before any reference data (contracts: `quittance read`)."""

    outcome: Worth
    confidence: Annotated[float, Field(ge=0, le=1)]
    reasons: tuple[Code, ...] = ()
