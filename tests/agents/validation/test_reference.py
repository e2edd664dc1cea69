"""The invoice against the reference data."""

from decimal import Decimal
from typing import Any

import pytest

from agents.validation.reference import validate_against
from schemas.invoice import Invoice, Party, PostalAddress
from tables.suppliers import Directory
from tests.agents.builders import (
    BELGIAN_IBAN,
    DEBTOR,
    IBAN,
    OTHER_IBAN,
    TENANT,
    directory,
    invoice,
    supplier,
    transfer,
    verified,
)

OTHER = supplier("S2", name="Zimmer AG", vat_identifier="DE136695976", accounts=(verified(OTHER_IBAN),))


def rules(paper: Invoice, *suppliers: Any, known: Directory | None = None) -> list[str]:
    known = known or directory(*(suppliers or (supplier(), OTHER)))
    own = frozenset({DEBTOR.account})
    found = validate_against(paper, known.match(paper, TENANT), known, tenant=TENANT, own_accounts=own)
    return [finding.rule for finding in found]


def test_all_is_well() -> None:
    assert rules(invoice()) == []


def test_supplier_unknown() -> None:
    paper = invoice(seller=Party(name="Nobody"), payment_instructions=(transfer(BELGIAN_IBAN),))

    assert rules(paper) == ["SUPPLIER-UNKNOWN"]


def test_an_unknown_supplier_with_somebodys_account() -> None:
    shared = (supplier(), OTHER.model_copy(update={"accounts": (verified(IBAN),)}))

    assert rules(invoice(seller=Party(name="Nobody")), *shared) == ["SUPPLIER-UNKNOWN", "ACCOUNT-OF-ANOTHER-SUPPLIER"]


def test_supplier_conflict() -> None:
    found = rules(invoice(payment_instructions=(transfer(OTHER_IBAN),)))

    assert found == ["SUPPLIER-CONFLICT", "ACCOUNT-OF-ANOTHER-SUPPLIER", "ACCOUNT-NEW"]


def test_supplier_inactive() -> None:
    assert rules(invoice(), supplier(active=False)) == ["SUPPLIER-INACTIVE"]


@pytest.mark.parametrize("address", [PostalAddress(), PostalAddress(town="Lyon"), PostalAddress(country="FR")])
def test_supplier_address(address: PostalAddress) -> None:
    assert rules(invoice(), supplier(postal_address=address)) == ["SUPPLIER-ADDRESS"]


def test_account_own() -> None:
    assert rules(invoice(payment_instructions=(transfer(DEBTOR.account),))) == ["ACCOUNT-OWN", "ACCOUNT-NEW"]


def test_account_new() -> None:
    assert rules(invoice(payment_instructions=(transfer(BELGIAN_IBAN),))) == ["ACCOUNT-NEW"]
    assert rules(invoice(), supplier(accounts=())) == ["ACCOUNT-NEW"]
    assert rules(invoice(payment_instructions=())) == []


def test_an_account_beside_a_verified_one_is_not_told_unless_it_is_anothers() -> None:
    assert rules(invoice(payment_instructions=(transfer(BELGIAN_IBAN), transfer(IBAN)))) == []
    both = invoice(payment_instructions=(transfer(OTHER_IBAN), transfer(IBAN)))
    assert rules(both) == ["ACCOUNT-OF-ANOTHER-SUPPLIER"]


def test_a_factors_account_that_is_verified_for_the_supplier_too() -> None:
    assert rules(invoice(), supplier(), OTHER.model_copy(update={"accounts": (verified(IBAN),)})) == []


@pytest.mark.parametrize(("limit", "found"), [("119.99", ["AMOUNT-LIMIT"]), ("120", []), (None, [])])
def test_amount_limit(limit: str | None, found: list[str]) -> None:
    assert rules(invoice(), supplier(amount_limit=None if limit is None else Decimal(limit))) == found


@pytest.mark.parametrize(
    ("seller", "found"),
    [
        # by VAT id: the name only informs
        (Party(vat_identifier="FR40303265045"), []),
        (Party(vat_identifier="FR40303265045", name="Boulangerie"), []),
        (Party(vat_identifier="FR40303265045", name="Zimmer"), ["SUPPLIER-NAME-DIFFERS"]),
        # by account: what else is said must not contradict it
        (Party(), []),
        (Party(name="DUPONT Boulangerie"), []),
        (Party(name="Quite Another Ltd"), ["SUPPLIER-MISMATCH"]),
        (Party(name="Boulangerie Dupont", vat_identifier="FR83404833048"), ["SUPPLIER-MISMATCH"]),
        # by a register's number: many registers have it
        (Party(legal_registration_identifier="HRB 1", name="Boulangerie Dupont"), []),
        (Party(legal_registration_identifier="HRB 1", name="Quite Another Ltd"), ["SUPPLIER-MISMATCH"]),
    ],
)
def test_how_the_supplier_was_found(seller: Party, found: list[str]) -> None:
    assert rules(invoice(seller=seller), supplier(legal_registration_identifier="HRB1")) == found


def test_a_name_alone() -> None:
    paper = invoice(seller=Party(name="Boulangerie Dupont"), payment_instructions=())

    assert rules(paper) == ["SUPPLIER-BY-NAME"]
