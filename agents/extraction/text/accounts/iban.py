"""What an IBAN proves of itself: its country's length and structure, mod 97, and the national check digits."""

import warnings
from functools import cache

from schwifty import IBAN
from schwifty.exceptions import SchwiftyException
from schwifty.registry import get_countries, get_iban_spec

# Countries whose national check digits are one rule for all banks. Germany's depend on the bank's own method, which
# mergers change: there, mod 97 is what the IBAN itself promises.
NATIONALLY_CHECKED = frozenset({
    "BA", "BE", "CZ", "EE", "ES", "FI", "FR", "IS", "IT", "MC", "ME", "MK", "MR", "NO", "PL", "PT", "RS", "SI", "SK",
    "SM", "TL", "TN",
})  # fmt: skip


@cache
def is_valid(value: str) -> bool:
    """Tell whether structure, mod 97 and, where one rule holds for all banks, the national check digits are right."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            IBAN(value, validate_bban=value[:2] in NATIONALLY_CHECKED)
        except SchwiftyException:
            return False
    return True


@cache
def length_of(country: str) -> int | None:
    """Return how many characters an IBAN of the country has, or None where it has none."""
    return int(get_iban_spec(country).iban_length) if country in _countries() else None


@cache
def _countries() -> frozenset[str]:
    return frozenset(get_countries())
