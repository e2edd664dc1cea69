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
    "AT": ("U########", at_uid), "BE": ("0#########", be_vat), "CH": ("CHE#########", ch_uid), "CZ": ("########", cz_dic),
    "DE": ("#########", de_vat), "DK": ("########", cvr), "ES": ("B########", cif), "FI": ("########", ytunnus),
    "GB": ("#########", gb_vat), "IE": ("#######W", ie_vat), "IT": ("###########", iva), "NL": ("#########B01", btw),
    "PL": ("##########", nip), "PT": ("5########", nif), "SE": ("556#######", orgnr),
}  # fmt: skip


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


def _registration(rng: random.Random, country: str, body: str) -> str:
    match country:
        case "FI":
            return f"{body[:7]}-{body[7]}"
        case "SE":
            return f"{body[:6]}-{body[6:]}"
        case "BE" | "DK" | "CZ" | "CH":
            return body
        case "DE":
            return f"HRB {fill(rng, '#####')}"
        case "AT":
            return f"FN {fill(rng, '######')}k"
        case "PL":
            return fill(rng, "36#######")
    return fill(rng, "########")


def printed(rng: random.Random, country: str, vat: str) -> str:
    """Return the VAT id as it is printed: some with spaces, some without the prefix at home."""
    body = vat[2:]
    match country:
        case "FR":
            return rng.choice([vat, f"FR {body[:2]} {body[2:5]} {body[5:8]} {body[8:]}"])
        case "BE":
            return rng.choice([vat, f"BE {body[:4]}.{body[4:7]}.{body[7:]}"])
        case "CH":
            return f"CHE-{vat[3:6]}.{vat[6:9]}.{vat[9:]} MWST"
        case "GB":
            return rng.choice([vat, f"GB {body[:3]} {body[3:7]} {body[7:]}"])
        case "PL":
            return rng.choice([body, f"{body[:3]}-{body[3:6]}-{body[6:8]}-{body[8:]}", vat])
        case "IT" | "ES" | "PT" | "DK":
            return rng.choice([body, body, vat])
    return vat
