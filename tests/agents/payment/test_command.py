"""The payment command: complete, the same bytes on every replay, and never made of half an approval."""

import base64
import json
import uuid
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from agents.decision.decision import decide
from agents.decision.policy import DEFAULT_POLICY
from agents.payment.command import Incomplete, command, signing_bytes
from schemas.codec import decode, encode
from schemas.decision import ApprovedPayment, Decision
from schemas.identifiers import command_id, digest, document_id, invoice_key
from schemas.invoice import PostalAddress
from schemas.money import Amount
from schemas.payment import Debtor, PaymentInitiated
from tables.invoices import InvoiceRecord
from tests.agents.builders import (
    BELGIAN_IBAN,
    DEBTOR,
    IBAN,
    MOMENT,
    OTHER_IBAN,
    QR_IBAN,
    directory,
    invoice,
    supplier,
    totals,
    transfer,
    validated,
    verified,
)

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))


def sign(content: bytes) -> str:
    return base64.urlsafe_b64encode(KEY.sign(content)).decode()


def unsigned(_content: bytes) -> None:
    return None


def approval(**changes: Any) -> Decision:
    given: dict[str, Any] = {
        "supplier_id": "S1",
        "invoice_number": "F2026-0042",
        "creditor_name": "Boulangerie Dupont SARL",
        "creditor_postal_address": PostalAddress(street="1 rue Haute", post_code="69001", town="Lyon", country="FR"),
        "creditor_account": IBAN,
        "creditor_agent": "AGRIFRPP",
        "instructed_amount": Amount(value=Decimal("120.00"), currency="EUR"),
        "payment_due_date": date(2026, 12, 20),  # a Sunday
    }
    return Decision(
        document_id=document_id(b"one"),
        invoice_key=invoice_key("default", "S1", "F2026-0042"),
        tenant="default",
        outcome="approve",
        policy="default/1",
        release="r2",
        payment=ApprovedPayment(**{**given, **changes}),
        evidence_digest=digest(b"evidence"),
        decided_at=MOMENT,
    )


def made(decision: Decision, debtor: Debtor = DEBTOR) -> PaymentInitiated:
    result = command(decision, debtor, unsigned)
    assert isinstance(result, PaymentInitiated)
    return result


def refused(decision: Decision, debtor: Debtor = DEBTOR) -> tuple[str, ...]:
    result = command(decision, debtor, unsigned)
    assert isinstance(result, Incomplete)
    assert result.reason == result.reasons[0]
    assert result.detail
    return result.reasons


