"""The supplier file: what is read from it, what is refused and where, and that it comes back the same."""

import contextlib
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.suppliers import COLUMNS, SuppliersInvalid, Unwritable, parse_suppliers, render_suppliers
from schemas.invoice import PostalAddress
from schemas.supplier import Account, Supplier

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
HEADER = ",".join(COLUMNS)
GOOD = "acme,default,Acme SARL,ACME;Acme France,fr,fr 40 303 265 045,303265045,FR76 3000 6000 0112 3456 7890 189;DE89370400440532013000,AGRIFRPP,1 rue X,75001,Paris"  # noqa: E501 - one line is one supplier


def parse(*lines: str, **more: Any) -> tuple[Supplier, ...]:
    return parse_suppliers("\n".join(lines).encode(), verified_by="ann", verified_at=NOON, **more)


def faults(*lines: str) -> list[tuple[int, str | None]]:
    with pytest.raises(SuppliersInvalid) as refused:
        parse(*lines)
    return [(fault.line, fault.column) for fault in refused.value.faults]


def test_a_line_is_a_supplier() -> None:
    (supplier,) = parse(HEADER, GOOD)
    assert supplier == Supplier(
        supplier_id="acme",
        name="Acme SARL",
        aliases=("ACME", "Acme France"),
        vat_identifier="FR40303265045",
        legal_registration_identifier="303265045",
        postal_address=PostalAddress(street="1 rue X", post_code="75001", town="Paris", country="FR"),
        accounts=(
            Account(
                identifier="FR7630006000011234567890189",
                service_provider_identifier="AGRIFRPP",
                verified_by="ann",
                verified_at=NOON,
            ),
            Account(identifier="DE89370400440532013000", verified_by="ann", verified_at=NOON),
        ),
    )


def test_columns_may_be_left_out_or_stand_in_another_order() -> None:
    (supplier,) = parse("name,supplier_id", "Acme,acme")
    assert (supplier.supplier_id, supplier.name, supplier.tenant, supplier.accounts) == ("acme", "Acme", "default", ())


def test_a_line_without_a_tenant_is_of_the_importers_one() -> None:
    assert parse("name,supplier_id", "Acme,acme", tenant="other")[0].tenant == "other"


def test_a_second_bic_goes_with_the_second_account() -> None:
    line = "acme,Acme,FR7630006000011234567890189;DE89370400440532013000,;COBADEFFXXX"
    first, second = parse("supplier_id,name,accounts,bics", line)[0].accounts
    assert (first.service_provider_identifier, second.service_provider_identifier) == (None, "COBADEFFXXX")


def test_a_spreadsheets_byte_order_mark_and_line_ends_are_taken() -> None:
    content = b'\xef\xbb\xbfsupplier_id,name\r\nacme,"Acme, Inc."\r\n\r\n'
    assert parse_suppliers(content, verified_by="ann", verified_at=NOON)[0].name == "Acme, Inc."


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([""], [(1, "supplier_id"), (1, "name")]),
        (["supplier_id;name", "acme;Acme"], [(1, "supplier_id;name"), (1, "supplier_id"), (1, "name")]),
        (["supplier_id,name,iban", "acme,Acme,x"], [(1, "iban")]),
        (["supplier_id,name,name", "acme,Acme,x"], [(1, "name")]),
        (["supplier_id,name", "acme"], [(2, None)]),
        (["supplier_id,name", "acme,Acme,more"], [(2, None)]),
        (["supplier_id,name", "acme,"], [(2, "name")]),
        (["supplier_id,name", ",Acme"], [(2, "supplier_id")]),
        (["supplier_id,name", "a b,Acme"], [(2, "supplier_id")]),
        (["supplier_id,name", "acme,Acme", "beta,B", "acme,Again"], [(4, "supplier_id")]),
        (["supplier_id,name,country", "acme,Acme,France"], [(2, "country")]),
        (["supplier_id,name,accounts", "acme,Acme,FR7630006000011234567890188"], [(2, "accounts")]),
        (["supplier_id,name,accounts", "acme,Acme,NL00RABO9999999999"], [(2, "accounts")]),
        (["supplier_id,name,accounts", "acme,Acme,DE8937040044053201300"], [(2, "accounts")]),
        (["supplier_id,name,accounts", "acme,Acme,none"], [(2, "accounts")]),
        (["supplier_id,name,accounts", "acme,Acme,12345678;12345678"], [(2, "accounts")]),
        (["supplier_id,name,accounts,bics", "acme,Acme,12345678,NOBIC"], [(2, "bics")]),
        (["supplier_id,name,accounts,bics", "acme,Acme,12345678,AGRIFRPP;COBADEFF"], [(2, "bics")]),
        (["supplier_id,name", 'acme,"Acme'], [(2, None)]),
        (["supplier_id,name,country", "a,,X", "b,B,france"], [(2, "name"), (3, "country")]),
    ],
)
def test_every_fault_is_named_by_its_line(lines: list[str], expected: list[tuple[int, str | None]]) -> None:
    assert faults(*lines) == expected


def test_another_encoding_is_refused() -> None:
    with pytest.raises(SuppliersInvalid):
        parse_suppliers("supplier_id,name\nacme,Société".encode("latin-1"), verified_by="ann", verified_at=NOON)


def test_a_list_in_a_name_cannot_be_written() -> None:
    with pytest.raises(Unwritable):
        render_suppliers([Supplier(supplier_id="acme", name="Acme", aliases=("a;b",))])


WORDS = st.text(st.characters(codec="utf-8", exclude_characters=";\x00", exclude_categories=("C", "Z")), min_size=1)
ACCOUNTS = st.sampled_from(
    ["FR7630006000011234567890189", "DE89370400440532013000", "12345678", "GB33BUKB20201555555555"]
)


@st.composite
def suppliers(draw: st.DrawFn) -> Supplier:
    identifiers = draw(st.lists(ACCOUNTS, unique=True, max_size=3))
    agents = [draw(st.sampled_from([None, "AGRIFRPP", "COBADEFFXXX"])) for _ in identifiers]
    return Supplier(
        supplier_id=draw(st.from_regex(r"[A-Za-z0-9._:-]{1,64}", fullmatch=True)),
        name=draw(WORDS),
        aliases=tuple(draw(st.lists(WORDS, max_size=3))),
        postal_address=PostalAddress(town=draw(st.none() | WORDS), country=draw(st.sampled_from([None, "FR", "DE"]))),
        accounts=tuple(
            Account(identifier=one, service_provider_identifier=agent, verified_by="ann", verified_at=NOON)
            for one, agent in zip(identifiers, agents, strict=True)
        ),
    )


@given(st.lists(suppliers(), unique_by=lambda supplier: supplier.supplier_id, max_size=5))
def test_what_is_written_is_read_again(known: list[Supplier]) -> None:
    text = render_suppliers(known)
    assert parse_suppliers(text.encode(), verified_by="ann", verified_at=NOON) == tuple(known)


@given(st.binary(max_size=300))
def test_any_bytes_are_suppliers_or_a_typed_error(content: bytes) -> None:
    with contextlib.suppress(SuppliersInvalid):
        parse_suppliers(HEADER.encode() + b"\n" + content, verified_by="ann", verified_at=NOON)
