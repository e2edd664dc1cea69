"""The EPC's QR code for SEPA credit transfers, EPC069-12 (GiroCode; also printed in Belgium, France, Austria)."""

import re
from decimal import Decimal

from agents.extraction.codes.payment import (
    NAME_LENGTH_MAX,
    CodeError,
    PaymentCode,
    account,
    free_text,
    is_creditor_reference,
)

SERVICE_TAG = b"BCD"
_VERSIONS = ("001", "002")
# Line 3, the character set.
_CHARACTER_SETS = {
    "1": "utf-8", "2": "iso8859-1", "3": "iso8859-2", "4": "iso8859-4", "5": "iso8859-5", "6": "iso8859-7",
    "7": "iso8859-10", "8": "iso8859-15",
}  # fmt: skip
# 0.01 to 999,999,999.99 with a dot; a comma and one decimal are met in the wild, and say the same.
_AMOUNT = re.compile(r"(?P<currency>[A-Z]{3}) ?(?P<sum>[0-9]{1,9}(?:[.,][0-9]{1,2})?)")
# Version 001 ends with the account at the least; all lines behind the last filled one may be cut off.
_LINES_MIN, _LINES_MAX = 7, 12
_NOTHING = Decimal(0)


def parse(content: bytes) -> PaymentCode:
    """Return what a code that begins with the service tag asks for.

    A bank identifier or a name that breaks the scheme is passed over: neither decides where the money goes.

    Raises:
        CodeError: version, account, amount or currency break the scheme.
    """
    lines = _lines(content)
    if len(lines) < _LINES_MIN:
        raise CodeError("form", f"{len(lines)} lines")
    if lines[1] not in _VERSIONS or lines[3] != "SCT":
        raise CodeError("version", "neither version 001 nor 002 of a SEPA credit transfer")
    amount, currency = _amount(lines[7])
    structured = "".join(lines[9].split())
    valid = is_creditor_reference(structured)
    return PaymentCode(
        scheme="EPC069-12",
        account=account(lines[6]),
        amount=amount,
        currency=currency,
        reference=structured if valid else None,
        payee=free_text(lines[5], NAME_LENGTH_MAX),
        text=free_text(lines[10]) or (None if valid else free_text(lines[9])),
    )


def _lines(content: bytes) -> list[str]:
    """Return the lines, in the character set that the third of them names, with those that were cut off."""
    marks = content.split(b"\n", 3)
    named = marks[2].strip().decode("ascii", "replace") if len(marks) > 2 else "1"
    text = content.decode(_CHARACTER_SETS.get(named, "utf-8"), "replace")
    lines = [line.strip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    if any(lines[_LINES_MAX:]):
        raise CodeError("form", f"{len(lines)} lines")
    if len(lines) < _LINES_MIN:
        return lines
    return lines + [""] * (_LINES_MAX - len(lines))


def _amount(line: str) -> tuple[Decimal | None, str | None]:
    """Return amount and currency; an amount of nothing is left to the payer, as an empty line is."""
    if not line:
        return None, None
    found = _AMOUNT.fullmatch(line)
    if found is None:
        raise CodeError("amount", "no amount in euros")
    if found["currency"] != "EUR":
        raise CodeError("currency", f"{found['currency']} in a SEPA credit transfer")
    value = Decimal(found["sum"].replace(",", "."))
    return (value if value > _NOTHING else None), "EUR"
