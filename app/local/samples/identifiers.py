"""Identifiers with right check digits, drawn from a seeded generator: they look real and belong to nobody we know."""

import random
import string
import warnings
from collections.abc import Callable

from schwifty import IBAN
from stdnum import iso11649
from stdnum.at import uid
from stdnum.be import ogm_vcs
from stdnum.be import vat as be_vat
from stdnum.de import vat as de_vat
from stdnum.es import cif
from stdnum.fr import siren
from stdnum.gb import vat as gb_vat
from stdnum.ie import vat as ie_vat
from stdnum.it import iva
from stdnum.nl import btw

from app.local.samples.places import Country

# Check digits are hit by chance: 1 in 97 for the hardest (Belgium), so that 10,000 draws never run out.
DRAWS_MAX = 10_000
# Where the account may hold letters by its specification, real ones are digits all the same.
_ACCOUNT_DIGITS = {"FR": 11, "IT": 12}

_VAT_CHECKS: dict[str, Callable[[str], bool]] = {
    "AT": uid.is_valid,
    "BE": be_vat.is_valid,
    "DE": de_vat.is_valid,
    "ES": cif.is_valid,
    "GB": gb_vat.is_valid,
    "IE": ie_vat.is_valid,
    "IT": iva.is_valid,
    "NL": btw.is_valid,
}


class ExhaustedError(RuntimeError):
    """No draw met the check digits: the template and its check disagree."""


def fill(rng: random.Random, template: str) -> str:
    """Return the template with each `#` a digit and each `@` a capital letter."""
    wild = {"#": string.digits, "@": string.ascii_uppercase}
    return "".join(rng.choice(wild[sign]) if sign in wild else sign for sign in template)


def draw(rng: random.Random, template: str, is_valid: Callable[[str], bool]) -> str:
    """Return the first filling of the template that its check accepts."""
    for _ in range(DRAWS_MAX):
        number = fill(rng, template)
        if is_valid(number):
            return number
    raise ExhaustedError(template)


def vat_identifier(rng: random.Random, country: Country) -> str:
    """Return a VAT id with its prefix and right check digits, such as DE136695976."""
    if country.code == "FR":
        return "FR" + siren.to_tva(draw(rng, "4########", siren.is_valid))
    check, prefix = _VAT_CHECKS[country.code], country.code
    return draw(rng, country.vat_template, lambda number: check(number.removeprefix(prefix)))


def registration_identifier(rng: random.Random, country: Country, vat: str) -> str:
    """Return the company's legal registration: derived from the VAT id where the country does so."""
    if country.code == "FR":
        return vat[-9:]
    if country.registration_template:
        return fill(rng, country.registration_template)
    return vat[2:]


def iban(rng: random.Random, country: str) -> tuple[str, str]:
    """Return an IBAN of a real bank of the country (mod 97 and national check digits right) and the bank's BIC."""
    for _ in range(DRAWS_MAX):
        candidate = _candidate(rng, country)
        if candidate.bic is not None and _nationally_valid(candidate):
            return str(candidate), str(candidate.bic).removesuffix("XXX")
    raise ExhaustedError(country)


def _candidate(rng: random.Random, country: str) -> IBAN:
    digits = _ACCOUNT_DIGITS.get(country)
    if digits is None:
        return IBAN.random(country_code=country, random=rng)
    return IBAN.random(country_code=country, random=rng, account_code=fill(rng, "#" * digits))


def _nationally_valid(candidate: IBAN) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # schwifty warns where a country has no national check digits
        return bool(candidate.validate(validate_bban=True))


def broken_iban(rng: random.Random, account: str) -> str:
    """Return the IBAN with one digit changed near its end, so that mod 97 fails: a typing error."""
    place = rng.randrange(len(account) - 6, len(account))
    wrong = str((int(account[place]) + rng.randrange(1, 10)) % 10) if account[place].isdigit() else "0"
    return account[:place] + wrong + account[place + 1 :]


def creditor_reference(number: str) -> str:
    """Return an ISO 11649 reference (RF) over an invoice number of up to 21 letters and digits."""
    body = "".join(sign for sign in number.upper() if sign.isascii() and sign.isalnum())[-21:]
    return next(
        reference for reference in (f"RF{check:02}{body}" for check in range(2, 99)) if iso11649.is_valid(reference)
    )


def ogm(rng: random.Random) -> str:
    """Return a Belgian structured communication as printed: +++123/4567/89012+++."""
    body = fill(rng, "1#########")
    digits = body + ogm_vcs.calc_check_digits(body)
    return f"+++{digits[:3]}/{digits[3:7]}/{digits[7:]}+++"
