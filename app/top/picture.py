"""What two looks tell together, for the terminal, for the page and for `--json`."""

from dataclasses import dataclass

from app.dossier.dossier import STAGES
from app.top.looking import Look, Missing
from app.top.rows import DocumentsRow, Found, InForce, Latency, Sealing, StageRow, WorkerRow
from app.top.samples import Samples, quantile, since
from app.top.unread import WATCHED
from app.top.verdict import Verdict, verdict
from schemas.topics import AUDIT_ENTRY, Topic

EVENTS, WRITTEN, DEAD = "quittance_events_total", "quittance_events_written_total", "quittance_dead_letters_total"
STAGE_SECONDS, COMMAND_SECONDS = "quittance_stage_seconds", "quittance_event_to_command_seconds"
REASONS_SHOWN_MAX = 8


@dataclass(frozen=True)
class Picture(Found):
    """What was found, and whether money is late."""

    verdict: Verdict


def picture(now: Look, before: Look | None = None) -> Picture:
    """Return what the looks tell."""
    seconds = now.at - before.at if before else None
    page, earlier = now.together, before.together if before else None
    reasons = page.by("reason", "quittance_reasons_total")
    commonest = sorted(reasons, key=lambda reason: (-reasons[reason], reason))[:REASONS_SHOWN_MAX]
    found = Found(
        window_seconds=seconds,
        stages=tuple(_stage(name, topic, now, page, earlier, seconds) for name, topic in STAGES.items()),
        workers=tuple(row for address, found in sorted(now.workers.items()) for row in _workers(address, found)),
        commands=_commands(page),
        reasons={reason: round(reasons[reason]) for reason in commonest},
        event_to_command=_latency(COMMAND_SECONDS, page, earlier),
        broker_missing=now.broker.why if isinstance(now.broker, Missing) else None,
        documents=_documents(now.broker),
        sealing=Sealing(*_unread(now.broker, AUDIT_ENTRY.name)),
        releases=InForce(_releases(page, "active"), _releases(page, "canary")),
    )
    return Picture(**vars(found), verdict=verdict(found))


def _stage(
    stage: str, topic: Topic, now: Look, page: Samples, earlier: Samples | None, seconds: float | None
) -> StageRow:
    unread, oldest = _unread(now.broker, topic.name)
    is_known = any(page.matching("quittance_stage_stopped", stage=stage))
    outcomes = page.by("outcome", EVENTS, stage=stage)
    return StageRow(
        stage=stage,
        topic=topic.name,
        unread=unread,
        oldest_seconds=oldest,
        in_per_second=_rate(page, earlier, seconds, EVENTS, stage=stage) if is_known else None,
        out_per_second=_rate(page, earlier, seconds, WRITTEN, stage=stage) if is_known else None,
        latency=_latency(STAGE_SECONDS, page, earlier, stage=stage),
        # What a counter begins with is no news; alerts need it, people do not.
        outcomes={name: round(count) for name, count in sorted(outcomes.items(), key=lambda each: -each[1]) if count},
        dead_letters=round(page.total(DEAD, stage=stage)) if is_known else None,
        stopped=page.total("quittance_stage_stopped", stage=stage) > 0,
    )


def _unread(broker: Samples | Missing, topic: str) -> tuple[int | None, float | None]:
    """Return how much of a topic is unread, and since when; an age that is missing for a partition is not known."""
    if isinstance(broker, Missing):
        return None, None
    unread = dict(broker.by("partition", "quittance_consumer_lag_records", topic=topic))
    ages = broker.by("partition", "quittance_oldest_unread_seconds", topic=topic)
    oldest = max(ages.values(), default=0.0) if ages.keys() == unread.keys() else None
    return round(sum(unread.values())), oldest


def _documents(broker: Samples | Missing) -> tuple[DocumentsRow, ...] | None:
    """Return what waits, the longest first; None where nobody watches the read model, or it does not answer."""
    if isinstance(broker, Missing) or not broker.total(WATCHED, watch="states"):
        return None
    ages = broker.by("state", "quittance_documents_oldest_seconds")
    counts = broker.by("state", "quittance_documents_waiting", older_than="0s")
    return tuple(
        DocumentsRow(state, round(counts.get(state, 0)), age)
        for state, age in sorted(ages.items(), key=lambda each: -each[1])
    )


def _releases(page: Samples, state: str) -> tuple[str, ...]:
    return tuple(sorted({labels["release"] for labels, _ in page.matching("quittance_release", state=state)}))


def _rate(page: Samples, earlier: Samples | None, seconds: float | None, name: str, **labels: str) -> float | None:
    """Return a rate; None where there is none, and where a worker that was there is gone: then sums fall."""
    if earlier is None or not seconds:
        return None
    grown = page.total(name, **labels) - earlier.total(name, **labels)
    return grown / seconds if grown >= 0 else None


def _latency(name: str, page: Samples, earlier: Samples | None, **labels: str) -> Latency:
    whole = page.buckets(name, **labels)
    recent = since(whole, earlier.buckets(name, **labels)) if earlier else {}
    is_recent = any(recent.values())
    shown = recent if is_recent else whole
    return Latency(quantile(shown, 0.5), quantile(shown, 0.99), is_recent)


def _commands(page: Samples) -> dict[str, int]:
    counts: dict[str, int] = {}
    for labels, value in page.matching("quittance_commands_total"):
        name = f"{labels['rail']} {labels['currency']}"
        counts[name] = counts.get(name, 0) + round(value)
    return counts


def _workers(address: str, found: Samples | Missing) -> list[WorkerRow]:
    if isinstance(found, Missing):
        return [WorkerRow(address, missing=found.why)]
    releases = {labels["role"]: labels["release"] for labels, _ in found.matching("quittance_release", state="active")}
    if not releases:
        return [WorkerRow(address, missing="no process of it answers")]
    return [
        WorkerRow(
            address,
            role,
            found.total("quittance_ready", role=role) > 0,
            release,
            round(found.total("quittance_events_in_flight", role=role)),
            found.total("quittance_oldest_in_flight_seconds", role=role),
            round(found.total("quittance_rss_bytes", role=role)) or None,
        )
        for role, release in sorted(releases.items())
    ]
