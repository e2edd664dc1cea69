"""The decision: what is approved, what waits, what is refused; and that nothing ever gets milder."""

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.decision.decision import decide
from agents.decision.policy import DEFAULT_POLICY
from agents.decision.rules import RULES, SENTENCES_MAX, consequence, explain
from schemas.codec import encode
from schemas.decision import Decision
from schemas.events import InvoiceValidated
from schemas.finding import DOUBT_RULES, NOT_PAYABLE_RULES, Assessment, Finding, Severity
from schemas.identifiers import document_id, invoice_key
from schemas.invoice import Party, PostalAddress
from schemas.money import Amount
from schemas.payment import Debtor
from schemas.policy import Policy
from tables.invoices import InvoiceRecord
from tests.agents.builders import (
    BIC,
    DEBTOR,
    IBAN,
    OTHER_IBAN,
    directory,
    invoice,
    received,
    review,
    supplier,
    totals,
    transfer,
    validated,
    verified,
)

NOTHING_KNOWN = InvoiceRecord()
RANK = {"approve": 0, "hold": 1, "reject": 2}


def decided(
    event: InvoiceValidated,
    record: InvoiceRecord = NOTHING_KNOWN,
    *,
    debtor: Debtor | None = DEBTOR,
    policy: Policy = DEFAULT_POLICY,
) -> Decision:
    return decide(event, record, policy=policy, debtor=debtor, release="r2")


def after(*events: InvoiceValidated) -> InvoiceRecord:
    """Return the record after these events were decided, one after the other."""
    record = InvoiceRecord()
    for event in events:
        before = event.normalized
        record = record.with_answer(
            decided(event, record),
            analysis=before.received.analysis,
            review_id=before.review.review_id if before.review else None,
        )
    return record


def error(rule: str, severity: Severity = "error") -> Finding:
    return Finding(rule=rule, severity=severity, message="said so")


class TestApproval:
    def test_a_good_invoice_of_a_known_supplier_is_approved(self) -> None:
        decision = decided(validated())

        assert (decision.outcome, decision.reasons, decision.explanation) == ("approve", (), "")
        assert decision.payment is not None
        assert decision.payment.model_dump() == {
            "supplier_id": "S1",
            "invoice_number": "F2026-0042",
            "creditor_name": "Boulangerie Dupont SARL",
            "creditor_postal_address": supplier().postal_address.model_dump(),
            "creditor_account": IBAN,
            "creditor_agent": BIC,
            "instructed_amount": Amount(value=Decimal("120.00"), currency="EUR").model_dump(),
            "payment_due_date": date(2026, 12, 20),
            "remittance_reference": None,
            "revision": 0,
        }

    def test_says_under_which_policy_release_and_moment_it_fell(self) -> None:
        decision = decided(validated())

        assert (decision.policy, decision.release, decision.decided_by) == ("default/1", "r2", ())
        assert decision.decided_at == datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
        assert decision.review_id is None

    def test_the_evidence_digest_follows_every_value(self) -> None:
        other = validated(invoice(purchase_order_reference="PO 1"))

        assert decided(validated()).evidence_digest == decided(validated()).evidence_digest
        assert decided(validated()).evidence_digest != decided(other).evidence_digest

    def test_the_total_is_paid_where_no_sum_to_pay_is_stated_and_its_confidence_is_known(self) -> None:
        paper = invoice(totals=totals(amount_due_for_payment=None))
        sure = {**validated().normalized.confidence, "invoice_total_amount_with_vat": 0.99}

        decision = decided(validated(paper, confidence=sure))

        assert decision.payment is not None
        assert decision.payment.instructed_amount.value == Decimal(120)

    def test_the_revision_comes_from_the_record(self) -> None:
        payment = decided(validated(), InvoiceRecord(revision=3)).payment

        assert payment is not None
        assert payment.revision == 3

    def test_the_reference_and_the_due_date_of_the_chosen_way_to_pay_are_used(self) -> None:
        ways = (
            transfer(remittance_information="RF18539007547034", payment_due_date=date(2026, 12, 1)),
            transfer(OTHER_IBAN, remittance_information="other", payment_due_date=date(2026, 11, 1)),
        )

        payment = decided(validated(invoice(payment_instructions=ways, payment_due_date=None))).payment

        assert payment is not None
        assert (payment.remittance_reference, payment.payment_due_date) == ("RF18539007547034", date(2026, 12, 1))

    def test_two_references_for_one_account_are_no_reference(self) -> None:
        ways = (transfer(remittance_information="A1"), transfer(means="30", remittance_information="B2"))

        payment = decided(validated(invoice(payment_instructions=ways))).payment

        assert payment is not None
        assert payment.remittance_reference is None


