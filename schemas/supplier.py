"""Reference data: who may be paid, and on which accounts."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.base import Code, Moment, Record, Text
from schemas.invoice import PostalAddress
from schemas.money import Money

SupplierId = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._:-]+$")]


class Account(Record):
    """A bank account that somebody vouched for. `identifier` is an IBAN, or a national account, compact upper case."""

    identifier: Code
    service_provider_identifier: Code | None = None  # BIC
    verified_by: Code
    verified_at: Moment | None = None


class Supplier(Record):
    """One payee of one tenant, as its reference-data owner states it."""

    supplier_id: SupplierId
    tenant: Code = "default"
    name: Text
    aliases: tuple[Text, ...] = ()
    vat_identifier: Code | None = None
    legal_registration_identifier: Code | None = None
    postal_address: PostalAddress = PostalAddress()
    accounts: tuple[Account, ...] = ()
    amount_limit: Money | None = None  # above it a person approves, in the invoice's own currency
    active: bool = True

    def account(self, identifier: str) -> Account | None:
        """Return the verified account of that identifier, or None."""
        return next((account for account in self.accounts if account.identifier == identifier), None)


MatchedBy = Literal["vat_identifier", "legal_registration_identifier", "account", "name"]


class SupplierMatch(Record):
    """Which supplier an invoice belongs to, and by what. `score` is 1 except for names (0 to 1, rapidfuzz)."""

    supplier: Supplier
    matched_by: MatchedBy
    score: float = 1.0
