"""Suppliers as CSV, one line a supplier, lists separated by `;` (contracts: `quittance suppliers import`). Pure."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError

from schemas.accounts import bic_fault, claims_iban, iban_fault
from schemas.invoice import PostalAddress
from schemas.supplier import Account, Supplier

COLUMNS = (
    "supplier_id", "tenant", "name", "aliases", "country", "vat_identifier", "legal_registration_identifier",
    "accounts", "bics", "street", "post_code", "town",
)  # fmt: skip
REQUIRED = ("supplier_id", "name")
LIST_SEPARATOR = ";"
# The largest vendor masters that we know of; a longer file is another file.
SUPPLIERS_MAX = 200_000
# Enough to see what is wrong with a file; after that, its author knows.
FAULTS_MAX = 100


@dataclass(frozen=True)
class Fault:
    """What is wrong on one line of the file. `column` is None where the line as a whole is."""

    line: int
    column: str | None
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}: " + (f"{self.column}: " if self.column else "") + self.reason


class SuppliersInvalid(Exception):  # noqa: N818 - it names the state of the file
    """The file cannot be imported; nothing of it was. `faults` says why, line by line."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)[:FAULTS_MAX]
        super().__init__("; ".join(map(str, self.faults)))


class Unwritable(Exception):  # noqa: N818 - it names the state of the supplier
    """A supplier has a value that a list in CSV cannot carry."""


def parse_suppliers(
    content: bytes, *, verified_by: str, verified_at: datetime, tenant: str = "default"
) -> tuple[Supplier, ...]:
    """Return the suppliers of a file, whose accounts `verified_by` vouches for by importing it.

    `tenant` is that of a line which names none.

    Raises:
        SuppliersInvalid: with every fault found, by line; a file with one fault is not imported at all.
    """
    faults: list[Fault] = []
    suppliers: dict[str, Supplier] = {}
    for line, row in _rows(content):
        parsed = _parse(line, row, verified_by, verified_at, tenant)
        if isinstance(parsed, Supplier) and parsed.supplier_id in suppliers:
            parsed = (Fault(line, "supplier_id", f"{parsed.supplier_id} stands on an earlier line, too"),)
        if isinstance(parsed, Supplier):
            suppliers[parsed.supplier_id] = parsed
        else:
            faults.extend(parsed)
        if len(suppliers) > SUPPLIERS_MAX:
            raise SuppliersInvalid([Fault(line, None, f"more than {SUPPLIERS_MAX} suppliers")])
    if faults:
        raise SuppliersInvalid(faults)
    return tuple(suppliers.values())


def render_suppliers(suppliers: Iterable[Supplier]) -> str:
    """Return the file that these suppliers are read from.

    Raises:
        Unwritable: where an alias contains the separator of lists.
    """
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for supplier in suppliers:
        writer.writerow(_columns(supplier))
    return text.getvalue()


