"""Stops a stage that buries event after event: a bad deploy must not move a whole topic to the dead letters.

The idea is arroyo's `DlqLimit`. One bad record is its publisher's matter and goes aside; many are ours, and going on
would only leave more to replay. So the stage admits no more events, and says so wherever somebody looks: in the log, in
a metric, in /readyz. Nothing is lost, for the offsets stay where they are; a restart begins anew at the first event
that was not dealt with. Other stages of the process go on.

Only `dead` counts. A parked event was readable and waits for something outside, S3 most often: whether the stage works
cannot be told from it, and a stage that stopped for it would need a person to start it again after each outage of
others. It neither adds to a run of dead ones nor ends it.
"""

import logging
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from faust.types import TP, EventT

from app.stream.windows import RUNNING_MAX, Window
from app.telemetry import Telemetry

log = logging.getLogger(__name__)

# The outcomes of a shell that say nothing about whether the stage works.
UNJUDGED = frozenset({"parked"})
DEAD = "dead"


@dataclass(frozen=True)
class DeadLimit:
    """How much of what a stage reads may be dead before it stops."""

    # More in a row than one publisher's bad batch; a bad deploy gets there in a second.
    in_a_row_max: int = 20
    # A mixed load hides a run: then the share tells. No publisher that we accept sends one bad record in twenty.
    share_max: float = 0.05
    # The share is of so many last events: minutes of a busy topic, so that an old trouble is forgotten.
    judged_max: int = 1_000
    # Of fewer it says little. At 5 % this takes more than 20 dead ones, as many as may come in a row.
    judged_min: int = 400


class Tally:
    """How the last events of one stage went."""

    def __init__(self, limit: DeadLimit) -> None:
        self._limit = limit
        self._last: deque[bool] = deque(maxlen=limit.judged_max)
        self._counts: Counter[bool] = Counter()
        self._in_a_row = 0

    def add(self, *, dead: bool) -> None:
        """Count one event."""
        if len(self._last) == self._limit.judged_max:
            self._counts[self._last[0]] -= 1
        self._last.append(dead)
        self._counts[dead] += 1
        self._in_a_row = self._in_a_row + 1 if dead else 0

    def excess(self) -> str | None:
        """Return which bound is passed, in words, or None."""
        judged, dead = len(self._last), self._counts[True]
        if self._in_a_row > self._limit.in_a_row_max:
            return f"{self._in_a_row} dead in a row"
        if judged >= self._limit.judged_min and dead > self._limit.share_max * judged:
            return f"{dead} dead of the last {judged}"
        return None


class Stops:
    """Which stages of this process have stopped, and why."""

    def __init__(self, telemetry: Telemetry, limit: DeadLimit | None = None) -> None:
        """Every stage starts unjudged: a restart is a person's word that it may go on."""
        self._telemetry = telemetry
        self._limit = limit or DeadLimit()
        self._tallies: dict[str, Tally] = {}
        self._reasons: dict[str, str] = {}
        self._stage_of: dict[str, str] = {}

    def watch(self, stage: str, topic: str) -> None:
        """Take note that a stage reads a topic: two stages that share a window are told apart by it."""
        self._stage_of[topic] = stage
        self._telemetry.expect(stage)

    def observe(self, stage: str, outcome: str) -> None:
        """Judge a stage by how one more event went."""
        if outcome in UNJUDGED or stage in self._reasons:
            return
        tally = self._tallies.setdefault(stage, Tally(self._limit))
        tally.add(dead=outcome == DEAD)
        if reason := tally.excess():
            self._stop(stage, reason)

    def is_stopped(self, topic: str) -> bool:
        """Tell whether the stage that reads a topic has stopped. It does not start again in this process."""
        return self._stage_of.get(topic) in self._reasons

    def missing(self) -> list[str]:
        """Return a line for each stage that has stopped: what happened, and what to do."""
        return [
            f"stage {stage} stopped: {reason}; look at `quittance dead list`, then restart"
            for stage, reason in self._reasons.items()
        ]

    def _stop(self, stage: str, reason: str) -> None:
        self._reasons[stage] = reason
        self._telemetry.stage_stopped.labels(stage).set(1)
        log.critical(self.missing()[-1])


class GuardedWindow(Window):
    """A window that takes nothing more for a stage that has stopped.

    Such an event is dropped without being settled, and so are all that follow it in its partition: the committed
    offset stays before them. To hold them back instead would fill Faust's buffers, which hold up the other stages; to
    pause the partitions would end this member's polling, and the group would hand its partitions, poison and all, to
    the next. What was under way already is dealt with: at most the window's width and one event a stage.
    """

    def __init__(
        self,
        stops: Stops,
        settle: Callable[[TP, int, int], None],
        fatal: Callable[[BaseException], None],
        running_max: int = RUNNING_MAX,
    ) -> None:
        """As a window, with the stops that it heeds."""
        super().__init__(settle, fatal, running_max)
        self._stops = stops

    async def admit(self, event: EventT, key: bytes, work: Callable[[], Awaitable[None]]) -> None:
        """Start `work` as soon as there is room, unless the event's stage has stopped."""
        if not self._stops.is_stopped(event.message.topic):
            await super().admit(event, key, work)
