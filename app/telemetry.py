"""Every metric of a worker, typed, with one line of meaning and what to do when it rises.

Label values come from closed sets of ours (stages, lanes, outcomes, rails, topics). What comes from a document or a
bank (reasons, currencies) passes through `Bounded` first. No label names a document, a supplier or a tenant. Of the
releases only those are told that are in force: two at most (app/sampling.py).

Each label set belongs to one process: what is not of a stage carries the role. So the parent of several processes puts
their pages together without adding anything up (app/exposition.py), and a sum never falls because a child was late.
"""

from collections.abc import Sequence
from itertools import product
from typing import TypeVar, get_args

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from schemas.evidence import Lane

# From a ledger stage's usual few milliseconds to a scan that the sandbox kills after 15 s.
SECONDS_BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0)
# From a quiet chain's tenth of a second to a weekend. The objective (deploy/alerts.yml) stands at 60.
STORY_BUCKETS = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 300.0, 1_800.0, 7_200.0, 86_400.0, 259_200.0)

# Where an event carries no lane: after the decision, and where it could not be read.
NO_LANE = "none"
LANES: tuple[str, ...] = get_args(Lane)

M = TypeVar("M", Counter, Gauge)


class Telemetry:
    """The metrics of one worker process."""

    def __init__(self, role: str, release: str) -> None:
        """Each process has a registry of its own; the parent of several merges their pages."""
        self.role = role
        self.registry = CollectorRegistry()
        self._events()
        self._times()
        self._troubles()
        self._process()
        self._audit()
        self.release.labels(role, release, "active").set(1)

    def _made(self, kind: type[M], name: str, meaning: str, labels: Sequence[str]) -> M:
        return kind(name, meaning, labels, registry=self.registry)

    def expect(self, stage: str) -> None:
        """Begin at 0 what rings when it rises: in a series that begins at 21, Prometheus sees no increase."""
        self.stage_stopped.labels(stage).set(0)
        self.dead_letters.labels(stage)
        for lane, outcome in product((*LANES, NO_LANE), ("dead", "parked")):
            self.events.labels(stage, lane, outcome)

    def _events(self) -> None:
        self.events = self._made(
            Counter,
            "quittance_events",
            "Events read and dealt with. Rises with load; `dead` or `parked` mean look at the dead letters.",
            ("stage", "lane", "outcome"),
        )
        self.events_written = self._made(
            Counter,
            "quittance_events_written",
            "Events written by a stage, dead letters, statuses and audit entries not counted. Flat while "
            "`quittance_events` rises: everything is refused, see `quittance_reasons`.",
            ("stage", "lane", "topic"),
        )
        self.reasons = self._made(
            Counter,
            "quittance_reasons",
            "Reason codes of outcomes. One that rises alone tells what changed: a release, a publisher, a supplier.",
            ("stage", "reason"),
        )
        self.commands = self._made(
            Counter,
            "quittance_commands",
            "Payment commands written, redelivered ones too. Rises with load; a new rail or currency is worth a look.",
            ("rail", "currency"),
        )

    def _times(self) -> None:
        self.seconds = Histogram(
            "quittance_stage_seconds",
            "From the arrival of an event at a stage to its last confirmed write. Rises: broker or processor is short.",
            ("stage", "lane"),
            buckets=SECONDS_BUCKETS,
            registry=self.registry,
        )
        self.decision_seconds = Histogram(
            "quittance_event_to_decision_seconds",
            "From the event that set it going (document or review) to the decision. Rises: see consumer lag, stages.",
            ("lane",),
            buckets=STORY_BUCKETS,
            registry=self.registry,
        )
        self.command_seconds = Histogram(
            "quittance_event_to_command_seconds",
            "From the event that set it going to the payment command. Rises: money is late; see consumer lag, stages.",
            ("rail",),
            buckets=STORY_BUCKETS,
            registry=self.registry,
        )

    def _troubles(self) -> None:
        self.dead_letters = self._made(
            Counter,
            "quittance_dead_letters",
            "Events put aside with their original bytes. Any is worth a look: `quittance dead list`.",
            ("stage",),
        )
        self.stage_stopped = self._made(
            Gauge,
            "quittance_stage_stopped",
            "1 where a stage stopped for too many dead letters. See `quittance dead list`, mend the cause, restart.",
            ("stage",),
        )
        self.write_retries = self._made(
            Counter,
            "quittance_write_retries",
            "Writes that the broker did not take at the first try. Steady rise: a broker is away or a replica behind.",
            ("role",),
        )
        self.sandbox_deaths = self._made(
            Counter,
            "quittance_sandbox_deaths",
            "Readings that ended without an answer, by the limit that was met. Rises: hostile or huge documents.",
            ("reason",),
        )
        self.sandbox_restarts = self._made(
            Counter,
            "quittance_sandbox_restarts",
            "Times that the process which forks readers had to be started anew. Anything but 0 deserves a look.",
            ("role",),
        )

    def _process(self) -> None:
        self.in_flight = self._made(
            Gauge,
            "quittance_events_in_flight",
            "Events being worked on. At its bound for long: downstream is slower than the load.",
            ("role",),
        )
        self.oldest_in_flight = self._made(
            Gauge,
            "quittance_oldest_in_flight_seconds",
            "Age of the event that is being worked on longest. Above a minute: it hangs; see the log and the trace.",
            ("role",),
        )
        self.recovery_remaining = self._made(
            Gauge,
            "quittance_table_recovery_remaining",
            "Changelog records still to be read before the process may work. Stands still above 0: see its log.",
            ("table",),
        )
        self.rss = self._made(
            Gauge,
            "quittance_rss_bytes",
            "Resident memory of the process and of its children. Rises for days: a leak; restart and report it.",
            ("role", "part"),
        )
        self.ready = self._made(
            Gauge, "quittance_ready", "1 while this process can work. 0 for long: see its log.", ("role",)
        )
        self.release = self._made(
            Gauge, "quittance_release",
            "1 for the release in force, and for a canary beside it. Two active ones for long: a roll-out hangs.",
            ("role", "release", "state"),
        )  # fmt: skip
        self.releases_unread = self._made(
            Counter,
            "quittance_releases_unread",
            "Records of `release.changed` that could not be read and changed nothing. Any: see the log who wrote it.",
            ("role",),
        )

    def _audit(self) -> None:
        self.audit_sealed = self._made(
            Counter,
            "quittance_audit_entries_sealed",
            "Audit entries put into the sealed log. Flat while entries are behind: see the sealer's log.",
            ("partition",),
        )
        self.audit_behind = self._made(
            Gauge,
            "quittance_audit_entries_behind",
            "Audit entries on the topic that are not sealed. Above 0 for minutes: the sealer's /readyz says why.",
            ("partition",),
        )
        self.audit_checkpoint_age = self._made(
            Gauge,
            "quittance_audit_checkpoint_age_seconds",
            "Since a log's last checkpoint was made, or found at the start. Counts only while entries are behind.",
            ("partition",),
        )
