"""The sets must be what the demo and the system tests rely on."""

import csv
import io
from collections import Counter
from dataclasses import replace

import pytest

from app.local.samples import (
    Sample,
    SampleSet,
    debtor_environment,
    demo_debtor,
    demo_set,
    generate,
    load_set,
    supplier_csv,
)
from app.local.samples.parties import CSV_COLUMNS
from app.local.samples.sets import COUNT_MAX
from app.settings import Settings
from schemas.decision import DecisionOutcome
from schemas.evidence import FIELD_NAMES, PAYMENT_CRITICAL
from schemas.identifiers import command_id, fold_number


def right_outcomes(samples: SampleSet) -> dict[str, DecisionOutcome]:
    """What a faultless chain decides; the first of the same bytes speaks for all."""
    return {sample.document_id: sample.expect.outcome for sample in reversed(samples.samples)}


def test_the_same_seed_gives_the_same_bytes() -> None:
    assert demo_set(7) == demo_set(7)
    assert load_set(60, 7) == load_set(60, 7)
    assert generate(40, 7) == generate(40, 7)
    assert demo_set(7) != demo_set(8)


def test_a_longer_set_begins_with_the_shorter_one() -> None:
    assert load_set(80).samples[:40] == load_set(40).samples


def test_the_demo_shows_every_lane_outcome_and_story() -> None:
    samples = demo_set().samples
    seen = Counter((sample.lane, sample.expect.outcome) for sample in samples)
    assert set(seen) >= {
        (lane, outcome) for lane in ("xml", "hybrid", "text") for outcome in ("approve", "hold") if lane != "scan"
    }
    assert {sample.language for sample in samples if sample.lane == "text" and sample.truth} == {"fr", "en", "de"}
    stories = {sample.scenario for sample in samples}
    assert stories >= {"changed-account", "unknown-supplier", "same-bytes", "other-bytes", "other-amount", "wrong-sum",
                       "broken-account", "credit-note", "direct-debit", "quote", "truncated-pdf", "doctype", "noise",
                       "page-mismatch", "empty"}  # fmt: skip


@pytest.mark.parametrize("samples", [demo_set(), load_set(500)], ids=["demo", "load"])
def test_names_are_unique_and_numbers_name_one_invoice(samples: SampleSet) -> None:
    names = [sample.name for sample in samples.samples]
    assert len(names) == len(set(names))
    numbers = Counter(
        (sample.supplier_id, fold_number(sample.truth["invoice_number"] or ""))
        for sample in samples.samples
        if sample.truth and not sample.duplicates_of
    )
    assert max(numbers.values()) == 1


@pytest.mark.parametrize("sample", [*demo_set().samples, *generate(60, 3)], ids=lambda sample: sample.name)
def test_truth_is_canonical_and_complete(sample: Sample) -> None:
    truth = sample.truth
    assert set(truth) <= set(FIELD_NAMES)
    if truth:
        assert set(truth) >= set(PAYMENT_CRITICAL)


def test_a_load_set_is_mostly_paid_and_names_its_commands() -> None:
    samples = load_set(500)
    assert len(samples.samples) == 500
    approved = [sample for sample in samples.samples if sample.expect.outcome == "approve"]
    assert len(approved) > 400
    assert all(sample.media_type == "application/xml" for sample in samples.samples)
    first = approved[0]
    assert first.supplier_id
    assert command_id("default", first.supplier_id, first.truth["invoice_number"] or "") in samples.command_ids()


def test_repetitions_add_no_command() -> None:
    samples = demo_set()
    without = replace(samples, samples=tuple(it for it in samples.samples if not it.duplicates_of))
    assert without.command_ids() == samples.command_ids()


def test_right_outcomes_meet_no_complaint() -> None:
    for samples in (demo_set(), load_set(200)):
        assert samples.complaints(right_outcomes(samples)) == []


def test_documents_may_overtake_each_other_but_not_be_paid_twice() -> None:
    samples = demo_set()
    second = next(it for it in samples.samples if it.duplicates_of and it.expect.outcome == "reject")
    first = next(it for it in samples.samples if it.name == second.duplicates_of)
    outcomes = right_outcomes(samples)
    swapped = outcomes | {first.document_id: "reject", second.document_id: "approve"}
    assert samples.complaints(swapped) == []
    assert len(samples.complaints(outcomes | {second.document_id: "approve"})) == 1
    assert len(samples.complaints(outcomes | {first.document_id: "reject"})) == 1


def test_a_missing_or_wrong_decision_is_named() -> None:
    samples = demo_set()
    outcomes = right_outcomes(samples)
    held = next(it for it in samples.samples if it.expect.outcome == "hold")
    (complaint,) = samples.complaints(outcomes | {held.document_id: "approve"})
    assert held.name in complaint
    del outcomes[held.document_id]
    (complaint,) = samples.complaints(outcomes)
    assert "no decision" in complaint


def test_the_supplier_file_has_the_promised_columns() -> None:
    samples = demo_set()
    rows = list(csv.DictReader(io.StringIO(supplier_csv(samples.suppliers))))
    assert tuple(rows[0]) == CSV_COLUMNS
    assert len(rows) == len(samples.suppliers)
    assert all(row["accounts"] and row["town"] and row["country"] for row in rows)


def test_the_debtor_is_what_the_settings_call_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in debtor_environment(demo_debtor()).items():
        monkeypatch.setenv(name, value)
    assert Settings().debtor_iban == demo_debtor().account.iban
    assert Settings().debtor_post_code == demo_debtor().post_code


def test_a_set_has_a_limit() -> None:
    with pytest.raises(ValueError, match="limit"):
        load_set(COUNT_MAX + 1)
