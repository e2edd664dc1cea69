"""What counts as right, wrong, covered and falsely payable."""

from pathlib import Path
from typing import Any

import pytest

from app.quality.judgement import Judged, count
from app.quality.labels import FIELDS, Label, expectation, same
from benchmarks.accuracy import calibration, gate, report, results

IBAN = "FR1420041010050500013M02606"


def row(**changed: Any) -> dict[str, Any]:
    truth = dict.fromkeys(FIELDS) | {"iban": IBAN, "amount_due": "120.00", "currency": "EUR", "invoice_number": "F-1"}
    return {
        "id": "a", "path": "a.pdf", "set": "papers", "kind": "text", "group": "g", "language": "fr", "split": "tuning",
        "truth": truth, "alt": {}, "skip": [], "optional": [], "aux": {}, "negative": False, "iban_checksum_ok": True,
    } | changed  # fmt: skip


def judged(said: str = "payable", amount: str | None = "120.00", confidence: float = 0.95, **changed: Any) -> Judged:
    values = {
        "payment_account_identifier": IBAN, "amount_due_for_payment": amount, "invoice_currency_code": "EUR",
        "invoice_number": "F-1",
    }  # fmt: skip
    fields = {name: {"value": value, "confidence": confidence} for name, value in values.items()}
    line = {
        "lane": "text", "release": "r", "seconds": 0.1, "fields": fields,
        "assessment": {"outcome": said, "confidence": confidence, "reasons": []},
    }  # fmt: skip
    data = row(**changed)
    return Judged(Label(data["id"], Path("a.pdf"), data), line)


def test_right_and_covered() -> None:
    one = judged()
    assert one.all_right
    assert one.covered
    assert not one.false_payable


def test_a_wrong_amount_is_a_false_payable_and_a_held_one_is_not() -> None:
    assert judged(amount="12.00").false_payable
    assert not judged("doubtful", amount="12.00").false_payable
    assert judged("doubtful", amount="12.00").critical_wrong == ["payable"]


@pytest.mark.parametrize("expect", ["must_hold", "must_not_pay"])
def test_paying_what_must_not_be_paid_is_false_however_right(expect: str) -> None:
    assert judged(aux={"expect": expect}).false_payable


def test_other_values_that_are_as_good_are_right() -> None:
    assert judged(amount="7.00", alt={"amount_due": ["7.00"]}).all_right


def test_a_broken_account_of_the_corpus_must_be_held() -> None:
    assert expectation(Label("a", Path("a"), row(iban_checksum_ok=False))) == "must_hold"
    assert expectation(Label("a", Path("a"), row(truth=None))) == "must_hold"
    assert expectation(Label("a", Path("a"), row(negative=True))) == "must_not_pay"
    assert expectation(Label("a", Path("a"), row())) == "payable"


@pytest.mark.parametrize(
    ("field", "true", "said"),
    [
        ("amount_due", "1234.50", "1 234.5"),
        ("bic", "AGRIFRPP", "AGRIFRPPXXX"),
        ("iban", IBAN, "FR14 2004 1010 0505 0001 3M02 606"),
        ("seller_name", "Dvořák Papír s.r.o.", "DVOŘÁK PAPÍR, s.r.o."),
        ("issue_date", "2026-01-02", "2026-01-02T00:00:00"),
        ("document_type", "381", "396"),
    ],
)
def test_the_same_in_the_fields_own_sense(field: str, true: str, said: str) -> None:
    assert same(field, true, said)
    assert not same(field, true, "9999")


def test_the_gate_knows_old_faults_and_refuses_new_ones() -> None:
    good, bad = judged(), judged(amount="1.00", id="bad")
    recorded = gate.figures([good, bad])
    assert recorded["known_false"] == ["bad"]
    assert gate.complaints("papers", [good, bad], recorded) == []
    assert "false payable bad" in gate.complaints("papers", [good, bad], gate.figures([good]))[0]
    assert "coverage" in gate.complaints("papers", [judged("doubtful")], gate.figures([good]))[0]


def test_the_threshold_is_the_lowest_that_the_bound_allows() -> None:
    sure = [judged(confidence=0.97, id=str(place)) for place in range(700)]
    unsure = [judged(confidence=0.91, amount="1.00" if place % 10 == 0 else "120.00") for place in range(100)]
    chosen = calibration.threshold([*sure, *unsure])
    assert (chosen.threshold, chosen.false, chosen.shown) == (0.97, 0, True)
    assert chosen.upper <= calibration.RISK


def test_too_few_documents_show_nothing() -> None:
    chosen = calibration.threshold([judged() for _ in range(100)])
    assert (chosen.threshold, chosen.shown) == (calibration.FLOOR, False)


def test_a_scan_pays_nothing_until_its_risk_is_shown() -> None:
    few = [Judged(one.label, {**one.line, "lane": "scan"}) for one in (judged() for _ in range(100))]
    assert calibration.summary(few)["scan"]["payable"] == {
        "threshold": 1.0,
        "documents": 100,
        "false": 0,
        "upper": pytest.approx(0.0295, abs=0.0005),
        "shown": False,
    }


def test_what_was_held_for_its_confidence_alone_counts_for_the_threshold() -> None:
    low = judged("doubtful", confidence=0.95)
    held = {**low.line, "assessment": {**low.line["assessment"], "reasons": ["CONFIDENCE-LOW"]}}
    other = {**low.line, "assessment": {**low.line["assessment"], "reasons": ["ACCOUNT-AMBIGUOUS"]}}
    assert calibration.threshold([Judged(low.label, held)]).documents == 1
    assert calibration.threshold([Judged(low.label, other)]).documents == 0


def test_the_calibration_error_of_known_values() -> None:
    seen = [(0.95, True)] * 9 + [(0.95, False)] + [(0.55, True)] * 10
    assert calibration.expected_error(seen) == pytest.approx((10 * 0.05 + 10 * 0.45) / 20)
    assert [one.count for one in calibration.bins(seen)] == [10, 10]


def test_the_report_and_the_comparison_name_what_changed() -> None:
    good, bad = judged(), judged(amount="1.00")
    assert any("FALSE PAYABLE" in line for line in report.whole([bad]))
    old, new = results.of([good], "x"), results.of([bad], "x")
    assert any("a: payable -> payable payable" in line for line in results.compare(new, old))
    assert count([good, bad]).coverage == 0.5
    assert calibration.diagram(new["calibration"]).startswith("<svg")
