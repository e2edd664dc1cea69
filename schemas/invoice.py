"""An invoice in the terms of EN 16931-1, typed. BT and BG numbers stand beside the names."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from schemas.base import Code, Record, Text
from schemas.money import CurrencyCode, Money

CountryCode = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
# UNTDID 1001 codes that ask for money back, not for a payment (EN 16931 BT-3, and FatturaPA TD04 mapped to 381).
CREDIT_NOTE_TYPE_CODES = frozenset({"81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "532"})


class PostalAddress(Record):
    """Where a party sits. Since 15 Nov 2026 a payment needs town and country (ISO 20022 PstlAdr)."""

    street: Text | None = None
    post_code: Code | None = None
    town: Text | None = None
    country: CountryCode | None = None

    def is_structured(self) -> bool:
        """Tell whether a bank will take it: town and country at least."""
        return bool(self.town and self.country)


class Party(Record):
    """Seller BG-4, buyer BG-7 or payee BG-10."""

    name: Text | None = None
    vat_identifier: Code | None = None
    legal_registration_identifier: Code | None = None
    tax_registration_identifier: Code | None = None
    postal_address: PostalAddress = PostalAddress()


class PaymentInstruction(Record):
    """One way to pay (BG-16 and one BG-17): the account is compact upper case, not yet judged."""

    payment_means_type_code: Code | None = None  # BT-81
    payment_account_identifier: Code | None = None  # BT-84
    payment_account_name: Text | None = None  # BT-85
    payment_service_provider_identifier: Code | None = None  # BT-86
    remittance_information: Text | None = None  # BT-83
    amount: Money | None = None  # an instalment's own sum, where the document splits the payable
    payment_due_date: date | None = None


class DocumentTotals(Record):
    """The sums of BG-22."""

    sum_of_invoice_line_net_amount: Money | None = None  # BT-106
    sum_of_allowances_on_document_level: Money | None = None  # BT-107
    sum_of_charges_on_document_level: Money | None = None  # BT-108
    invoice_total_amount_without_vat: Money | None = None  # BT-109
    invoice_total_vat_amount: Money | None = None  # BT-110
    invoice_total_amount_with_vat: Money | None = None  # BT-112
    paid_amount: Money | None = None  # BT-113
    rounding_amount: Money | None = None  # BT-114
    amount_due_for_payment: Money | None = None  # BT-115


class VatBreakdown(Record):
    """One VAT category and rate (BG-23)."""

    vat_category_code: Code | None = None  # BT-118
    vat_category_rate: Money | None = None  # BT-119, percent
    vat_category_taxable_amount: Money | None = None  # BT-116
    vat_category_tax_amount: Money | None = None  # BT-117


class InvoiceLine(Record):
    """One line (BG-25)."""

    line_identifier: Code | None = None  # BT-126
    item_name: Text | None = None  # BT-153
    invoiced_quantity: Money | None = None  # BT-129
    invoiced_quantity_unit_of_measure_code: Code | None = None  # BT-130, UN/ECE Recommendation 20; FatturaPA: free
    item_net_price: Money | None = None  # BT-146
    item_price_base_quantity: Money | None = None  # BT-149: what the price is for, where that is not one unit
    invoiced_item_vat_rate: Money | None = None  # BT-152
    invoice_line_net_amount: Money | None = None  # BT-131


class Invoice(Record):
    """One normalized invoice. None means that the document does not say, or not in a way that can be proven."""

    invoice_number: Code | None = None  # BT-1
    invoice_issue_date: date | None = None  # BT-2
    invoice_type_code: Code | None = None  # BT-3
    invoice_currency_code: CurrencyCode | None = None  # BT-5
    payment_due_date: date | None = None  # BT-9
    purchase_order_reference: Code | None = None  # BT-13
    payment_terms: Text | None = None  # BT-20
    preceding_invoice_reference: Code | None = None  # BT-25
    seller: Party = Party()
    buyer: Party = Party()
    payee: Party | None = None
    debited_account_identifier: Code | None = None  # BT-91: the buyer's own account, never a payee's
    payment_instructions: tuple[PaymentInstruction, ...] = ()
    totals: DocumentTotals = DocumentTotals()
    vat_breakdown: tuple[VatBreakdown, ...] = ()
    lines: tuple[InvoiceLine, ...] = ()

    def payee_accounts(self) -> tuple[str, ...]:
        """Return the accounts that the document offers to be paid on, each once, in its order."""
        stated = (instruction.payment_account_identifier for instruction in self.payment_instructions)
        return tuple(dict.fromkeys(account for account in stated if account))

    def amount_payable(self) -> Decimal | None:
        """Return BT-115; where it is absent BT-112, unless something was prepaid or rounded (BR-CO-16)."""
        totals = self.totals
        if totals.amount_due_for_payment is not None:
            return totals.amount_due_for_payment
        return None if totals.paid_amount or totals.rounding_amount else totals.invoice_total_amount_with_vat

    def is_credit_note(self) -> bool:
        """Tell whether the document gives money back."""
        return self.invoice_type_code in CREDIT_NOTE_TYPE_CODES
