"""Draws a picture for a terminal of eighty columns or more. What nobody could tell is a question mark."""

from collections.abc import Mapping

from rich import box
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from app.top.picture import Picture
from app.top.rows import Latency, StageRow, WorkerRow
from app.top.verdict import PROMISED_SECONDS, State
from app.top.words import seconds_in_words

UNKNOWN, NONE = Text("?", style="yellow"), Text("–", style="dim")
# From here on an age is worth a colour, before it breaks the promise.
SLOW_SECONDS = 5.0
COLOURS: Mapping[State, str] = {"in_time": "green", "late": "bold red", "unknown": "yellow"}
BAD = frozenset({"dead", "parked"})
MIB = 1024**2


def drawn(found: Picture) -> RenderableType:
    """Return the whole picture."""
    parts: list[RenderableType] = [_head(found), _stages(found), _outcomes(found), _workers(found)]
    if found.broker_missing:
        parts.insert(1, Text(f"The broker does not answer, nobody knows what is unread. {found.broker_missing}", "red"))
    return Panel(Group(*parts), title="[bold]quittance top", box=box.ROUNDED, border_style="dim", padding=(0, 1))


def _head(found: Picture) -> Text:
    ready = sum(worker.ready for worker in found.workers)
    head = Text(found.verdict.sentence, COLOURS[found.verdict.state])
    for note in found.verdict.notes:
        head.append(f"\n{note}", "yellow")
    head.append(f"\n{ready} of {len(found.workers)} processes ready", "green" if ready == len(found.workers) else "red")
    active, canary = found.releases.active, found.releases.canary
    head.append(f"   release {', '.join(active) or '?'}", "bold" if len(active) <= 1 else "yellow")
    if canary:
        head.append(f"   canary {', '.join(canary)}", "bold")
    head.append("\nevent to command  ")
    head.append_text(_latency_words(found.event_to_command))
    head.append("   commands  ")
    head.append(_counts(found.commands) or "none yet")
    head.append("\naudit entries not sealed  ")
    unsealed = found.sealing.unread
    head.append_text(UNKNOWN if unsealed is None else Text(f"{unsealed:,}"))
    if unsealed:
        head.append("  oldest ").append_text(_age(found.sealing.oldest_seconds))
    return head


def _stages(found: Picture) -> Table:
    table = Table(box=box.SIMPLE_HEAD, header_style="bold", expand=True, pad_edge=False, padding=(0, 1))
    table.add_column("stage", no_wrap=True)
    table.add_column("reads", style="dim", no_wrap=True)
    for name in ("unread", "oldest", "in/s", "out/s", "p50", "p99", "dead"):
        table.add_column(name, justify="right", no_wrap=True)
    for row in found.stages:
        table.add_row(*_stage(row))
    return table


def _stage(row: StageRow) -> tuple[Text, ...]:
    name = Text(row.stage, "bold red" if row.stopped else "bold")
    if row.stopped:
        name.append(" stopped")
    unread = UNKNOWN if row.unread is None else Text(f"{row.unread:,}", "" if row.unread else "dim")
    dead = UNKNOWN if row.dead_letters is None else Text(f"{row.dead_letters:,}", "red" if row.dead_letters else "dim")
    style = "" if row.latency.recent else "dim"
    return (
        name, Text(row.topic), unread, _age(row.oldest_seconds), _rate(row.in_per_second), _rate(row.out_per_second),
        _seconds(row.latency.p50, style), _seconds(row.latency.p99, style), dead,
    )  # fmt: skip


def _outcomes(found: Picture) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 1))
    table.add_column(style="bold", no_wrap=True)
    table.add_column()
    for row in found.stages:
        if row.outcomes:
            words = Text("  ").join(
                Text(f"{outcome} {count:,}", "red" if outcome in BAD else "") for outcome, count in row.outcomes.items()
            )
            table.add_row(row.stage, words)
    if found.reasons:
        table.add_row(Text("reasons", "bold cyan"), _counts(found.reasons))
    return table


def _workers(found: Picture) -> Table:
    table = Table(box=box.SIMPLE_HEAD, header_style="bold", expand=True, pad_edge=False, padding=(0, 1))
    for name in ("worker", "role", "state"):
        table.add_column(name, no_wrap=name != "state")
    for name in ("in flight", "oldest", "memory"):
        table.add_column(name, justify="right", no_wrap=True)
    for row in found.workers:
        table.add_row(*_worker(row))
    return table


def _worker(row: WorkerRow) -> tuple[Text, ...]:
    if row.missing:
        return Text(row.address), UNKNOWN, Text(row.missing, "red"), UNKNOWN, UNKNOWN, UNKNOWN
    state = Text("ready", "green") if row.ready else Text("not ready", "red")
    oldest = _age(row.oldest_seconds) if row.in_flight else NONE
    return (
        Text(row.address), Text(row.role or "?"), state, Text(f"{row.in_flight:,}"), oldest,
        UNKNOWN if row.memory_bytes is None else Text(f"{row.memory_bytes / MIB:,.0f} MiB"),
    )  # fmt: skip


def _latency_words(latency: Latency) -> Text:
    if latency.p50 is None:
        return Text("none yet", "dim")
    words = Text.assemble(("p50 ", "dim"), _seconds(latency.p50), ("  p99 ", "dim"), _seconds(latency.p99))
    return words if latency.recent else words.append("  since the start", "dim")


def _counts(counts: Mapping[str, int]) -> str:
    return "  ".join(f"{name} {count:,}" for name, count in counts.items())


def _rate(rate: float | None) -> Text:
    return NONE if rate is None else Text(f"{rate:,.1f}", "" if rate else "dim")


def _age(seconds: float | None) -> Text:
    if seconds is None:
        return UNKNOWN
    if not seconds:
        return NONE
    return _seconds(seconds, "red" if seconds > PROMISED_SECONDS else "yellow" if seconds >= SLOW_SECONDS else "")


def _seconds(seconds: float | None, style: str = "") -> Text:
    return NONE if seconds is None else Text(seconds_in_words(seconds), style)
