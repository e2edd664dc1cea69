"""Normalization is total and typed: whatever a reader says, an invoice comes out, and nothing is dropped in silence."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.extraction.xml.reading import read_xml
from agents.normalization.normalization import normalize
from schemas.codec import decode, encode
from schemas.evidence import FIELD_NAMES, CreditTransfer, ExtractedInvoice, Field, FieldName
from schemas.finding import Finding
from schemas.invoice import Invoice, Party, PostalAddress
from tests.agents.extraction.xml_invoices import FATTURAPA, UBL

IBAN = "DE02120300000000202051"
OTHER = "FR7630006000011234567890189"


def extracted(**fields: str | None) -> ExtractedInvoice:
    named = {name: Field(value=value, confidence=1) for name, value in fields.items()}
    return ExtractedInvoice.model_validate(
        {"lane": "text", "media_type": "application/pdf", "pages": 1, "fields": named}
    )


def unparsable(findings: tuple[Finding, ...]) -> set[str]:
    return {name for finding in findings if finding.rule == "VALUE-UNPARSABLE" for name in finding.fields}


def test_every_term_of_an_xml_invoice_arrives_typed() -> None:
    reading = read_xml(UBL.encode())
    assert isinstance(reading, ExtractedInvoice)
    invoice, findings = normalize(reading)
    assert findings == ()
    assert invoice.invoice_number == "2026-0042"
    assert invoice.payment_due_date == date(2026, 10, 30)
    assert invoice.seller == Party(
        name="Brandt Bootsbau GmbH",
        vat_identifier="DE136695976",
        legal_registration_identifier="HRB 4711",
        tax_registration_identifier="22/815/0815/4",
        postal_address=PostalAddress(street="Hafenweg 3", post_code="24103", town="Kiel", country="DE"),
    )
    assert invoice.payee is None
    assert invoice.payment_instructions[0].payment_account_identifier == IBAN
    assert invoice.payment_instructions[0].remittance_information == "RF18539007547034"
    assert invoice.totals.amount_due_for_payment == Decimal("100.00")
    assert len(invoice.lines) == 1


def test_instalments_keep_their_sums_and_days() -> None:
    reading = read_xml(FATTURAPA.encode())
    assert isinstance(reading, ExtractedInvoice)
    (instruction,) = normalize(reading)[0].payment_instructions
    assert (instruction.amount, instruction.payment_due_date) == (Decimal("1220.00"), date(2026, 10, 30))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("amount_due_for_payment", "1.234,56"),
        ("amount_due_for_payment", "9999999999999"),
        ("amount_due_for_payment", "NaN"),
        ("payment_due_date", "31.12.2026"),
        ("payment_due_date", "2026-02-30"),
        ("invoice_currency_code", "Euro"),
        ("seller_country_code", "Germany"),
        ("invoice_number", "9" * 257),
        ("payment_account_identifier", "9" * 257),
    ],
)
def test_value_that_does_not_parse_is_none_and_a_finding(name: FieldName, value: str) -> None:
    invoice, findings = normalize(extracted(**{name: value}))
    assert unparsable(findings) == {name}
    assert invoice == Invoice()


def test_what_is_not_there_is_no_finding() -> None:
    assert normalize(extracted(invoice_number=None, seller_name=" ")) == (Invoice(), ())


def test_findings_of_the_reader_come_first() -> None:
    doubt = Finding(rule="XML-PAGE-MISMATCH", severity="error", message="x")
    reading = extracted(payment_due_date="soon").model_copy(update={"findings": (doubt,)})
    assert [finding.rule for finding in normalize(reading)[1]] == ["XML-PAGE-MISMATCH", "VALUE-UNPARSABLE"]


def test_more_decimals_than_money_has_are_rounded() -> None:
    invoice, _ = normalize(extracted(amount_due_for_payment="119.00000000000001"))
    assert invoice.totals.amount_due_for_payment == Decimal(119)


def test_chosen_account_comes_first_and_each_once() -> None:
    transfers = (
        CreditTransfer(account_identifier="12-34-56"),
        CreditTransfer(account_identifier=OTHER),
        CreditTransfer(account_identifier=IBAN),
        CreditTransfer(account_identifier=IBAN),
    )
    reading = extracted(payment_account_identifier=IBAN).model_copy(update={"credit_transfers": transfers})
    assert normalize(reading)[0].payee_accounts() == (IBAN, "12-34-56", OTHER)


def test_header_fields_alone_are_one_instruction() -> None:
    invoice, _ = normalize(extracted(payment_account_identifier=IBAN, remittance_information="F-1"))
    (instruction,) = invoice.payment_instructions
    assert (instruction.payment_account_identifier, instruction.remittance_information) == (IBAN, "F-1")


def test_payee_is_there_only_where_it_is_named() -> None:
    assert normalize(extracted(payee_name="Factor AG"))[0].payee == Party(name="Factor AG")


TEXT = st.one_of(
    st.none(),
    st.text(max_size=40),
    st.sampled_from(["1.5", "-0", "1e5", "2026-09-30", "EUR", "DE", IBAN, "9" * 300, "\x00", " x "]),
    st.decimals(allow_nan=True, allow_infinity=True).map(str),
    st.dates().map(str),
)
TRANSFERS = st.builds(
    CreditTransfer, type_code=st.sampled_from([None, "58", " "]), account_identifier=st.sampled_from([None, IBAN]),
    amount=st.sampled_from([None, "1.00", "x"]), due_date=st.sampled_from([None, "2026-09-30", "?"]),
)  # fmt: skip
READINGS = st.builds(
    ExtractedInvoice,
    lane=st.sampled_from(["xml", "hybrid", "text"]),
    media_type=st.just("application/xml"),
    pages=st.integers(0, 3),
    fields=st.dictionaries(st.sampled_from(FIELD_NAMES), st.builds(Field, value=TEXT), max_size=20),
    credit_transfers=st.lists(TRANSFERS, max_size=3).map(tuple),
)


@given(READINGS)
def test_never_raises_and_what_comes_out_can_be_sent(reading: ExtractedInvoice) -> None:
    invoice, _ = normalize(reading)
    assert decode(encode(invoice), Invoice) == invoice


@given(READINGS)
def test_nothing_is_dropped_in_silence(reading: ExtractedInvoice) -> None:
    invoice, findings = normalize(reading)
    for name, attribute in (
        ("invoice_number", invoice.invoice_number),
        ("payment_due_date", invoice.payment_due_date),
        ("amount_due_for_payment", invoice.totals.amount_due_for_payment),
        ("invoice_currency_code", invoice.invoice_currency_code),
    ):
        said = (reading.fields.get(name) or Field()).value  # type: ignore[call-overload]  # each is a FieldName
        assert (attribute is None) == (not (said or "").strip()) or name in unparsable(findings)


@given(READINGS)
def test_normalizing_the_normalized_changes_nothing(reading: ExtractedInvoice) -> None:
    first, _ = normalize(reading)
    totals = first.totals.model_dump(mode="json")
    again = {name: Field(value=value) for name, value in totals.items() if value is not None}
    again |= {
        "invoice_number": Field(value=first.invoice_number),
        "payment_due_date": Field(value=first.payment_due_date.isoformat() if first.payment_due_date else None),
        "invoice_currency_code": Field(value=first.invoice_currency_code),
    }
    second, findings = normalize(reading.model_copy(update={"fields": again, "credit_transfers": ()}))
    assert findings == ()
    assert second.totals == first.totals
    assert (second.invoice_number, second.payment_due_date, second.invoice_currency_code) == (
        first.invoice_number,
        first.payment_due_date,
        first.invoice_currency_code,
    )
