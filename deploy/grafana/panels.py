"""The panels of each dashboard, as data. `python -m deploy.grafana.make` writes the files that Grafana reads."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["timeseries", "stat", "bargauge", "table"]
WIDE, HALF, THIRD, QUARTER = 24, 12, 8, 6


@dataclass(frozen=True)
class Panel:
    """One panel. `queries` maps a legend (Grafana's {{label}}) to PromQL; `red` is where it turns red."""

    title: str
    description: str
    unit: str  # Grafana's: s, bytes, percentunit, ops, short, dateTimeFromNow
    queries: dict[str, str]
    kind: Kind = "timeseries"
    width: int = HALF
    red: float | None = None


@dataclass(frozen=True)
class Dashboard:
    """One dashboard; `uid` is its address."""

    uid: str
    title: str
    description: str
    panels: tuple[Panel, ...]


# States that a stage leaves within a second; the others wait for a person or a bank.
ON_ITS_WAY = '{state=~"received|extracted|normalized|validated|approved"}'


def quantiles(metric: str, by: str, *, among: str = "", window: str = "5m") -> dict[str, str]:
    """Return the median and the 99th percentile of a histogram, by a label."""
    buckets = f"sum by (le, {by}) (rate({metric}_bucket{among}[{window}]))"
    return {f"p{share * 100:g} {{{{{by}}}}}": f"histogram_quantile({share}, {buckets})" for share in (0.5, 0.99)}


OVERVIEW = Dashboard(
    "quittance-overview",
    "Quittance: is money late?",
    "The first look: ten seconds to know whether anybody waits for money, and where.",
    (
        Panel(
            "Oldest unread event",
            "Since when the first event lies that no worker has committed, asked from the broker. Above five minutes "
            "money is late: runbook unread-old.",
            "s", {"oldest": "max(quittance:oldest_unread:seconds)"}, "stat", QUARTER, 300,
        ),
        Panel(
            "Commands within 60 s",
            "Share of the last hour's payment commands that were written within a minute of the event that set them "
            "going. The objective is 99 %: runbook commands-late.",
            "percentunit", {"in time": "1 - quittance:commands_late:ratio_rate1h"}, "stat", QUARTER,
        ),
        Panel(
            "Oldest on its way",
            "Age of the oldest document in a state that a stage leaves within a second: runbook document-stuck.",
            "s",
            {"oldest": f"max(quittance:documents_oldest:seconds{ON_ITS_WAY})"},
            "stat", QUARTER, 900,
        ),
        Panel(
            "Alerts",
            "How many alerts ring, by severity. Each names its runbook.",
            "short", {"{{severity}}": 'count by (severity) (ALERTS{alertstate="firing"})'}, "stat", QUARTER, 1,
        ),
        Panel(
            "Event to command",
            "From the document's event, or the review that released it, to the payment command, by rail.",
            "s", quantiles("quittance_event_to_command_seconds", "rail"),
        ),
        Panel(
            "Commands",
            "Payment commands a second, by rail and currency. An unknown currency is worth a look.",
            "ops", {"{{rail}} {{currency}}": "sum by (rail, currency) (rate(quittance_commands_total[5m]))"},
        ),
        Panel(
            "Decisions",
            "What was decided, a second. More held than usual: dashboard Quality.",
            "ops", {"{{outcome}}": 'sum by (outcome) (quittance:events:rate5m{stage="decision"}) > 0'},
        ),
        Panel(
            "Waiting, by state",
            "Documents that have not come to an end. Held ones wait for a person, initiated ones for a bank.",
            "short", {"{{state}}": 'max by (state) (quittance_documents_waiting{older_than="0s"})'},
        ),
        Panel(
            "Error budget burnt",
            "How fast the budget of 30 days is spent in the last hour; at 1 it lasts 30 days, at 14.4 two days.",
            "short",
            {
                "commands late": "quittance:commands_late:ratio_rate1h / 0.01",
                "events failed": "quittance:events_failed:ratio_rate1h / 0.005",
                "API failed": "quittance:api_failed:ratio_rate1h / 0.001",
            },
            red=14.4,
        ),
        Panel(
            "API answers",
            "Answers a second by status. 5xx: runbook api-fails.",
            "ops", {"{{status}}": "sum by (status) (rate(quittance_api_requests_total[5m]))"},
        ),
    ),
)  # fmt: skip

FLOW = Dashboard(
    "quittance-flow",
    "Quittance: lag and throughput",
    "What arrives, what is read, and what nobody has read, as the broker says.",
    (
        Panel(
            "Unread events",
            "Records that the group has not committed, by topic. Rises: more arrives than is read, or nobody reads.",
            "short", {"{{topic}}": "quittance:unread:records"},
        ),
        Panel(
            "Age of the oldest unread event",
            "Since when the first of them lies. A steady rise at 45 degrees: nobody reads at all.",
            "s", {"{{topic}}": "quittance:oldest_unread:seconds"}, red=300,
        ),
        Panel(
            "Unread, by partition",
            "The ten partitions that are furthest behind. One alone: an event hangs in it.",
            "short",
            {
                "{{topic}}/{{partition}}": "topk(10, max by (topic, partition) (quittance_consumer_lag_records) > 0)",
            },
        ),
        Panel(
            "Events read",
            "Events dealt with, a second, by stage.",
            "ops", {"{{stage}}": "sum by (stage) (quittance:events:rate5m)"},
        ),
        Panel(
            "Events read, by lane",
            "The same by lane of the document; `none` where an event carries none (after the decision).",
            "ops", {"{{lane}}": "sum by (lane) (quittance:events:rate5m) > 0"},
        ),
        Panel(
            "Events written",
            "Events that the stages wrote for the next, a second, by topic.",
            "ops", {"{{topic}}": "sum by (topic) (quittance:events_written:rate5m)"},
        ),
        Panel(
            "In flight",
            "Events that a process works on. At its bound for long: what comes after is slower than the load.",
            "short", {"{{role}} {{instance}}": "quittance_events_in_flight"},
        ),
        Panel(
            "Oldest in flight",
            "Since when the oldest of them is worked on. Above three minutes: runbook event-hangs.",
            "s", {"{{role}} {{instance}}": "quittance_oldest_in_flight_seconds"}, red=180,
        ),
    ),
)  # fmt: skip

LATENCY = Dashboard(
    "quittance-latency",
    "Quittance: stage latency by lane",
    "Where the time goes. Exemplars lead to traces.",
    (
        Panel(
            "Stages of the ledger",
            "From the arrival of an event at a stage to its last confirmed write. All at once: the broker.",
            "s", quantiles("quittance_stage_seconds", "stage", among='{stage!="extraction"}'), width=WIDE, red=2,
        ),
        Panel(
            "Reading, by lane",
            "The same for reading. XML takes milliseconds, a scanned page a second of one processor.",
            "s", quantiles("quittance_stage_seconds", "lane", among='{stage="extraction"}'), red=15,
        ),
        Panel(
            "Validation, by lane",
            "Validation computes little: what differs between lanes is the broker's mood.",
            "s", quantiles("quittance_stage_seconds", "lane", among='{stage="validation"}'),
        ),
        Panel(
            "Event to decision, by lane",
            "From the document's event or a review to the decision: what a supplier's invoice waits for.",
            "s", quantiles("quittance_event_to_decision_seconds", "lane"),
        ),
        Panel(
            "Event to command, by rail",
            "From the same event to the payment command.",
            "s", quantiles("quittance_event_to_command_seconds", "rail"), red=60,
        ),
        Panel(
            "API answers, by route",
            "From the request's head to the answer's end, with what a client asked to wait: `Prefer: wait` shows here.",
            "s", quantiles("quittance_api_request_seconds", "route"), width=WIDE,
        ),
    ),
)  # fmt: skip

QUALITY = Dashboard(
    "quittance-quality",
    "Quittance: quality",
    "What goes wrong, what goes to a person, and who is unlike before.",
    (
        Panel(
            "Held",
            "Share of the last hour's decisions that go to a person. Twice the usual: runbook review-rate-high.",
            "percentunit", {"held": "quittance:held:ratio_rate1h"}, "stat", QUARTER,
        ),
        Panel(
            "Failed",
            "Share of the last hour's events that were dead or parked. The objective is 0.5 %.",
            "percentunit", {"failed": "quittance:events_failed:ratio_rate1h"}, "stat", QUARTER, 0.005,
        ),
        Panel(
            "Unusual suppliers",
            "Suppliers' fields that are far off their own past today, by kind. The API's log names them.",
            "short", {"{{kind}}": "max by (kind) (quittance_anomalies)"}, "stat", QUARTER, 1,
        ),
        Panel(
            "Suppliers judged",
            "Suppliers with enough documents to be judged. 0 for days: nothing would be seen.",
            "short", {"judged": "max(quittance_anomalies_suppliers_judged)"}, "stat", QUARTER,
        ),
        Panel(
            "Reasons",
            "The twelve most frequent reason codes of the last quarter of an hour. One that rises alone is one cause.",
            "short",
            {"{{stage}} {{reason}}": "topk(12, sum by (stage, reason) (increase(quittance_reasons_total[15m])) > 0)"},
            width=WIDE,
        ),
        Panel(
            "Outcomes of reading, by lane",
            "What became of documents at their reading.",
            "ops", {"{{lane}} {{outcome}}": 'sum by (lane, outcome) (quittance:events:rate5m{stage="extraction"}) > 0'},
        ),
        Panel(
            "Held, by lane",
            "Share of decisions that are held, by lane: a release that reads one format worse shows here.",
            "percentunit",
            {
                "{{lane}}": 'sum by (lane) (quittance:events:rate5m{stage="decision", outcome="hold"})'
                ' / sum by (lane) (quittance:events:rate5m{stage="decision"})',
            },
        ),
        Panel(
            "Dead letters",
            "Events put aside in ten minutes, by stage: runbook dead-letters.",
            "short", {"{{stage}}": "sum by (stage) (increase(quittance_dead_letters_total[10m])) > 0"}, red=1,
        ),
        Panel(
            "Readings that died",
            "Readings that met a limit in an hour, by limit: runbook sandbox-deaths.",
            "short", {"{{reason}}": "sum by (reason) (increase(quittance_sandbox_deaths_total[1h])) > 0"}, red=10,
        ),
        Panel(
            "Oldest by state",
            "For how long the oldest document stands in each state: runbooks document-stuck, payment-unanswered.",
            "s", {"{{state}}": "quittance:documents_oldest:seconds"},
        ),
        Panel(
            "Waiting for more than a day",
            "Documents in a state for more than a day. Held: tell the reviewers. Initiated: ask the engine.",
            "short", {"{{state}}": 'max by (state) (quittance_documents_waiting{older_than="1d"})'},
        ),
    ),
)  # fmt: skip

WORKERS = Dashboard(
    "quittance-workers",
    "Quittance: Kafka and workers",
    "The processes, their memory, their tables, and how the broker treats them.",
    (
        Panel(
            "Answers",
            "1 where a process answers Prometheus: runbook process-gone.",
            "short", {"{{job}} {{instance}}": 'up{job=~"reader|ledger|worker|api|sealer"}'}, "stat", HALF,
        ),
        Panel(
            "Ready",
            "1 where a process can work: runbook not-ready.",
            "short", {"{{role}} {{instance}}": "quittance_ready"}, "stat", HALF,
        ),
        Panel(
            "Memory",
            "Resident memory of each process and of the children in which documents are read.",
            "bytes", {"{{role}} {{part}} {{instance}}": "quittance_rss_bytes"}, red=2 * 1024**3,
        ),
        Panel(
            "Tables to recover",
            "Changelog records that a ledger still has to read before it works: runbook recovery-stands-still.",
            "short", {"{{table}} {{instance}}": "quittance_table_recovery_remaining"},
        ),
        Panel(
            "Writes at a second try",
            "Records that the broker did not take at once, a second: runbook broker-refuses.",
            "ops", {"{{role}}": "sum by (role) (rate(quittance_write_retries_total[5m]))"}, red=0.1,
        ),
        Panel(
            "Stages that stopped",
            "1 where a stage buried too many events and takes no more: runbook stage-stopped.",
            "short", {"{{stage}}": "max by (stage) (quittance_stage_stopped)"}, red=1,
        ),
        Panel(
            "Reader factories restarted",
            "Times that the process which forks readers was started anew. Anything but 0 deserves a look.",
            "short", {"{{role}}": "sum by (role) (increase(quittance_sandbox_restarts_total[1h]))"}, red=1,
        ),
        Panel(
            "Read model behind",
            "Records that the API and the console do not show yet: runbook projection-behind.",
            "short", {"behind": "min(quittance_projection_lag_records)"}, red=1000,
        ),
        Panel(
            "Watches",
            "Since when the watches over lag, states and anomalies have had no answer: runbook watch-blind.",
            "s", {"{{watch}}": "time() - max by (watch) (quittance_watch_succeeded_timestamp_seconds)"}, red=300,
        ),
        Panel(
            "Audit entries not sealed",
            "Entries on the topic that no checkpoint covers yet: runbook audit-behind.",
            "short", {"partition {{partition}}": "max by (partition) (quittance_audit_entries_behind)"},
        ),
        Panel(
            "Audit entries sealed",
            "Entries that checkpoints came to cover, a second. Flat while entries are behind: runbook audit-behind.",
            "ops", {"partition {{partition}}": "sum by (partition) (rate(quittance_audit_entries_sealed_total[5m]))"},
        ),
        Panel(
            "Age of the last checkpoint",
            "Since a log's last checkpoint. It grows while nothing is there to seal, too: runbook audit-behind.",
            "s", {"partition {{partition}}": "max by (partition) (quittance_audit_checkpoint_age_seconds)"},
        ),
        Panel(
            "Read model written",
            "Records that the projections wrote into rows, a second. Flat while it is behind: its database.",
            "ops", {"{{instance}}": "sum by (instance) (rate(quittance_projection_records_total[5m]))"},
        ),
        Panel(
            "Read model: passed over, and begun again",
            "Records of an hour that no row could show, by topic and reason (the log has the place of each); and times "
            "that broker or database made the projection begin again.",
            "short",
            {
                "{{topic}} {{reason}}": "sum by (topic, reason) (increase(quittance_projection_skipped_total[1h])) > 0",
                "begun again": "sum(increase(quittance_projection_failures_total[1h]))",
            },
        ),
        Panel(
            "Watches without an answer",
            "Times of an hour that broker or database did not answer a watch: runbook watch-blind.",
            "short", {"{{watch}}": "sum by (watch) (increase(quittance_watch_failures_total[1h]))"},
        ),
        Panel(
            "Spans",
            "Spans a second, by what became of them. `failed` or `dropped`: the collector is away or slow.",
            "ops", {"{{service}} {{outcome}}": "sum by (service, outcome) (rate(quittance_spans_total[5m]))"},
        ),
    ),
)  # fmt: skip

RELEASES = Dashboard(
    "quittance-releases",
    "Quittance: releases",
    "Which release runs where, and what changed when it came.",
    (
        Panel(
            "Running",
            "How many processes of each role run under which release, and its canary. Two active ones for an hour: "
            "runbook two-releases.",
            "short", {"{{role}} {{release}} {{state}}": "count by (role, release, state) (quittance_release)"},
            width=WIDE,
        ),
        Panel(
            "Held, since it came",
            "Share of decisions that are held. A step at a roll-out is the roll-out's.",
            "percentunit", {"held": "quittance:held:ratio_rate1h"},
        ),
        Panel(
            "Failed, since it came",
            "Share of events that are dead or parked.",
            "percentunit", {"failed": "quittance:events_failed:ratio_rate5m"}, red=0.005,
        ),
        Panel(
            "Reading, since it came",
            "How long reading takes, by lane.",
            "s", quantiles("quittance_stage_seconds", "lane", among='{stage="extraction"}'),
        ),
        Panel(
            "Unusual suppliers, since it came",
            "Ten at once are ours and not theirs: runbook many-anomalies.",
            "short", {"{{kind}}": "max by (kind) (quittance_anomalies)"}, red=10,
        ),
        Panel(
            "Evidence against the release under guard",
            "The strongest so far, as a part of what takes it back; at 1 it is: runbook canary-rolled-back.",
            "percentunit", {"{{signal}}": "max by (signal) (quittance_canary_evidence)"}, red=1,
        ),
        Panel(
            "Taken back by the guard",
            "Releases of the last hour that the guard took back, by signal: runbook canary-rolled-back.",
            "short", {"{{signal}}": "max by (signal) (increase(quittance_canary_rollbacks_total[1h]))"}, red=1,
        ),
        Panel(
            "Held, by standing",
            "Share of documents that are held, under a canary, the active release, and those that only lie beside.",
            "percentunit",
            {
                "{{standing}}": 'sum by (standing) (rate(quittance_release_decisions_total{outcome="hold"}[1h]))'
                " / sum by (standing) (rate(quittance_release_decisions_total[1h]))",
            },
        ),
        Panel(
            "Read under a second release",
            "Documents a second, by what for and whether something else would come of them.",
            "ops",
            {
                "{{purpose}}, differs: {{differs}}": "sum by (purpose, differs) "
                "(rate(quittance_release_compared_total[5m]))",
            },
        ),
        Panel(
            "Not read under it",
            "Documents of half an hour that a second release was to read, and did not: runbook shadow-skips.",
            "short", {"{{why}}": "sum by (why) (increase(quittance_release_skipped_total[30m]))"},
        ),
        Panel(
            "Changes of releases that could not be read",
            "Records of an hour on `release.changed` that changed nothing, by role: runbook releases-unread.",
            "short", {"{{role}}": "sum by (role) (increase(quittance_releases_unread_total[1h]))"}, red=1,
        ),
        Panel(
            "Entries on changes of releases",
            "Audit entries of an hour on steps of releases. Flat while releases change: see the role quality's log.",
            "short", {"entries": "sum(increase(quittance_release_entries_total[1h]))"},
        ),
    ),
)  # fmt: skip

DASHBOARDS = (OVERVIEW, FLOW, LATENCY, QUALITY, WORKERS, RELEASES)
