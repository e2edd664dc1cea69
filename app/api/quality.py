"""Why things went wrong, the dearest cause first, with examples and where they stand on their pages."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from agents.quality.clusters import Cluster, Dimension, Explained
from app.api.access import Authorized
from app.api.ports import PortsOf
from app.api.problems import Problem, unavailable
from app.documents.failures import PermanentFailure
from app.quality.causes import explained, ranked
from app.sandbox import SandboxError
from schemas.base import Code, Moment, Record, Text
from schemas.cause import CauseClass
from schemas.evidence import Box, Lane
from schemas.feedback import FeedbackSource
from schemas.money import Amount

router = APIRouter(prefix="/v1/quality", tags=["quality"])

# A page of the dearest; nobody mends more at a time.
CLUSTERS_DEFAULT, CLUSTERS_MAX = 50, 500


class Example(Record):
    """One lesson, why it went wrong, and where. `picture` shows the place on the page, where there is a page."""

    feedback_id: Code
    document_id: Code
    source: FeedbackSource
    said: Code | None
    field: Code | None
    wrong: Text | None
    right: Text | None
    evidence: Text
    supplier_id: Code | None
    lane: Lane | None
    language: Code | None
    release: Code
    recorded_at: Moment
    at_risk: Amount | None
    page: int | None
    box: Box | None
    picture: Code | None


class CauseCluster(Record):
    """Lessons of one cause. `at_risk` is what hung on its documents, each once, a sum a currency."""

    rank: int
    cause: CauseClass
    by: Dimension
    value: Text
    lessons: int
    documents: int
    at_risk: tuple[Amount, ...]
    examples: tuple[Example, ...]


class Causes(Record):
    """The causes by rank: within each currency by sum at risk times number of documents, currencies never added."""

    by: Dimension
    lessons: int
    items: tuple[CauseCluster, ...]


@router.get("/causes")
async def causes(
    ports: PortsOf,
    principal: Authorized,
    by: Annotated[Dimension, Query(description="what to part the causes by")] = "supplier",
    limit: Annotated[int, Query(ge=1, le=CLUSTERS_MAX)] = CLUSTERS_DEFAULT,
) -> Causes:
    """Return why things went wrong, the dearest cause first."""
    lessons = await ports.read_model.lessons(principal.tenant)
    readings = await ports.read_model.readings(principal.tenant, {each.document_id for each in lessons})
    found = await asyncio.to_thread(ranked, lessons, readings, by)
    return Causes(by=by, lessons=len(lessons), items=tuple(map(_cluster, found[:limit])))


@router.get(
    "/causes/{feedback_id}/picture.png", response_class=Response, responses={200: {"content": {"image/png": {}}}}
)
async def picture(
    ports: PortsOf, principal: Authorized, feedback_id: Annotated[str, Path(pattern="^[a-z2-7]{26}$")]
) -> Response:
    """Return a picture of where the value stands on its page; of the page where nobody knows where on it."""
    lesson = await ports.read_model.lesson(principal.tenant, feedback_id)
    document = await ports.read_model.document(principal.tenant, lesson.document_id) if lesson else None
    if lesson is None or document is None or document.reference is None:
        raise Problem("not-found", "Nothing was learned under that id, or of no document.")
    readings = await ports.read_model.readings(principal.tenant, (lesson.document_id,))
    cause = explained(lesson, readings.get(lesson.document_id)).cause
    try:
        content = await ports.documents.fetch(document.reference, lesson.document_id)
        drawn = await ports.pictures.region(content, cause.page or 1, cause.box)
    except PermanentFailure as gone:
        raise Problem("content-gone", gone.code) from None
    except SandboxError:
        raise unavailable("pictures-unavailable", "Pages cannot be drawn just now.") from None
    if drawn is None:
        raise Problem("not-found", "The document has no page that can be drawn.")
    headers = {
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return Response(drawn, media_type="image/png", headers=headers)


def _cluster(found: Cluster) -> CauseCluster:
    return CauseCluster(
        rank=found.rank,
        cause=found.kind,
        by=found.dimension,
        value=found.value,
        lessons=found.lessons,
        documents=found.documents,
        at_risk=tuple(Amount(value=value, currency=currency) for currency, value in found.at_risk.items()),
        examples=tuple(map(_example, found.examples)),
    )


def _example(each: Explained) -> Example:
    lesson, cause = each.lesson, each.cause
    is_drawn = lesson.document_id.startswith("sha256:") and lesson.lane not in {None, "xml"}
    return Example(
        feedback_id=lesson.feedback_id,
        document_id=lesson.document_id,
        source=lesson.source,
        said=lesson.cause,
        field=lesson.field,
        wrong=lesson.wrong,
        right=lesson.right,
        evidence=cause.evidence,
        supplier_id=lesson.supplier_id,
        lane=lesson.lane,
        language=each.language,
        release=lesson.release,
        recorded_at=lesson.recorded_at,
        at_risk=lesson.at_risk,
        page=cause.page,
        box=cause.box,
        picture=f"/v1/quality/causes/{lesson.feedback_id}/picture.png" if is_drawn else None,
    )
