"""What can happen to an invoice: paid as it stands, or one of the reasons to hold or refuse it.

Each scenario is a function of a `Scene` that returns the samples it takes to tell its story.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

from app.local.samples import forms, identifiers, invent
from app.local.samples.bill import ZERO, Bill
from app.local.samples.forms import Form
from app.local.samples.pages.draft import CARD, DIRECT_DEBIT
from app.local.samples.parties import BankAccount, Company, Supplier, stranger
from app.local.samples.places import country, language
from app.local.samples.sample import APPROVE, Expected, Sample
from app.local.samples.seeds import seeded

OVERCHARGE = Decimal("90.00")
FULLY = Decimal(100)
LONG_LINES = 58  # three pages of the roomiest layout


@dataclass(frozen=True)
class Scene:
    """Everything a scenario needs: its own generator, a number no other has, who bills whom, and in which form."""

    seed: str
    sequence: int
    supplier: Supplier
    debtor: Company
    form: Form
    scenario: str

    def rng(self, purpose: str) -> random.Random:
        """Return a generator of this scene for one purpose, so that two purposes never disturb each other."""
        return seeded(f"{self.seed}/{self.sequence}/{purpose}")

    def bill(self, seller: Company | None = None) -> Bill:
        """Invent the invoice of this scene."""
        company = seller or self.supplier.company
        words = forms.spoken(self.form, country(company.country).language)
        return invent.bill(self.rng("bill"), company, self.debtor, self.sequence, spoken=words)

    def write(self, bill: Bill, expect: Expected, *, form: Form | None = None, part: str = "",
              duplicates_of: str | None = None) -> Sample:  # fmt: skip
        """Return the bill as a sample of this scene."""
        used = form or self.form
        return self.raw(used.write(bill, f"{self.seed}/{self.sequence}/page{part}"), used, expect, part=part,
                        truth=bill, duplicates_of=duplicates_of)  # fmt: skip

    def raw(self, content: bytes, form: Form, expect: Expected, *, part: str = "", truth: Bill | None = None,
            duplicates_of: str | None = None) -> Sample:  # fmt: skip
        """Return any bytes as a sample of this scene."""
        return Sample(
            name=f"{self.sequence:05}-{self.scenario}-{form.name}{part}{form.suffix}",
            content=content,
            media_type=form.media_type,
            lane=form.lane,
            language=truth.language if truth else "",
            layout=form.layout,
            scenario=self.scenario,
            truth=form.truth(truth) if truth else {},
            expect=expect,
            supplier_id=self.supplier.supplier_id if truth and truth.seller == self.supplier.company else None,
            duplicates_of=duplicates_of,
        )


Scenario = Callable[[Scene], tuple[Sample, ...]]


def _hold(*reasons: str) -> Expected:
    return Expected("hold", frozenset(reasons))


def _reject(*reasons: str) -> Expected:
    return Expected("reject", frozenset(reasons))


def plain(scene: Scene) -> tuple[Sample, ...]:
    """An invoice of a known supplier on its verified account: paid."""
    return (scene.write(scene.bill(), APPROVE),)


def reverse_charge(scene: Scene) -> tuple[Sample, ...]:
    """No VAT on it, since the buyer owes it: paid."""
    bill = scene.bill()
    reason = scene.rng("reason").choice(language(bill.language).sentences["reverse_charge"])
    untaxed = replace(
        bill,
        lines=tuple(replace(line, vat_rate=Decimal(0)) for line in bill.lines),
        adjustments=tuple(replace(each, vat_rate=Decimal(0)) for each in bill.adjustments),
        prepaid=ZERO,
        exemption=reason,
    )
    return (scene.write(untaxed, APPROVE),)


def long(scene: Scene) -> tuple[Sample, ...]:
    """So many lines that they run over several pages: paid."""
    bill = scene.bill()
    rates = tuple(sorted({line.vat_rate for line in bill.lines}))
    lines = invent.lines(scene.rng("lines"), bill.language, rates, LONG_LINES)
    return (scene.write(replace(bill, lines=lines, prepaid=ZERO), APPROVE),)


def changed_account(scene: Scene) -> tuple[Sample, ...]:
    """A valid account that nobody verified for this supplier: the commonest fraud there is."""
    bill = scene.bill()
    account = BankAccount(*identifiers.iban(scene.rng("account"), bill.seller.country))
    note = language(bill.language).sentences.get("new_account", [None])[0]
    return (scene.write(replace(bill, account=account, note=note), _hold("ACCOUNT-NEW")),)


def quietly_changed_account(scene: Scene) -> tuple[Sample, ...]:
    """The same, abroad and without a word about it."""
    bill, rng = scene.bill(), scene.rng("account")
    abroad = rng.choice([code for code in ("DE", "ES", "NL", "BE") if code != bill.seller.country])
    account = BankAccount(*identifiers.iban(rng, abroad))
    return (scene.write(replace(bill, account=account), _hold("ACCOUNT-NEW")),)


def unknown_supplier(scene: Scene) -> tuple[Sample, ...]:
    """Somebody whom the reference data does not know."""
    seller = stranger(scene.rng("stranger"), scene.supplier.company.country)
    return (scene.write(scene.bill(seller), _hold()),)


def same_bytes(scene: Scene) -> tuple[Sample, ...]:
    """The same file twice: one document, one payment."""
    first = scene.write(scene.bill(), APPROVE)
    return first, replace(first, name=first.name.replace(".", "-again.", 1), duplicates_of=first.name)


def other_bytes(scene: Scene) -> tuple[Sample, ...]:
    """The same invoice once as XML and once as PDF."""
    bill = scene.bill()
    first = scene.write(bill, APPROVE, part="-a")
    again = forms.page("totals-box") if scene.form.media_type == forms.XML else forms.UBL
    words = forms.spoken(again, country(bill.seller.country).language) or bill.language
    second = replace(bill, language=words, exemption=None)
    return first, scene.write(second, _reject(), form=again, part="-b", duplicates_of=first.name)


def other_amount(scene: Scene) -> tuple[Sample, ...]:
    """The same number with another sum, as a bad scan of it or a fraudster would have it: still the same payment."""
    bill = scene.bill()
    first = scene.write(bill, APPROVE, part="-a")
    dearer = replace(bill.lines[0], quantity=bill.lines[0].quantity + 1)
    second = replace(bill, lines=(dearer, *bill.lines[1:]))
    return first, scene.write(second, _reject(), part="-b", duplicates_of=first.name)


def wrong_sum(scene: Scene) -> tuple[Sample, ...]:
    """Totals that do not follow from each other (BR-CO-15)."""
    bill = scene.bill()
    right = bill.computed()
    stated = replace(right, gross=right.gross + OVERCHARGE, payable=right.payable + OVERCHARGE)
    reasons = ("BR-CO-15",) if scene.form.lane == "xml" else ()
    return (scene.write(replace(bill, stated=stated), _hold(*reasons)),)


def broken_account(scene: Scene) -> tuple[Sample, ...]:
    """An IBAN whose check digits fail: a typing error, or worse."""
    bill = scene.bill()
    broken = identifiers.broken_iban(scene.rng("account"), bill.seller.account.iban)
    reasons = ("ACCOUNT-INVALID",) if scene.form.lane != "text" else ()
    return (scene.write(replace(bill, account=BankAccount(broken, bill.seller.account.bic)), _hold(*reasons)),)


def factor(scene: Scene) -> tuple[Sample, ...]:
    """Somebody else is to be paid: a factor, or one who says so."""
    bill = scene.bill()
    payee = stranger(scene.rng("factor"), bill.seller.country)
    return (scene.write(replace(bill, payee=payee, account=payee.account), _hold("PAYEE-NOT-SELLER")),)


def own_account(scene: Scene) -> tuple[Sample, ...]:
    """The account to pay to is the payer's own."""
    return (scene.write(replace(scene.bill(), account=scene.debtor.account), _hold("ACCOUNT-OWN")),)