class TestAccount:
    def test_of_several_accounts_the_only_verified_one_is_paid(self) -> None:
        ways = (transfer(OTHER_IBAN), transfer(IBAN))

        decision = decided(validated(invoice(payment_instructions=ways)))

        assert decision.outcome == "approve"
        assert decision.payment is not None
        assert decision.payment.creditor_account == IBAN
        assert "ACCOUNT-CHOSEN" in {finding.rule for finding in decision.findings}

    def test_several_verified_accounts_are_left_to_a_person_who_corrects(self) -> None:
        known = directory(supplier(accounts=(verified(IBAN), verified(OTHER_IBAN))))
        event = validated(invoice(payment_instructions=(transfer(OTHER_IBAN), transfer(IBAN))), known)

        decision = decided(event)

        assert (decision.outcome, decision.reasons) == ("hold", ("ACCOUNT-AMBIGUOUS",))

    def test_several_unverified_accounts_are_ambiguous(self) -> None:
        known = directory(supplier(accounts=()))
        event = validated(invoice(payment_instructions=(transfer(OTHER_IBAN), transfer(IBAN))), known)

        assert decided(event).reasons == ("ACCOUNT-AMBIGUOUS", "ACCOUNT-NEW")

    def test_an_account_of_a_means_by_which_money_never_moves_is_not_offered(self) -> None:
        known = directory(supplier(accounts=(verified(OTHER_IBAN),)))
        ways = (transfer(OTHER_IBAN, "59"), transfer(IBAN, "58"))

        decision = decided(validated(invoice(payment_instructions=ways), known))

        assert decision.outcome == "hold"
        assert "PAYMENT-MEANS-MIXED" in decision.reasons

    @pytest.mark.parametrize(("bic", "agent"), [("BNPAFRPP", "BNPAFRPP"), ("COBADEFF", None), ("NOBIC", None)])
    def test_a_bic_that_nobody_vouched_for_must_fit_the_account(self, bic: str, agent: str | None) -> None:
        known = directory(supplier(accounts=(verified(IBAN),)))
        way = transfer(payment_service_provider_identifier=bic)

        payment = decided(validated(invoice(payment_instructions=(way,)), known)).payment

        assert payment is not None
        assert payment.creditor_agent == agent


