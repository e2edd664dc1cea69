"""The Czech Short Payment Descriptor, SPAYD 1.0 (Czech Banking Association, also printed in Slovakia)."""

import re
from decimal import Decimal
from urllib.parse import unquote

from agents.extraction.codes.payment import NAME_LENGTH_MAX, CodeError, PaymentCode, account, free_text

SERVICE_TAG = b"SPD*"
_VERSION = re.compile(r"1\.[0-9]{1,2}")
_SUM = re.compile(r"[0-9]{1,10}(?:\.[0-9]{1,2})?")
_CURRENCY = re.compile(r"[A-Z]{3}")
_VARIABLE_SYMBOL = re.compile(r"[0-9]{1,10}")
# The scheme names some twenty keys, and a bank may add its own.
_KEYS_MAX = 64


def parse(content: bytes) -> PaymentCode:
    """Return what a code that begins with the service tag asks for.

    Raises:
        CodeError: version, account, amount or currency break the scheme.
    """
    _, version, *pairs = content.decode("utf-8", "replace").strip().split("*")
    if _VERSION.fullmatch(version) is None:
        raise CodeError("version", "not version 1")
    said = _pairs(pairs)
    amount = _amount(said.get("AM"))
    return PaymentCode(
        scheme="SPAYD",
        account=account(said.get("ACC", "").split("+", 1)[0]),
        amount=amount,
        currency=_currency(said.get("CC"), stated=amount is not None),
        reference=_reference(said.get("X-VS")),
        payee=free_text(said.get("RN", ""), NAME_LENGTH_MAX),
        text=free_text(said.get("MSG", "")),
    )


def _pairs(pairs: list[str]) -> dict[str, str]:
    """Return the values by key; a key that comes twice says nothing that can be believed."""
    said: dict[str, str] = {}
    for pair in filter(None, pairs):
        key, separator, value = pair.partition(":")
        if not separator or key in said or len(said) == _KEYS_MAX:
            raise CodeError("form", "a key without a value, or twice")
        said[key] = unquote(value).strip()
    return said


def _amount(raw: str | None) -> Decimal | None:
    if raw is None:
        return None
    if _SUM.fullmatch(raw) is None:
        raise CodeError("amount", "no amount")
    return Decimal(raw)


def _currency(raw: str | None, *, stated: bool) -> str | None:
    """Return the currency; an amount without one is in crowns."""
    if raw is None:
        return "CZK" if stated else None
    if _CURRENCY.fullmatch(raw) is None:
        raise CodeError("currency", "no currency")
    return raw


def _reference(raw: str | None) -> str | None:
    """Return the variable symbol, which has no check digit; one that is not in digits is none."""
    return raw if raw is not None and _VARIABLE_SYMBOL.fullmatch(raw) else None
