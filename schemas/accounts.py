"""Bank accounts: which identifiers are IBANs, and what is wrong with one that pretends to be (ISO 13616).

Structure and length per country, mod 97, and the national check digits of the countries that have them.
"""

import re
import warnings

from schwifty import BIC, IBAN
from schwifty.exceptions import NationalChecksumNotVerified, SchwiftyException

# Two letters and two digits: it claims to be an IBAN, and is judged as one.
_IBAN_LIKE = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]*")
_BIC_LIKE = re.compile(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")
# Where no national standard holds the check digits, but each bank chooses among many methods, some of which check
# nothing, and the list that says which bank chose what ages: Germany. There they only inform (docs/decisions/0013).
_METHOD_OF_THE_BANK = frozenset({"DE"})
# Bank codes of Swiss and Liechtenstein QR-IBANs, which take payments with a QR reference only (SIX IG QR-bill 2.3).
_QR_BANKS = range(30_000, 32_000)


def claims_iban(identifier: str) -> bool:
    """Tell whether the identifier has the look of an IBAN, valid or not."""
    return _IBAN_LIKE.fullmatch(identifier) is not None


def iban_fault(identifier: str, *, national: bool = True) -> str | None:
    """Return what is wrong with an IBAN in compact form, None for a good one.

    Without `national` the country's own check digits are not looked at: a person may overrule them, but nobody can
    overrule mod 97. Where each bank has a method of its own they are never a fault; see `method_fault`.

    >>> iban_fault("FR7630006000011234567890189")
    >>> iban_fault("FR7630006000011234567890188")
    'Invalid checksum digits'
    """
    if not claims_iban(identifier):
        return "not an IBAN"
    return _fault(identifier, national=national and identifier[:2] not in _METHOD_OF_THE_BANK)


def method_fault(identifier: str) -> str | None:
    """Return what fails by the bank's own method of check digits, None where there is nothing to say."""
    if identifier[:2] not in _METHOD_OF_THE_BANK or iban_fault(identifier) is not None:
        return None
    return _fault(identifier, national=True)


def _fault(identifier: str, *, national: bool) -> str | None:
    try:
        with warnings.catch_warnings():
            # Where nobody has written a country's algorithm down (Sweden, Hungary), mod 97 has to do.
            warnings.simplefilter("ignore", NationalChecksumNotVerified)
            IBAN(identifier, validate_bban=national)
    except SchwiftyException as wrong:
        return str(wrong)
    return None


def is_iban(identifier: str) -> bool:
    """Tell whether a bank will take the identifier for an IBAN: structure, length and mod 97."""
    return iban_fault(identifier, national=False) is None


def is_qr_iban(identifier: str) -> bool:
    """Tell whether an IBAN is a Swiss QR-IBAN."""
    bank = identifier[4:9]
    return identifier[:2] in {"CH", "LI"} and bank.isdecimal() and int(bank) in _QR_BANKS


def bic_fault(identifier: str) -> str | None:
    """Return what is wrong with a BIC (ISO 9362) in compact form, None for a good one."""
    if _BIC_LIKE.fullmatch(identifier) is None:
        return "not a BIC"
    try:
        BIC(identifier)
    except SchwiftyException as wrong:
        return str(wrong)
    return None
