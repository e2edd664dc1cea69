"""Who pays: the debtor of each tenant, from the settings or from a YAML file."""

from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from app.settings import Settings
from schemas.invoice import PostalAddress
from schemas.payment import Debtor

DEFAULT_TENANT = "default"


class TenantsInvalid(Exception):  # noqa: N818 - it says what is wrong
    """The file named by QUITTANCE_TENANTS cannot be used; the message says where it is wrong."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str
    iban: str
    country: str
    town: str
    bic: str | None = None
    street: str | None = None
    post_code: str | None = None

    def debtor(self) -> Debtor:
        address = PostalAddress(street=self.street, post_code=self.post_code, town=self.town, country=self.country)
        account = "".join(self.iban.split()).upper()
        return Debtor(name=self.name, account=account, agent=self.bic, postal_address=address)


def debtors(settings: Settings) -> dict[str, Debtor]:
    """Return the debtor of each tenant. A tenant without one gets nothing approved (DEBTOR-MISSING).

    Raises:
        TenantsInvalid: where the file is unreadable or an entry is incomplete.
    """
    if settings.tenants is not None:
        return _from_file(settings)
    stated = {
        "name": settings.debtor_name,
        "iban": settings.debtor_iban,
        "country": settings.debtor_country,
        "town": settings.debtor_town,
    }
    if not all(stated.values()):
        return {}
    extra = {"bic": settings.debtor_bic, "street": settings.debtor_street, "post_code": settings.debtor_post_code}
    return {DEFAULT_TENANT: _Entry.model_validate({**stated, **extra}).debtor()}


def _from_file(settings: Settings) -> dict[str, Debtor]:
    try:
        tree: Any = yaml.safe_load(settings.tenants.read_text(encoding="utf-8")) if settings.tenants else {}
        return {tenant: _Entry.model_validate(entry).debtor() for tenant, entry in tree.items()}
    except (OSError, yaml.YAMLError, ValidationError, AttributeError) as wrong:
        raise TenantsInvalid(f"{settings.tenants}: {wrong}") from wrong