class TestHold:
    def test_an_unknown_supplier(self) -> None:
        assert decided(
            validated(known=directory(supplier("S2", name="Zimmer", vat_identifier=None, accounts=())))
        ).reasons == ("SUPPLIER-UNKNOWN",)

    def test_a_new_account(self) -> None:
        decision = decided(validated(invoice(payment_instructions=(transfer(OTHER_IBAN),))))

        assert (decision.outcome, decision.reasons, decision.payment) == ("hold", ("ACCOUNT-NEW",), None)
        assert decision.explanation == "This account is not verified for the supplier."

    def test_no_debtor(self) -> None:
        assert decided(validated(), debtor=None).reasons == ("DEBTOR-MISSING",)

    def test_an_incomplete_debtor(self) -> None:
        nowhere = DEBTOR.model_copy(update={"postal_address": PostalAddress(country="DE")})

        assert decided(validated(), debtor=nowhere).reasons == ("DEBTOR-INCOMPLETE",)

    def test_the_account_of_the_debtor(self) -> None:
        event = validated(invoice(payment_instructions=(transfer(DEBTOR.account),)))

        assert "ACCOUNT-OWN" in decided(event).reasons

    def test_the_account_to_be_debited(self) -> None:
        event = validated(invoice(debited_account_identifier=IBAN))

        assert "ACCOUNT-OWN" in decided(event).reasons

    def test_a_blocked_supplier(self) -> None:
        assert decided(validated(known=directory(supplier(active=False)))).reasons == ("SUPPLIER-INACTIVE",)

    def test_a_supplier_without_town(self) -> None:
        known = directory(supplier(postal_address=PostalAddress(country="FR")))

        assert decided(validated(known=known)).reasons == ("SUPPLIER-ADDRESS",)

    def test_no_account(self) -> None:
        assert decided(validated(invoice(payment_instructions=()))).reasons == ("ACCOUNT-MISSING",)

    def test_no_number_no_currency_no_sum(self) -> None:
        paper = invoice(
            invoice_number="--",
            invoice_currency_code=None,
            totals=totals(amount_due_for_payment=None, invoice_total_amount_with_vat=None),
        )

        assert {"NUMBER-MISSING", "CURRENCY-MISSING", "AMOUNT-MISSING"} <= set(decided(validated(paper)).reasons)

    def test_a_sum_with_more_decimals_than_the_currency(self) -> None:
        paper = invoice(totals=totals(amount_due_for_payment="120.005", invoice_total_amount_with_vat="120.005"))

        assert "AMOUNT-MINOR-UNITS" in decided(validated(paper)).reasons

    def test_a_key_that_was_made_before_the_supplier_was_known(self) -> None:
        stale = invoice_key("default", "vat=FR40303265045", "F2026-0042")

        assert decided(validated(invoice_key=stale)).reasons == ("KEY-STALE",)

    def test_a_scan(self) -> None:
        """By policy, and because no certainty of a scan is enough until their risk is shown (decision 0028)."""
        assert decided(validated(lane="scan")).reasons == ("CONFIDENCE-LOW", "LANE-REVIEW")

    def test_low_confidence_by_policy(self) -> None:
        strict = DEFAULT_POLICY.model_copy(update={"confidence_min": {"xml": 0.995}})

        assert decided(validated(), policy=strict).reasons == ("CONFIDENCE-LOW",)

    @pytest.mark.parametrize(("limit", "outcome"), [("119.99", "hold"), ("120.00", "approve")])
    def test_a_sum_above_the_policys_limit(self, limit: str, outcome: str) -> None:
        limited = DEFAULT_POLICY.model_copy(update={"amount_limits": {"EUR": Decimal(limit), "USD": Decimal(1)}})

        assert decided(validated(), policy=limited).outcome == outcome

    def test_wrong_sums(self) -> None:
        paper = invoice(totals=totals(invoice_total_amount_with_vat="130.00", amount_due_for_payment="130.00"))

        assert decided(validated(paper)).reasons == ("BR-CO-15",)

    def test_a_document_that_is_doubtful_without_a_reason(self) -> None:
        event = validated().model_copy(update={"assessment": Assessment(outcome="doubtful", confidence=1.0)})

        assert decided(event).reasons == ("DOCUMENT-DOUBTFUL",)

    def test_an_assessments_own_reason(self) -> None:
        doubtful = Assessment(outcome="doubtful", confidence=0.5, reasons=("CONFIDENCE-LOW",))

        assert decided(validated().model_copy(update={"assessment": doubtful})).reasons == ("CONFIDENCE-LOW",)


class TestReject:
    def test_a_credit_note(self) -> None:
        decision = decided(validated(invoice(invoice_type_code="381")))

        assert (decision.outcome, decision.reasons) == ("reject", ("CREDIT-NOTE",))

    def test_nothing_due(self) -> None:
        paper = invoice(totals=totals(amount_due_for_payment="0.00", paid_amount="120.00"))

        assert (decided(validated(paper)).outcome, decided(validated(paper)).reasons) == ("reject", ("NOTHING-DUE",))

    def test_a_not_payable_document_without_a_reason(self) -> None:
        event = validated().model_copy(update={"assessment": Assessment(outcome="not_payable", confidence=1.0)})

        assert (decided(event).outcome, decided(event).reasons) == ("reject", ("DOCUMENT-NOT-PAYABLE",))

    @pytest.mark.parametrize("rule", sorted(NOT_PAYABLE_RULES))
    def test_what_asks_for_no_transfer(self, rule: str) -> None:
        assert decided(validated(extra=(error(rule),))).outcome == "reject"
        assert decided(validated(extra=(error(rule, "warning"),))).outcome == "hold"


