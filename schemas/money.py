"""Money is Decimal, in the currency's minor units, and never a float (ISO 4217)."""

import re
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PlainSerializer, StringConstraints

from schemas.base import Record

# ISO 20022 allows 18 digits; nothing larger can be paid.
AMOUNT_DIGITS_MAX = 18
# Unit prices carry more decimals than money does (EN 16931 sets no limit); six cover every corpus we saw.
AMOUNT_DECIMALS_MAX = 6
DEFAULT_MINOR_UNITS = 2
# ISO 4217 currencies whose minor unit is not a hundredth.
MINOR_UNITS = {
    "BHD": 3, "BIF": 0, "CLF": 4, "CLP": 0, "DJF": 0, "GNF": 0, "IQD": 3, "ISK": 0, "JOD": 3, "JPY": 0, "KMF": 0,
    "KRW": 0, "KWD": 3, "LYD": 3, "OMR": 3, "PYG": 0, "RWF": 0, "TND": 3, "UGX": 0, "UYI": 0, "UYW": 4, "VND": 0,
    "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
}  # fmt: skip


def _refuse_float(value: Any) -> Any:
    if isinstance(value, float):
        raise ValueError("an amount is a decimal string, not a floating-point number")  # noqa: TRY004 - pydantic wants ValueError
    return value


def plain(value: Decimal) -> str:
    """Return the number in positional notation, never with an exponent."""
    return format(value, "f")


Money = Annotated[
    Decimal,
    BeforeValidator(_refuse_float),
    Field(max_digits=AMOUNT_DIGITS_MAX, decimal_places=AMOUNT_DECIMALS_MAX, allow_inf_nan=False),
    PlainSerializer(plain, return_type=str, when_used="json"),
]
_PLAIN = re.compile(r"[+-]?[0-9]{1,40}(?:\.[0-9]{1,40})?")
_WORKING = Context(prec=100)
_SMALLEST = Decimal(1).scaleb(-AMOUNT_DECIMALS_MAX)
_TOO_LARGE = Decimal(10) ** (AMOUNT_DIGITS_MAX - AMOUNT_DECIMALS_MAX)  # what `Money` refuses


def parse_money(text: str) -> Decimal | None:
    """Return the number that a plain decimal string means, or None where it is none or cannot be carried.

    More decimals than we carry are rounded half up: they are noise of floating-point writers, or unit prices.
    """
    if not _PLAIN.fullmatch(text):
        return None
    value = Decimal(text)
    if int(value.as_tuple().exponent) < -AMOUNT_DECIMALS_MAX:
        value = value.quantize(_SMALLEST, rounding=ROUND_HALF_UP, context=_WORKING)
    return value if abs(value) < _TOO_LARGE else None


CurrencyCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


def minor_units(currency: str) -> int:
    """Return how many decimals the currency has (EUR 2, JPY 0, KWD 3)."""
    return MINOR_UNITS.get(currency, DEFAULT_MINOR_UNITS)


class Amount(Record):
    """A sum in one currency."""

    value: Money
    currency: CurrencyCode

    def is_payable(self) -> bool:
        """Tell whether the sum is above zero and whole in the currency's minor units."""
        return self.value > 0 and self.value == self.in_minor_units()

    def in_minor_units(self) -> Decimal:
        """Return the value with exactly the currency's decimals (10 EUR -> 10.00)."""
        return self.value.quantize(Decimal(1).scaleb(-minor_units(self.currency)))
