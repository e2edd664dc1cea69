"""Each lesson gets one class and a sentence; what nothing speaks for is unknown."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from agents.quality.alike import is_close, is_cut_at_separator, is_misread, is_same_digits, is_turned_date
from agents.quality.banks import REASONS
from agents.quality.causes import cause_of
from schemas.cause import CAUSE_CLASSES
from schemas.evidence import ExtractedInvoice, Field, Lane, Source
from schemas.feedback import FeedbackRecorded
from schemas.finding import Finding
from schemas.identifiers import document_id
from schemas.invoice import InvoiceLine, VatBreakdown

AT = datetime(2026, 11, 24, tzinfo=UTC)
DUE = "amount_due_for_payment"


def lesson(**changes: Any) -> FeedbackRecorded:
    given: dict[str, Any] = {
        "document_id": document_id(b"one"),
        "tenant": "acme",
        "source": "review",
        "cause": "correction",
        "release": "r1",
        "recorded_at": AT,
        "reference": "review-1",
    }
    return FeedbackRecorded(**{**given, **changes})


def extracted(lane: Lane = "text", source: Source = "text", findings: Any = (), **values: str) -> ExtractedInvoice:
    fields: Any = {
        name: Field(value=value, raw=value, confidence=0.99, page=1, box=(1, 2, 3, 4), source=source)
        for name, value in values.items()
    }
    return ExtractedInvoice(
        lane=lane,
        media_type="application/pdf",
        pages=1,
        fields=fields,
        findings=findings,
        lines=(InvoiceLine(item_net_price=Decimal("7.50"), invoice_line_net_amount=Decimal("30.00")),),
        vat_breakdown=(VatBreakdown(vat_category_taxable_amount=Decimal("61.00")),),
    )


TOTALS: dict[str, Any] = {
    "invoice_total_amount_without_vat": "100.00",
    "invoice_total_vat_amount": "20.00",
    "invoice_total_amount_with_vat": "120.00",
    "paid_amount": "50.00",
    "invoice_number": "K-77",
}


@pytest.mark.parametrize(
    ("field", "wrong", "right", "kind"),
    [
        ("payment_due_date", None, "2026-12-20", "label_missed"),
        ("payment_due_date", "2026-03-04", "2026-04-03", "date_format"),
        ("payment_due_date", "2026-12-04", "2026-12-31", "wrong_candidate"),
        (DUE, "1.234", "1234.00", "number_format"),
        (DUE, "234.50", "1234.50", "number_format"),
        (DUE, "100.00", "120.00", "wrong_candidate"),
        (DUE, "120.00", "70.00", "arithmetic"),
        (DUE, "170.00", "70.00", "arithmetic"),
        (DUE, "30.00", "91.00", "table"),
        (DUE, "61.00", "91.00", "table"),
        (DUE, "418.00", "91.00", "wrong_candidate"),
        ("invoice_number", "F2O26-42", "F2026-42", "ocr"),
        ("invoice_number", "K-77", "F2026-42", "wrong_candidate"),
        ("payment_account_identifier", "DE89370400440532013000", "FR7630006000011234567890189", "wrong_candidate"),
        ("remittance_information", "RF18", None, "wrong_candidate"),
        ("invoice_type_code", "380", "381", "not_an_invoice"),
    ],
)
def test_a_value_read_wrongly(field: str, wrong: str | None, right: str | None, kind: str) -> None:
    cause = cause_of(lesson(field=field, wrong=wrong, right=right), extracted(**TOTALS))
    assert cause.kind == kind, cause.evidence
    assert cause.evidence.endswith(".")


def test_a_sign_read_wrongly_in_a_picture_and_another_number_in_a_text() -> None:
    corrected = lesson(field="invoice_number", wrong="F2026-0042", right="F2026-0142")
    assert cause_of(corrected, extracted("scan", "ocr")).kind == "ocr"
    assert cause_of(corrected, extracted("text", "text")).kind == "wrong_candidate"


def test_a_digit_read_wrongly_in_a_picture_though_the_right_sum_stands_elsewhere() -> None:
    corrected = lesson(field=DUE, wrong="720.00", right="120.00")
    assert cause_of(corrected, extracted("scan", "ocr", **TOTALS)).kind == "ocr"
    assert cause_of(corrected, extracted("text", "text", **TOTALS)).kind == "wrong_candidate"


def test_data_that_say_so_themselves_are_the_senders() -> None:
    said = extracted("xml", "ubl", **{DUE: "12.00"})
    assert cause_of(lesson(field=DUE, wrong="12.00", right="1200.00"), said).kind == "publisher"
    assert cause_of(lesson(field="invoice_number", right="F1"), said).kind == "publisher"


def test_what_was_seen_and_not_understood() -> None:
    finding = Finding(rule="VALUE-UNPARSABLE", severity="error", message="", fields=("payment_due_date", DUE))
    seen = extracted(findings=(finding,))
    assert cause_of(lesson(field="payment_due_date", right="2026-12-20"), seen).kind == "date_format"
    assert cause_of(lesson(field=DUE, right="12.00"), seen).kind == "number_format"


def test_where_the_wrong_value_was_read_is_told() -> None:
    cause = cause_of(lesson(field=DUE, wrong="100.00", right="120.00"), extracted(**{**TOTALS, DUE: "100.00"}))
    assert (cause.page, cause.box) == (1, (1, 2, 3, 4))


def test_a_place_of_another_reading_is_not_told() -> None:
    again = extracted(**{**TOTALS, DUE: "120.00"})
    cause = cause_of(lesson(field=DUE, wrong="100.00", right="120.00"), again)
    assert (cause.page, cause.box) == (None, None)


@pytest.mark.parametrize(
    ("reasons", "kind"),
    [
        (("ACCOUNT-NEW",), "reference_stale"),
        (("SUPPLIER-BY-NAME", "ACCOUNT-NEW"), "supplier_match"),
        (("DUE-DATE-IMPLAUSIBLE", "DOCUMENT-DOUBTFUL"), "rule_too_strict"),
        (("CONFIDENCE-LOW",), "rule_too_strict"),
        (("RELEASE-WITHDRAWN",), "unknown"),
        (("READ-OTHERWISE",), "unknown"),
        (("AMOUNT-LIMIT",), "unknown"),
    ],
)
def test_what_was_held_in_vain(reasons: tuple[str, ...], kind: str) -> None:
    assert cause_of(lesson(cause="approval", reasons=reasons)).kind == kind


@pytest.mark.parametrize(
    ("reasons", "kind"),
    [
        (("AUDIT-SAMPLE",), "rule_too_loose"),
        (("SUPPLIER-CONFLICT",), "supplier_match"),
        (("ACCOUNT-CHANGE-NOTICE",), "publisher"),
    ],
)
def test_what_was_refused(reasons: tuple[str, ...], kind: str) -> None:
    assert cause_of(lesson(cause="rejection", reasons=reasons), extracted(**TOTALS)).kind == kind


def test_what_is_no_invoice() -> None:
    assert cause_of(lesson(cause="rejection"), extracted(**TOTALS), said_kind="delivery_note").kind == "not_an_invoice"
    assert cause_of(lesson(cause="rejection"), extracted(seller_name="A")).kind == "not_an_invoice"


@pytest.mark.parametrize(("cause", "kind"), [("AC04", "reference_stale"), ("AM05", "rule_too_loose"), ("MS03", "bank")])
def test_what_a_bank_says(cause: str, kind: str) -> None:
    assert cause_of(lesson(source="settlement", cause=cause)).kind == kind


def test_a_code_of_one_bank_alone_says_nothing() -> None:
    assert cause_of(lesson(source="settlement", cause="ZZ99")).kind == "unknown"


@pytest.mark.parametrize(
    ("reference", "cause", "kind"),
    [
        ("document.received/0/1", "VALUE-INVALID", "publisher"),
        ("document.received/0/1", "DOCUMENT-HASH-MISMATCH", "publisher"),
        ("payment.status/0/1", "VALUE-INVALID", "bank"),
        ("invoice.extracted/0/1", "VALUE-INVALID", "unknown"),
        ("document.received/0/1", "STAGE-FAILED", "unknown"),
    ],
)
def test_dead_letters(reference: str, cause: str, kind: str) -> None:
    assert cause_of(lesson(source="dead_letter", cause=cause, reference=reference)).kind == kind


def test_sources_that_dissent_and_an_engine_against_itself() -> None:
    assert cause_of(lesson(source="dissent", cause="XML-PAGE-MISMATCH", detail="12 and 13")).kind == "publisher"
    assert cause_of(lesson(source="anomaly", cause="STATUS-CONTRADICTION")).kind == "bank"


def test_a_supplier_that_a_correction_names() -> None:
    corrected = lesson(field="seller_vat_identifier", wrong=None, right="FR1", reasons=("SUPPLIER-BY-NAME",))
    assert cause_of(corrected, extracted(**TOTALS)).kind == "supplier_match"


def test_every_bank_reason_points_at_a_known_class() -> None:
    assert {pointed.kind for pointed in REASONS.values()} <= set(CAUSE_CLASSES)


@pytest.mark.parametrize("pair", [("12.30", "12.3"), ("0", "1"), ("a", "1"), ("12.34", "12.43")])
def test_other_digits_are_no_format(pair: tuple[str, str]) -> None:
    assert not is_same_digits(*pair)
    assert not is_cut_at_separator(*pair)


@pytest.mark.parametrize("pair", [("2026-03-04", "2026-03-04"), ("2026-03-04", "2026-03-05"), ("x", "2026-03-04")])
def test_other_days_are_not_turned(pair: tuple[str, str]) -> None:
    assert not is_turned_date(*pair)


def test_likeness_has_an_end() -> None:
    assert is_misread("F2O26-OO42", "F2026-0042") is False, "three signs are another word"
    assert is_close("FA-2026-0042", "FA-2026-042")
    assert not is_close("42", "43")
    assert not is_close("AB", "AB")
