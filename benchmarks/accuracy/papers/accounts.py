"""Accounts with right check digits, and the forms in which countries print them."""

import random
import warnings
from dataclasses import dataclass

from schwifty import IBAN

# National check digits are hit by chance where schwifty does not make them.
DRAWS_MAX = 5_000
_BANKS = {
    "FR": ["Crédit Lyonnais", "BNP Paribas", "Banque Populaire"], "BE": ["KBC", "Belfius", "ING België"],
    "CH": ["Zürcher Kantonalbank", "PostFinance", "UBS"], "GB": ["Barclays Bank", "Lloyds Bank", "NatWest"],
    "IE": ["Bank of Ireland", "AIB"], "DE": ["Sparkasse Kassel", "Commerzbank", "Volksbank eG"],
    "AT": ["Erste Bank", "Raiffeisenbank"], "NL": ["ING Bank", "Rabobank", "ABN AMRO"],
    "ES": ["CaixaBank", "Banco Santander", "BBVA"], "IT": ["Intesa Sanpaolo", "UniCredit", "BPER Banca"],
    "PT": ["Millennium BCP", "Caixa Geral de Depósitos"], "PL": ["mBank S.A.", "PKO BP", "Santander Bank Polska"],
    "FI": ["Nordea", "OP Tampere", "Danske Bank"], "SE": ["Swedbank", "SEB", "Handelsbanken"],
    "DK": ["Danske Bank", "Jyske Bank", "Nordea"], "CZ": ["Komerční banka", "Česká spořitelna", "Fio banka"],
}  # fmt: skip


@dataclass(frozen=True)
class Account:
    """Where money goes. `bic` belongs to the IBAN's bank code."""

    iban: str
    bic: str
    bank: str
    holder: str

    @property
    def country(self) -> str:
        return self.iban[:2]

    def grouped(self, space: str = " ") -> str:
        """Return the IBAN in groups of four, as ISO 13616 prints it."""
        return space.join(self.iban[start : start + 4] for start in range(0, len(self.iban), 4))


def digits(rng: random.Random, count: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(count))


def draw(rng: random.Random, country: str, holder: str) -> Account:
    """Return an account of a real bank of the country."""
    for _ in range(DRAWS_MAX):
        found = _czech(rng) if country == "CZ" else _candidate(rng, country)
        if _valid(found) and (found.bic is not None or country == "CZ"):
            bic = str(found.bic) if found.bic else "KOMBCZPPXXX"
            return Account(str(found), bic.removesuffix("XXX"), rng.choice(_BANKS[country]), holder)
    raise RuntimeError(country)


def broken(rng: random.Random, account: Account) -> Account:
    """Return the account with one digit changed: mod 97 fails."""
    place = rng.randrange(len(account.iban) - 5, len(account.iban))
    wrong = str((int(account.iban[place]) + rng.randrange(1, 10)) % 10)
    iban = account.iban[:place] + wrong + account.iban[place + 1 :]
    return Account(iban, account.bic, account.bank, account.holder)


def _candidate(rng: random.Random, country: str) -> IBAN:
    length = {"FR": 11, "IT": 12, "CH": 12}.get(country)
    if length is None:
        return IBAN.random(country_code=country, random=rng)
    return IBAN.random(country_code=country, random=rng, account_code=digits(rng, length))


def _valid(found: IBAN) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return bool(found.validate(validate_bban=True)) and str(found)[-5:].isdigit()
        except ValueError:
            return False


def _czech(rng: random.Random) -> IBAN:
    """Return a Czech account whose number and prefix pass mod 11 (decree 169/2011)."""
    bank = rng.choice(["0100", "0800", "2010", "0300", "5500"])
    number = _mod11(rng, 10, (6, 3, 7, 9, 10, 5, 8, 4, 2, 1))
    prefix = rng.choice(["000000", _mod11(rng, 6, (10, 5, 8, 4, 2, 1))])
    return IBAN.from_bban("CZ", bank + prefix + number)


def _mod11(rng: random.Random, length: int, weights: tuple[int, ...]) -> str:
    for _ in range(DRAWS_MAX):
        text = digits(rng, length)
        if text[0] != "0" and sum(int(one) * weight for one, weight in zip(text, weights, strict=True)) % 11 == 0:
            return text
    raise RuntimeError(length)


def domestic(account: Account) -> list[tuple[str, str]] | None:
    """Return the account in the country's own form as label and value, or None where only the IBAN is printed."""
    bban = account.iban[4:]
    match account.country:
        case "FR":
            return [("Code banque", bban[:5]), ("Code guichet", bban[5:10]), ("N° de compte", bban[10:21]),
                    ("Clé RIB", bban[21:])]  # fmt: skip
        case "PL":
            nrb = account.iban[2:]
            return [("Nr rachunku", " ".join([nrb[:2], *(nrb[at : at + 4] for at in range(2, 26, 4))]))]
        case "CZ":
            prefix, number = bban[4:10].lstrip("0"), bban[10:].lstrip("0")
            return [("Číslo účtu", (f"{prefix}-" if prefix else "") + f"{number}/{bban[:4]}")]
        case "GB":
            return [("Sort code", "-".join((bban[4:6], bban[6:8], bban[8:10]))), ("Account no", bban[10:])]
        case "DK":
            return [("Reg.nr.", bban[:4]), ("Kontonr.", bban[4:].lstrip("0"))]
    return None
