"""Who bills whom: suppliers with valid identifiers, and the company that pays."""

import csv
import io
import random
from collections.abc import Iterable
from dataclasses import dataclass, field

from app.local.samples import identifiers
from app.local.samples.places import Country, country
from app.local.samples.seeds import seeded

CSV_COLUMNS = (
    "supplier_id", "tenant", "name", "aliases", "country", "vat_identifier", "legal_registration_identifier",
    "accounts", "bics", "street", "post_code", "town",
)  # fmt: skip
COUNTRIES = ("FR", "DE", "GB", "IE", "IT", "BE", "NL", "ES", "AT")
TENANT = "default"
# Names that share no word with any trade or family of the country files.
STRANGERS = ("Nordlys Partners", "Quadrivium Trading", "Zephyrine Services", "Okapi Solutions", "Ypsilon Ventures")


@dataclass(frozen=True)
class BankAccount:
    """An account as an invoice names it; `iban` is compact upper case."""

    iban: str
    bic: str


@dataclass(frozen=True)
class Company:
    """A seller or the buyer, complete enough for every format."""

    name: str
    country: str
    vat_identifier: str
    registration_identifier: str
    registration_scheme: str | None
    street: str
    post_code: str
    town: str
    phone: str
    email: str
    account: BankAccount


@dataclass(frozen=True)
class Supplier:
    """A company in the reference data, with the accounts that were verified for it."""

    supplier_id: str
    company: Company
    aliases: tuple[str, ...] = ()
    verified: tuple[BankAccount, ...] = field(default=())


def company(rng: random.Random, place: Country, name: str, account: BankAccount | None = None) -> Company:
    """Invent a company of the country under that name."""
    post_code, town = rng.choice(place.towns)
    vat = identifiers.vat_identifier(rng, place)
    domain = "".join(sign for sign in name.lower() if sign.isascii() and sign.isalnum())
    return Company(
        name=name,
        country=place.code,
        vat_identifier=vat,
        registration_identifier=identifiers.registration_identifier(rng, place, vat),
        registration_scheme=place.registration_scheme,
        street=rng.choice(place.streets).format(n=rng.randrange(2, 180)),
        post_code=post_code,
        town=town,
        phone=identifiers.fill(rng, place.phone),
        email=f"accounts@{domain}.example",
        account=account or BankAccount(*identifiers.iban(rng, place.code)),
    )


def _names(rng: random.Random, place: Country) -> list[str]:
    """Return company names of the country, none of which shares its trade or its family name with another."""
    trades, families = rng.sample(place.trades, len(place.trades)), rng.sample(place.families, len(place.families))
    return [
        f"{trade} {family} {rng.choice(place.legal_forms)}" for trade, family in zip(trades, families, strict=False)
    ]


def suppliers(rng: random.Random, per_country: int) -> tuple[Supplier, ...]:
    """Invent suppliers of every country, fewer where the names run out (see `families` of the country files)."""
    invented = []
    for code in COUNTRIES:
        place = country(code)
        for index, name in enumerate(_names(rng, place)[:per_country], start=1):
            it = company(rng, place, name)
            short = name.removesuffix(f" {place.legal_forms[0]}")
            aliases = (short,) if short != name else ()
            invented.append(Supplier(f"{code}-{index:03}", it, aliases, (it.account,)))
    return tuple(invented)


def stranger(rng: random.Random, code: str) -> Company:
    """Invent a company that no reference data knows, with a name unlike all others."""
    place = country(code)
    return company(rng, place, f"{rng.choice(STRANGERS)} {rng.choice(place.legal_forms)}")


def demo_debtor() -> Company:
    """Return the company that pays in the demo; the same each time, so that settings can name it."""
    rng = seeded("debtor")
    return company(rng, country("FR"), "Manufacture Hélios SAS")


def debtor_environment(debtor: Company) -> dict[str, str]:
    """Return the settings that make a company the paying party of the tenant `default` (contracts.md)."""
    return {
        "QUITTANCE_DEBTOR_NAME": debtor.name,
        "QUITTANCE_DEBTOR_IBAN": debtor.account.iban,
        "QUITTANCE_DEBTOR_BIC": debtor.account.bic,
        "QUITTANCE_DEBTOR_COUNTRY": debtor.country,
        "QUITTANCE_DEBTOR_TOWN": debtor.town,
        "QUITTANCE_DEBTOR_STREET": debtor.street,
        "QUITTANCE_DEBTOR_POST_CODE": debtor.post_code,
    }


def supplier_csv(known: Iterable[Supplier]) -> str:
    """Return the suppliers as the file that `quittance suppliers import` takes (contracts.md)."""
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    for supplier in known:
        it = supplier.company
        writer.writerow([
            supplier.supplier_id, TENANT, it.name, ";".join(supplier.aliases), it.country, it.vat_identifier,
            it.registration_identifier, ";".join(account.iban for account in supplier.verified),
            ";".join(account.bic for account in supplier.verified), it.street, it.post_code, it.town,
        ])  # fmt: skip
    return sheet.getvalue()
