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
_ROUTING = re.compile(r"[0-9]{9}")
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


def iban_of(country: str, domestic: str) -> str | None:
    """Return the IBAN of a domestic account number (BBAN), or None where the number's own check digits fail.

    Structure, length and every national check of the country must hold, and where the country's banks are listed the
    bank must be one of them: the check digits of the IBAN are computed here and prove nothing.

    >>> iban_of("FR", "30006000011234567890189")
    'FR7630006000011234567890189'
    >>> iban_of("FR", "30006000011234567890188") is None
    True
    """
    if not f"{domestic}{country}".isalnum() or not domestic.isascii():
        return None
    rest = int("".join(str(int(sign, 36)) for sign in f"{domestic}{country}00"))
    identifier = f"{country}{98 - rest % 97:02}{domestic}"
    return identifier if iban_fault(identifier) is None else None


def has_known_bank(identifier: str) -> bool:
    """Tell whether the bank of an IBAN is on the list of its country's banks."""
    try:
        return IBAN(identifier, allow_invalid=True).bank is not None
    except SchwiftyException:
        return False


def routing_fault(number: str) -> str | None:
    """Return what is wrong with a routing number of a bank of the United States (ABA, nine digits), None if nothing.

    >>> routing_fault("021000021"), routing_fault("021000022")
    (None, 'wrong check digit')
    """
    if _ROUTING.fullmatch(number) is None:
        return "not nine digits"
    total = sum(weight * int(digit) for weight, digit in zip((3, 7, 1) * 3, number, strict=True))
    return None if total % 10 == 0 else "wrong check digit"


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
