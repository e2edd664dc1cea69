"""Which of the accounts that a document offers is the one to pay to.

Only payee accounts come here (BT-84); the buyer's own account (BT-91) is read into another field and never meets them.
"""

from agents.extraction import values
from agents.extraction.draft import Draft
from schemas.evidence import CreditTransfer
from schemas.means import means_kind

_MAY_BE_A_TRANSFER = frozenset({"transfer", "review", "unstated"})


def choose(draft: Draft) -> None:
    """Fill the payment fields from the draft's transfers, and say where the choice was not forced.

    The account field is an IBAN or stays empty: other account numbers mean nothing without their bank, and remain in
    `credit_transfers` for a person.
    """
    transfers = draft.transfers
    if not transfers:
        return
    preferred = [transfer for transfer in transfers if means_kind(transfer.type_code) in _MAY_BE_A_TRANSFER]
    candidates = [t for t in preferred if _has_iban(t)] or [t for t in transfers if _has_iban(t)]
    _put(draft, (candidates or preferred or transfers)[0])
    different = {transfer.account_identifier for transfer in candidates}
    if len(different) > 1:
        draft.find("ACCOUNT-AMBIGUOUS", f"the document offers {len(different)} accounts", "payment_account_identifier")


def _has_iban(transfer: CreditTransfer) -> bool:
    return values.is_iban_shaped(transfer.account_identifier or "")


def _put(draft: Draft, chosen: CreditTransfer) -> None:
    draft.put("payment_means_type_code", chosen.type_code)
    draft.put("payment_account_name", chosen.account_name, values.text)
    draft.put("payment_service_provider_identifier", chosen.service_provider_identifier)
    draft.put("remittance_information", chosen.remittance_information)
    draft.put("payment_due_date", chosen.due_date)
    if _has_iban(chosen):
        draft.put("payment_account_identifier", chosen.account_identifier)
    elif chosen.account_identifier:
        message = f"account {chosen.account_identifier[:40]!r} is no IBAN"
        draft.find("ACCOUNT-NOT-IBAN", message, "payment_account_identifier", severity="warning")
