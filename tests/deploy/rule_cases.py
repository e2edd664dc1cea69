"""What each alert is tried on: series over time, and the labels under which it is to ring at the end of them."""

from dataclasses import dataclass, field

Labels = dict[str, str]
READY = {'quittance_ready{role="reader"}': "1+0x600", 'quittance_ready{role="ledger"}': "1+0x600"}
# A command a second; one in fifty, or in ten, or in three thousand of them takes more than a minute.
COMMANDS, IN_TIME = "quittance_event_to_command_seconds_count", 'quittance_event_to_command_seconds_bucket{le="60.0"}'
EVENTS, DEAD = 'quittance_events_total{outcome="validated"}', 'quittance_events_total{outcome="dead"}'
GOOD, BAD = 'quittance_api_requests_total{status="200"}', 'quittance_api_requests_total{status="503"}'
ANSWERED = 'quittance_watch_succeeded_timestamp_seconds{watch="lag"}'
HELD, APPROVED = [f'quittance_events_total{{stage="decision",outcome="{it}"}}' for it in ("hold", "approve")]
SLOW, ALL = [f'quittance_stage_seconds_bucket{{stage="decision",le="{le}"}}' for le in ("2.5", "5.0")]
READ, LONG = [f'quittance_stage_seconds_bucket{{stage="extraction",lane="scan",le="{le}"}}' for le in ("15.0", "60.0")]
WORKER = 'role="ledger",instance="a"'
BEHIND, AGE = (
    'quittance_audit_entries_behind{partition="0"}',
    'quittance_audit_checkpoint_age_seconds{partition="0"}',
)
ROLLBACKS = 'quittance_canary_rollbacks_total{signal="held"}'
BELOW = 'quittance_release{role="ledger",release="1",state="below"}'
NONSENSE = 'quittance_releases_unread_total{role="ledger"}'
CANARY, GUARDED = 'quittance_release{role="ledger",release="2",state="canary"}', 'quittance_ready{role="quality"}'
SKIPPED, COMPARED = (
    'quittance_release_skipped_total{why="busy"}',
    'quittance_release_compared_total{purpose="shadow",differs="false"}',
)
REMAINING = 'quittance_table_recovery_remaining{table="held",instance="a"}'
LAG = 'quittance_consumer_lag_records{group="g",topic="t",partition="0",instance="api"}'
UNREAD = 'quittance_oldest_unread_seconds{group="g",topic="t",partition="0"}'


@dataclass(frozen=True)
class Case:
    """What Prometheus sees, one sample each `every` minutes, and what rings after so many minutes."""

    what: str
    alert: str
    series: dict[str, str]
    minutes: int
    rings: list[Labels] = field(default_factory=list)
    every: int = 1


def oldest(state: str, values: str) -> dict[str, str]:
    return {f'quittance_documents_oldest_seconds{{state="{state}"}}': values}


