"""What is measured when Prometheus asks, and not when it happens: how many, how old, how large."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import psutil

from app.sandbox import Reason
from app.stream.windows import Window
from app.telemetry import Telemetry
from tables.releases import Running


class Sampling:
    """Brings the gauges of one worker process up to now."""

    def __init__(self, telemetry: Telemetry) -> None:
        self._telemetry = telemetry
        self._process = psutil.Process()
        self._told: Counter[str] = Counter()

    def windows(self, windows: Iterable[Window]) -> None:
        """State how many events are being worked on, and for how long already."""
        windows, role = tuple(windows), self._telemetry.role
        self._telemetry.in_flight.labels(role).set(sum(window.in_flight for window in windows))
        oldest = max((window.oldest_seconds for window in windows), default=0.0)
        self._telemetry.oldest_in_flight.labels(role).set(oldest)

    def memory(self) -> None:
        """State the resident memory: our own, and that of the children in which documents are read."""
        role, children = self._telemetry.role, 0
        for child in self._process.children(recursive=True):
            try:
                children += child.memory_info().rss
            except psutil.Error:  # it has ended meanwhile
                continue
        self._telemetry.rss.labels(role, "own").set(self._process.memory_info().rss)
        self._telemetry.rss.labels(role, "children").set(children)

    def recovery(self, recovery: Any) -> None:
        """State how much of each table's changelog is still to be read (Faust's recovery service)."""
        remaining: Counter[str] = Counter({table.name: 0 for table in recovery.tp_to_table.values()})
        for tp, records in recovery.active_remaining().items():
            remaining[recovery.tp_to_table[tp].name] += max(0, records)
        for table, records in remaining.items():
            self._telemetry.recovery_remaining.labels(table).set(records)

    def sandbox(self, deaths: Mapping[Reason, int], restarts: int) -> None:
        """Count what the sandbox has counted since the last time."""
        for reason in Reason:  # also those that nobody died of: a series must begin at 0 to be seen to rise
            self._telemetry.sandbox_deaths.labels(str(reason)).inc(self._new(str(reason), deaths.get(reason, 0)))
        self._telemetry.sandbox_restarts.labels(self._telemetry.role).inc(self._new("restarts", restarts))

    def releases(self, in_force: Mapping[str, Running]) -> None:
        """State which releases decide documents, by their state: what decides none any more is not told of."""
        self._telemetry.release.clear()
        for state, running in in_force.items():
            self._telemetry.release.labels(self._telemetry.role, running.name, state).set(1)

    def _new(self, name: str, count: int) -> int:
        before, self._told[name] = self._told[name], count
        return count - before
