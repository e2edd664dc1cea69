"""The exact bound on false payables, and how far a threshold may move by it."""

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.quality.risk import RISK, Reviewed, audit_share, bound, needed, threshold, upper_bound


def at_most(wrong: int, reviewed: int, rate: float) -> float:
    return sum(comb(reviewed, each) * rate**each * (1 - rate) ** (reviewed - each) for each in range(wrong + 1))


def documents(count: int, confidence: float, wrong: int = 0) -> list[Reviewed]:
    return [Reviewed("r", "text", confidence, number < wrong) for number in range(count)]


@given(st.integers(1, 300), st.data())
def test_the_bound_is_where_the_sample_is_one_of_twenty(reviewed: int, data: st.DataObject) -> None:
    wrong = data.draw(st.integers(0, reviewed - 1))
    upper = upper_bound(wrong, reviewed)
    assert at_most(wrong, reviewed, upper) == pytest.approx(0.05, abs=1e-6)
    assert upper > wrong / reviewed


@pytest.mark.parametrize(("wrong", "reviewed", "upper"), [(0, 10, 0.2589), (1, 20, 0.2161), (0, 598, 0.004997)])
def test_published_values(wrong: int, reviewed: int, upper: float) -> None:
    """0 of n is 1 - 0.05**(1/n); 1 of 20 stands in the tables."""
    assert upper_bound(wrong, reviewed) == pytest.approx(upper, abs=1e-4)


def test_nothing_reviewed_proves_nothing() -> None:
    assert bound([]).upper == 1.0
    assert upper_bound(5, 5) == 1.0
    assert threshold([]) is None


def test_a_sample_is_as_large_as_the_bound_needs() -> None:
    assert (needed(), needed(wrong=1)) == (598, 947)
    for wrong in (0, 1, 5):
        size = needed(wrong=wrong)
        assert upper_bound(wrong, size) <= RISK < upper_bound(wrong, size - 1)
    assert audit_share(5_980) == pytest.approx(0.1)
    assert (audit_share(100), audit_share(0)) == (1.0, 1.0)
    with pytest.raises(ValueError, match="no sample"):
        needed(1e-9)


def test_the_threshold_moves_down_to_where_the_bound_still_holds() -> None:
    sure, fair, poor = documents(600, 0.999), documents(600, 0.97), documents(600, 0.92, wrong=6)
    assert threshold([*poor, *fair, *sure]) == 0.97
    assert threshold([*poor, *fair, *sure], risk=0.03) == 0.92


def test_what_lies_below_a_bad_block_is_not_looked_at() -> None:
    assert threshold([*documents(600, 0.999, wrong=3), *documents(5_000, 0.95)]) is None


def test_a_few_sure_documents_do_not_vouch_for_many_unsure_ones() -> None:
    """Above the threshold a sample is reviewed, below it everything: no sum over both may hide the worse part."""
    assert threshold([*documents(20_000, 0.999), *documents(600, 0.95, wrong=10)]) == 0.999


def test_equal_confidence_is_never_divided() -> None:
    assert threshold([*documents(500, 0.999), *documents(5_000, 0.99, wrong=100)]) is None


def test_too_few_prove_nothing() -> None:
    assert threshold(documents(597, 0.999)) is None
    assert threshold(documents(598, 0.999)) == 0.999
