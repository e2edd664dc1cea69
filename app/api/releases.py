"""Releases: what is in force, and the steps from a draft to being in force and back.

A release decides for the whole house. So only keys of the tenant `default` change one, and two persons promote.
"""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, Path
from pydantic import ConfigDict, Field

from app.api.access import Authorized
from app.api.keys import Principal
from app.api.ports import Ports, PortsOf
from app.api.problems import Problem, unavailable
from app.quality import regression_kept
from app.quality.shelf import ShelfUnavailable
from app.releases.desk import CONFLICT, UNKNOWN
from schemas.base import Code, Moment, Record, Text
from schemas.release import Bundle, ReleaseChanged, ReleaseState, Share
from tables.promotion import PROMOTERS_MIN, Refused, Step, Wish
from tables.releases import Releases

router = APIRouter(prefix="/v1/releases", tags=["releases"])

# The tenant whose operators speak for the house.
HOUSE = "default"
RELEASE_LENGTH_MAX = 256
DIGEST = r"^sha256:[0-9a-f]{64}$"
# The topic is read within a second or two of a start; later only where the broker is away.
BOOK_TIMEOUT_SECONDS = 5.0
_TOLD = ("release_id", "state", "share", "holdback", "changed_by", "changed_at", "reason", "promoted_by", "regression")
# What to do about each refusal.
_ADVICE = {
    "RELEASE-STATE": "Take the steps in their order, or send override with a reason where that is allowed.",
    "RELEASE-REASON": "Send a reason.",
    "RELEASE-SHARE": "Send a share above 0 and up to 1.",
    "RELEASE-UNTESTED": "Run `quittance quality regress` and send the digest of its report, or override with a reason.",
    "RELEASE-BUSY": "One release at a time looks on, and one decides a share; settle the active one, or wait.",
    "RELEASE-EMPTY": "Add labels, anchors, thresholds or a policy.",
    "RELEASE-EXISTS": "Look at it; what is on its way is not drafted again.",
    regression_kept.UNKNOWN: "Run `quittance quality regress --record` over the same document store as the API's.",
    regression_kept.OTHER: "Send the digest of its own report, against what is in force or was.",
    regression_kept.CLOSED: "Mend what the report complains of, or override with a reason.",
    CONFLICT: "Look at the release, then send the request again.",
}


class ReleaseView(Record):
    """A release as it stands. `in_force` tells whether it decides documents of the code that runs here.

    `holdback` is the part of the documents that it still leaves to the one below it. `wanting` is how many persons have
    to want the promotion besides those in `promoted_by`.
    """

    release_id: Code
    state: ReleaseState
    in_force: bool
    share: Share
    holdback: Share
    changed_by: Code
    changed_at: Moment
    reason: Text
    promoted_by: tuple[Code, ...]
    wanting: int
    regression: Code | None
    code: Code | None
    author: Code | None
    parent: Code | None
    claims: int
    bundle: Bundle | None = None


class ReleaseList(Record):
    """All releases in the order of their last change, and the names of those that read and decide now.

    `below` decides the share that the active one leaves it; None where it decides everything.
    """

    code: Code
    active: Code
    canary: Code | None
    below: Code | None = None
    shadow: Code | None
    items: tuple[ReleaseView, ...]


class DraftOfRelease(Bundle):
    """What a new release adds to the code; `code` is that of the API where it is not given.

    The author is whoever sends it. A field that is not known is refused: it would be missing without a word.
    """

    model_config = ConfigDict(extra="forbid")

    code: Code = ""


class StepWanted(Record):
    """A step. `share` is for shadow and canary, `regression` the digest of the kept report for test."""

    share: Annotated[float, Field(gt=0, le=1)] | None = None
    reason: Text = ""
    override: bool = False
    regression: Annotated[str, Field(pattern=DIGEST)] | None = None


def _release(release_id: Annotated[str, Path(max_length=RELEASE_LENGTH_MAX)]) -> str:
    return release_id


ReleasePath = Annotated[str, Depends(_release)]


