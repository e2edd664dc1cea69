"""Clusters: once a lesson, alike layouts together, each currency's worst before any currency's second."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from agents.quality.clusters import EXAMPLES_MAX, Dimension, Explained, clusters
from schemas.cause import Cause
from schemas.feedback import FeedbackRecorded
from schemas.money import Amount

AT = datetime(2026, 11, 24, tzinfo=UTC)


def told(document: str, amount: str | None = None, currency: str = "EUR", kind: Any = "ocr", **more: Any) -> Explained:
    at_risk = Amount(value=Decimal(amount), currency=currency) if amount else None
    lesson = FeedbackRecorded(
        document_id=document, tenant="acme", source="review", cause="correction", release="r1", recorded_at=AT,
        at_risk=at_risk, **more,
    )  # fmt: skip
    return Explained(lesson, Cause(kind=kind, evidence="."))


def same(one: str, other: str) -> bool:
    return one[0] == other[0]


def ranked(dimension: Dimension, *given: Explained) -> list[tuple[str, str]]:
    found = clusters(given, dimension, same)
    assert [cluster.rank for cluster in found] == list(range(1, len(found) + 1))
    assert found == clusters(reversed(given), dimension, same)
    return [(cluster.kind, cluster.value) for cluster in found]


def test_a_lesson_that_was_told_twice_counts_once() -> None:
    [cluster] = clusters((told("d1", "5"), told("d1", "5")), "supplier", same)
    assert (cluster.lessons, cluster.documents, cluster.at_risk) == (1, 1, {"EUR": Decimal(5)})


def test_a_document_is_at_risk_once_however_many_fields_are_wrong() -> None:
    [cluster] = clusters((told("d1", "5", field="a"), told("d1", "5", field="b"), told("d2", "6")), "supplier", same)
    assert (cluster.lessons, cluster.documents, cluster.at_risk) == (3, 2, {"EUR": Decimal(11)})


def test_layouts_that_are_alike_are_one() -> None:
    given = (told("d1", layout="aa"), told("d2", layout="ab"), told("d3", layout="ba"), told("d4"))
    assert sorted(value[:1] for _, value in ranked("layout", *given)) == ["", "a", "b"]


def test_money_times_frequency_decides_within_a_currency() -> None:
    assert ranked(
        "supplier",
        told("d1", "10", supplier_id="rare and dear"),
        told("d2", "6", supplier_id="often"),
        told("d3", "6", supplier_id="often"),
    ) == [("ocr", "often"), ("ocr", "rare and dear")]


def test_currencies_are_ranked_apart_and_never_added() -> None:
    order = ranked(
        "supplier",
        told("d1", "900000", "JPY", supplier_id="tokyo"),
        told("d2", "800000", "JPY", supplier_id="osaka"),
        told("d3", "10", "EUR", supplier_id="lyon"),
        told("d4", supplier_id="nothing"),
    )
    assert [value for _, value in order] == ["lyon", "tokyo", "osaka", "nothing"]


def test_dimensions_part_the_causes() -> None:
    given = (told("d1", kind="ocr", lane="scan", field="x"), told("d2", kind="table", lane="text", field="x"))
    assert set(ranked("lane", *given)) == {("ocr", "scan"), ("table", "text")}
    assert set(ranked("field", *given)) == {("ocr", "x"), ("table", "x")}
    assert set(ranked("release", *given)) == {("ocr", "r1"), ("table", "r1")}
    assert set(ranked("language", *given)) == {("ocr", ""), ("table", "")}


def test_examples_are_few_and_one_a_document() -> None:
    many = [told(f"d{number}", field=field) for number in range(9) for field in ("a", "b")]
    [cluster] = clusters(many, "supplier", same)
    assert len(cluster.examples) == EXAMPLES_MAX
    assert len({each.lesson.document_id for each in cluster.examples}) == EXAMPLES_MAX
