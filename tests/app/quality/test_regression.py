"""The gate: no new false payable, no significant loss in any lane, and every claimed case mended."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from app.quality.intervals import loss, mcnemar
from app.quality.judgement import Judged
from app.quality.labels import FIELDS, Label
from app.quality.regression import Pair, Report, compare
from app.quality.regression_report import lines

TRUE = {"invoice_number": "4711", "iban": "DE89370400440532013000", "currency": "EUR", "amount_due": "119.00"}
NAMES = {field: FIELDS[field][0] for field in TRUE}


def side(label: Label, said: dict[str, str | None], outcome: str, lane: str) -> Judged:
    fields = {NAMES[field]: {"value": said.get(field, TRUE[field])} for field in TRUE}
    line: dict[str, Any] = {"lane": lane, "fields": fields, "assessment": {"outcome": outcome, "confidence": 0.95}}
    return Judged(label, line)


def pair(
    name: str,
    before: dict[str, str | None],
    after: dict[str, str | None],
    *,
    outcomes: tuple[str, str] = ("payable", "payable"),
    lane: str = "text",
    language: str = "de",
) -> Pair:
    row = {
        "id": name, "path": name, "set": "t", "kind": "pdf_text_only", "group": name, "language": language,
        "truth": TRUE, "alt": {}, "skip": [field for field in FIELDS if field not in TRUE], "optional": [],
    }  # fmt: skip
    label = Label(name, Path(name), row)
    return Pair(side(label, before, outcomes[0], lane), side(label, after, outcomes[1], lane))


def report(pairs: Sequence[Pair], claims: Sequence[str] = ()) -> Report:
    return compare(pairs, candidate="new", baseline="old", golden="g", claims=claims, seconds=1.0)


def lost(count: int, lane: str = "text") -> list[Pair]:
    return [
        pair(f"{lane}-lost-{at}", {}, {"invoice_number": None}, outcomes=("payable", "doubtful"), lane=lane)
        for at in range(count)
    ]


def gained(count: int, lane: str = "text") -> list[Pair]:
    return [
        pair(f"{lane}-gained-{at}", {"invoice_number": None}, {}, outcomes=("doubtful", "payable"), lane=lane)
        for at in range(count)
    ]


def same(count: int, lane: str = "text") -> list[Pair]:
    return [pair(f"{lane}-same-{at}", {}, {}, lane=lane) for at in range(count)]


def test_two_that_read_alike_pass() -> None:
    found = report(same(5))
    assert found.passed
    assert (found.worse, found.better_in_all) == ((), 0)


def test_one_new_false_payable_is_enough() -> None:
    found = report([*same(200), *gained(50), pair("bad", {}, {"invoice_number": "9"})])
    assert found.complaints == ("new false payable: bad (invoice_number)",)
    assert next(one for one in found.payables if one.group == "text").false_after == 1


def test_a_false_payable_that_was_one_before_is_no_new_one() -> None:
    assert report([*same(5), pair("known", {"invoice_number": "9"}, {"invoice_number": "9"})]).passed


@pytest.mark.parametrize(("losses", "passes"), [(4, True), (5, False)])
def test_a_loss_counts_when_chance_explains_it_no_more(losses: int, *, passes: bool) -> None:
    # 4 of 4 come up in one of 16 throws, 5 of 5 in one of 32
    assert report([*same(100), *lost(losses)]).passed is passes


def test_the_gains_of_one_lane_do_not_pay_for_the_losses_of_another() -> None:
    found = report([*gained(100, "text"), *lost(6, "xml")])
    assert {complaint.split(":")[0] for complaint in found.complaints} >= {"lane xml, documents", "lane xml, covered"}
    assert not any("lane text" in complaint for complaint in found.complaints)


def test_losses_within_the_gains_of_the_same_lane_pass() -> None:
    assert report([*gained(9), *lost(5)]).passed


def test_claims_are_held_against_the_candidate() -> None:
    documents = [*same(3), *gained(1), pair("left", {"iban": None}, {"iban": None}, outcomes=("doubtful", "doubtful"))]
    found = report(documents, ["text-gained-0", "left", "nowhere"])
    assert (found.claims, found.mended) == (3, 1)
    assert found.complaints == (
        "claimed case left is not mended (iban)",
        "claimed case nowhere is not among the documents",
    )


def test_nothing_measured_is_no_pass() -> None:
    assert report([]).complaints == ("no labelled document was measured",)


def test_what_got_worse_is_listed_without_values() -> None:
    found = report([*same(3), *lost(1)])
    (worse,) = found.worse
    assert (worse.document, worse.lane, worse.language) == ("text-lost-0", "text", "de")
    assert worse.changes == ("invoice_number: right -> missing", "payable -> doubtful")
    assert "4711" not in found.model_dump_json()


def test_rows_stand_by_lane_field_and_language() -> None:
    found = report([*same(2), *lost(1), pair("fr", {}, {}, language="fr", lane="scan")])
    rows = {(row.group, row.what): row for row in found.rows}
    text = rows["lane text", "documents"]
    assert (text.before.right, text.after.right, text.after.missing, text.lost, text.gained) == (3, 2, 1, 1, 0)
    assert rows["lane text", "invoice_number"].after.missing == 1
    assert rows["language fr", "documents"].after.right == 1
    assert rows["lane ALL", "documents"].after.total == 4
    low, high = text.interval_after
    assert 0.09 < low < 0.1  # Clopper and Pearson, 2 of 3
    assert 0.99 < high < 1


def test_the_exact_test_is_a_coin() -> None:
    assert loss(0, 0) == mcnemar(0, 0) == 1.0
    assert loss(5, 0) == 1 / 32
    assert mcnemar(1, 9) == pytest.approx(22 / 1024)
    assert loss(600, 600) > 0.5


def test_a_person_reads_why_the_gate_is_closed() -> None:
    told = "\n".join(lines(report([*same(3), *lost(6)], ["nowhere"])))
    assert "REFUSED  lane text, documents: 6 lost, 0 gained (p = 0.0156)" in told
    assert "PASSED" not in told
    assert "PASSED" in "\n".join(lines(report(same(3))))
