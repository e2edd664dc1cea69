import pytest

from agents.extraction.xml.reading import read_xml
from schemas.evidence import ExtractedInvoice, FieldName
from tests.agents.extraction.xml_invoices import CREDIT_NOTE, IBAN, OTHER_IBAN, OWN_IBAN, UBL, swap


def extract(document: str) -> ExtractedInvoice:
    extracted = read_xml(document.encode())
    assert isinstance(extracted, ExtractedInvoice), extracted
    return extracted


def rules(extracted: ExtractedInvoice) -> set[str]:
    return {finding.rule for finding in extracted.findings}


EXPECTED: dict[FieldName, str] = {
    "invoice_number": "2026-0042",
    "invoice_issue_date": "2026-09-30",
    "payment_due_date": "2026-10-30",
    "invoice_type_code": "380",
    "invoice_currency_code": "EUR",
    "vat_accounting_currency_code": "SEK",
    "buyer_reference": "04011000-12345-34",
    "purchase_order_reference": "PO-7",
    "payment_terms": "30 days net",
    "seller_name": "Brandt Bootsbau GmbH",
    "seller_legal_registration_identifier": "HRB 4711",
    "seller_vat_identifier": "DE136695976",
    "seller_tax_registration_identifier": "22/815/0815/4",
    "seller_electronic_address": "DE136695976",
    "seller_address_line": "Hafenweg 3",
    "seller_city": "Kiel",
    "seller_post_code": "24103",
    "seller_country_code": "DE",
    "buyer_name": "Reederei Sund AB",
    "payment_means_type_code": "58",
    "remittance_information": "RF18539007547034",
    "payment_account_identifier": IBAN,
    "payment_account_name": "Brandt",
    "payment_service_provider_identifier": "BYLADEM1001",
    "sum_of_invoice_line_net_amount": "100.00",
    "invoice_total_amount_without_vat": "100.00",
    "invoice_total_vat_amount": "19.00",
    "invoice_total_amount_with_vat": "119.00",
    "paid_amount": "19.00",
    "amount_due_for_payment": "100.00",
}


def test_every_field() -> None:
    extracted = extract(UBL)
    assert {name: field.value for name, field in extracted.fields.items()} == EXPECTED
    assert extracted.lane == "xml"
    assert extracted.findings == ()


def test_raw_keeps_what_stands_there() -> None:
    assert extract(UBL).field("seller_vat_identifier").raw == "DE 136 695 976"


@pytest.mark.parametrize("scheme", ["VA", "GST", "vat"])
def test_the_scheme_of_a_vat_id_may_be_called_otherwise(scheme: str) -> None:
    document = swap(
        UBL,
        (
            "136 695 976</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT<",
            f"136 695 976</cbc:CompanyID><cac:TaxScheme><cbc:ID>{scheme}<",
        ),
    )
    assert extract(document).value("seller_vat_identifier") == "DE136695976"


def test_lines_and_breakdown() -> None:
    extracted = extract(UBL)
    assert extracted.lines[0].model_dump(mode="json") == {
        "line_identifier": "1",
        "item_name": "Oar",
        "invoiced_quantity": "2",
        "invoiced_quantity_unit_of_measure_code": "C62",
        "item_net_price": "50.00",
        "item_price_base_quantity": None,
        "invoiced_item_vat_rate": "19",
        "invoice_line_net_amount": "100.00",
    }
    assert extracted.vat_breakdown[0].model_dump(mode="json") == {
        "vat_category_code": "S",
        "vat_category_rate": "19",
        "vat_category_taxable_amount": "100.00",
        "vat_category_tax_amount": "19.00",
    }


@pytest.mark.parametrize("unit", ["", "x" * 11])
def test_a_unit_that_is_none_is_left_out(unit: str) -> None:
    assert (
        extract(swap(UBL, ('unitCode="C62"', f'unitCode="{unit}"'))).lines[0].invoiced_quantity_unit_of_measure_code
        is None
    )


def test_a_price_may_be_for_many() -> None:
    priced = swap(UBL, ("</cbc:PriceAmount>", "</cbc:PriceAmount><cbc:BaseQuantity>100</cbc:BaseQuantity>"))
    assert str(extract(priced).lines[0].item_price_base_quantity) == "100"


def test_credit_note() -> None:
    extracted = extract(CREDIT_NOTE)
    assert extracted.value("invoice_type_code") == "381"
    assert extracted.lines[0].invoiced_quantity is not None


def test_root_stands_in_for_a_missing_type_code() -> None:
    without = swap(CREDIT_NOTE, ("<cbc:CreditNoteTypeCode>381</cbc:CreditNoteTypeCode>", ""))
    assert extract(without).value("invoice_type_code") == "381"


