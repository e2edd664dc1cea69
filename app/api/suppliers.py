"""Suppliers: look, list, state anew, import a file. Who states an account vouches for it."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from fastapi import APIRouter, Request
from pydantic import Field, model_validator

from app.api.access import Authorized
from app.api.keys import Principal
from app.api.parameters import PAGE_LIMIT_DEFAULT, Cursor, Limit, SupplierPath
from app.api.ports import Ports, PortsOf
from app.api.problems import Problem
from app.publishing import Published
from app.readmodel.views import SupplierView
from app.suppliers import SuppliersInvalid, account_faults, compact_identifier, parse_suppliers
from schemas.base import Code, Record, Text
from schemas.events import SupplierChanged
from schemas.invoice import PostalAddress
from schemas.money import Money
from schemas.supplier import Account, Supplier
from schemas.topics import SUPPLIER_CHANGED

router = APIRouter(prefix="/v1/suppliers", tags=["suppliers"])

# So many events are in flight at once while a file is imported.
IMPORT_IN_FLIGHT = 200
# A company has a handful of accounts; more is another thing's list.
ACCOUNTS_MAX = 100
ALIASES_MAX = 100


class SupplierPage(Record):
    """Some suppliers, and the cursor of the next page."""

    items: tuple[SupplierView, ...]
    next: str | None = None


class StatedAccount(Record):
    """An account as its owner states it; spaces and case do not matter."""

    identifier: Code
    service_provider_identifier: Code | None = None

    @model_validator(mode="after")
    def _is_an_account(self) -> "StatedAccount":
        agent = compact_identifier(self.service_provider_identifier or "")
        if faults := [reason for _, reason in account_faults(compact_identifier(self.identifier), agent)]:
            raise ValueError("; ".join(faults))
        return self


class StatedSupplier(Record):
    """The whole new state of a supplier: what is left out is no longer true."""

    name: Text = Field(min_length=1)
    aliases: tuple[Text, ...] = Field(default=(), max_length=ALIASES_MAX)
    vat_identifier: Code | None = None
    legal_registration_identifier: Code | None = None
    postal_address: PostalAddress = PostalAddress()
    accounts: tuple[StatedAccount, ...] = Field(default=(), max_length=ACCOUNTS_MAX)
    amount_limit: Money | None = None
    active: bool = True


class Imported(Record):
    """How many suppliers a file has stated."""

    suppliers: int


@router.get("")
async def list_suppliers(
    ports: PortsOf, principal: Authorized, cursor: Cursor = None, limit: Limit = PAGE_LIMIT_DEFAULT
) -> SupplierPage:
    """Return suppliers by their id."""
    page = await ports.read_model.suppliers(principal.tenant, cursor=cursor, limit=limit)
    return SupplierPage(items=page.items, next=page.cursor)


@router.post(
    "/import",
    openapi_extra={"requestBody": {"required": True, "content": {"text/csv": {"schema": {"type": "string"}}}}},
)
async def import_file(request: Request, ports: PortsOf, principal: Authorized) -> Imported:
    """Import a supplier file; all of its accounts count as verified by the API key's owner."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "text/csv":
        raise Problem("media-type-unsupported", "Send text/csv.")
    at = ports.now()
    try:
        suppliers = parse_suppliers(
            await request.body(), verified_by=principal.name, verified_at=at, tenant=principal.tenant
        )
    except SuppliersInvalid as wrong:
        faults = [{"line": fault.line, "column": fault.column, "reason": fault.reason} for fault in wrong.faults]
        raise Problem("suppliers-invalid", faults=faults) from None
    await _refuse_foreign(ports, principal, suppliers)
    last = [await _announce_all(ports, principal, suppliers[i : i + IMPORT_IN_FLIGHT], at)
            for i in range(0, len(suppliers), IMPORT_IN_FLIGHT)]  # fmt: skip
    if last:
        await ports.projected(SUPPLIER_CHANGED, last[-1])
    return Imported(suppliers=len(suppliers))


@router.get("/{supplier_id}")
async def show(ports: PortsOf, principal: Authorized, supplier_id: SupplierPath) -> SupplierView:
    """Return one supplier."""
    supplier = await ports.read_model.supplier(principal.tenant, supplier_id)
    if supplier is None:
        raise Problem("not-found", "No supplier of that id is known.")
    return supplier


@router.put("/{supplier_id}")
async def state(
    ports: PortsOf, principal: Authorized, supplier_id: SupplierPath, stated: StatedSupplier
) -> SupplierView:
    """State a supplier anew. An account that it had keeps who verified it; a new one is verified by the key's owner."""
    if await ports.read_model.foreign_suppliers(principal.tenant, [supplier_id]):
        raise Problem("not-found", "No supplier of that id is known.")
    before = await ports.read_model.supplier(principal.tenant, supplier_id)
    at = ports.now()
    accounts = tuple(_vouched(account, before, principal, at) for account in stated.accounts)
    fields = {name: getattr(stated, name) for name in StatedSupplier.model_fields}
    supplier = Supplier(**{**fields, "accounts": accounts}, supplier_id=supplier_id, tenant=principal.tenant)
    changed = SupplierChanged(supplier=supplier, changed_by=principal.name, changed_at=at)
    published = await ports.publisher.publish(SUPPLIER_CHANGED, changed, key=supplier_id)
    await ports.projected(SUPPLIER_CHANGED, published)
    return SupplierView(supplier=supplier, changed_by=changed.changed_by, changed_at=changed.changed_at)


def _vouched(stated: StatedAccount, before: SupplierView | None, principal: Principal, at: datetime) -> Account:
    identifier = compact_identifier(stated.identifier)
    agent = compact_identifier(stated.service_provider_identifier or "") or None
    known = before.supplier.account(identifier) if before else None
    return Account(
        identifier=identifier,
        service_provider_identifier=agent,
        verified_by=known.verified_by if known else principal.name,
        verified_at=known.verified_at if known else at,
    )


async def _refuse_foreign(ports: Ports, principal: Principal, suppliers: Sequence[Supplier]) -> None:
    identifiers = [supplier.supplier_id for supplier in suppliers]
    foreign = await ports.read_model.foreign_suppliers(principal.tenant, identifiers)
    others = {supplier.supplier_id for supplier in suppliers if supplier.tenant != principal.tenant} | foreign
    if others:
        raise Problem("suppliers-invalid", f"Not of this tenant: {', '.join(sorted(others)[:10])}")


async def _announce_all(ports: Ports, principal: Principal, suppliers: Sequence[Supplier], at: datetime) -> Published:
    published = await asyncio.gather(
        *(
            ports.publisher.publish(
                SUPPLIER_CHANGED,
                SupplierChanged(supplier=supplier, changed_by=principal.name, changed_at=at),
                key=supplier.supplier_id,
            )
            for supplier in suppliers
        )
    )
    return max(published, key=lambda one: one.offset)