class TestDuplicates:
    FIRST = validated()
    OTHER_BYTES = validated(received=received(b"two"))
    OTHER_AMOUNT = validated(
        invoice(
            totals=totals(
                invoice_total_amount_without_vat="200.00",
                invoice_total_vat_amount="40.00",
                invoice_total_amount_with_vat="240.00",
                amount_due_for_payment="240.00",
            )
        ),
        received=received(b"three"),
    )
    OTHER_SPELLING = validated(invoice(invoice_number="f2026 00 42"), received=received(b"four"))
    HELD = validated(received=received(b"held"), extra=(error("XML-BROKEN"),))

    @pytest.mark.parametrize("copy", [OTHER_BYTES, OTHER_AMOUNT])
    def test_the_same_invoice_on_another_document_is_the_same_payment(self, copy: InvoiceValidated) -> None:
        decision = decided(copy, after(self.FIRST))

        assert (decision.outcome, decision.reasons) == ("reject", ("DUPLICATE",))
        assert copy.normalized.invoice_key == self.FIRST.normalized.invoice_key

    def test_a_suggested_number_of_an_approved_invoice_rejects_nothing_and_cannot_be_approved(self) -> None:
        said = Finding(rule="SCORER-SUGGESTS", severity="warning", message="", fields=("invoice_number",))
        copy = validated(received=received(b"two"), extra=(said,))
        decision = decided(copy, after(self.FIRST))

        assert decision.outcome == "hold"
        assert "DUPLICATE-SUGGESTED" in decision.reasons
        assert RULES["DUPLICATE-SUGGESTED"].consequence == "bar"

    def test_a_copy_of_a_copy_is_a_duplicate_too(self) -> None:
        assert decided(self.OTHER_AMOUNT, after(self.FIRST, self.OTHER_BYTES)).reasons == ("DUPLICATE",)

    def test_another_spelling_of_the_number_has_the_same_key(self) -> None:
        paper = invoice(invoice_number="f2026/0042")

        assert validated(paper).normalized.invoice_key == self.FIRST.normalized.invoice_key
        assert self.OTHER_SPELLING.normalized.invoice_key == self.FIRST.normalized.invoice_key

    def test_a_held_earlier_document_holds_the_later(self) -> None:
        assert decided(self.FIRST, after(self.HELD)).reasons == ("DUPLICATE-POSSIBLE",)

    def test_a_refused_earlier_document_holds_the_later(self) -> None:
        refused = validated(received=received(b"held"), review=review("reject", content=b"held"))

        assert decided(self.FIRST, after(self.HELD, refused)).reasons == ("DUPLICATE-POSSIBLE",)

    def test_an_earlier_document_that_says_it_was_paid_holds_the_later(self) -> None:
        paid = validated(received=received(b"held"), extra=(error("ALREADY-PAID"),))

        assert decided(self.FIRST, after(paid)).reasons == ("DUPLICATE-POSSIBLE",)

    def test_a_reminder_is_no_earlier_invoice(self) -> None:
        reminder = validated(received=received(b"held"), extra=(error("NOT-AN-INVOICE"),))

        assert decided(self.FIRST, after(reminder)).outcome == "approve"

    def test_a_person_may_approve_a_possible_duplicate_but_then_not_the_other(self) -> None:
        record = after(self.HELD, self.FIRST)
        approved = validated(review=review("approve"))
        also = validated(received=received(b"held"), review=review("approve", content=b"held"))

        assert decided(approved, record).outcome == "approve"
        assert decided(also, after(self.HELD, self.FIRST, approved)).reasons == ("DUPLICATE",)


class TestReplay:
    EVENT = validated(received=received(b"held"), extra=(error("XML-BROKEN"),))
    APPROVED = validated(
        received=received(b"held"), extra=(error("XML-BROKEN"),), review=review("approve", content=b"held")
    )

    def test_a_redelivered_event_gets_the_same_bytes(self) -> None:
        record = after(self.EVENT, self.APPROVED)

        assert decided(self.EVENT, record).outcome == "hold"
        assert encode(decided(self.EVENT, record)) == encode(decided(self.EVENT))
        assert encode(decided(self.APPROVED, record)) == encode(decided(self.APPROVED, after(self.EVENT)))

    def test_a_redelivered_event_gets_its_answer_though_policy_and_debtor_changed(self) -> None:
        record = after(self.EVENT)
        strict = DEFAULT_POLICY.model_copy(update={"name": "strict/2", "automatic_lanes": frozenset()})

        assert decided(self.EVENT, record, debtor=None, policy=strict) == decided(self.EVENT)

    def test_an_approval_stands_whatever_comes_later_for_its_document(self) -> None:
        record = after(validated())
        again = validated(received=received(analysis=1), extra=(error("CREDIT-NOTE"),))
        refused = validated(review=review("reject"))

        assert decided(again, record) == decided(validated())
        assert decided(refused, record) == decided(validated())

    def test_a_refusal_by_a_person_stands(self) -> None:
        refusal = validated(review=review("reject", reason="never ordered"))
        record = after(validated(extra=(error("XML-BROKEN"),)), refusal)

        assert decided(validated(received=received(analysis=1)), record) == record.latest(document_id(b"one"))
        assert decided(validated(received=received(analysis=1)), record).reasons == ("REFUSED",)

    def test_a_held_document_that_is_read_anew_is_decided_anew(self) -> None:
        record = after(validated(extra=(error("XML-BROKEN"),)))

        assert decided(validated(received=received(analysis=1)), record).outcome == "approve"

    def test_a_document_that_turns_into_another_invoice_when_read_anew_waits(self) -> None:
        assert decided(validated(received=received(analysis=1))).reasons == ("REANALYSED",)