def test_debited_account_is_never_the_payee_s() -> None:
    mandate = (
        f"<cac:PaymentMandate><cbc:ID>M1</cbc:ID><cac:PayerFinancialAccount><cbc:ID>{OWN_IBAN}</cbc:ID>"
        "</cac:PayerFinancialAccount></cac:PaymentMandate></cac:PaymentMeans>"
    )
    start, end = UBL.index("<cac:PayeeFinancialAccount>"), UBL.index("</cac:PaymentMeans>")
    extracted = extract(UBL[:start] + mandate + UBL[end + len("</cac:PaymentMeans>") :])
    assert extracted.value("payment_account_identifier") is None
    assert extracted.value("debited_account_identifier") == OWN_IBAN
    assert extracted.value("mandate_reference_identifier") == "M1"


def second_means(code: str, account: str) -> str:
    means = (
        f"<cac:PaymentMeans><cbc:PaymentMeansCode>{code}</cbc:PaymentMeansCode><cac:PayeeFinancialAccount>"
        f"<cbc:ID>{account}</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans><cac:PaymentTerms>"
    )
    return swap(UBL, ("<cac:PaymentTerms>", means))


def test_two_accounts_are_a_doubt_and_both_are_kept() -> None:
    extracted = extract(second_means("30", OTHER_IBAN))
    assert extracted.value("payment_account_identifier") == IBAN
    assert [transfer.account_identifier for transfer in extracted.credit_transfers] == [IBAN, OTHER_IBAN]
    assert rules(extracted) == {"ACCOUNT-AMBIGUOUS"}


def test_the_same_account_twice_is_one() -> None:
    assert rules(extract(second_means("30", IBAN))) == set()


def test_the_account_of_a_direct_debit_does_not_compete() -> None:
    extracted = extract(second_means("59", OTHER_IBAN))
    assert extracted.value("payment_account_identifier") == IBAN
    assert rules(extracted) == set()


def test_account_that_is_no_iban_stays_among_the_transfers() -> None:
    extracted = extract(swap(UBL, ("DE02 1203 0000 0000 2020 51", "1234.56 78903")))
    assert extracted.value("payment_account_identifier") is None
    assert extracted.credit_transfers[0].account_identifier == "1234.5678903"
    assert rules(extracted) == {"ACCOUNT-NOT-IBAN"}


def test_iban_with_wrong_check_digits_is_reported_as_it_stands() -> None:
    assert extract(swap(UBL, ("DE02 1203", "DE03 1203"))).value("payment_account_identifier") == "DE03" + IBAN[4:]


@pytest.mark.parametrize(
    ("old", "new", "field", "rule"),
    [
        ("</cbc:PayableAmount>", "</cbc:PayableAmount><cbc:PayableAmount>1.00</cbc:PayableAmount>",
         "amount_due_for_payment", "AMOUNT-AMBIGUOUS"),
        ("<cbc:ID>2026-0042</cbc:ID>", "<cbc:ID>2026-0042</cbc:ID><cbc:ID>2</cbc:ID>", "invoice_number",
         "NUMBER-AMBIGUOUS"),
        ('"EUR">100.00</cbc:PayableAmount>', '"EUR">100,00</cbc:PayableAmount>', "amount_due_for_payment",
         "VALUE-UNPARSABLE"),
        ('"EUR">100.00</cbc:PayableAmount>', '"EUR">1E2</cbc:PayableAmount>', "amount_due_for_payment",
         "VALUE-UNPARSABLE"),
        ("2026-09-30", "2026-02-31", "invoice_issue_date", "VALUE-UNPARSABLE"),
        (">EUR</cbc:DocumentCurrencyCode>", ">Euro</cbc:DocumentCurrencyCode>", "invoice_currency_code",
         "VALUE-UNPARSABLE"),
    ],
)  # fmt: skip
def test_doubtful_value_is_no_value(old: str, new: str, field: FieldName, rule: str) -> None:
    extracted = extract(swap(UBL, (old, new)))
    assert extracted.value(field) is None
    assert extracted.field(field).raw
    assert rule in rules(extracted)


def test_payable_in_another_currency_is_a_doubt() -> None:
    extracted = extract(swap(UBL, ('"EUR">100.00</cbc:PayableAmount>', '"USD">100.00</cbc:PayableAmount>')))
    assert rules(extracted) == {"AMOUNT-AMBIGUOUS"}


def test_currency_that_all_amounts_carry_stands_in_for_a_missing_one() -> None:
    without = swap(UBL, ("<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>", ""))
    assert extract(without).value("invoice_currency_code") == "EUR"


def test_too_many_lines_leave_none() -> None:
    start, end = UBL.index("<cac:InvoiceLine>"), UBL.index("</ubl:Invoice>")
    extracted = extract(UBL[:start] + UBL[start:end] * 1_001 + UBL[end:])
    assert extracted.lines == ()
    assert rules(extracted) == {"LINES-OMITTED"}


def test_peppol_envelope_is_taken_off() -> None:
    namespace = "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"
    body = UBL.split("?>", 1)[1]
    enveloped = f'<StandardBusinessDocument xmlns="{namespace}"><StandardBusinessDocumentHeader/>{body}'
    assert extract(enveloped + "</StandardBusinessDocument>").value("invoice_number") == "2026-0042"
