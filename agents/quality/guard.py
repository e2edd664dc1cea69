"""Whether a canary does harm: sequential tests beside the release that it is to replace, of stated false-alarm rate.

Which of the two decides a document is drawn by hash. So if a canary changes nothing, each document that was held (or
failed, or came late) had been the canary's with the probability of its share, whatever the rate is, and however it
moves during the day. Every such document is one trial of that known probability, and the product of likelihood ratios
over the trials is a martingale: the probability that it ever exceeds 1/a is at most a (Ville, 1939). The alternatives
are mixed (Robbins, 1970: a mixture SPRT), so that nobody has to know beforehand how bad it is. One may look after each
document, for as long as the canary runs, and the false-alarm rate still holds.

A canary is not rolled back for being a little different: the null hypothesis allows for `TOLERATED` of the other's
rate. What compares nothing (disagreement, false payables) has a rate of its own as its null, and is tested likewise.
"""

from collections import Counter
from dataclasses import dataclass
from math import exp, inf, log
from typing import Literal, get_args

Signal = Literal["held", "rejected", "failed", "slow", "corrected", "unapproved", "disagreement", "false_payable"]
Arm = Literal["canary", "active"]
Outcome = Literal["approve", "hold", "reject", "failed"]
SIGNALS: tuple[Signal, ...] = get_args(Signal)

# Of a hundred harmless canaries at most one is rolled back, over all signals together (Bonferroni).
FALSE_ALARM_RATE = 0.01
# By how much a canary may have more of something than the active release. Below, it is business and not harm.
TOLERATED = 1.25
# By how much a canary may be late more often: it begins on cold caches, and shares its machine with the other one.
TOLERATED_SLOW = 2.0
# The part of a canary's documents that the active release may read otherwise in what is paid: it is there to differ.
DISAGREEMENT_MAX = 0.1
# The part of a canary's audited documents that may turn out to be falsely payable: the policy's risk.
FALSE_PAYABLE_MAX = 0.005
# What the odds are multiplied with in each alternative: from half as much again to a release that breaks everything.
ALTERNATIVES = (1.5, 2.0, 4.0, 16.0, 64.0, 256.0)
_LIMIT = log(len(SIGNALS) / FALSE_ALARM_RATE)
_NULLS: dict[Signal, float] = {"disagreement": DISAGREEMENT_MAX, "false_payable": FALSE_PAYABLE_MAX}
_COUNTED: dict[Outcome, Signal] = {"hold": "held", "reject": "rejected", "failed": "failed"}


@dataclass(frozen=True)
class Alarm:
    """A signal by which a canary is to be taken back. `canary` of `trials` documents were its own (or went wrong)."""

    signal: Signal
    canary: int
    trials: int

    def __str__(self) -> str:
        return f"{self.signal}: {self.canary} of {self.trials}"


class Evidence:
    """What speaks against a canary in one signal: the logarithm of the likelihood ratio of each alternative."""

    def __init__(self) -> None:
        self.logs = [0.0] * len(ALTERNATIVES)
        self.hits = self.trials = 0
        self.highest = -inf

    def take(self, null: float, *, hit: bool) -> None:
        """Take one trial in, of which the probability is at most `null` if the canary is harmless."""
        self.trials, self.hits = self.trials + 1, self.hits + hit
        for at, ratio in enumerate(ALTERNATIVES):
            scale = null * ratio + 1.0 - null
            self.logs[at] += log((ratio if hit else 1.0) / scale)
        self.highest = max(self.highest, self.value)

    @property
    def value(self) -> float:
        """Return the logarithm of the mixture, all alternatives being equally likely."""
        top = max(self.logs)
        return top + log(sum(exp(each - top) for each in self.logs) / len(self.logs))

    @property
    def strength(self) -> float:
        """Return the highest evidence as a part of what is an alarm; 0 where nothing speaks against the canary."""
        return max(self.highest, 0.0) / _LIMIT


class Watch:
    """All evidence against one canary. The order of documents matters only for the moment of an alarm."""

    def __init__(self) -> None:
        self.evidence = {signal: Evidence() for signal in SIGNALS}
        self.counts: Counter[tuple[Arm, Outcome]] = Counter()

    def decided(self, arm: Arm, outcome: Outcome, share: float, *, slow: bool) -> None:
        """Take in a document that one of the two has decided, while the canary saw `share` of them."""
        self.counts[arm, outcome] += 1
        if outcome == "approve":
            self._compare("unapproved", arm, share, TOLERATED, against="active")
        else:
            self._compare(_COUNTED[outcome], arm, share, TOLERATED)
        if slow:
            self._compare("slow", arm, share, TOLERATED_SLOW)

    def corrected(self, arm: Arm, share: float) -> None:
        """Take in that a person or a bank put right what one of the two had found in order."""
        self._compare("corrected", arm, share, TOLERATED)

    def compared(self, *, differs: bool) -> None:
        """Take in that the active release has read a document of the canary, too."""
        self.evidence["disagreement"].take(_NULLS["disagreement"], hit=differs)

    def audited(self, *, wrong: bool) -> None:
        """Take in what came of a document that the canary would have paid, and a person looked at."""
        self.evidence["false_payable"].take(_NULLS["false_payable"], hit=wrong)

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """Return the signals whose evidence has once been enough."""
        return tuple(
            Alarm(signal, found.hits, found.trials)
            for signal, found in self.evidence.items()
            if found.highest >= _LIMIT
        )

    def _compare(self, signal: Signal, arm: Arm, share: float, tolerated: float, against: Arm = "canary") -> None:
        """One trial: was it that arm's? Where one of the two sees everything there is nothing to compare."""
        own = share if against == "canary" else 1.0 - share
        if 0.0 < own < 1.0:
            null = own * tolerated / (own * tolerated + 1.0 - own)
            self.evidence[signal].take(null, hit=arm == against)
