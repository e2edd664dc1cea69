"""FatturaPA 1.2: payment (2.4), withholding tax (2.1.1.5) and split payment of VAT (2.2.2.7).

What the buyer owes the seller is not always the total: a withholding tax (ritenuta) and, under split payment, the VAT
go to the state. Those are carried as the amount already settled (BT-113), so that BR-CO-16 holds. Some issuers state
the total (2.1.1.9) with them already taken off; BT-112 is then what net and VAT come to, which is proven by the sum.
"""

from decimal import Decimal

from agents.extraction import values
from agents.extraction.accounts import choose
from agents.extraction.draft import Draft
from agents.extraction.xml.terms import canonical, number, put_amounts
from agents.extraction.xml.tree import Element, content, every, text, where
from schemas.evidence import CreditTransfer
from schemas.money import parse_money, plain

_SPLIT_PAYMENT = "S"
_NOTHING = Decimal(0)


def read(draft: Draft, body: Element | None) -> None:
    """Fill the draft's transfers, one an instalment, and what they ask for together."""
    instalments = every(body, "DatiPagamento/DettaglioPagamento")
    draft.transfers.extend(map(_transfer, instalments))
    asked = [amount for each in instalments if (amount := number(each, "ImportoPagamento")) is not None]
    to_the_state = _to_the_state(draft, body)
    _put_total(draft, every(body, "DatiGenerali/DatiGeneraliDocumento/ImportoTotaleDocumento"), to_the_state)
    if len(asked) < len(instalments):
        draft.find("VALUE-UNPARSABLE", "an instalment without a readable amount", "amount_due_for_payment")
    elif asked:
        _put_payable(draft, asked, to_the_state)
    if len({transfer.due_date for transfer in draft.transfers}) > 1:
        draft.find("INSTALMENTS", f"{len(asked)} instalments on different days", "amount_due_for_payment")
    choose(draft)


def _transfer(instalment: Element) -> CreditTransfer:
    return CreditTransfer(
        type_code=canonical(text(instalment, "ModalitaPagamento"), values.means_code),
        account_identifier=canonical(text(instalment, "IBAN"), values.account),
        account_name=canonical(text(instalment, "Beneficiario"), values.text),
        service_provider_identifier=canonical(text(instalment, "BIC"), values.compact),
        remittance_information=canonical(text(instalment, "CodicePagamento")),
        amount=canonical(text(instalment, "ImportoPagamento"), values.decimal),
        due_date=canonical(text(instalment, "DataScadenzaPagamento"), values.iso_date),
    )


def _to_the_state(draft: Draft, body: Element | None) -> Decimal:
    """Return what is withheld from the seller: withholding taxes, and VAT under split payment."""
    withholdings = every(body, "DatiGenerali/DatiGeneraliDocumento/DatiRitenuta")
    withheld = sum((number(each, "ImportoRitenuta") or _NOTHING for each in withholdings), _NOTHING)
    split = list(where(every(body, "DatiBeniServizi/DatiRiepilogo"), "EsigibilitaIVA", _SPLIT_PAYMENT))
    if withheld:
        draft.find("WITHHOLDING", f"{plain(withheld)} withholding tax goes to the state", severity="info")
    if split:
        draft.find("SPLIT-PAYMENT", "the VAT goes to the state, not to the seller", severity="info")
    return withheld + sum((number(each, "Imposta") or _NOTHING for each in split), _NOTHING)


def _put_total(draft: Draft, stated: list[Element], to_the_state: Decimal) -> None:
    """Take the total with VAT as stated, or with what goes to the state added where only then net and VAT make it."""
    net = parse_money(draft.value("invoice_total_amount_without_vat") or "")
    vat = parse_money(draft.value("invoice_total_vat_amount") or "")
    raws = {content(each) or "" for each in stated}
    raw = f"{next(iter(raws), '')} + {plain(to_the_state)}"
    if (
        len(raws) == 1
        and to_the_state
        and net is not None
        and vat is not None
        and values.total(raw) == plain(net + vat)
    ):
        draft.put("invoice_total_amount_with_vat", raw, values.total)
    else:
        put_amounts(draft, "invoice_total_amount_with_vat", stated)


def _put_payable(draft: Draft, asked: list[Decimal], to_the_state: Decimal) -> None:
    """Take what the instalments ask for; where it is not what the total leaves, a person looks at it."""
    gross = parse_money(draft.value("invoice_total_amount_with_vat") or "")
    owed = None if gross is None else gross - to_the_state
    payable = asked[0] if _are_alternatives(asked, owed) else sum(asked, _NOTHING)
    draft.put("amount_due_for_payment", " + ".join(map(plain, asked)), lambda _: plain(payable))
    if owed is not None and payable == owed and to_the_state:
        draft.put("paid_amount", plain(to_the_state), values.decimal)
    elif owed is not None and payable != owed:
        message = f"{plain(payable)} is asked for, {plain(owed)} follows from the total"
        draft.find("AMOUNT-AMBIGUOUS", message, "amount_due_for_payment", "invoice_total_amount_with_vat")


def _are_alternatives(asked: list[Decimal], owed: Decimal | None) -> bool:
    """Tell whether each of several payments asks for the whole: ways to pay, not instalments."""
    return owed is not None and all(amount == owed for amount in asked)
