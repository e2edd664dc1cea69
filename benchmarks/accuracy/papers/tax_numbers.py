"""VAT and registration numbers with right check digits, as each country prints them."""

import random
from collections.abc import Callable
from typing import Any

from stdnum.at import uid as at_uid
from stdnum.be import vat as be_vat
from stdnum.ch import uid as ch_uid
from stdnum.cz import dic as cz_dic
from stdnum.de import vat as de_vat
from stdnum.dk import cvr
from stdnum.es import cif
from stdnum.fi import ytunnus
from stdnum.fr import siren, siret
from stdnum.gb import vat as gb_vat
from stdnum.ie import vat as ie_vat
from stdnum.it import iva
from stdnum.nl import btw
from stdnum.pl import nip
from stdnum.pt import nif
from stdnum.se import orgnr

DRAWS_MAX = 20_000
# template and check of the number without the country's prefix
_VAT: dict[str, tuple[str, Any]] = {
    "AT": ("U########", at_uid),
    "BE": ("0#########", be_vat),
    "CH": ("CHE#########", ch_uid),
    "CZ": ("########", cz_dic),
    "DE": ("#########", de_vat),
    "DK": ("########", cvr),
    "ES": ("B########", cif),
    "FI": ("########", ytunnus),
    "GB": ("#########", gb_vat),
    "IE": ("#######W", ie_vat),
    "IT": ("###########", iva),
    "NL": ("#########B01", btw),
    "PL": ("##########", nip),
    "PT": ("5########", nif),
    "SE": ("556#######", orgnr),
}


def fill(rng: random.Random, template: str) -> str:
    return "".join(rng.choice("0123456789") if sign == "#" else sign for sign in template)


def draw(rng: random.Random, template: str, is_valid: Callable[[str], bool]) -> str:
    for _ in range(DRAWS_MAX):
        number = fill(rng, template)
        if is_valid(number):
            return number
    raise RuntimeError(template)


def identifiers(rng: random.Random, country: str) -> tuple[str, str]:
    """Return a company's VAT id with its prefix, and its registration number."""
    if country == "FR":
        number = draw(rng, "4########", siren.is_valid)
        return "FR" + siren.to_tva(number).replace(" ", ""), draw(rng, number + "000##", siret.is_valid)
    template, check = _VAT[country]
    body = draw(rng, template, check.is_valid)
    vat = {"CH": body, "SE": f"SE{body}01"}.get(country, country + body)
    return vat, _registration(rng, country, body)


_REGISTRATIONS: dict[str, Callable[[random.Random, str], str]] = {
    "FI": lambda _, body: f"{body[:7]}-{body[7]}",
    "SE": lambda _, body: f"{body[:6]}-{body[6:]}",
    "BE": lambda _, body: body,
    "DK": lambda _, body: body,
    "CZ": lambda _, body: body,
    "CH": lambda _, body: body,
    "DE": lambda rng, _: f"HRB {fill(rng, '#####')}",
    "AT": lambda rng, _: f"FN {fill(rng, '######')}k",
    "PL": lambda rng, _: fill(rng, "36#######"),
}


def _registration(rng: random.Random, country: str, body: str) -> str:
    makes = _REGISTRATIONS.get(country)
    return makes(rng, body) if makes else fill(rng, "########")


# The ways in which the country's suppliers print it; `b` is the number without its prefix.
_PRINTED: dict[str, Callable[[str], tuple[str, ...]]] = {
    "FR": lambda b: (f"FR{b}", f"FR {b[:2]} {b[2:5]} {b[5:8]} {b[8:]}"),
    "BE": lambda b: (f"BE{b}", f"BE {b[:4]}.{b[4:7]}.{b[7:]}"),
    "CH": lambda b: (f"CHE-{b[1:4]}.{b[4:7]}.{b[7:]} MWST",),
    "GB": lambda b: (f"GB{b}", f"GB {b[:3]} {b[3:7]} {b[7:]}"),
    "PL": lambda b: (b, f"{b[:3]}-{b[3:6]}-{b[6:8]}-{b[8:]}", f"PL{b}"),
    "IT": lambda b: (b, b, f"IT{b}"),
    "ES": lambda b: (b, b, f"ES{b}"),
    "PT": lambda b: (b, b, f"PT{b}"),
    "DK": lambda b: (b, b, f"DK{b}"),
}


def printed(rng: random.Random, country: str, vat: str) -> str:
    """Return the VAT id as it is printed: some with spaces, some without the prefix at home."""
    forms = _PRINTED.get(country)
    return rng.choice(forms(vat[2:])) if forms else vat
