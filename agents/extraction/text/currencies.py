"""Currency codes and signs as invoices print them."""

import re
from functools import cache

# ISO 4217 codes that European invoices are written in; three capitals alone are no currency.
CODES = frozenset({
    "EUR", "GBP", "USD", "CHF", "SEK", "NOK", "DKK", "ISK", "PLN", "CZK", "HUF", "RON", "BGN", "TRY", "UAH", "RSD",
    "CAD", "AUD", "NZD", "JPY", "CNY", "HKD", "SGD", "INR", "ZAR", "BRL", "MXN", "AED", "ILS", "MAD", "TND", "ALL",
    "BAM", "MKD", "MDL", "GEL", "XOF", "XAF", "KRW", "THB", "SAR",
})  # fmt: skip
# A sign that one currency alone uses.
SIGNS = {
    "€": "EUR", "£": "GBP", "Kč": "CZK", "zł": "PLN", "₹": "INR", "Ft": "HUF", "SFr.": "CHF", "SFr": "CHF",
    "Fr.": "CHF",
    "US$": "USD", "C$": "CAD", "A$": "AUD", "R$": "BRL", "Rs": "INR", "Rs.": "INR", "₺": "TRY", "₴": "UAH", "лв": "BGN",
    "Eur": "EUR", "Euro": "EUR", "euro": "EUR", "euros": "EUR", "Euros": "EUR", "EURO": "EUR", "EUROS": "EUR",
    "kč": "CZK", "Kc": "CZK", "KČ": "CZK", "Zł": "PLN", "ZŁ": "PLN", "zl": "PLN", "euroa": "EUR",
}  # fmt: skip
# Signs that several currencies share; the first is the common reading, and never a proof.
SHARED_SIGNS = {"$": "USD", "¥": "JPY", "kr": "", "kr.": "", "Kr": "", "Kr.": "", "KR": "", "lei": "RON"}
_ALL = sorted({*CODES, *SIGNS, *SHARED_SIGNS}, key=len, reverse=True)
PATTERN = "|".join(re.escape(sign) for sign in _ALL)
_WORD = re.compile(rf"[\[(]?(?:{PATTERN})[\])]?[:.,]?$")


@cache
def is_currency_word(text: str) -> bool:
    """Tell whether a printed word is a currency and nothing else."""
    return _WORD.match(text) is not None


def code_of(sign: str) -> str | None:
    """Return the ISO 4217 code that a sign stands for, or None where several share it."""
    if sign in CODES:
        return sign
    return SIGNS.get(sign)
