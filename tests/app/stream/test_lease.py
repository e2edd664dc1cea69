"""Membership as a lease: certain for half a session after the last answered question, and then in doubt."""

import pytest

from app.stream.lease import CERTAIN_SHARE, Lease, awake_and_asleep

SESSION_SECONDS = 6.0
CERTAIN_SECONDS = SESSION_SECONDS * CERTAIN_SHARE


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def held() -> tuple[Lease, Clock]:
    clock = Clock()
    lease = Lease(SESSION_SECONDS, clock)
    lease.renew(clock.now)
    return lease, clock


def test_a_member_is_certain_for_a_while() -> None:
    lease, clock = held()
    clock.now += CERTAIN_SECONDS - 0.001
    assert lease.is_certain


def test_who_has_slept_is_in_doubt_and_not_lost() -> None:
    lease, clock = held()
    clock.now += CERTAIN_SECONDS
    assert (lease.is_certain, lease.is_lost) == (False, False)
    lease.renew(clock.now)
    assert lease.is_certain


def test_an_answer_counts_from_when_it_was_asked_for() -> None:
    """One that was under way while we slept says nothing of now."""
    lease, clock = held()
    asked_at, clock.now = clock.now, clock.now + CERTAIN_SECONDS
    lease.renew(asked_at)
    assert not lease.is_certain


@pytest.mark.parametrize("was_member", [True, False])
def test_no_member_is_no_doubt(*, was_member: bool) -> None:
    lease = Lease(SESSION_SECONDS, Clock())
    if was_member:
        lease.renew(lease.clock())
        lease.lose()
    assert (lease.is_certain, lease.is_lost) == (False, True)


def test_the_clock_goes_on() -> None:
    assert awake_and_asleep() <= awake_and_asleep()
