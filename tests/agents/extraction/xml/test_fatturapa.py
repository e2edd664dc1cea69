import pytest

from agents.extraction.xml.reading import read_xml
from schemas.evidence import ExtractedInvoice, FieldName
from tests.agents.extraction.xml_invoices import FATTURAPA, swap


def extract(document: str) -> ExtractedInvoice:
    extracted = read_xml(document.encode())
    assert isinstance(extracted, ExtractedInvoice), extracted
    return extracted


def rules(extracted: ExtractedInvoice) -> set[str]:
    return {finding.rule for finding in extracted.findings}


EXPECTED: dict[FieldName, str] = {
    "invoice_number": "12/A",
    "invoice_type_code": "380",
    "invoice_issue_date": "2026-09-30",
    "invoice_currency_code": "EUR",
    "invoice_total_amount_with_vat": "1220.00",
    "invoice_total_amount_without_vat": "1000.00",
    "invoice_total_vat_amount": "220.00",
    "amount_due_for_payment": "1220.00",
    "seller_name": "Maria Rossi",
    "seller_vat_identifier": "IT12345678903",
    "seller_tax_registration_identifier": "RSSMRA80A01H501U",
    "seller_address_line": "Via Roma 1",
    "seller_city": "Roma",
    "seller_post_code": "00184",
    "seller_country_code": "IT",
    "buyer_name": "Cantieri Riuniti S.p.A.",
    "buyer_vat_identifier": "IT02313821007",
    "payment_means_type_code": "MP05",
    "payment_account_identifier": "IT60X0542811101000000123456",
    "payment_account_name": "Maria Rossi",
    "payment_service_provider_identifier": "BCITITMM",
    "remittance_information": "12A",
    "payment_due_date": "2026-10-30",
}
ASKED = "<ImportoPagamento>1220.00</ImportoPagamento>"


def test_every_field() -> None:
    extracted = extract(FATTURAPA)
    assert {name: field.value for name, field in extracted.fields.items()} == EXPECTED
    assert extracted.findings == ()
    assert len(extracted.lines) == 1
    assert extracted.vat_breakdown[0].vat_category_code == "S"


@pytest.mark.parametrize(("kind", "code"), [("TD04", "381"), ("TD02", "386"), ("TD17", "389"), ("TD24", "380")])
def test_document_types(kind: str, code: str) -> None:
    assert extract(swap(FATTURAPA, ("TD01", kind))).value("invoice_type_code") == code


def test_several_invoices_in_one_file() -> None:
    start, end = FATTURAPA.index("<FatturaElettronicaBody>"), FATTURAPA.index("</p:FatturaElettronica>")
    second = swap(FATTURAPA[start:end], ("12/A", "13/A"))
    extracted = extract(FATTURAPA[:end] + second + FATTURAPA[end:])
    assert extracted.value("invoice_number") == "12/A"
    assert rules(extracted) == {"SEVERAL-INVOICES"}


def instalments(*parts: tuple[str, str]) -> str:
    start, end = FATTURAPA.index("<DettaglioPagamento>"), FATTURAPA.index("</DatiPagamento>")
    one = FATTURAPA[start:end]
    several = (
        swap(one, (ASKED, f"<ImportoPagamento>{sum_}</ImportoPagamento>"), ("2026-10-30", day)) for sum_, day in parts
    )
    return FATTURAPA[:start] + "".join(several) + FATTURAPA[end:]


def test_instalments_add_up_and_are_kept() -> None:
    extracted = extract(instalments(("620.00", "2026-10-30"), ("600.00", "2026-11-30")))
    assert extracted.value("amount_due_for_payment") == "1220.00"
    assert [(t.amount, t.due_date) for t in extracted.credit_transfers] == [
        ("620.00", "2026-10-30"),
        ("600.00", "2026-11-30"),
    ]
    assert rules(extracted) == {"INSTALMENTS"}


def test_the_whole_sum_asked_for_twice_is_owed_once() -> None:
    extracted = extract(instalments(("1220.00", "2026-10-30"), ("1220.00", "2026-10-30")))
    assert extracted.value("amount_due_for_payment") == "1220.00"
    assert rules(extracted) == set()


def test_instalments_that_do_not_add_up_are_a_doubt() -> None:
    extracted = extract(instalments(("620.00", "2026-10-30"), ("620.00", "2026-10-30")))
    assert rules(extracted) == {"AMOUNT-AMBIGUOUS"}


def test_split_payment_leaves_the_vat_to_the_state() -> None:
    split = ("<EsigibilitaIVA>I<", "<EsigibilitaIVA>S<")
    extracted = extract(swap(FATTURAPA, split, (ASKED, "<ImportoPagamento>1000.00</ImportoPagamento>")))
    assert extracted.value("amount_due_for_payment") == "1000.00"
    assert extracted.value("paid_amount") == "220.00"
    assert rules(extracted) == {"SPLIT-PAYMENT"}
    assert "AMOUNT-AMBIGUOUS" in rules(extract(swap(FATTURAPA, split)))


def test_withholding_tax_is_not_owed_to_the_seller() -> None:
    withheld = "<DatiRitenuta><ImportoRitenuta>200.00</ImportoRitenuta></DatiRitenuta>"
    asked = "<ImportoPagamento>1020.00</ImportoPagamento>"
    extracted = extract(swap(FATTURAPA, ("<!--withholding-->", withheld), (ASKED, asked)))
    assert extracted.value("amount_due_for_payment") == "1020.00"
    assert extracted.value("paid_amount") == "200.00"
    assert rules(extracted) == {"WITHHOLDING"}


@pytest.mark.parametrize(
    ("stated", "gross", "said"),
    [
        ("1020.00", "1220.00", {"WITHHOLDING"}),  # the issuer took the tax off the total already
        ("1220.00", "1220.00", {"WITHHOLDING"}),
        ("1010.00", "1010.00", {"WITHHOLDING", "AMOUNT-AMBIGUOUS"}),  # nothing explains it
    ],
)
def test_a_total_less_withholding_tax_is_what_net_and_vat_come_to(stated: str, gross: str, said: set[str]) -> None:
    withheld = "<DatiRitenuta><ImportoRitenuta>200.00</ImportoRitenuta></DatiRitenuta>"
    total = ("<ImportoTotaleDocumento>1220.00<", f"<ImportoTotaleDocumento>{stated}<")
    asked = "<ImportoPagamento>1020.00</ImportoPagamento>"
    extracted = extract(swap(FATTURAPA, total, ("<!--withholding-->", withheld), (ASKED, asked)))
    assert extracted.value("invoice_total_amount_with_vat") == gross
    assert extracted.value("amount_due_for_payment") == "1020.00"
    assert rules(extracted) == said


def test_no_payment_data_asks_for_nothing() -> None:
    start, end = FATTURAPA.index("<DatiPagamento>"), FATTURAPA.index("</FatturaElettronicaBody>")
    extracted = extract(FATTURAPA[:start] + FATTURAPA[end:])
    assert extracted.value("amount_due_for_payment") is None
    assert extracted.credit_transfers == ()


def test_unreadable_instalment_leaves_no_sum() -> None:
    extracted = extract(swap(FATTURAPA, (ASKED, "<ImportoPagamento>1.220,00</ImportoPagamento>")))
    assert extracted.value("amount_due_for_payment") is None
    assert "VALUE-UNPARSABLE" in rules(extracted)