def _rows(content: bytes) -> Iterator[tuple[int, Mapping[str, str]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SuppliersInvalid([Fault(1, None, "the file is not in UTF-8")]) from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = _header(next(reader, []))
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, _named(reader.line_num, header, cells)
    except csv.Error as wrong:
        raise SuppliersInvalid([Fault(reader.line_num, None, str(wrong))]) from None


def _header(cells: list[str]) -> list[str]:
    header = [cell.strip() for cell in cells]
    unknown = [name for name in header if name not in COLUMNS]
    missing = [name for name in REQUIRED if name not in header]
    twice = [name for name in COLUMNS if header.count(name) > 1]
    faults = [
        *(Fault(1, name, "no such column; known are " + ",".join(COLUMNS)) for name in unknown),
        *(Fault(1, name, "the column is missing") for name in missing),
        *(Fault(1, name, "the column stands there twice") for name in twice),
    ]
    if faults:
        raise SuppliersInvalid(faults)
    return header


def _named(line: int, header: list[str], cells: list[str]) -> Mapping[str, str]:
    if len(cells) != len(header):
        raise SuppliersInvalid([Fault(line, None, f"{len(cells)} cells, the header has {len(header)}")])
    return {name: cell.strip() for name, cell in zip(header, cells, strict=True)}


def _parse(
    line: int, row: Mapping[str, str], verified_by: str, verified_at: datetime, tenant: str
) -> Supplier | tuple[Fault, ...]:
    accounts = [compact_identifier(account) for account in _listed(row, "accounts")]
    bics = [compact_identifier(bic) for bic in _listed(row, "bics", keep_empty=True)]
    if faults := tuple(_faults(line, row["name"], accounts, bics)):
        return faults
    agents = [bic or None for bic in bics] + [None] * len(accounts)
    vouched = {"verified_by": verified_by, "verified_at": verified_at}
    try:
        return Supplier(
            supplier_id=row["supplier_id"],
            tenant=row.get("tenant") or tenant,
            name=row["name"],
            aliases=tuple(_listed(row, "aliases")),
            vat_identifier=compact_identifier(row.get("vat_identifier", "")) or None,
            legal_registration_identifier=compact_identifier(row.get("legal_registration_identifier", "")) or None,
            postal_address=_address(row),
            accounts=tuple(
                Account.model_validate({"identifier": account, "service_provider_identifier": agent, **vouched})
                for account, agent in zip(accounts, agents, strict=False)
            ),
        )
    except ValidationError as wrong:
        return tuple(
            Fault(line, str(error["loc"][-1]) if error["loc"] else None, error["msg"])
            for error in wrong.errors(include_url=False, include_input=False)
        )


def _address(row: Mapping[str, str]) -> PostalAddress:
    return PostalAddress(
        street=row.get("street") or None,
        post_code=row.get("post_code") or None,
        town=row.get("town") or None,
        country=row.get("country", "").upper() or None,
    )


def account_faults(account: str, agent: str | None) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with an account and its BIC, each as the column and a sentence.

    What has the look of an IBAN must be one; anything else is a national account of letters and digits.
    """
    if claims_iban(account):
        # Whoever imports it vouches for it: only what no bank would take is refused, mod 97 above all.
        if fault := iban_fault(account, national=False):
            yield "accounts", f"{account}: {fault}"
    elif not (account.isascii() and account.isalnum() and any(map(str.isdigit, account))):
        yield "accounts", f"{account}: not an account"
    if agent and (fault := bic_fault(agent)):
        yield "bics", f"{agent}: {fault}"


def _faults(line: int, name: str, accounts: list[str], bics: list[str]) -> Iterator[Fault]:
    if not name:
        yield Fault(line, "name", "is empty")
    if len(bics) > len(accounts):
        yield Fault(line, "bics", f"{len(bics)} for {len(accounts)} accounts")
    padded = bics + [""] * len(accounts)
    for account, bic in zip(accounts, padded, strict=False):
        yield from (Fault(line, column, reason) for column, reason in account_faults(account, bic))
    if len(set(accounts)) < len(accounts):
        yield Fault(line, "accounts", "the same account twice")


def _listed(row: Mapping[str, str], column: str, *, keep_empty: bool = False) -> list[str]:
    parts = [part.strip() for part in row.get(column, "").split(LIST_SEPARATOR)]
    return parts if keep_empty and any(parts) else [part for part in parts if part]


def compact_identifier(identifier: str) -> str:
    """Return an identifier without spaces, in upper case."""
    return "".join(identifier.split()).upper()


def _columns(supplier: Supplier) -> dict[str, str | None]:
    address = supplier.postal_address
    return {
        "supplier_id": supplier.supplier_id,
        "tenant": supplier.tenant,
        "name": supplier.name,
        "aliases": _joined(supplier.aliases),
        "country": address.country,
        "vat_identifier": supplier.vat_identifier,
        "legal_registration_identifier": supplier.legal_registration_identifier,
        "accounts": _joined(account.identifier for account in supplier.accounts),
        "bics": _joined(account.service_provider_identifier or "" for account in supplier.accounts).rstrip(";"),
        "street": address.street,
        "post_code": address.post_code,
        "town": address.town,
    }


def _joined(values: Iterable[str]) -> str:
    listed = list(values)
    if any(LIST_SEPARATOR in value for value in listed):
        raise Unwritable(f"{listed!r} contains {LIST_SEPARATOR}")
    return LIST_SEPARATOR.join(listed)
