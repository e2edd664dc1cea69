"""What the demo shows of its documents: a table that a person likes to read."""

from collections.abc import Sequence

from rich.table import Table

from app.local.samples import SampleSet
from app.local.watch import OUTCOMES, Seen

COLOURS = {"approve": "green", "hold": "yellow", "reject": "red"}


def quantile(ordered: Sequence[float], share: float) -> float:
    """Return the value at a share of an ordered, non-empty sequence; of few values, p99 is the largest."""
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def decisions_table(samples: SampleSet, seen: Seen) -> Table:
    """Return one row a document: what it is, what was decided and why, and how long it took."""
    table = Table(title="Decisions", title_justify="left")
    for heading in ("document", "lane", "decided", "state", "reasons", "command", "ms"):
        table.add_column(heading, justify="right" if heading == "ms" else "left", overflow="fold")
    for sample in samples.samples:
        status = seen.statuses.get(sample.document_id)
        outcome = OUTCOMES.get(status.state, "?") if status else "nothing"
        milliseconds = seen.latency_ms(sample.document_id)
        table.add_row(
            sample.name,
            sample.lane,
            f"[{COLOURS.get(outcome, 'red')}]{outcome}",
            status.state if status else "",
            ", ".join(status.reasons) if status else "",
            status.command_ids[0] if status and status.command_ids else "",
            "" if milliseconds is None else str(milliseconds),
        )
    return table
