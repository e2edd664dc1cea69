"""The Finnish bank bar code, versions 4 and 5 (Finance Finland, Pankkiviivakoodi-opas): 54 digits in Code 128."""

import re
from decimal import Decimal

from agents.extraction.codes.payment import (
    CodeError,
    PaymentCode,
    account,
    is_creditor_reference,
    is_finnish_reference,
)

# Version 4 carries a national reference of 20 digits, version 5 the digits of an RF reference.
_FORM = re.compile(
    r"(?P<version>[45])(?P<account>[0-9]{16})(?P<cents>[0-9]{8})(?P<reference>[0-9]{23})(?P<due>[0-9]{6})"
)
_RESERVED = "000"  # before the reference of version 4


def claims(text: str) -> bool:
    """Tell whether it has the look of the scheme."""
    return _FORM.fullmatch(text) is not None


def parse(content: bytes) -> PaymentCode:
    """Return what a code that `claims` the scheme asks for.

    Raises:
        CodeError: account or reference break the scheme.
    """
    found = _FORM.fullmatch(content.decode("ascii", "replace").strip())
    if found is None:
        raise CodeError("form", "not 54 digits of version 4 or 5")
    cents = int(found["cents"])
    return PaymentCode(
        scheme="Finnish bar code",
        account=account(f"FI{found['account']}"),
        amount=Decimal(cents) / 100 if cents else None,
        currency="EUR",
        reference=_reference(found["version"], found["reference"]),
    )


def _reference(version: str, digits: str) -> str | None:
    """Return the reference without the zeros that fill it up; all zeros are none."""
    if version == "4":
        reference = digits.removeprefix(_RESERVED).lstrip("0")
        valid = digits.startswith(_RESERVED) and is_finnish_reference(reference)
    else:
        reference = f"RF{digits[:2]}{digits[2:].lstrip('0')}"
        valid = is_creditor_reference(reference)
    if not digits.strip("0"):
        return None
    if not valid:
        raise CodeError("reference", "its check digits are wrong")
    return reference
