"""The gate: planted errors are named rightly, and the plants are of the kind that they say."""

import random
from collections import Counter

from benchmarks import causes
from schemas.cause import CAUSE_CLASSES

# Few, for CI; the measure in docs/quality.md plants 22 of each.
EACH, SEED = 4, 7


def test_planted_errors_are_named_rightly() -> None:
    found = causes.measured(EACH, SEED)
    assert found.total() == EACH * len(causes.PLANTS)
    assert causes.right_share(found) >= causes.RIGHT_MIN, causes.matrix(found)


# An unusual day is no error on a paper: its record alone names the cause (tests/app/quality/test_unusual_days.py).
OF_NO_PAPER = {"unknown", "supplier_changed"}


def test_every_class_of_a_paper_is_planted() -> None:
    assert set(causes.PLANTS) == set(CAUSE_CLASSES) - OF_NO_PAPER


def test_a_classifier_that_guesses_does_not_pass() -> None:
    """The gate can fail: names drawn at random are far below it."""
    draw = random.Random(1)
    names = [str(kind) for kind in causes.PLANTS]
    guessed = Counter((kind, draw.choice(names)) for kind in names for _ in range(EACH))
    assert causes.right_share(guessed) < causes.RIGHT_MIN / 2


def test_the_same_seed_plants_the_same() -> None:
    first, second = ([case.lesson for case in causes.planted(1, SEED)] for _ in range(2))
    assert first == second
