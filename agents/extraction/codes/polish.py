"""The Polish 2D payment code (Polish Bank Association, recommendation of 2013): nine parts between bars."""

import re
from decimal import Decimal

from agents.extraction.codes.payment import NAME_LENGTH_MAX, CodeError, PaymentCode, account, free_text

_PARTS = 9
_TAX_NUMBER = re.compile(r"(?:[0-9]{10})?")
_ACCOUNT = re.compile(r"[0-9]{26}")
_GROSZE = re.compile(r"[0-9]{1,11}")


def claims(text: str) -> bool:
    """Tell whether it has the look of the scheme, which has no service tag: nine parts, the second a country."""
    parts = text.split("|")
    return len(parts) == _PARTS and _TAX_NUMBER.fullmatch(parts[0]) is not None and parts[1] in ("PL", "")


def parse(content: bytes) -> PaymentCode:
    """Return what a code that `claims` the scheme asks for.

    Raises:
        CodeError: account or amount break the scheme.
    """
    _, _, number, grosze, name, title, *_ = (part.strip() for part in content.decode("utf-8", "replace").split("|"))
    if _ACCOUNT.fullmatch(number) is None:
        raise CodeError("account", "not 26 digits")
    if grosze and _GROSZE.fullmatch(grosze) is None:
        raise CodeError("amount", "no amount in grosze")
    amount = int(grosze or 0)
    return PaymentCode(
        scheme="ZBP 2D",
        account=account(f"PL{number}"),
        amount=Decimal(amount) / 100 if amount else None,
        currency="PLN",
        payee=free_text(name, NAME_LENGTH_MAX),
        text=free_text(title),
    )
