"""The papers of a new supplier: a town's water bills, whose number stands where nobody looks for it.

Such bills are common. The head says `Rechnung 2026/03`, which is the month; the number by which the town knows its
bill is the `Kassenzeichen` at the right. Everything else is plain, so that only the number is read wrongly.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from app.local.samples.bill import cents
from app.local.samples.pages.sheet import Sheet, Theme
from app.local.samples.parties import BankAccount, Company, Supplier, demo_debtor
from app.local.samples.sample import APPROVE, Sample
from app.local.samples.seeds import seeded

SUPPLIER_ID = "DE-TOWN"
# The least that anybody owes, and how far a month can be from it: enough that no two bills ask for the same sum.
NET_MIN, NET_RANGE_CENTS = Decimal(180), 90_000
VAT_RATE = Decimal(7)
DAYS_TO_PAY = 30
MONTHS = 12
FIRST_YEAR = 2026
_ACCOUNT = BankAccount("DE02120300000000202051", "BYLADEM1001")
TOWN = Company(
    name="Stadtwerke Auental GmbH",
    country="DE",
    vat_identifier="DE129273398",
    registration_identifier="HRB 4711",
    registration_scheme=None,
    street="Am Wehr 4",
    post_code="35390",
    town="Gießen",
    phone="0641 708 0",
    email="kasse@stadtwerke-auental.example",
    account=_ACCOUNT,
)
_THEME = Theme("Helvetica", "Helvetica-Bold", "#1f4e79", 9.5, 54, 54)


def town_supplier() -> Supplier:
    """Return the town as the reference data come to know it."""
    return Supplier(SUPPLIER_ID, TOWN, (), (_ACCOUNT,))


@dataclass(frozen=True)
class WaterBill:
    """One month's bill. `month` counts from the first one that the town ever sent."""

    month: int

    @property
    def number(self) -> str:
        """Return what the town calls its bill."""
        return f"5034.{seeded(f'town/{self.month}').randrange(100_000, 999_999)}.{self.month % 9 + 1}"

    @property
    def period(self) -> str:
        """Return the month as the head names it."""
        return f"{FIRST_YEAR + self.month // MONTHS}/{self.month % MONTHS + 1:02}"

    @property
    def issued(self) -> date:
        """Return the day of issue."""
        return date(FIRST_YEAR + self.month // MONTHS, self.month % MONTHS + 1, 12)

    @property
    def due(self) -> date:
        """Return the day by which it is to be paid."""
        return self.issued + timedelta(days=DAYS_TO_PAY)

    @property
    def net(self) -> Decimal:
        """Return the sum without VAT."""
        return NET_MIN + Decimal(seeded(f"town/sum/{self.month}").randrange(NET_RANGE_CENTS)) / 100

    @property
    def vat(self) -> Decimal:
        """Return the VAT."""
        return cents(self.net * VAT_RATE / 100)

    def sample(self) -> Sample:
        """Return the paper with what is true of it."""
        gross = self.net + self.vat
        return Sample(
            name=f"water-{self.month:02}.pdf",
            content=_drawn(self),
            media_type="application/pdf",
            lane="text",
            language="de",
            layout="town",
            scenario="plain",
            truth={
                "invoice_number": self.number,
                "invoice_issue_date": self.issued.isoformat(),
                "payment_due_date": self.due.isoformat(),
                "invoice_currency_code": "EUR",
                "invoice_total_amount_without_vat": str(cents(self.net)),
                "invoice_total_vat_amount": str(self.vat),
                "invoice_total_amount_with_vat": str(cents(gross)),
                "amount_due_for_payment": str(cents(gross)),
                "payment_account_identifier": TOWN.account.iban,
                "seller_vat_identifier": TOWN.vat_identifier,
            },
            expect=APPROVE,
            supplier_id=SUPPLIER_ID,
        )


def _drawn(bill: WaterBill) -> bytes:
    sheet = Sheet(_THEME, bill.period, TOWN.name)
    left, right, buyer = sheet.left, sheet.right, demo_debtor()
    sheet.block(left, 60, [TOWN.name, TOWN.street, f"{TOWN.post_code} {TOWN.town}"], first_bold=True)
    sheet.block(left, 140, [buyer.name, buyer.street, f"{buyer.post_code} {buyer.town}"])
    y = 140.0
    for label, value in _references(bill):
        sheet.text(left + 280, y, label)
        sheet.text(right, y, value, align="right")
        y += 15
    sheet.text(left, 235, f"Rechnung {bill.period}", size=14, bold=True, colour=_THEME.colour)
    y = 300.0
    for label, amount, is_bold in _sums(bill):
        sheet.text(left if y == 300.0 else left + 300, y, label, bold=is_bold)
        sheet.text(right, y, _german(amount), align="right", bold=is_bold)
        y += 17
    foot = f"{TOWN.name} · USt-IdNr. {TOWN.vat_identifier} · {TOWN.registration_identifier} Gießen"
    sheet.block(left, 700, [foot, f"IBAN {_grouped(TOWN.account.iban)} · BIC {TOWN.account.bic}"])
    return sheet.finish()


def _references(bill: WaterBill) -> list[tuple[str, str]]:
    return [
        ("Kassenzeichen", bill.number),
        ("Kundennummer", "K-20831"),
        ("Rechnungsdatum", f"{bill.issued:%d.%m.%Y}"),
        ("Fällig am", f"{bill.due:%d.%m.%Y}"),
    ]


def _sums(bill: WaterBill) -> list[tuple[str, Decimal, bool]]:
    return [
        (f"Wasserlieferung {bill.period}", bill.net, False),
        ("Nettobetrag", bill.net, False),
        ("zzgl. 7 % MwSt.", bill.vat, False),
        ("Zahlbetrag EUR", bill.net + bill.vat, True),
    ]


def _german(amount: Decimal) -> str:
    return format(cents(amount), ",.2f").translate({ord(","): ".", ord("."): ","})


def _grouped(iban: str) -> str:
    return " ".join(iban[start : start + 4] for start in range(0, len(iban), 4))