@router.get("")
async def list_releases(ports: PortsOf, _principal: Authorized) -> ReleaseList:
    """Return every release as it stands, and which of them are in force."""
    known = await known_releases(ports)
    return ReleaseList(
        code=known.base.name,
        active=known.active.name,
        canary=known.canary.name if known.canary else None,
        below=known.below.name if known.held_back else None,
        shadow=known.shadow.name if known.shadow else None,
        items=tuple(_view(change, known) for change in known.changes()),
    )


@router.post("", status_code=201)
async def draft(ports: PortsOf, principal: Authorized, wanted: DraftOfRelease) -> ReleaseView:
    """Write down a new release. It decides nothing; the same content again is the same release."""
    _for_the_house(principal)
    fields = {name: getattr(wanted, name) for name in Bundle.model_fields}
    bundle = Bundle(**{**fields, "code": wanted.code or ports.release, "author": principal.name})
    return await _told(ports, await ports.releases.draft(bundle, principal.name, ports.now()))


@router.get("/{release_id}")
async def show(ports: PortsOf, _principal: Authorized, release_id: ReleasePath) -> ReleaseView:
    """Return one release with its bundle."""
    known = await known_releases(ports)
    change = known.change(release_id)
    if change is None:
        raise Problem("not-found", "No release of that name is known.")
    return _view(change, known, whole=True)


@router.post("/{release_id}/{wish}")
async def advance(
    ports: PortsOf, principal: Authorized, release_id: ReleasePath, wish: Wish, wanted: StepWanted
) -> ReleaseView:
    """Take a release a step further, or back. The first of two promoters is remembered, the second one promotes."""
    _for_the_house(principal)
    step = Step(
        wish=wish,
        by=principal.name,
        at=ports.now(),
        reason=wanted.reason,
        share=wanted.share,
        override=wanted.override,
        regression=wanted.regression if wish == "test" else None,
    )
    if step.regression is not None and not step.override:
        await _is_tested(ports, release_id, step.regression)
    return await _told(ports, await ports.releases.advance(release_id, step))


async def _is_tested(ports: Ports, release_id: str, report: str) -> None:
    """Look at the report that is to show it.

    Raises:
        Problem: there is no such report, it is about something else, or its gate was closed.
    """
    known = await known_releases(ports)
    if known.change(release_id) is None:
        return  # the desk says so
    try:
        refused = await asyncio.to_thread(regression_kept.refused_report, ports.shelf, report, release_id, known)
    except ShelfUnavailable as away:
        raise unavailable("reports-unavailable", str(away)) from away
    if refused is not None:
        raise _refusal(refused)


async def known_releases(ports: Ports) -> Releases:
    """Return the releases as they stand; a problem where they have not been read yet."""
    try:
        async with asyncio.timeout(BOOK_TIMEOUT_SECONDS):
            return await ports.releases.releases()
    except TimeoutError:
        raise unavailable("reference-unavailable", "The releases have not been read yet.") from None


async def _told(ports: Ports, outcome: ReleaseChanged | Refused) -> ReleaseView:
    if isinstance(outcome, ReleaseChanged):
        return _view(outcome, await known_releases(ports), whole=True)
    if outcome.reason == UNKNOWN:
        raise Problem("not-found", "No release of that name is known.")
    raise _refusal(outcome)


def _refusal(refused: Refused) -> Problem:
    name = "release-conflict" if refused.reason == CONFLICT else "release-refused"
    advice = _ADVICE.get(refused.reason, "")
    return Problem(name, f"{refused.detail}. {advice}".strip(), reason=refused.reason)


def _for_the_house(principal: Principal) -> None:
    if principal.tenant != HOUSE:
        raise Problem("release-of-the-house", "A release decides for every tenant; use a key of the house.")


def _view(change: ReleaseChanged, known: Releases, *, whole: bool = False) -> ReleaseView:
    bundle = change.bundle
    deciding = {known.active.name, *([known.canary.name] if known.canary else [])}
    deciding |= {known.below.name} if known.held_back else set()
    return ReleaseView(
        **{name: getattr(change, name) for name in _TOLD},
        in_force=change.release_id in deciding,
        wanting=max(PROMOTERS_MIN - len(change.promoted_by), 0) if change.state == "canary" else 0,
        code=bundle.code if bundle else None,
        author=bundle.author if bundle else None,
        parent=bundle.parent if bundle else None,
        claims=len(bundle.claims) if bundle else 0,
        bundle=bundle if whole else None,
    )
