"""Whatever a document says, the stages answer: an exception would be a dead letter that nobody caused."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents.decision.decision import decide
from agents.decision.policy import DEFAULT_POLICY
from agents.payment.command import command
from schemas.base import CODE_LENGTH_MAX, TEXT_LENGTH_MAX
from schemas.codec import VALUE_SIZE_BYTES_MAX, encode
from schemas.evidence import Lane
from schemas.invoice import Invoice, InvoiceLine, Party, PaymentInstruction, VatBreakdown
from tables.invoices import InvoiceRecord
from tests.agents.builders import BELGIAN_IBAN, DEBTOR, IBAN, QR_IBAN, directory, invoice, supplier, transfer, validated

CODES = st.one_of(
    st.none(),
    st.text(max_size=CODE_LENGTH_MAX),
    st.from_regex(r"[A-Z]{2}[0-9A-Z]{1,32}", fullmatch=True),
    st.sampled_from(
        (IBAN, BELGIAN_IBAN, QR_IBAN, "FR40303265045", "58", "31", "380", "381", "AGRIFRPP", "RF18539007547034")
    ),
)
TEXTS = st.one_of(st.none(), st.text(max_size=300), st.just("x" * TEXT_LENGTH_MAX))
DAYS = st.one_of(st.none(), st.dates())
MONEY = st.one_of(
    st.none(),
    st.decimals(min_value="-999999999999", max_value="999999999999", places=6, allow_nan=False),
    st.sampled_from((Decimal("100.00"), Decimal("20.00"), Decimal("120.00"), Decimal("0.01"))),
)
PARTIES = st.builds(
    Party, name=TEXTS, vat_identifier=CODES, legal_registration_identifier=CODES, tax_registration_identifier=CODES
)
WAYS = st.builds(
    PaymentInstruction,
    payment_means_type_code=CODES,
    payment_account_identifier=CODES,
    payment_account_name=TEXTS,
    payment_service_provider_identifier=CODES,
    remittance_information=TEXTS,
    amount=MONEY,
    payment_due_date=DAYS,
)
INVOICES = st.builds(
    Invoice,
    invoice_number=CODES,
    invoice_issue_date=DAYS,
    invoice_type_code=CODES,
    invoice_currency_code=st.one_of(st.none(), st.from_regex(r"[A-Z]{3}", fullmatch=True), st.just("EUR")),
    payment_due_date=DAYS,
    preceding_invoice_reference=CODES,
    seller=PARTIES,
    buyer=PARTIES,
    payee=st.one_of(st.none(), PARTIES),
    debited_account_identifier=CODES,
    payment_instructions=st.lists(WAYS, max_size=3).map(tuple),
    totals=st.builds(
        lambda net, vat, gross, paid, rounding, due: invoice().totals.model_copy(
            update={
                "invoice_total_amount_without_vat": net,
                "invoice_total_vat_amount": vat,
                "invoice_total_amount_with_vat": gross,
                "paid_amount": paid,
                "rounding_amount": rounding,
                "amount_due_for_payment": due,
            }
        ),
        *(MONEY,) * 6,
    ),
    vat_breakdown=st.lists(st.builds(VatBreakdown, vat_category_tax_amount=MONEY), max_size=3).map(tuple),
    lines=st.lists(st.builds(InvoiceLine, invoice_line_net_amount=MONEY), max_size=3).map(tuple),
)
LANES: st.SearchStrategy[Lane] = st.sampled_from(("xml", "hybrid", "text", "scan"))


def answered(paper: Invoice, lane: Lane = "xml") -> int:
    """Return the size of the decision, after every stage has answered."""
    event = validated(paper, directory(supplier()), lane=lane)
    decision = decide(event, InvoiceRecord(), policy=DEFAULT_POLICY, debtor=DEBTOR, release="r2")
    command(decision, DEBTOR, lambda _content: None)
    return len(encode(decision))


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(paper=INVOICES, lane=LANES)
def test_every_invoice_is_answered(paper: Invoice, lane: Lane) -> None:
    assert answered(paper, lane) < VALUE_SIZE_BYTES_MAX


@given(changes=st.fixed_dictionaries({}, optional={"payment_due_date": DAYS, "invoice_issue_date": DAYS}))
def test_every_date_is_answered(changes: dict[str, Any]) -> None:
    answered(invoice(**changes))


def test_the_first_and_the_last_day() -> None:
    for day in (date.min, date.max):
        answered(invoice(payment_due_date=day))
        answered(invoice(invoice_issue_date=day))


def test_very_much_of_everything_stays_short() -> None:
    long = "9" * TEXT_LENGTH_MAX
    ways = tuple(transfer(f"FR{number:0200}", f"X{number:0200}", remittance_information=long) for number in range(200))
    many = Party(name=long, vat_identifier="FR" + "9" * 250, legal_registration_identifier="9" * 256)
    paper = invoice(payment_instructions=ways, seller=many, payee=many.model_copy(update={"name": "Z" + long[1:]}))

    assert answered(paper) < VALUE_SIZE_BYTES_MAX // 4


def test_very_many_correctors() -> None:
    hands = tuple(f"{number:0250}" for number in range(32))
    event = validated(corrected_by=hands)

    decision = decide(event, InvoiceRecord(), policy=DEFAULT_POLICY, debtor=DEBTOR, release="r2")

    assert decision.reasons == ("CORRECTED",)
    assert decision.decided_at == datetime.fromisoformat("2026-11-24T10:00:00Z")
