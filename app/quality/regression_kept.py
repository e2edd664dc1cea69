"""A report that was kept, as what lets a draft be called tested: it is there, about that draft, and good."""

from app.quality.regression import Report
from app.quality.shelf import ContentBroken, Shelf
from schemas.codec import Undecodable, decode
from tables.promotion import Refused
from tables.releases import Releases

UNKNOWN, OTHER, CLOSED = "RELEASE-REPORT-UNKNOWN", "RELEASE-REPORT-OTHER", "RELEASE-GATE-CLOSED"


def refused_report(shelf: Shelf, name: str, release_id: str, known: Releases) -> Refused | None:
    """Return why a report does not show that a release was tested; None where it does.

    Anybody may keep bytes on the shelf, so that a digest alone says nothing. What a report was measured against has
    to be, or to have been, in force: a candidate that is better than a draft may be worse than everything that pays.

    Raises:
        app.quality.shelf.ShelfUnavailable: nobody can say just now.
    """
    report = _report(shelf, name)
    if report is None:
        return Refused(UNKNOWN, f"no report of a regression is kept under {name}")
    if report.candidate != release_id:
        return Refused(OTHER, f"the report is of {report.candidate}")
    if not _stood(known, report.baseline):
        return Refused(OTHER, f"the report holds it against {report.baseline}, which was never in force")
    if not report.passed:
        return Refused(CLOSED, f"the gate was closed: {report.complaints[0]}")
    return None


def _report(shelf: Shelf, name: str) -> Report | None:
    try:
        content = shelf.get("reports", name)
        return None if content is None else decode(content, Report)
    except (ContentBroken, Undecodable):
        return None


def _stood(known: Releases, name: str) -> bool:
    """Tell whether a release is in force or has been: the code alone always was; an activation is never taken away."""
    change = known.change(name)
    return name == known.base.name or (change is not None and (change.state == "active" or change.activation > 0))
