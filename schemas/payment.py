"""The payment command and what comes back (ISO 20022 terms; contracts: `payment.initiated`)."""

from datetime import date
from typing import Annotated, Literal

from pydantic import StringConstraints

from schemas.base import Code, Moment, Record, Text
from schemas.identifiers import CommandId, DocumentId, InvoiceKey
from schemas.invoice import PostalAddress
from schemas.money import Amount

Rail = Literal["SCT", "SCT_INST", "CROSS_BORDER"]
ChargeBearer = Literal["SLEV", "SHAR", "DEBT", "CRED"]
# ISO 20022 Max140Text: one occurrence of unstructured remittance information in SEPA.
REMITTANCE_LENGTH_MAX = 140
# EPC SEPA Credit Transfer: names up to 70 characters.
NAME_LENGTH_MAX = 70
# ISO 20022 PostalAddress24: StrtNm Max70Text, PstCd Max16Text, TwnNm Max35Text.
STREET_LENGTH_MAX, POST_CODE_LENGTH_MAX, TOWN_LENGTH_MAX = 70, 16, 35


class PaymentParty(Record):
    """A debtor or creditor as a bank wants it: structured address, town and country at least."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=NAME_LENGTH_MAX)]
    postal_address: PostalAddress


class Debtor(Record):
    """The paying party of a tenant."""

    name: Text
    account: Code
    agent: Code | None = None
    postal_address: PostalAddress


class RemittanceInformation(Record):
    """What the creditor recognises the payment by: a structured reference, or free text."""

    structured_type: Literal["SCOR", "BBA", "QRR"] | None = None
    structured_reference: Code | None = None
    unstructured: Annotated[str, StringConstraints(max_length=REMITTANCE_LENGTH_MAX)] | None = None


class PaymentInitiated(Record):
    """One payment command: complete, immutable, a pure function of its decision and the debtor.

    `signature` is a detached JWS (EdDSA, RFC 7515 appendix F) over the canonical bytes of this record without it.
    Consumer rule: the first record per `command_id` wins; a second one with other bytes is an alarm.
    """

    command_id: CommandId
    end_to_end_identification: CommandId
    uetr: Code
    tenant: Code
    document_id: DocumentId
    invoice_key: InvoiceKey
    supplier_id: Code
    debtor: PaymentParty
    debtor_account: Code
    debtor_agent: Code | None
    creditor: PaymentParty
    creditor_account: Code
    creditor_agent: Code | None
    instructed_amount: Amount
    requested_execution_date: date
    rail: Rail
    charge_bearer: ChargeBearer
    remittance_information: RemittanceInformation
    evidence_digest: Code
    release: Code
    signature: Text | None = None


# RCVC, RVMC, RVNM and RVNA are what Verification of Payee said: verified, close match, no match, not applicable.
PaymentStatusCode = Literal[
    "ACTC", "ACCP", "ACSP", "ACSC", "PDNG", "RJCT", "CANC", "RTRN", "RCVC", "RVMC", "RVNM", "RVNA"
]  # fmt: skip
PaymentState = Literal[
    "payment_initiated", "payment_accepted", "settled", "payment_rejected", "returned", "cancelled"
]  # fmt: skip


class PaymentStatusReported(Record):
    """What an engine says of a command (pain.002 status and reason codes; RTRN for a pacs.004 return)."""

    command_id: CommandId
    status: PaymentStatusCode
    reason_code: Code | None = None
    at: Moment


class PaymentIssued(Record):
    """Internal: tells the partition of a command's id which document it pays, so that status can find it.

    Supplier and sum are what a refusal of it puts at risk.
    """

    command_id: CommandId
    tenant: Code
    document_id: DocumentId
    invoice_key: InvoiceKey
    release: Code
    issued_at: Moment
    correlation_id: Code
    supplier_id: Code | None = None
    instructed_amount: Amount | None = None


class CancellationRequested(Record):
    """Asks the engine not to execute a command (ISO 20022 camt.056).

    Only the engine knows whether money has moved, so only its CANC ends the payment.
    """

    command_id: CommandId
    tenant: Code
    requested_by: Code
    reason: Text = ""
    requested_at: Moment