def no_account(scene: Scene) -> tuple[Sample, ...]:
    """A credit transfer without an account to send it to."""
    return (scene.write(replace(scene.bill(), account=None), _hold()),)


def credit_note(scene: Scene) -> tuple[Sample, ...]:
    """Money back, not a payment."""
    return (scene.write(replace(scene.bill(), kind="credit_note", prepaid=ZERO), _reject("CREDIT-NOTE")),)


def direct_debit(scene: Scene) -> tuple[Sample, ...]:
    """The supplier collects it; a transfer would pay it twice."""
    bill = replace(scene.bill(), means=DIRECT_DEBIT, debited_account=scene.debtor.account.iban, account=None)
    return (scene.write(bill, _reject()),)


def paid_by_card(scene: Scene) -> tuple[Sample, ...]:
    """Paid already."""
    return (scene.write(replace(scene.bill(), means=CARD, account=None), _reject()),)


def nothing_due(scene: Scene) -> tuple[Sample, ...]:
    """Paid in full beforehand: nothing is left to pay."""
    return (scene.write(invent.with_prepayment(scene.bill(), FULLY), _reject("NOTHING-DUE")),)


def quote(scene: Scene) -> tuple[Sample, ...]:
    """An offer that looks like an invoice."""
    return (scene.write(replace(scene.bill(), kind="quote", prepaid=ZERO), _reject("NOT-AN-INVOICE")),)


def reminder(scene: Scene) -> tuple[Sample, ...]:
    """A reminder of an invoice that came long ago."""
    return (scene.write(replace(scene.bill(), kind="reminder"), _reject("NOT-AN-INVOICE")),)


def page_mismatch(scene: Scene) -> tuple[Sample, ...]:
    """A hybrid whose page shows another account than its XML: a clerk would see one and the machine pay the other."""
    bill = scene.bill()
    account = BankAccount(*identifiers.iban(scene.rng("account"), bill.seller.country))
    tampered = replace(bill, account=account)
    content = forms.mismatched(scene.form.layout, tampered, bill, f"{scene.seed}/{scene.sequence}/page")
    return (scene.raw(content, scene.form, _hold("XML-PAGE-MISMATCH"), truth=bill),)
