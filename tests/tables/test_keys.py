"""The key of a document: one invoice of one seller, whatever the paper calls either."""

import pytest

from schemas.identifiers import invoice_key, orphan_key
from schemas.invoice import Invoice, Party
from tables.keys import key_of
from tables.suppliers import Directory
from tests.agents.builders import directory, supplier

DOCUMENT = "sha256:" + "0" * 64


def paper(number: str | None = "42", **seller: str) -> Invoice:
    return Invoice(invoice_number=number, seller=Party(**seller))


def key(invoice: Invoice, known: Directory, tenant: str = "default", document: str = DOCUMENT) -> str:
    return key_of(invoice, tenant, document, known)[0]


def test_a_known_supplier_has_one_key_however_the_paper_names_it() -> None:
    known = directory(supplier())
    by_vat = paper(vat_identifier="FR40303265045")
    by_name = paper(name="BOULANGERIE DUPONT")
    assert key_of(by_vat, "default", DOCUMENT, known) == (invoice_key("default", "S1", "42"), "S1")
    assert key(by_name, known) == key(by_vat, known)


@pytest.mark.parametrize("number", ["42", " 42 ", "0042", "4-2", "4/2"])
def test_the_number_is_folded(number: str) -> None:
    known = directory(supplier())
    assert key(paper(number, vat_identifier="FR40303265045"), known) == invoice_key("default", "S1", "42")


def test_an_unknown_seller_is_named_by_what_the_paper_says() -> None:
    known = directory()
    same = paper(vat_identifier="DE123456789", name="Bauhof GmbH")
    found, supplier_id = key_of(same, "default", DOCUMENT, known)
    assert supplier_id is None
    assert found == key(same, known, document="sha256:" + "1" * 64)
    assert found != key(paper(vat_identifier="DE999999999"), known)


@pytest.mark.parametrize("number", [None, "", "---", " / "])
def test_a_document_without_a_number_stands_alone(number: str | None) -> None:
    known = directory(supplier())
    found, supplier_id = key_of(paper(number, vat_identifier="FR40303265045"), "default", DOCUMENT, known)
    assert (found, supplier_id) == (orphan_key("default", DOCUMENT), "S1")


def test_a_document_without_a_seller_stands_alone() -> None:
    assert key(paper(), directory()) == orphan_key("default", DOCUMENT)


def test_tenants_never_meet() -> None:
    known = directory()
    invoice = paper(vat_identifier="DE123456789")
    assert key(invoice, known, tenant="a") != key(invoice, known, tenant="b")
