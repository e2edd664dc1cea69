"""Membership of the consumer group as a lease: whoever may have been expelled writes nothing (F16 of docs/faust.md).

A worker that sleeps past its session, stopped by a person, a virtual machine's host or a debugger, wakes as a zombie:
its partitions are another member's, and it goes on where it was. Identifiers make what it writes a repetition,
and claims keep it out of tables, but the last status of a document wins: seen in the simulator, an invoice that was
held showed `validated`, and nobody came to look at it. The broker keeps a member for its session time-out after the
last heartbeat that reached it; so from the moment in which the last one that was answered was *sent*, membership is
certain for that long and no longer. In doubt, records wait for the next answer (app/stream/producer.py), and where it
says that we were expelled, they are not written at all: whoever has the partition reads the event again.
"""

import time
from collections.abc import Callable

# Of the session time-out. The rest is for what is under way: a record that left in time must also arrive in time.
CERTAIN_SHARE = 0.5
# Between two looks at a lease that has run out; the coordinator answers within a heartbeat, or expels us.
LOOK_SECONDS = 0.05


class Expelled(Exception):  # noqa: N818 - it says what has happened
    """This process is no member any more; whoever has its partitions now reads the event again."""


def awake_and_asleep() -> float:
    """Return a clock, in seconds, that goes on while the process, or the whole machine, is asleep."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class Lease:
    """When one consumer was last certain to be a member. Written by its thread, read by all.

    `term` counts the memberships: what was to be written under one is not written under the next.
    """

    def __init__(self, seconds: float, clock: Callable[[], float] = awake_and_asleep) -> None:
        """`seconds` is the session time-out that the group's coordinator was told."""
        self._seconds = seconds
        self._sent_at: float | None = None
        self.clock = clock
        self.term = 0

    def renew(self, sent_at: float) -> None:
        """Take a coordinator's word that we are a member; `sent_at` is when it was asked, by `clock`."""
        self._sent_at = sent_at

    def lose(self) -> None:
        """Take its word that we are none, or have left."""
        self._sent_at = None
        self.term += 1

    @property
    def is_certain(self) -> bool:
        """Tell whether no coordinator can have expelled us yet."""
        return self._sent_at is not None and self.clock() < self._sent_at + self._seconds * CERTAIN_SHARE

    @property
    def is_lost(self) -> bool:
        """Tell whether we are surely no member: what was to be written under this lease never will be."""
        return self._sent_at is None