class TestComplete:
    def test_carries_everything(self) -> None:
        payment = made(approval())

        assert payment.model_dump(mode="json") == {
            "command_id": command_id("default", "S1", "F2026-0042"),
            "end_to_end_identification": payment.command_id,
            "uetr": payment.uetr,
            "tenant": "default",
            "document_id": document_id(b"one"),
            "invoice_key": invoice_key("default", "S1", "F2026-0042"),
            "supplier_id": "S1",
            "debtor": {
                "name": "Acheteur SA",
                "postal_address": {"street": None, "post_code": None, "town": "Frankfurt", "country": "DE"},
            },
            "debtor_account": DEBTOR.account,
            "debtor_agent": "SOGEDEFF",
            "creditor": {
                "name": "Boulangerie Dupont SARL",
                "postal_address": {"street": "1 rue Haute", "post_code": "69001", "town": "Lyon", "country": "FR"},
            },
            "creditor_account": IBAN,
            "creditor_agent": "AGRIFRPP",
            "instructed_amount": {"value": "120.00", "currency": "EUR"},
            "requested_execution_date": "2026-12-17",
            "rail": "SCT",
            "charge_bearer": "SLEV",
            "remittance_information": {
                "structured_type": None,
                "structured_reference": None,
                "unstructured": "F2026-0042",
            },
            "evidence_digest": digest(b"evidence"),
            "release": "r2",
            "signature": None,
        }

    def test_its_ids_are_what_banks_take(self) -> None:
        payment = made(approval())

        assert len(payment.end_to_end_identification) <= 35
        assert uuid.UUID(payment.uetr).version == 4
        assert payment.uetr == payment.uetr.lower()

    def test_the_id_is_the_business_keys_alone(self) -> None:
        same = approval(
            invoice_number=" f2026/0042 ",
            instructed_amount=Amount(value=Decimal(7), currency="EUR"),
            creditor_account=OTHER_IBAN,
            payment_due_date=None,
        ).model_copy(update={"document_id": document_id(b"two"), "decided_at": datetime(2027, 1, 1, tzinfo=UTC)})

        assert made(same).command_id == made(approval()).command_id

    @pytest.mark.parametrize("change", [{"supplier_id": "S2"}, {"invoice_number": "F2026-0043"}, {"revision": 1}])
    def test_another_supplier_number_or_revision_is_another_payment(self, change: dict[str, Any]) -> None:
        assert made(approval(**change)).command_id != made(approval()).command_id

    def test_amounts_have_the_currencys_decimals(self) -> None:
        def amount(value: str, currency: str) -> Any:
            money = Amount(value=Decimal(value), currency=currency)
            return made(approval(instructed_amount=money)).model_dump(mode="json")["instructed_amount"]["value"]

        assert (amount("120", "EUR"), amount("120.0", "JPY"), amount("1.5", "KWD")) == ("120.00", "120", "1.500")

    def test_names_and_addresses_fit_the_scheme(self) -> None:
        far = PostalAddress(street="ß" * 200, post_code="9" * 40, town="Ñ" * 60, country="ES")

        creditor = made(approval(creditor_name="Müller & Söhne " * 10, creditor_postal_address=far)).creditor

        assert creditor.name == ("Muller + Sohne " * 10)[:70].strip()
        address = creditor.postal_address
        assert (address.street, address.post_code, address.town) == ("s" * 70, "9" * 16, "N" * 35)


class TestRail:
    def test_other_money_goes_across_borders(self) -> None:
        payment = made(approval(instructed_amount=Amount(value=Decimal(5), currency="USD")))

        assert (payment.rail, payment.charge_bearer) == ("CROSS_BORDER", "SHAR")

    def test_across_borders_the_bank_must_be_named(self) -> None:
        dollars = Amount(value=Decimal(5), currency="USD")

        assert refused(approval(instructed_amount=dollars, creditor_agent=None)) == ("AGENT-MISSING",)
        assert refused(approval(creditor_account="0123456789", creditor_agent=None)) == ("AGENT-MISSING",)

    def test_within_sepa_the_iban_is_enough(self) -> None:
        assert made(approval(creditor_agent=None)).creditor_agent is None


class TestIncomplete:
    @pytest.mark.parametrize("outcome", ["hold", "reject"])
    def test_what_is_not_approved(self, outcome: str) -> None:
        assert refused(approval().model_copy(update={"outcome": outcome})) == ("NOT-APPROVED",)
        assert refused(approval().model_copy(update={"payment": None})) == ("NOT-APPROVED",)

    @pytest.mark.parametrize(
        ("changes", "reason"),
        [
            ({"creditor_name": " / "}, "SUPPLIER-NAME"),
            ({"creditor_postal_address": PostalAddress(country="FR")}, "SUPPLIER-ADDRESS"),
            ({"creditor_postal_address": PostalAddress(town="Lyon")}, "SUPPLIER-ADDRESS"),
            ({"creditor_postal_address": PostalAddress(town="//", country="FR")}, "SUPPLIER-ADDRESS"),
            ({"creditor_account": "FR7630006000011234567890188"}, "ACCOUNT-INVALID"),
            ({"creditor_account": " "}, "ACCOUNT-INVALID"),
            ({"creditor_account": QR_IBAN}, "QR-REFERENCE"),
            ({"creditor_account": QR_IBAN, "remittance_reference": "RF18539007547034"}, "QR-REFERENCE"),
            ({"instructed_amount": Amount(value=Decimal("0.001"), currency="EUR")}, "AMOUNT-MINOR-UNITS"),
            ({"instructed_amount": Amount(value=Decimal(0), currency="EUR")}, "AMOUNT-MINOR-UNITS"),
            ({"instructed_amount": Amount(value=Decimal(-5), currency="EUR")}, "AMOUNT-MINOR-UNITS"),
            ({"instructed_amount": Amount(value=Decimal("1000000000.00"), currency="EUR")}, "AMOUNT-MAX"),
        ],
    )
    def test_what_a_bank_would_refuse(self, changes: dict[str, Any], reason: str) -> None:
        assert refused(approval(**changes)) == (reason,)

    @pytest.mark.parametrize(
        "changes",
        [
            {"name": ""},
            {"account": "DE75512108001245126198"},
            {"account": ""},
            {"postal_address": PostalAddress(town="Frankfurt")},
        ],
    )
    def test_a_debtor_that_is_not_set_up(self, changes: dict[str, Any]) -> None:
        reasons = refused(approval(), DEBTOR.model_copy(update=changes))

        assert "DEBTOR-INCOMPLETE" in reasons

    def test_all_that_is_wrong_is_told_at_once(self) -> None:
        assert refused(approval(creditor_name="", creditor_postal_address=PostalAddress())) == (
            "SUPPLIER-ADDRESS",
            "SUPPLIER-NAME",
        )


