"""What a document says, value by value, each with the place that says it."""

from typing import Annotated, Literal, get_args

from pydantic import Field as Constraint

from schemas.base import Code, Record, Text
from schemas.finding import Finding
from schemas.invoice import InvoiceLine, VatBreakdown

Lane = Literal["xml", "hybrid", "text", "scan"]
Source = Literal["ubl", "cii", "fatturapa", "text", "qr", "ocr", "person", "assistant"]
# Points from the page's top left corner, x right, y down: left, top, right, bottom.
Box = tuple[float, float, float, float]

# The header terms that a reader may fill. The number is the business term of EN 16931-1.
FieldName = Literal[
    "invoice_number",  # BT-1
    "invoice_issue_date",  # BT-2
    "invoice_type_code",  # BT-3
    "invoice_currency_code",  # BT-5
    "vat_accounting_currency_code",  # BT-6, never the currency to pay in
    "payment_due_date",  # BT-9
    "buyer_reference",  # BT-10
    "purchase_order_reference",  # BT-13
    "payment_terms",  # BT-20
    "preceding_invoice_reference",  # BT-25
    "seller_name",  # BT-27
    "seller_legal_registration_identifier",  # BT-30
    "seller_vat_identifier",  # BT-31
    "seller_tax_registration_identifier",  # BT-32
    "seller_electronic_address",  # BT-34
    "seller_address_line",  # BT-35
    "seller_city",  # BT-37
    "seller_post_code",  # BT-38
    "seller_country_code",  # BT-40
    "buyer_name",  # BT-44
    "buyer_legal_registration_identifier",  # BT-47
    "buyer_vat_identifier",  # BT-48
    "payee_name",  # BT-59
    "payee_identifier",  # BT-60
    "payment_means_type_code",  # BT-81
    "remittance_information",  # BT-83
    "payment_account_identifier",  # BT-84
    "payment_account_name",  # BT-85
    "payment_service_provider_identifier",  # BT-86
    "mandate_reference_identifier",  # BT-89
    "debited_account_identifier",  # BT-91, the buyer's own account
    "sum_of_invoice_line_net_amount",  # BT-106
    "sum_of_allowances_on_document_level",  # BT-107
    "sum_of_charges_on_document_level",  # BT-108
    "invoice_total_amount_without_vat",  # BT-109
    "invoice_total_vat_amount",  # BT-110
    "invoice_total_amount_with_vat",  # BT-112
    "paid_amount",  # BT-113
    "rounding_amount",  # BT-114
    "amount_due_for_payment",  # BT-115
]
FIELD_NAMES: tuple[FieldName, ...] = get_args(FieldName)
# A wrong value in one of these is a wrong payment.
PAYMENT_CRITICAL: tuple[FieldName, ...] = (
    "payment_account_identifier",
    "amount_due_for_payment",
    "invoice_currency_code",
    "invoice_number",
)


class Field(Record):
    """One value of the document; `value` is None where the document does not say.

    `value` is canonical (ISO 8601 date, decimal with a dot, IBAN and VAT id compact in upper case), `raw` is what
    stands there. `page` counts from 1. `agrees` names other sources that say the same.
    """

    value: Text | None = None
    raw: Text | None = None
    confidence: Annotated[float, Constraint(ge=0, le=1)] = 0.0
    page: int | None = None
    box: Box | None = None
    source: Source | None = None
    agrees: tuple[Source, ...] = ()


ABSENT = Field()


class CreditTransfer(Record):
    """One way to pay that the document offers (BG-16, BG-17). All values as printed, compacted."""

    type_code: Code | None = None  # BT-81, UNTDID 4461, or FatturaPA's MPnn
    account_identifier: Code | None = None  # BT-84
    account_name: Text | None = None  # BT-85
    service_provider_identifier: Code | None = None  # BT-86, a BIC
    remittance_information: Text | None = None  # BT-83
    amount: Code | None = None  # what this instalment asks for, where the document splits the sum (FatturaPA 2.4.2.6)
    due_date: Code | None = None


class ExtractedInvoice(Record):
    """Everything a reader found in one document, before anything is judged.

    `fields` holds a key for each name found; a name that is missing was not found. `findings` are the reader's own
    doubts, such as two different accounts, or a page that contradicts its XML. `layout` is the sketch of the pages
    (agents/extraction/text/sketch.py), of the lanes text and scan alone.
    """

    lane: Lane
    media_type: Code
    pages: int
    fields: dict[FieldName, Field] = Constraint(default_factory=dict)
    credit_transfers: tuple[CreditTransfer, ...] = ()
    vat_breakdown: tuple[VatBreakdown, ...] = ()
    lines: tuple[InvoiceLine, ...] = ()
    findings: tuple[Finding, ...] = ()
    layout: Code | None = None

    def field(self, name: FieldName) -> Field:
        """Return the field, or the one absent field."""
        return self.fields.get(name, ABSENT)

    def value(self, name: FieldName) -> str | None:
        """Return the canonical value, or None where the document does not say."""
        return self.field(name).value


class Unreadable(Record):
    """Why nothing could be read: a machine reason and one sentence in plain words."""

    reason: Code
    detail: Text = ""
    media_type: Code = "application/octet-stream"
