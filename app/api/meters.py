"""Every metric of the API, typed, with one line of meaning and what to do when it rises."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

# From a read of one row to the longest `Prefer: wait`.
SECONDS_BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class ApiMeter:
    """The metrics of one API process. Label values come from closed sets: routes, never paths."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "quittance_api_requests",
            "Requests answered, by route and status. 5xx rises: broker, database or document store is away.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "quittance_api_request_seconds",
            "From the request's head to the answer's end, waits that the client asked for included.",
            ("method", "route"),
            buckets=SECONDS_BUCKETS,
            registry=self.registry,
        )
        self._applied = Counter(
            "quittance_projection_records", "Records written into the read model.", registry=self.registry
        )
        self._skipped = Counter(
            "quittance_projection_skipped",
            "Records that the read model cannot show. Any is worth a look at the log: some producer writes nonsense.",
            ("topic", "reason"),
            registry=self.registry,
        )
        self._failures = Counter(
            "quittance_projection_failures",
            "Times that broker or database made the projection begin again. Steady rise: see the log.",
            registry=self.registry,
        )
        self._lag = Gauge(
            "quittance_projection_lag_records",
            "Records on the topics that the read model does not show yet. Rises: the database is too slow.",
            registry=self.registry,
        )

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)

    def applied(self, count: int) -> None:
        """Count records written into rows."""
        self._applied.inc(count)

    def skipped(self, topic: str, reason: str) -> None:
        """Count a record that was passed over."""
        self._skipped.labels(topic, reason).inc()

    def lag(self, records: int) -> None:
        """State how many records are on the topics and not yet in the rows."""
        self._lag.set(records)

    def failed(self) -> None:
        """Count a failure of broker or database that made the projection begin again."""
        self._failures.inc()
