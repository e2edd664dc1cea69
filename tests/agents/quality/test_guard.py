"""The guard: how often it rolls back what does no harm, and how soon what does."""

from dataclasses import dataclass
from math import exp
from random import Random
from statistics import median
from sys import stdout

import pytest

from agents.quality.guard import (
    FALSE_ALARM_RATE,
    FALSE_PAYABLE_MAX,
    SIGNALS,
    TOLERATED,
    Evidence,
    Outcome,
    Watch,
)
from tables.promotion import HOLDBACK_SHARE

CANARIES = 2_000
DOCUMENTS = 400
# With a true rate of FALSE_ALARM_RATE more than this would come up once in a thousand such runs (binomial, 2,000).
FALSE_ALARMS_MAX = 36


@dataclass(frozen=True)
class Rates:
    """What becomes of a document under a release."""

    held: float = 0.2
    rejected: float = 0.05
    failed: float = 0.01
    slow: float = 0.02

    def draw(self, chance: Random) -> tuple[Outcome, bool]:
        point = chance.random()
        outcome: Outcome = "approve"
        if point < self.held:
            outcome = "hold"
        elif point < self.held + self.rejected:
            outcome = "reject"
        elif point < self.held + self.rejected + self.failed:
            outcome = "failed"
        return outcome, chance.random() < self.slow


USUAL = Rates()


def alarmed_after(chance: Random, canary: Rates, share: float, documents: int) -> int | None:
    """Return after how many documents of both releases together an alarm rings."""
    watch = Watch()
    for count in range(1, documents + 1):
        mine = chance.random() < share
        outcome, slow = (canary if mine else USUAL).draw(chance)
        watch.decided("canary" if mine else "active", outcome, share, slow=slow)
        if watch.alarms:
            return count
    return None


def test_of_two_thousand_harmless_promotions_hardly_one_is_rolled_back() -> None:
    """The same draw the other way round: the release in force decides nearly all, and the one below it the rest."""
    chance = Random(20261130)
    alarms = sum(alarmed_after(chance, USUAL, 1.0 - HOLDBACK_SHARE, DOCUMENTS) is not None for _ in range(CANARIES))
    stdout.write(f"{alarms} false alarms of {CANARIES} harmless promotions, {alarms / CANARIES:.2%}\n")
    assert alarms / CANARIES <= FALSE_ALARM_RATE


@pytest.mark.parametrize(
    ("harm", "documents_max"),
    [
        pytest.param(Rates(held=1.0, rejected=0.0, failed=0.0), 200, id="holds everything"),
        pytest.param(Rates(held=0.0, rejected=1.0), 200, id="rejects everything"),
        pytest.param(Rates(failed=0.3), 1_500, id="fails on a third"),
        pytest.param(Rates(held=0.5), 4_000, id="holds half"),
        pytest.param(Rates(slow=0.5), 1_500, id="is slow on half"),
    ],
)
def test_a_promoted_release_that_does_harm_is_found(harm: Rates, documents_max: int) -> None:
    chance = Random(2)
    delays = [alarmed_after(chance, harm, 1.0 - HOLDBACK_SHARE, 10 * documents_max) for _ in range(20)]
    found = [delay for delay in delays if delay is not None]
    stdout.write(f"median of {median(found):.0f} documents, most {max(found)}\n")
    assert len(found) == len(delays)
    assert median(found) <= documents_max


def test_of_two_thousand_settled_releases_at_the_risk_hardly_one_is_rolled_back() -> None:
    """Nothing is compared any more: of the audited documents as many are false as the policy allows, and no more."""
    chance = Random(20261201)
    alarms = 0
    for _ in range(CANARIES):
        watch = Watch()
        for _ in range(DOCUMENTS):
            watch.audited(wrong=chance.random() < FALSE_PAYABLE_MAX)
        alarms += bool(watch.alarms)
    stdout.write(f"{alarms} alarms of {CANARIES} settled releases at the edge of the risk\n")
    assert alarms / CANARIES <= FALSE_ALARM_RATE


