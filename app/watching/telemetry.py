"""The metrics of what is looked at from outside of the workers; app/telemetry.py has the workers' own."""

from prometheus_client import CollectorRegistry, Counter, Gauge

PLACE = ("group", "topic", "partition")


class WatchTelemetry:
    """Gauges of the API's process. Several processes of it say the same: take the greatest, never the sum."""

    def __init__(self, registry: CollectorRegistry) -> None:
        """`registry` is that of the process."""
        self.lag = Gauge(
            "quittance_consumer_lag_records",
            "Records on the broker that the group has not committed. Rises: too few workers, or none that works.",
            PLACE,
            registry=registry,
        )
        self.oldest_unread = Gauge(
            "quittance_oldest_unread_seconds",
            "Age of the first record that the group has not committed; 0 without any. Rises steadily: nobody reads.",
            PLACE,
            registry=registry,
        )
        self.waiting = Gauge(
            "quittance_documents_waiting",
            "Documents in a state that is not final, for longer than `older_than`. Rises: see the state's stage.",
            ("state", "older_than"),
            registry=registry,
        )
        self.oldest_waiting = Gauge(
            "quittance_documents_oldest_seconds",
            "For how long the oldest document is in a state that is not final. Rises steadily: it was forgotten.",
            ("state",),
            registry=registry,
        )
        self.anomalies = Gauge(
            "quittance_anomalies",
            "Suppliers' fields that are far off their own past today. The log names them. Several: a release is wrong.",
            ("kind",),
            registry=registry,
        )
        self.judged = Gauge(
            "quittance_anomalies_suppliers_judged",
            "Suppliers with enough documents today and in the past to be judged. 0 for days: nothing would be seen.",
            registry=registry,
        )
        self.succeeded = Gauge(
            "quittance_watch_succeeded_timestamp_seconds",
            "When a watch last had its answer, in seconds since 1970. Stands still: its gauges are missing or old.",
            ("watch",),
            registry=registry,
        )
        self.failed = Counter(
            "quittance_watch_failures",
            "Times that broker or database did not answer a watch. Steady rise: see the log.",
            ("watch",),
            registry=registry,
        )
