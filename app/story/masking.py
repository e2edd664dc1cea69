"""Account numbers, so that a story can be shown to those who need not know them.

Logs mask whatever may be one (app/masking.py). Here the records say which numbers are accounts, so that VAT ids and
invoice numbers, which an auditor needs, stay.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

from app.dossier import Dossier
from app.masking import shortened
from schemas.accounts import is_iban

# Takes account numbers out of a text.
Mask = Callable[[str], str]

COUNTRY_LENGTH = 2
# Shorter "accounts" are no accounts, and would black out half of the text.
ACCOUNT_LENGTH_MIN = 6
# ISO 13616: fifteen characters at least (Norway), thirty-four at most.
_IBAN = re.compile(r"\b[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}\b")
_ACCOUNT_MEMBERS = frozenset({
    "payment_account_identifier", "debited_account_identifier", "account_identifier", "creditor_account",
    "debtor_account",
})  # fmt: skip


class Masking:
    """Masks every account that the records name, however a text spaces it; or nothing, where all may be shown."""

    def __init__(self, accounts: Iterable[str], *, full: bool = False) -> None:
        """`accounts` are compact."""
        longest_first = sorted({each for each in accounts if len(each) >= ACCOUNT_LENGTH_MIN}, key=len, reverse=True)
        self._full = full
        self._patterns = [] if full else [(_spaced(account), masked(account)) for account in longest_first]

    def __call__(self, text: str) -> str:
        """Return the text without account numbers."""
        if self._full:
            return text
        for pattern, replacement in self._patterns:
            text = pattern.sub(replacement, text)
        return _IBAN.sub(_masked_if_proven, text)


def masked(account: str) -> str:
    """Return what is shown of an account.

    >>> masked("DE89370400440532013000"), masked("12345678")
    ('DE**3000', '**5678')
    """
    country = account[:COUNTRY_LENGTH] if account[:COUNTRY_LENGTH].isalpha() else ""
    return shortened(account, country)


def _masked_if_proven(found: re.Match[str]) -> str:
    """Mask what its check digits prove to be an IBAN: a VAT id is none, and an auditor needs it."""
    return masked(found[0]) if is_iban(found[0]) else found[0]


def accounts_in(dossier: Dossier) -> frozenset[str]:
    """Return every account that a record of the file names."""
    trees = (each.event.model_dump(mode="json") for each in dossier.exhibits if each.event is not None)
    return frozenset(account for tree in trees for account in _walk(tree))


def _walk(tree: Any) -> Iterable[str]:
    if isinstance(tree, dict):
        for name, value in tree.items():
            yield from _named(name, value)
    elif isinstance(tree, list):
        for each in tree:
            yield from _walk(each)


def _named(name: str, value: Any) -> Iterable[str]:
    if name == "accounts" and isinstance(value, list):
        yield from (each["identifier"] for each in value if isinstance(each, dict) and "identifier" in each)
    if name in _ACCOUNT_MEMBERS:
        stated = value.get("value") if isinstance(value, dict) else value
        if isinstance(stated, str):
            yield stated
    yield from _walk(value)


def _spaced(account: str) -> re.Pattern[str]:
    return re.compile(r"[ .\-]?".join(map(re.escape, account)), re.IGNORECASE)
