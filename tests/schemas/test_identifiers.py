"""Identifiers are functions of what they name: the same for the same, different for the different."""

import re
import uuid

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from schemas.identifiers import (
    CommandId,
    DocumentId,
    InvoiceKey,
    command_id,
    digest,
    document_id,
    fold_number,
    invoice_key,
    orphan_key,
    record_id,
    uetr,
)
from tests.schemas.strategies import texts

# EPC217-08: the characters that every SEPA bank takes in an EndToEndIdentification.
SEPA = re.compile(r"[A-Za-z0-9/\-?:().,'+ ]+")
MAX_35_TEXT = 35
suppliers = st.from_regex(r"\A[A-Za-z0-9._:-]{1,64}\Z")
payments = st.tuples(texts, suppliers, texts, st.integers(1, 99), st.integers(0, 99))
Payment = tuple[str, str, str, int, int]


def _command(payment: Payment) -> str:
    tenant, supplier, number, instalment, revision = payment
    return command_id(tenant, supplier, number, instalment=instalment, revision=revision)


def _folded(payment: Payment) -> Payment:
    tenant, supplier, number, instalment, revision = payment
    return tenant, supplier, fold_number(number), instalment, revision


class TestFoldNumber:
    @pytest.mark.parametrize(
        "written",
        ["2026/0042-a", " 2026 0042 A", "2026-0042.A", "002026-0042A", "２０２６-0042a", "2026\u00a00042\u2011A"],
    )
    def test_spellings_of_one_number_meet(self, written: str) -> None:
        assert fold_number(written) == "20260042A"

    @pytest.mark.parametrize(("number", "folded"), [("000", "0"), ("0", "0"), ("", ""), ("---", ""), ("0A", "A")])
    def test_zeros_and_nothing(self, number: str, folded: str) -> None:
        assert fold_number(number) == folded

    @given(texts)
    def test_folding_twice_changes_nothing(self, number: str) -> None:
        assert fold_number(fold_number(number)) == fold_number(number)

    @given(texts, st.sampled_from([" ", "-", "/", ".", "\u00a0", "#"]))
    def test_punctuation_says_nothing(self, number: str, mark: str) -> None:
        assert fold_number(mark.join((mark, number, mark))) == fold_number(number)

    @given(st.text("0123456789abcXYZ-/", max_size=20))
    def test_case_says_nothing(self, number: str) -> None:
        assert fold_number(number.swapcase()) == fold_number(number)


class TestCommandId:
    @given(payments)
    def test_it_is_an_end_to_end_identification(self, payment: Payment) -> None:
        identity = _command(payment)
        assert TypeAdapter(CommandId).validate_python(identity) == identity
        assert len(identity) <= MAX_35_TEXT
        assert SEPA.fullmatch(identity)

    @given(payments, payments)
    @example(("t", "ab", "c", 1, 0), ("t", "a", "bc", 1, 0))
    @example(("t", "a", "1", 11, 0), ("t", "a", "11", 1, 0))
    @example(("t", "a", "1", 1, 10), ("t", "a", "1", 11, 0))
    @example(("t\x1fa", "b", "1", 1, 0), ("t", "a", "b1", 1, 0))
    def test_two_payments_have_one_id_only_if_they_are_one(self, one: Payment, other: Payment) -> None:
        assert (_command(one) == _command(other)) == (_folded(one) == _folded(other))

    @given(payments)
    def test_reissuing_after_a_cancellation_gives_another_id(self, payment: Payment) -> None:
        *business, revision = payment
        assert _command((*business, revision + 1)) != _command(payment)  # type: ignore[arg-type]  # the same five parts

    def test_the_promised_bytes_do_not_change(self) -> None:
        """A changed function would pay what is paid already; this value may never be edited."""
        assert command_id("default", "atelier-lumiere", "F2026-0042") == "QDVRZTYAZSHGB33NSEG2AQ73BKE"
        assert uetr("QDVRZTYAZSHGB33NSEG2AQ73BKE") == "a152373b-cdc3-4071-afd6-9da091be1c3d"
        assert invoice_key("default", "atelier-lumiere", "F2026-0042") == "ik_k5reblse4bsosjtetfajnmvbrl"


class TestInvoiceKey:
    @given(texts, suppliers, texts)
    def test_it_has_its_form(self, tenant: str, seller: str, number: str) -> None:
        TypeAdapter(InvoiceKey).validate_python(invoice_key(tenant, seller, number))

    @given(texts, suppliers, texts, texts, suppliers, texts)
    @example("t", "a", "b1", "t\x1fa", "b", "1")
    def test_two_invoices_have_one_key_only_if_they_are_one(
        self, tenant: str, seller: str, number: str, other_tenant: str, other_seller: str, other_number: str
    ) -> None:
        one = tenant, seller, fold_number(number)
        other = other_tenant, other_seller, fold_number(other_number)
        same = invoice_key(tenant, seller, number) == invoice_key(other_tenant, other_seller, other_number)
        assert same == (one == other)

    @given(texts, st.binary(max_size=40), texts)
    def test_an_orphan_never_meets_an_invoice(self, tenant: str, content: bytes, number: str) -> None:
        assert orphan_key(tenant, document_id(content)) != invoice_key(tenant, "document", number)


class TestUetr:
    @given(payments)
    def test_it_is_a_lower_case_version_4_uuid(self, payment: Payment) -> None:
        reference = uetr(_command(payment))
        parsed = uuid.UUID(reference)
        assert parsed.version == 4
        assert parsed.variant == uuid.RFC_4122
        assert str(parsed) == reference

    @given(payments, payments)
    def test_two_commands_have_two(self, one: Payment, other: Payment) -> None:
        assert (uetr(_command(one)) == uetr(_command(other))) == (_command(one) == _command(other))


class TestDigests:
    @given(st.binary(max_size=100))
    def test_a_document_is_named_by_its_bytes(self, content: bytes) -> None:
        assert TypeAdapter(DocumentId).validate_python(document_id(content)) == digest(content)

    @given(st.lists(st.from_regex(r"\A[a-z.]{1,5}\Z"), min_size=1, max_size=4), st.lists(st.just("a"), max_size=4))
    def test_records_of_other_causes_have_other_ids(self, parts: list[str], others: list[str]) -> None:
        assert (record_id(*parts) == record_id(*others)) == (parts == others)
