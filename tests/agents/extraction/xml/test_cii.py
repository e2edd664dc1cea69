import pytest

from agents.extraction.xml.reading import read_xml
from schemas.evidence import ExtractedInvoice, FieldName, Unreadable
from tests.agents.extraction.xml_invoices import CII, OTHER_IBAN, OWN_IBAN, ZUGFERD_1, swap


def extract(document: str) -> ExtractedInvoice:
    extracted = read_xml(document.encode())
    assert isinstance(extracted, ExtractedInvoice), extracted
    return extracted


def rules(extracted: ExtractedInvoice) -> set[str]:
    return {finding.rule for finding in extracted.findings}


EXPECTED: dict[FieldName, str] = {
    "invoice_number": "F-77",
    "invoice_type_code": "380",
    "invoice_issue_date": "2026-09-30",
    "payment_due_date": "2026-10-30",
    "invoice_currency_code": "EUR",
    "seller_name": "Peintures du Nord SARL",
    "seller_legal_registration_identifier": "732829320",
    "seller_vat_identifier": "FR44732829320",
    "seller_address_line": "1 rue Neuve",
    "seller_city": "Lille",
    "seller_post_code": "59000",
    "seller_country_code": "FR",
    "buyer_name": "Reederei Sund AB",
    "payment_means_type_code": "30",
    "payment_account_identifier": OTHER_IBAN,
    "payment_service_provider_identifier": "AGRIFRPP",
    "remittance_information": "F-77",
    "payment_terms": "30 jours",
    "sum_of_invoice_line_net_amount": "100.00",
    "invoice_total_amount_without_vat": "100.00",
    "invoice_total_vat_amount": "20.00",
    "invoice_total_amount_with_vat": "120.00",
    "paid_amount": "120.00",
    "amount_due_for_payment": "0.00",
}


@pytest.mark.parametrize("document", [CII, ZUGFERD_1], ids=["D16B", "ZUGFeRD 1.0"])
def test_every_field(document: str) -> None:
    extracted = extract(document)
    assert {name: field.value for name, field in extracted.fields.items()} == EXPECTED
    assert extracted.findings == ()
    assert [line.model_dump(mode="json")["invoice_line_net_amount"] for line in extracted.lines] == ["100.00"]
    assert [line.invoiced_quantity_unit_of_measure_code for line in extracted.lines] == ["LTR"]
    assert extracted.vat_breakdown[0].model_dump(mode="json")["vat_category_rate"] == "20"


def test_debited_account_is_never_the_payee_s() -> None:
    old = f"<ram:PayeePartyCreditorFinancialAccount><ram:IBANID>{OTHER_IBAN}</ram:IBANID>"
    new = (
        f"<ram:PayerPartyDebtorFinancialAccount><ram:IBANID>{OWN_IBAN}</ram:IBANID></ram:PayerPartyDebtorFinancialAccount>"
        "<ram:PayeePartyCreditorFinancialAccount>"
    )
    extracted = extract(swap(CII, (old, new)))
    assert extracted.value("payment_account_identifier") is None
    assert extracted.value("debited_account_identifier") == OWN_IBAN


def test_headings_of_sub_lines_are_not_counted() -> None:
    heading = "<ram:LineID>1</ram:LineID><ram:LineStatusReasonCode>GROUP</ram:LineStatusReasonCode>"
    assert extract(swap(CII, ("<ram:LineID>1</ram:LineID>", heading))).lines == ()


def test_earliest_of_several_due_dates() -> None:
    terms = (
        '<ram:SpecifiedTradePaymentTerms><ram:DueDateDateTime><udt:DateTimeString format="102">20261015'
        "</udt:DateTimeString></ram:DueDateDateTime></ram:SpecifiedTradePaymentTerms>"
    )
    before = "<ram:SpecifiedTradeSettlementHeaderMonetarySummation>"
    assert extract(swap(CII, (before, terms + before))).value("payment_due_date") == "2026-10-15"


def test_instalments_are_a_doubt() -> None:
    part = "<ram:PartialPaymentAmount>60.00</ram:PartialPaymentAmount></ram:SpecifiedTradePaymentTerms>"
    assert rules(extract(swap(CII, ("</ram:SpecifiedTradePaymentTerms>", part)))) == {"INSTALMENTS"}


def test_order_in_the_same_syntax_is_no_invoice() -> None:
    order = swap(ZUGFERD_1, ("urn:cen.eu:en16931:2017", "urn:ferd:CrossIndustryDocument:order:1p0:extended"))
    assert rules(extract(order)) == {"NOT-AN-INVOICE"}


def test_a_test_document_says_so() -> None:
    indicator = "<ram:TestIndicator><udt:Indicator>true</udt:Indicator></ram:TestIndicator>"
    before = "<ram:GuidelineSpecifiedDocumentContextParameter>"
    assert rules(extract(swap(CII, (before, indicator + before)))) == {"TEST-INDICATOR"}


def test_unknown_root_is_refused() -> None:
    refused = read_xml(b"<CrossIndustryInvoice/>")
    assert isinstance(refused, Unreadable)
    assert refused.reason == "XML-UNKNOWN-DIALECT"


@pytest.mark.parametrize("scheme", ["VAT", "GST"])
def test_the_scheme_of_a_vat_id_may_be_called_otherwise(scheme: str) -> None:
    document = swap(CII, ('schemeID="VA">FR44732829320', f'schemeID="{scheme}">FR44732829320'))
    assert extract(document).value("seller_vat_identifier") == "FR44732829320"
