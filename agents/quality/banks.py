"""What the reason of a refused or returned payment points at (ISO 20022 external codes of pain.002 and pacs.004)."""

from collections.abc import Mapping
from typing import NamedTuple

from schemas.cause import CauseClass


class Pointed(NamedTuple):
    """Where to look, and what the bank has said, in plain words."""

    kind: CauseClass
    sentence: str


# What is not listed is not known to us: nobody guesses from a code that only one bank uses.
REASONS: Mapping[str, Pointed] = {
    "AC01": Pointed("reference_stale", "The bank knows no such account."),
    "AC04": Pointed("reference_stale", "The bank says that the account is closed."),
    "AC06": Pointed("reference_stale", "The bank says that the account is blocked."),
    "AG01": Pointed("reference_stale", "The bank takes no transfers for an account of this kind."),
    "BE04": Pointed("reference_stale", "The bank misses the payee's address, which the reference data lack."),
    "RC01": Pointed("reference_stale", "The bank identifier is not one of a bank that can be reached."),
    "RVNM": Pointed("reference_stale", "The payee's bank says that the account belongs to another name."),
    "RVMC": Pointed("reference_stale", "The payee's bank says that the account has a similar name, not the same."),
    "AM05": Pointed("rule_too_loose", "The bank has seen the same payment before, and no rule of ours stopped it."),
    "MS03": Pointed("bank", "The bank gives no reason."),
    "RJCT": Pointed("bank", "The bank refused the payment and gives no reason."),
    "RTRN": Pointed("bank", "The bank returned the money and gives no reason."),
    "STATUS-CONTRADICTION": Pointed("bank", "The engine contradicts what it had reported before."),
}
