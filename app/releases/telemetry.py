"""The metrics of the role `quality`; app/telemetry.py has those of the stages."""

from prometheus_client import CollectorRegistry, Counter, Gauge

from agents.quality.guard import SIGNALS

SKIPPED = ("busy", "unavailable")


class QualityTelemetry:
    """What the shadow, the guard and the keeper of audit entries count. No label names a release or a document."""

    def __init__(self, registry: CollectorRegistry) -> None:
        """`registry` is that of the process. What rings when it rises begins at 0."""
        self.compared = Counter(
            "quittance_release_compared",
            "Documents read under a second release, by what for and whether something else would come of them. Many "
            "`true`: look at release.compared before you go on with the release.",
            ("purpose", "differs"),
            registry=registry,
        )
        self.skipped = Counter(
            "quittance_release_skipped",
            "Documents that were to be read under a second release and were not: `busy` there was no time, "
            "`unavailable` it could not be had, read or told of. Rises steadily: lower the share of the shadow.",
            ("why",),
            registry=registry,
        )
        self.decisions = Counter(
            "quittance_release_decisions",
            "First outcomes of documents by what their release was then: active, canary, below (the active one) or "
            "other. The guard compares two of them; a lane in which a canary holds more is the place to look.",
            ("standing", "lane", "outcome"),
            registry=registry,
        )
        self.evidence = Gauge(
            "quittance_canary_evidence",
            "The strongest evidence against the release under guard so far (a canary, or the active one), as a part of "
            "what takes it back. Near 1: look now.",
            ("signal",),
            registry=registry,
        )
        self.rollbacks = Counter(
            "quittance_canary_rollbacks",
            "Releases taken back by the guard, by the signal. Any: see docs/runbooks/canary-rolled-back.md.",
            ("signal",),
            registry=registry,
        )
        self.entries = Counter(
            "quittance_release_entries",
            "Audit entries written on changes of releases. Flat while releases change: see the process's log.",
            registry=registry,
        )
        for signal in SIGNALS:
            self.rollbacks.labels(signal)
            self.evidence.labels(signal).set(0)
        for why in SKIPPED:
            self.skipped.labels(why)
