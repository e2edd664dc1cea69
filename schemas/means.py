"""Payment means (BT-81): by which of them money may move, by which it never does (contracts: payment.initiated).

UNTDID 4461 codes, and the ModalitaPagamento codes of FatturaPA 1.2 (2.4.2.2), which readers carry unchanged.
"""

from typing import Literal

MeansKind = Literal["transfer", "review", "unstated", "direct_debit", "card", "other", "unknown"]

_DIRECT_DEBIT = ("49", "59", "MP09", "MP10", "MP11", "MP16", "MP17", "MP19", "MP20", "MP21")
_CARD = ("48", "54", "55", "MP08")
_OTHER = (
    *(str(number) for number in range(1, 99)),  # UNTDID 4461 numbers its instruments from 1 to 98
    *(f"MP{number:02}" for number in range(1, 24)),
)
_KINDS: dict[str, MeansKind] = {
    **dict.fromkeys(_OTHER, "other"),
    **dict.fromkeys(_DIRECT_DEBIT, "direct_debit"),
    **dict.fromkeys(_CARD, "card"),
    **dict.fromkeys(("30", "42", "58", "MP05"), "transfer"),
    "31": "review",  # a debit transfer: some issuers mean a credit transfer by it
    "1": "unstated",  # "instrument not defined"
    "ZZZ": "unstated",  # "mutually defined"
}
_MOVABLE: frozenset[MeansKind] = frozenset({"transfer", "review", "unstated"})


def means_kind(code: str | None) -> MeansKind:
    """Return what a payment-means code permits; a missing code is unstated, one of no list is unknown."""
    folded = (code or "").strip().upper()
    return _KINDS.get(folded, "unknown") if folded else "unstated"


def is_movable(code: str | None) -> bool:
    """Tell whether money may move by this code, be it after a person's look."""
    return means_kind(code) in _MOVABLE