def test_of_two_thousand_harmless_canaries_hardly_one_is_rolled_back() -> None:
    chance = Random(20261129)
    alarms = sum(
        alarmed_after(chance, USUAL, chance.choice((0.05, 0.2, 0.5)), DOCUMENTS) is not None for _ in range(CANARIES)
    )
    stdout.write(f"{alarms} false alarms of {CANARIES} harmless canaries, {alarms / CANARIES:.2%}\n")
    assert alarms / CANARIES <= FALSE_ALARM_RATE


def test_what_is_tolerated_is_no_alarm_either() -> None:
    """At the very edge of the null hypothesis, where the stated rate is all that protects."""
    chance = Random(7)
    edge = Rates(held=USUAL.held * TOLERATED)
    alarms = sum(alarmed_after(chance, edge, 0.2, DOCUMENTS) is not None for _ in range(CANARIES))
    stdout.write(f"{alarms} alarms of {CANARIES} canaries at the edge of what is tolerated\n")
    assert alarms <= FALSE_ALARMS_MAX


@pytest.mark.parametrize(
    ("harm", "documents_max"),
    [
        pytest.param(Rates(held=1.0, rejected=0.0, failed=0.0), 100, id="holds everything"),
        pytest.param(Rates(held=0.0, rejected=1.0), 80, id="rejects everything"),
        pytest.param(Rates(failed=0.3), 150, id="fails on a third"),
        pytest.param(Rates(held=0.5), 500, id="holds half"),
        pytest.param(Rates(slow=0.5), 200, id="is slow on half"),
        pytest.param(Rates(failed=0.05), 2_500, id="fails on one of twenty"),
    ],
)
def test_a_harmful_canary_is_found_soon(harm: Rates, documents_max: int) -> None:
    chance = Random(1)
    delays = [alarmed_after(chance, harm, 0.2, 10 * documents_max) for _ in range(40)]
    found = [delay for delay in delays if delay is not None]
    stdout.write(
        f"median of {median(found):.0f} documents, {median(found) * 0.2:.0f} of them the canary's; most {max(found)}\n"
    )
    assert len(found) == len(delays)
    assert median(found) <= documents_max


def test_where_the_canary_sees_everything_nothing_can_be_compared() -> None:
    watch = Watch()
    for _ in range(1_000):
        watch.decided("canary", "hold", 1.0, slow=True)
    assert not watch.alarms
    assert watch.counts["canary", "hold"] == 1_000


def test_a_canary_that_approves_more_is_no_alarm() -> None:
    chance = Random(3)
    assert alarmed_after(chance, Rates(held=0.05), 0.3, 3_000) is None


def test_three_false_payables_in_a_small_sample_are_too_many() -> None:
    watch = Watch()
    for wrong in (*[False] * 7, True, True):
        watch.audited(wrong=wrong)
    assert not watch.alarms
    watch.audited(wrong=True)
    assert [(alarm.signal, alarm.canary, alarm.trials) for alarm in watch.alarms] == [("false_payable", 3, 10)]


def test_a_canary_that_reads_everything_otherwise_is_found() -> None:
    watch = Watch()
    for _ in range(10):
        watch.compared(differs=True)
    assert [str(alarm) for alarm in watch.alarms] == ["disagreement: 10 of 10"]


def test_corrections_of_the_canary_alone_are_an_alarm() -> None:
    watch = Watch()
    for _ in range(8):
        watch.corrected("canary", 0.2)
    assert [alarm.signal for alarm in watch.alarms] == ["corrected"]
    harmless = Watch()
    for _ in range(100):
        harmless.corrected("active", 0.2)
    assert not harmless.alarms


def test_an_alarm_stands_though_the_evidence_wanes() -> None:
    evidence = Evidence()
    for _ in range(10):
        evidence.take(0.2, hit=True)
    highest = evidence.highest
    for _ in range(100):
        evidence.take(0.2, hit=False)
    assert evidence.value < 0 < highest == evidence.highest


def test_the_mixture_is_fair_where_the_null_holds_exactly() -> None:
    """One trial: the expectation of the likelihood ratio is 1, so that the product over many is a martingale."""
    hit, miss = Evidence(), Evidence()
    hit.take(0.3, hit=True)
    miss.take(0.3, hit=False)
    assert 0.3 * exp(hit.value) + 0.7 * exp(miss.value) == pytest.approx(1.0)


def test_each_signal_begins_without_evidence() -> None:
    assert set(Watch().evidence) == set(SIGNALS)
    assert not Watch().alarms