class TestMoved:
    def test_a_document_that_was_corrected_to_another_key_is_barred_under_the_old_one(self) -> None:
        held = validated(extra=(error("XML-BROKEN"),))
        record = after(held).with_departure(held.normalized)

        decision = decided(validated(extra=(error("XML-BROKEN"),), review=review("approve")), record)

        assert (decision.outcome, decision.reasons) == ("hold", ("MOVED", "XML-BROKEN"))

    def test_it_may_be_corrected_back(self) -> None:
        record = InvoiceRecord().with_departure(validated().normalized)

        assert decided(validated(review=review("correct"), corrected_by=("petra",)), record).reasons == ("CORRECTED",)


class TestRules:
    def test_every_rule_that_holds_or_rejects_has_one_sentence(self) -> None:
        for rule in {*RULES, *NOT_PAYABLE_RULES, *DOUBT_RULES}:
            assert RULES[rule].sentence.endswith("."), rule

    def test_every_doubt_holds(self) -> None:
        for rule in DOUBT_RULES:
            assert consequence(error(rule, "warning")) in {"hold", "bar"}, rule

    @pytest.mark.parametrize(("severity", "outcome"), [("error", "hold"), ("warning", "note"), ("info", "note")])
    def test_a_foreign_rule_follows_its_severity(self, severity: Severity, outcome: str) -> None:
        assert consequence(error("BR-S-08", severity)) == outcome

    def test_a_foreign_rule_is_told_in_its_own_words(self) -> None:
        assert explain(("BR-S-08", "X"), (error("BR-S-08"),)) == "BR-S-08: said so X"

    def test_an_explanation_stays_short(self) -> None:
        reasons = tuple(f"R{number}" for number in range(100))

        assert explain(reasons, ()).count(" ") == SENTENCES_MAX - 1


SEVERITIES: st.SearchStrategy[Severity] = st.sampled_from(("error", "warning", "info"))
FINDINGS = st.lists(
    st.builds(Finding, rule=st.sampled_from((*sorted(RULES), "BR-S-08")), severity=SEVERITIES, message=st.just("m")),
    max_size=6,
)
ACTS = st.sampled_from((None, review("approve"), review("approve", "anna"), review("correct"), review("reject")))
HISTORIES = st.sampled_from(
    (
        NOTHING_KNOWN,
        after(validated(extra=(error("XML-BROKEN"), error("ACCOUNT-CHANGE-NOTICE")))),
        after(validated(received=received(b"held"), extra=(error("XML-BROKEN"),))),
        after(validated(received=received(b"two"))),
    )
)


@given(findings=FINDINGS, more=FINDINGS, act=ACTS, record=HISTORIES)
def test_an_added_finding_never_makes_a_decision_milder(
    findings: list[Finding], more: list[Finding], act: object, record: InvoiceRecord
) -> None:
    given_received = received(submitted_by="anna")
    fewer = validated(extra=tuple(findings), received=given_received, review=act)
    many = validated(extra=(*findings, *more), received=given_received, review=act)

    assert RANK[decided(many, record).outcome] >= RANK[decided(fewer, record).outcome]


@given(findings=FINDINGS, act=ACTS, record=HISTORIES)
def test_money_is_released_exactly_by_an_approval(findings: list[Finding], act: object, record: InvoiceRecord) -> None:
    decision = decided(validated(extra=tuple(findings), review=act), record)

    assert (decision.payment is not None) == (decision.outcome == "approve")
    assert (decision.reasons == ()) == (decision.outcome == "approve")


@given(findings=FINDINGS)
def test_the_order_of_findings_does_not_matter(findings: list[Finding]) -> None:
    outcomes = {
        (decided(validated(extra=order)).outcome, decided(validated(extra=order)).reasons)
        for order in list(permutations(findings))[:24]
    }

    assert len(outcomes) == 1


@given(record=HISTORIES, act=ACTS, findings=FINDINGS)
def test_the_same_event_twice_is_one_answer(record: InvoiceRecord, act: object, findings: list[Finding]) -> None:
    event = validated(extra=tuple(findings), review=act)
    before = event.normalized
    first = decided(event, record)
    review_id = before.review.review_id if before.review else None
    remembered = record.with_answer(first, analysis=before.received.analysis, review_id=review_id)

    assert encode(decided(event, remembered)) == encode(first)


def test_a_name_alone_is_a_hint_and_never_enough() -> None:
    paper = invoice(seller=Party(name="Boulangerie Dupont"))
    known = directory(supplier(accounts=()))

    assert set(decided(validated(paper, known)).reasons) == {"SUPPLIER-BY-NAME", "ACCOUNT-NEW"}