CASES = [
    Case(
        "no answer",
        "QuittanceGone",
        {'up{job="ledger",instance="a"}': "1+0x5 0+0x10"},
        8,
        [{"job": "ledger", "instance": "a"}],
    ),
    Case("one scrape lost", "QuittanceGone", {'up{job="ledger",instance="a"}': "1 0 1+0x10"}, 8),
    Case(
        "no ledger is ready",
        "QuittanceNotReady",
        {**READY, 'quittance_ready{role="ledger"}': "0+0x10"},
        5,
        [{"role": "ledger"}],
    ),
    Case(
        "no reader is found", "QuittanceNotReady", {'quittance_ready{role="ledger"}': "1+0x10"}, 5, [{"role": "reader"}]
    ),
    Case(
        "one of two is ready", "QuittanceNotReady", {**READY, 'quittance_ready{role="ledger",instance="b"}': "0+0x9"}, 5
    ),
    Case("a recovery stands", "QuittanceRecoveryStandsStill", {REMAINING: "900+0x20"}, 12, [{"instance": "a"}]),
    Case("a recovery goes on", "QuittanceRecoveryStandsStill", {REMAINING: "900-10x20"}, 12),
    Case("a recovery is over", "QuittanceRecoveryStandsStill", {REMAINING: "0+0x20"}, 12),
    Case(
        "an event hangs",
        "QuittanceEventHangs",
        {f"quittance_oldest_in_flight_seconds{{{WORKER}}}": "0+60x10"},
        8,
        [{"role": "ledger", "instance": "a"}],
    ),
    Case(
        "events take their time",
        "QuittanceEventHangs",
        {f"quittance_oldest_in_flight_seconds{{{WORKER}}}": "20+0x9"},
        8,
    ),
    Case(
        "memory grows",
        "QuittanceMemoryHigh",
        {f'quittance_rss_bytes{{{WORKER},part="own"}}': "3e9+0x30"},
        20,
        [{"role": "ledger", "instance": "a", "part": "own"}],
    ),
    Case("memory as usual", "QuittanceMemoryHigh", {f'quittance_rss_bytes{{{WORKER},part="own"}}': "3e8+0x30"}, 20),
    Case(
        "readings die",
        "QuittanceSandboxDeaths",
        {'quittance_sandbox_deaths_total{reason="CPU"}': "0+1x60"},
        60,
        [{"reason": "CPU"}],
    ),
    Case(
        "a reading dies", "QuittanceSandboxDeaths", {'quittance_sandbox_deaths_total{reason="CPU"}': "0+0x9 1+0x60"}, 60
    ),
    Case(
        "two releases",
        "QuittanceTwoReleases",
        {
            'quittance_release{role="ledger",release="1",state="active"}': "1+0x90",
            'quittance_release{role="ledger",release="2",state="active"}': "1+0x90",
        },
        70,
        [{"role": "ledger"}],
    ),
    Case(
        "a canary",
        "QuittanceTwoReleases",
        {
            'quittance_release{role="ledger",release="1",state="active"}': "1+0x90",
            'quittance_release{role="ledger",release="2",state="canary"}': "1+0x90",
        },
        70,
    ),
    Case(
        "a roll-out",
        "QuittanceTwoReleases",
        {
            'quittance_release{role="ledger",release="1",state="active"}': "1+0x10",
            'quittance_release{role="ledger",release="2",state="active"}': "_x8 1+0x90",
        },
        70,
    ),
    Case("an old event", "QuittanceUnreadOld", {UNREAD: "0+60x20"}, 10, [{"group": "g", "topic": "t"}]),
    Case("events are read", "QuittanceUnreadOld", {UNREAD: "30+0x20"}, 10),
    Case("lag grows", "QuittanceLagGrows", {LAG: "0+100x60"}, 45, [{"group": "g", "topic": "t"}]),
    Case("lag shrinks", "QuittanceLagGrows", {LAG: "9000-100x60"}, 45),
    Case("a small lag grows", "QuittanceLagGrows", {LAG: "0+1x60"}, 45),
    Case(
        "two API processes say the same", "QuittanceLagGrows", {LAG: "0+10x60", LAG.replace("api", "b"): "0+10x60"}, 60
    ),
    Case("a watch is blind", "QuittanceWatchBlind", {ANSWERED: "0+0x20"}, 8, [{"watch": "lag"}]),
    Case("a watch looks", "QuittanceWatchBlind", {ANSWERED: "0+60x20"}, 8),
    Case(
        "one API process of two looks",
        "QuittanceWatchBlind",
        {ANSWERED: "0+0x9", ANSWERED.replace("}", ',instance="b"}'): "0+60x9"},
        8,
    ),
    Case(
        "a stage is slow",
        "QuittanceStageSlow",
        {SLOW: "0+50x20", ALL: "0+60x20", ALL.replace("5.0", "+Inf"): "0+60x20"},
        15,
        [{"stage": "decision"}],
    ),
    Case(
        "a stage is quick",
        "QuittanceStageSlow",
        {SLOW.replace("2.5", "0.1"): "0+60x20", ALL: "0+60x20", ALL.replace("5.0", "+Inf"): "0+60x20"},
        15,
    ),
    Case(
        "scans take long",
        "QuittanceReadingSlow",
        {READ: "0+1x40", LONG: "0+6x40", LONG.replace("60.0", "+Inf"): "0+6x40"},
        30,
        [{"lane": "scan"}],
    ),
    Case(
        "scans as usual",
        "QuittanceReadingSlow",
        {READ: "0+6x40", LONG: "0+6x40", LONG.replace("60.0", "+Inf"): "0+6x40"},
        30,
    ),
    Case(
        "the broker refuses",
        "QuittanceBrokerRefuses",
        {'quittance_write_retries_total{role="ledger"}': "0+30x30"},
        20,
        [{"role": "ledger"}],
    ),
    Case(
        "a leader moved",
        "QuittanceBrokerRefuses",
        {'quittance_write_retries_total{role="ledger"}': "0+0x5 40+0x30"},
        30,
    ),
    Case(
        "the read model is behind",
        "QuittanceProjectionBehind",
        {"quittance_projection_lag_records": "5000+0x30"},
        15,
        [{}],
    ),
    Case("the read model follows", "QuittanceProjectionBehind", {"quittance_projection_lag_records": "50+0x30"}, 15),
    Case(
        "a dead letter",
        "QuittanceDeadLetters",
        {'quittance_dead_letters_total{stage="decision"}': "0+0x5 1+0x20"},
        10,
        [{"stage": "decision"}],
    ),
    Case(
        "an old dead letter", "QuittanceDeadLetters", {'quittance_dead_letters_total{stage="decision"}': "7+0x30"}, 25
    ),
    Case(
        "a restart is no dead letter",
        "QuittanceDeadLetters",
        {'quittance_dead_letters_total{stage="decision"}': "7+0x5 0+0x20"},
        10,
    ),
    Case(
        "a stage stopped",
        "QuittanceStageStopped",
        {'quittance_stage_stopped{stage="decision"}': "0+0x5 1+0x5"},
        7,
        [{"stage": "decision"}],
    ),
    Case("all stages work", "QuittanceStageStopped", {'quittance_stage_stopped{stage="decision"}': "0+0x9"}, 7),
    Case("approved and not paid", "QuittanceDocumentStuck", oldest("approved", "0+60x30"), 25, [{"state": "approved"}]),
    Case("approved a minute ago", "QuittanceDocumentStuck", oldest("approved", "60+0x30"), 25),
    Case("held for days is no stage's fault", "QuittanceDocumentStuck", oldest("held", "2e5+60x30"), 25),
    Case(
        "the engine says nothing",
        "QuittancePaymentUnanswered",
        oldest("payment_initiated", "9e4+60x30"),
        10,
        [{"state": "payment_initiated"}],
    ),
    Case("accepted over a weekend", "QuittancePaymentUnanswered", oldest("payment_accepted", "3e5+60x30"), 10),
    Case(
        "accepted and forgotten",
        "QuittancePaymentUnanswered",
        oldest("payment_accepted", "6e5+60x30"),
        10,
        [{"state": "payment_accepted"}],
    ),
    Case("nobody reviews", "QuittanceReviewsOld", oldest("held", "3e5+60x90"), 70, [{"state": "held"}]),
    Case("reviewed the next day", "QuittanceReviewsOld", oldest("held", "9e4+60x90"), 70),
    Case(
        "half is held at once",
        "QuittanceReviewRateHigh",
        {HELD: "0+10x60 700+100x12", APPROVED: "0+200x72"},
        700,
        [{}],
        every=10,
    ),
    Case("a tenth is held, as ever", "QuittanceReviewRateHigh", {HELD: "0+30x72", APPROVED: "0+200x72"}, 700, every=10),
    Case(
        "an unusual supplier",
        "QuittanceAnomaly",
        {'quittance_anomalies{kind="missing"}': "1+0x40"},
        35,
        [{"kind": "missing"}],
    ),
    Case("usual suppliers", "QuittanceAnomaly", {'quittance_anomalies{kind="missing"}': "0+0x40"}, 35),
    Case(
        "all suppliers at once",
        "QuittanceManyAnomalies",
        {'quittance_anomalies{kind="missing"}': "8+0x40", 'quittance_anomalies{kind="review"}': "4+0x40"},
        15,
        [{}],
    ),
    Case("a few suppliers", "QuittanceManyAnomalies", {'quittance_anomalies{kind="missing"}': "3+0x40"}, 15),
    Case("nothing is sealed", "QuittanceAuditBehind", {BEHIND: "9+0x30", AGE: "0+60x30"}, 15, [{"partition": "0"}]),
    Case("nothing is there to seal", "QuittanceAuditBehind", {BEHIND: "0+0x30", AGE: "0+60x30"}, 15),
    Case("sealing goes on", "QuittanceAuditBehind", {BEHIND: "9+0x30", AGE: "20+0x30"}, 15),
    Case(
        "a canary is taken back",
        "QuittanceCanaryRolledBack",
        {ROLLBACKS: "0+0x9 1+0x60"},
        20,
        [{"signal": "held"}],
    ),
    Case("a release is nonsense", "QuittanceReleasesUnread", {NONSENSE: "0+0x9 1+0x60"}, 20, [{"role": "ledger"}]),
    Case("an old nonsense", "QuittanceReleasesUnread", {NONSENSE: "3+0x60"}, 50),
    Case("no canary is taken back", "QuittanceCanaryRolledBack", {ROLLBACKS: "0+0x60"}, 20),
    Case("nobody guards", "QuittanceCanaryUnguarded", {CANARY: "1+0x30"}, 10, [{}]),
    Case("nobody guards what is in force", "QuittanceCanaryUnguarded", {BELOW: "1+0x30"}, 10, [{}]),
    Case("the guard is not ready", "QuittanceCanaryUnguarded", {CANARY: "1+0x30", GUARDED: "0+0x30"}, 10, [{}]),
    Case("somebody guards", "QuittanceCanaryUnguarded", {CANARY: "1+0x30", GUARDED: "1+0x30"}, 10),
    Case("nothing is there to guard", "QuittanceCanaryUnguarded", {GUARDED: "0+0x30"}, 10),
    Case(
        "a shadow is too slow",
        "QuittanceShadowSkips",
        {SKIPPED: "0+9x120", COMPARED: "0+1x120"},
        100,
        [{"why": "busy"}],
    ),
    Case("a shadow keeps up", "QuittanceShadowSkips", {SKIPPED: "0+1x120", COMPARED: "0+9x120"}, 100),
    Case("one command in three is late", "QuittanceCommandsLate", {COMMANDS: "0+60x90", IN_TIME: "0+40x90"}, 80, [{}]),
    Case("it is over", "QuittanceCommandsLate", {COMMANDS: "0+60x120", IN_TIME: "0+40x60 2401+60x60"}, 100),
    Case("one of a handful", "QuittanceCommandsLate", {COMMANDS: "0+0x60 5+0x20", IN_TIME: "0+0x60 2+0x20"}, 70),
    Case("one in two hundred", "QuittanceCommandsLate", {COMMANDS: "0+200x90", IN_TIME: "0+199x90"}, 80),
    Case(
        "one in fifty for days",
        "QuittanceCommandsLateSlowly",
        {COMMANDS: "0+50x60", IN_TIME: "0+49x60"},
        500,
        [{}],
        every=10,
    ),
    Case(
        "within the budget", "QuittanceCommandsLateSlowly", {COMMANDS: "0+200x60", IN_TIME: "0+199x60"}, 500, every=10
    ),
    Case("one event in five is dead", "QuittanceEventsFail", {EVENTS: "0+80x90", DEAD: "0+20x90"}, 80, [{}]),
    Case("one event in a thousand", "QuittanceEventsFail", {EVENTS: "0+999x90", DEAD: "0+1x90"}, 80),
    Case(
        "one event in a hundred for days",
        "QuittanceEventsFailSlowly",
        {EVENTS: "0+99x60", DEAD: "0+1x60"},
        500,
        [{}],
        every=10,
    ),
    Case(
        "one in a thousand for days", "QuittanceEventsFailSlowly", {EVENTS: "0+999x60", DEAD: "0+1x60"}, 500, every=10
    ),
    Case("the database is away", "QuittanceApiFails", {GOOD: "0+50x90", BAD: "0+50x90"}, 80, [{}]),
    Case("one request in a million", "QuittanceApiFails", {GOOD: "0+50x90", BAD: "0+0x90"}, 80),
    Case("a trickle of 503", "QuittanceApiFailsSlowly", {GOOD: "0+99x60", BAD: "0+1x60"}, 500, [{}], every=10),
    Case("no 503 for days", "QuittanceApiFailsSlowly", {GOOD: "0+99x60", BAD: "0+0x60"}, 500, every=10),
]
