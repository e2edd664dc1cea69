"""The pauses themselves, by a jitter that tells what it was asked for."""

from dataclasses import replace

import pytest

from app.documents import DocumentFailure, DocumentNotFound, DocumentsUnavailable, Limits, StorageFull
from app.documents.retry import with_attempts

LIMITS = Limits(attempts_max=7, pause_seconds_first=0.2, pause_seconds_max=2.0)


class Flaky:
    """Fails so often, then returns how often it was asked."""

    def __init__(self, failure: DocumentFailure, failures: int = 1_000) -> None:
        self.failure = failure
        self.failures = failures
        self.asked = 0
        self.pauses: list[tuple[float, float]] = []

    async def attempt(self) -> int:
        self.asked += 1
        if self.asked <= self.failures:
            raise self.failure
        return self.asked

    def jitter(self, low: float, high: float) -> float:
        self.pauses.append((low, high))
        return 0.0


async def test_the_pause_is_drawn_from_zero_to_twice_the_last_up_to_its_limit() -> None:
    flaky = Flaky(DocumentsUnavailable("one", "503"), failures=6)
    assert await with_attempts(flaky.attempt, "one", LIMITS, jitter=flaky.jitter) == 7
    assert flaky.pauses == [(0.0, high) for high in (0.2, 0.4, 0.8, 1.6, 2.0, 2.0)]


async def test_the_last_failure_is_told_with_the_number_of_attempts() -> None:
    flaky = Flaky(DocumentsUnavailable("one", "503"))
    with pytest.raises(DocumentsUnavailable, match="attempts: 7"):
        await with_attempts(flaky.attempt, "one", LIMITS, jitter=flaky.jitter)
    assert flaky.asked == 7


@pytest.mark.parametrize("failure", [DocumentNotFound("one", "404"), StorageFull("one", "no space")])
async def test_what_another_attempt_cannot_change_is_told_at_once(failure: DocumentFailure) -> None:
    flaky = Flaky(failure)
    with pytest.raises(type(failure)):
        await with_attempts(flaky.attempt, "one", LIMITS, jitter=flaky.jitter)
    assert flaky.asked == 1


async def test_no_attempt_begins_beyond_the_deadline() -> None:
    flaky = Flaky(DocumentsUnavailable("one", "503"))
    with pytest.raises(DocumentsUnavailable):
        await with_attempts(
            flaky.attempt, "one", replace(LIMITS, operation_seconds_max=10.0), jitter=lambda _, high: high * 1_000
        )
    assert flaky.asked == 1


async def test_a_surprise_is_not_repeated() -> None:
    async def bug() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await with_attempts(bug, "one", LIMITS)
