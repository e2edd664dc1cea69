"""What the reason of a refused or returned payment points at (ISO 20022 external codes of pain.002 and pacs.004)."""

from collections.abc import Mapping
from typing import NamedTuple

from schemas.cause import CauseClass


class Pointed(NamedTuple):
    """Where to look, and what the bank has said, in plain words.

    `of_reading`: a release may have brought it about, by a value that it read or a rule that it left out. What is about
    the payer's own account, or about an account whoever read it, says nothing of a release.
    """

    kind: CauseClass
    sentence: str
    of_reading: bool = False


# What is not listed is not known to us: nobody guesses from a code that only one bank uses. AM04 (insufficient funds)
# and the codes of the debtor's account are not listed on purpose: they are about the payer, who is no cause of ours.
REASONS: Mapping[str, Pointed] = {
    "AC01": Pointed("reference_stale", "The bank knows no such account.", of_reading=True),
    "AC03": Pointed("reference_stale", "The bank says that the payee's account number is not valid.", of_reading=True),
    "AC04": Pointed("reference_stale", "The bank says that the account is closed.", of_reading=True),
    "AC06": Pointed("reference_stale", "The bank says that the account is blocked."),
    "AC07": Pointed("reference_stale", "The bank says that the payee's account is closed.", of_reading=True),
    "AG01": Pointed("reference_stale", "The bank takes no transfers for an account of this kind."),
    "BE01": Pointed("reference_stale", "The bank says that name and account do not belong together.", of_reading=True),
    "BE04": Pointed("reference_stale", "The bank misses the payee's address, which the reference data lack."),
    "RC01": Pointed(
        "reference_stale", "The bank identifier is not one of a bank that can be reached.", of_reading=True
    ),
    "RVNM": Pointed(
        "reference_stale", "The payee's bank says that the account belongs to another name.", of_reading=True
    ),
    "RVMC": Pointed(
        "reference_stale", "The payee's bank says that the account has a similar name, not the same.", of_reading=True
    ),
    "AM05": Pointed(
        "rule_too_loose", "The bank has seen the same payment before, and no rule of ours stopped it.", of_reading=True
    ),
    "AM09": Pointed(
        "rule_too_loose",
        "The payee says that the sum is not what was agreed, and no rule of ours doubted it.",
        of_reading=True,
    ),
    "CURR": Pointed(
        "rule_too_loose", "The currency is not the payee's, and no rule of ours doubted it.", of_reading=True
    ),
    "DUPL": Pointed("rule_too_loose", "The same was paid before, and no rule of ours stopped it.", of_reading=True),
    "MS03": Pointed("bank", "The bank gives no reason."),
    "RJCT": Pointed("bank", "The bank refused the payment and gives no reason."),
    "RTRN": Pointed("bank", "The bank returned the money and gives no reason."),
    "STATUS-CONTRADICTION": Pointed("bank", "The engine contradicts what it had reported before."),
}


def speaks_of_reading(reason: str | None) -> bool:
    """Tell whether a bank's reason may be the doing of the release that read or decided the document.

    >>> speaks_of_reading("AC01"), speaks_of_reading("AM04")
    (True, False)
    """
    found = REASONS.get(reason or "")
    return found is not None and found.of_reading
