"""A comparison as a person reads it."""

from collections.abc import Iterator

from app.quality.regression import DOCUMENTS, Report, Row, Tally

SHOWN_MAX = 50


def lines(report: Report) -> Iterator[str]:
    """Yield the tables, what got worse, and the verdict."""
    yield f"candidate {report.candidate}"
    yield f"baseline  {report.baseline}"
    yield f"{report.documents} documents of {report.golden} in {report.seconds:.1f} s"
    yield ""
    yield from _rows([row for row in report.rows if row.what == DOCUMENTS or row.group == "lane ALL"])
    yield from _rows([row for row in report.rows if row.what != DOCUMENTS and row.group != "lane ALL" and _moves(row)])
    yield f"{'said payable':<32}{'before':>8}{'false':>7}{'after':>8}{'false':>7}  at most, 95 %"
    for one in report.payables:
        bound = f"{100 * one.upper_after:.2f} %" if one.said_after else "–"
        said = f"{one.said_before:>8}{one.false_before:>7}{one.said_after:>8}{one.false_after:>7}"
        yield f"{one.group:<32}{said}  {bound}"
    yield ""
    yield f"{report.worse_in_all} documents are read worse, {report.better_in_all} better"
    for worse in report.worse[:SHOWN_MAX]:
        yield f"  {worse.document} ({worse.lane}, {worse.language}): {'; '.join(worse.changes)}"
    if report.claims:
        yield f"{report.mended} of {report.claims} claimed cases are mended"
    yield ""
    yield from (f"REFUSED  {complaint}" for complaint in report.complaints)
    if report.passed:
        yield "PASSED   no new false payable, no significant loss in any lane, every claimed case mended"


def _moves(row: Row) -> bool:
    return bool(row.lost or row.gained or row.before != row.after)


def _rows(rows: list[Row]) -> Iterator[str]:
    if not rows:
        return
    yield _line("right, wrong, missing", "before", "after", "right of all, 95 %", "lost", "gained", "p")
    for row in rows:
        low, high = row.interval_after
        share = f"[{100 * low:5.1f}, {100 * high:5.1f}] %" if row.after.total else "–"
        named = f"{row.group}, {row.what}"
        moved = str(row.lost), str(row.gained), f"{row.p:.4f}"
        yield _line(named, _tally(row.before), _tally(row.after), share, *moved)
    yield ""


def _tally(tally: Tally) -> str:
    return f"{tally.right} {tally.wrong} {tally.missing}"


def _line(named: str, before: str, after: str, share: str, lost: str, gained: str, p: str) -> str:
    return f"{named:<50}{before:>14}{after:>14}{share:>21}{lost:>6}{gained:>7}{p:>8}"
