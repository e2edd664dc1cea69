"""Every metric, typed, with one line of meaning and what to do when it rises."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

# From a ledger stage's usual few milliseconds to a scan that the sandbox kills after 15 s.
SECONDS_BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0)


class Telemetry:
    """The metrics of one worker process. Label values come from closed sets of ours, never from documents."""

    def __init__(self, role: str, release: str) -> None:
        """Each process has a registry of its own; the parent of several merges their pages."""
        self.registry = CollectorRegistry()
        self.events = Counter(
            "quittance_events",
            "Events dealt with, by stage and outcome. Rises with load; `dead` means look at the dead letters.",
            ("stage", "outcome"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "quittance_stage_seconds",
            "From the arrival of an event at a stage to its last confirmed write. Rises: broker or processor is short.",
            ("stage",),
            buckets=SECONDS_BUCKETS,
            registry=self.registry,
        )
        self.dead_letters = Counter(
            "quittance_dead_letters",
            "Events put aside with their original bytes. Any is worth a look: `quittance dead list`.",
            ("stage",),
            registry=self.registry,
        )
        self.stage_stopped = Gauge(
            "quittance_stage_stopped",
            "1 where a stage stopped for too many dead letters. See `quittance dead list`, mend the cause, restart.",
            ("stage",),
            registry=self.registry,
        )
        self.in_flight = Gauge(
            "quittance_events_in_flight",
            "Events being worked on. At its bound for long: downstream is slower than the load.",
            ("role",),
            registry=self.registry,
        )
        self.ready = Gauge(
            "quittance_ready",
            "1 while this process can work. 0 for long: see its log.",
            ("role",),
            registry=self.registry,
        )
        self.release = Gauge(
            "quittance_release", "1 for the release that is running.", ("role", "release"), registry=self.registry
        )
        self.release.labels(role, release).set(1)