class TestSignature:
    def test_is_made_over_the_canonical_bytes_without_itself(self) -> None:
        payment = command(approval(), DEBTOR, sign)
        assert isinstance(payment, PaymentInitiated)
        tree = json.loads(encode(payment))
        signature = tree.pop("signature")
        seen = json.dumps(tree, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()

        KEY.public_key().verify(base64.urlsafe_b64decode(signature), seen)
        assert seen == signing_bytes(payment)

    def test_a_replay_gives_the_same_bytes(self) -> None:
        once, again = command(approval(), DEBTOR, sign), command(approval(), DEBTOR, sign)
        assert isinstance(once, PaymentInitiated)
        assert isinstance(again, PaymentInitiated)

        assert encode(once) == encode(again)
        assert decode(encode(once), PaymentInitiated) == once


AMOUNTS = st.decimals(min_value="-10", max_value="2000000000", places=3, allow_nan=False).map(
    lambda d: d.normalize() + 0
)
ACCOUNTS = st.sampled_from(
    (IBAN, OTHER_IBAN, BELGIAN_IBAN, QR_IBAN, "GB29NWBK60161331926819", "0123456789", "US64SVBKUS6S3300958879")
)
REFERENCES = st.one_of(
    st.none(),
    st.text(max_size=200),
    st.sampled_from(("RF18539007547034", "+++010/8068/17183+++", "210000000003139471430009017")),
)


@given(
    amount=AMOUNTS,
    currency=st.sampled_from(("EUR", "JPY", "USD", "KWD")),
    account=ACCOUNTS,
    known=st.booleans(),
    bic=st.sampled_from((None, "AGRIFRPP", "NWBKGB2L")),
    reference=REFERENCES,
    number=st.text(min_size=1, max_size=30),
    town=st.sampled_from((None, "Lyon", "//")),
    name=st.sampled_from(("Dupont", "", "東京株式会社")),
)
def test_whatever_is_approved_can_be_commanded_and_pays_what_was_decided(
    amount: Decimal, currency: str, account: str, *, known: bool, bic: str | None, reference: str | None, number: str,
    town: str | None, name: str,
) -> None:  # fmt: skip
    payee = supplier(
        name=name,
        postal_address=PostalAddress(town=town, country="FR"),
        accounts=(verified(account, bic),) if known else (),
    )
    paper = invoice(
        invoice_number=number,
        invoice_currency_code=currency,
        payment_instructions=(transfer(account, remittance_information=reference),),
        totals=totals(
            **dict.fromkeys(
                ("invoice_total_amount_without_vat", "invoice_total_amount_with_vat", "amount_due_for_payment"),
                str(amount),
            ),
            invoice_total_vat_amount="0",
        ),
    )
    decision = decide(
        validated(paper, directory(payee)), InvoiceRecord(), policy=DEFAULT_POLICY, debtor=DEBTOR, release="r2"
    )

    result = command(decision, DEBTOR, unsigned)

    if decision.outcome == "approve":
        assert isinstance(result, PaymentInitiated)
        assert known
        assert (result.instructed_amount.value, result.instructed_amount.currency) == (amount, currency)
        assert result.creditor_account == account
    else:
        assert isinstance(result, Incomplete)
