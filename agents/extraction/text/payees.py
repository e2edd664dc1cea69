"""Which account is to be paid to: one that is proven and the only one, or the only one in the invoice's currency."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from agents.extraction.text.accounts.domestic import Domestic
from agents.extraction.text.accounts.printed import Printed
from agents.extraction.text.accounts.whose import is_own, names_buyer
from agents.extraction.text.currencies import code_of
from agents.extraction.text.labels import Labels
from agents.extraction.text.layout import Layout
from agents.extraction.text.sheet import Sheet
from schemas.evidence import CreditTransfer

# An account is proven by its check digits and by being the only one; a label beside it leaves no doubt at all.
ACCOUNT_LABELLED, ACCOUNT_DERIVED, ACCOUNT_BARE = 0.97, 0.94, 0.93


@dataclass(frozen=True, slots=True)
class Accounts:
    """What the page offers. `payees` are to be paid to, by value; `owned` to be debited; `others` have no IBAN."""

    payees: dict[str, Printed]
    owned: tuple[Printed, ...]
    invalid: tuple[Printed, ...]
    others: tuple[Domestic, ...]

    @property
    def country(self) -> str | None:
        """Return where all the accounts are held, or None."""
        countries = {value[:2] for value in self.payees}
        return countries.pop() if len(countries) == 1 else None


def sort_out(layout: Layout, labels: Labels, printed: Iterable[Printed], domestic: Iterable[Domestic]) -> Accounts:
    """Return the accounts by what they are; an IBAN that is printed goes before one that was derived from a number."""
    known = [*printed]
    for one in (one for one in domestic if one.derived):
        own = is_own(layout, labels, one.cell, one.words)
        known.append(
            Printed(
                one.value, one.raw, valid=True, labelled=False, own=own, cell=one.cell, words=one.words, derived=True
            )
        )
    payees: dict[str, Printed] = {}
    for account in known:
        if account.valid and not account.own:
            held = payees.setdefault(account.value, account)
            if account.labelled and not held.labelled:
                payees[account.value] = account
    return Accounts(
        payees,
        tuple(one for one in known if one.valid and one.own and not names_buyer(labels, one.cell)),
        tuple(one for one in known if not one.valid),
        tuple(one for one in domestic if not one.derived),
    )


def put_accounts(
    sheet: Sheet, layout: Layout, found: Accounts, hidden: Iterable[Printed], currency: str | None
) -> None:
    """Write down the payee's account if nothing speaks for another."""
    for one in found.owned:
        sheet.put("debited_account_identifier", one.value, one.raw, one.cell.page, one.box, ACCOUNT_LABELLED)
    chosen = _chosen(layout, found, currency)
    for value in found.payees if chosen is None else [chosen.value]:
        sheet.offer(CreditTransfer(account_identifier=value))
    if chosen is not None:
        _put(sheet, chosen)
    elif found.payees:
        first = next(iter(found.payees.values()))
        raw = " | ".join(one.raw for one in found.payees.values())
        sheet.put("payment_account_identifier", None, raw, first.cell.page, first.box, 0)
        sheet.find("ACCOUNT-AMBIGUOUS", f"the page offers {len(found.payees)} accounts", "payment_account_identifier")
    else:
        _put_others(sheet, found)
    _doubt(sheet, found, hidden, chosen)


def _put(sheet: Sheet, chosen: Printed) -> None:
    bare = ACCOUNT_DERIVED if chosen.derived else ACCOUNT_BARE
    confidence = ACCOUNT_LABELLED if chosen.labelled else bare
    sheet.put("payment_account_identifier", chosen.value, chosen.raw, chosen.cell.page, chosen.box, confidence)
    if chosen.derived:
        message = f"the IBAN {chosen.value} follows from the account number {chosen.raw[:40]!r}"
        sheet.find("ACCOUNT-DERIVED", message, "payment_account_identifier", severity="info")


def _put_others(sheet: Sheet, found: Accounts) -> None:
    """Offer numbers that no bank abroad knows: a person may pay them, nobody pays them unasked."""
    for one in found.others:
        sheet.offer(CreditTransfer(account_identifier=one.value[:34]))
    if found.others:
        one = found.others[0]
        sheet.put("payment_account_identifier", None, one.raw, one.cell.page, one.box, 0)
        message = f"account {one.value[:40]!r} is no IBAN"
        sheet.find("ACCOUNT-NOT-IBAN", message, "payment_account_identifier", severity="warning")


def _doubt(sheet: Sheet, found: Accounts, hidden: Iterable[Printed], chosen: Printed | None) -> None:
    for one in found.invalid:
        sheet.find("ACCOUNT-INVALID", "an account on the page has wrong check digits", "payment_account_identifier")
        if not found.payees:
            sheet.put("payment_account_identifier", None, one.raw, one.cell.page, one.box, 0)
    if any(one.valid and one.value not in found.payees for one in hidden):
        sheet.find("ACCOUNT-AMBIGUOUS", "another account is hidden in the page", "payment_account_identifier")
    if chosen is not None and any(_contradicts(chosen.value, one) for one in found.others):
        message = "the IBAN and the account number beside it are two accounts"
        sheet.find("ACCOUNT-AMBIGUOUS", message, "payment_account_identifier")


def _contradicts(iban: str, other: Domestic) -> bool:
    """Tell whether a domestic number of the IBAN's country is another account: its bank and number are in the IBAN."""
    country, *parts = other.value.split(" ")
    if country != iban[:2] or country not in ("GB", "DE", "DK") or len(parts) != 2:
        return False
    bank, number = parts
    return not iban[4:].endswith(bank + number.zfill(len(iban) - 4 - len(bank) - (4 if country == "GB" else 0)))


def _chosen(layout: Layout, found: Accounts, currency: str | None) -> Printed | None:
    """Return the only account, or the only one in the invoice's currency where the page gives each one its own."""
    if len(found.payees) == 1:
        return next(iter(found.payees.values()))
    held = [(one, _currency_of(layout, one)) for one in found.payees.values()]
    codes = [code for _, code in held]
    if None in codes or len(set(codes)) < len(codes):
        return None
    return next((one for one, code in held if code == currency), None)


def _currency_of(layout: Layout, account: Printed) -> str | None:
    """Return the one currency that stands on the account's line, outside its own characters."""
    words = [word for cell in layout.lines[account.cell.line].cells for word in cell.words]
    codes = {code for word in words if (code := code_of(re.sub(r"[()\[\]:;,/-]", "", word.text))) is not None}
    return codes.pop() if len(codes) == 1 else None
