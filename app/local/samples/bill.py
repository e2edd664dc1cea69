"""One invoice before it takes a form: what was sold, to whom, and the sums that follow from it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from app.local.samples.parties import BankAccount, Company

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
Kind = Literal["invoice", "credit_note", "quote", "reminder"]
# UNTDID 1001, EN 16931 BT-3. Quote and reminder exist as pages only, where they have no code.
TYPE_CODES: dict[Kind, str] = {"invoice": "380", "credit_note": "381"}


def cents(amount: Decimal) -> Decimal:
    """Return the amount in hundredths, halves away from zero, as invoices round."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class BillLine:
    """One line (BG-25). `allowance` is taken off the line's sum (BT-136)."""

    name: str
    quantity: Decimal
    unit: str
    unit_price: Decimal
    vat_rate: Decimal
    allowance: Decimal = ZERO

    @property
    def net_amount(self) -> Decimal:
        """Return BT-131: quantity times price, less the line's allowance."""
        return cents(self.quantity * self.unit_price) - self.allowance


@dataclass(frozen=True)
class Adjustment:
    """An allowance (BG-20) or a charge (BG-21) on the whole document."""

    reason: str
    amount: Decimal
    vat_rate: Decimal
    is_charge: bool

    @property
    def signed(self) -> Decimal:
        """Return what it adds to the sum of the lines."""
        return self.amount if self.is_charge else -self.amount


@dataclass(frozen=True)
class VatLine:
    """One rate of the VAT breakdown (BG-23)."""

    rate: Decimal
    base: Decimal
    tax: Decimal
    category: str  # BT-118, UNCL 5305

    @property
    def is_standard(self) -> bool:
        """Tell whether VAT is charged at all."""
        return self.category == "S"


@dataclass(frozen=True)
class Totals:
    """The sums of BG-22."""

    line_sum: Decimal  # BT-106
    allowances: Decimal  # BT-107
    charges: Decimal  # BT-108
    net: Decimal  # BT-109
    vat: Decimal  # BT-110
    gross: Decimal  # BT-112
    prepaid: Decimal  # BT-113
    payable: Decimal  # BT-115


@dataclass(frozen=True)
class Bill:
    """All that one document says. `stated` overrides the sums where a sample is to contradict itself."""

    number: str
    issue_date: date
    due_date: date
    currency: str
    language: str
    seller: Company
    buyer: Company
    lines: tuple[BillLine, ...]
    account: BankAccount | None
    adjustments: tuple[Adjustment, ...] = ()
    prepaid: Decimal = ZERO
    kind: Kind = "invoice"
    means: str = "58"  # BT-81, UNTDID 4461
    reference: str | None = None  # BT-83
    purchase_order: str | None = None  # BT-13
    terms: str = ""  # BT-20
    note: str | None = None  # BT-22
    exemption: str | None = None  # BT-120: why no VAT is charged; with it every line is reverse charge
    debited_account: str | None = None  # BT-91
    payee: Company | None = None  # BG-10: who is to be paid in the seller's place
    stated: Totals | None = None

    @property
    def type_code(self) -> str | None:
        """Return BT-3."""
        return TYPE_CODES.get(self.kind)

    @property
    def vat_category(self) -> str:
        """Return BT-118 of all rates: AE where the buyer owes the VAT, else S."""
        return "AE" if self.exemption else "S"

    def vat_lines(self) -> tuple[VatLine, ...]:
        """Return the breakdown by rate, highest first; rounded by rate, as BR-S-09 asks."""
        bases: dict[Decimal, Decimal] = defaultdict(lambda: ZERO)
        for line in self.lines:
            bases[line.vat_rate] += line.net_amount
        for adjustment in self.adjustments:
            bases[adjustment.vat_rate] += adjustment.signed
        return tuple(
            VatLine(rate, base, cents(base * rate / 100), self.vat_category)
            for rate, base in sorted(bases.items(), reverse=True)
        )

    def totals(self) -> Totals:
        """Return the sums as the document states them."""
        return self.stated or self.computed()

    def computed(self) -> Totals:
        """Return the sums as they follow from the lines (BR-CO-10 to BR-CO-16)."""
        line_sum = sum((line.net_amount for line in self.lines), ZERO)
        charges = sum((each.amount for each in self.adjustments if each.is_charge), ZERO)
        allowances = sum((each.amount for each in self.adjustments if not each.is_charge), ZERO)
        net = line_sum - allowances + charges
        vat = sum((line.tax for line in self.vat_lines()), ZERO)
        gross = net + vat
        return Totals(line_sum, allowances, charges, net, vat, gross, self.prepaid, gross - self.prepaid)
