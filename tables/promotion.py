"""How a release goes from a draft to being in force, and back: what may follow what, and who has to agree.

    draft -> tested -> shadow -> canary -> active -> retired

A step over others is possible by `override`, with a reason, and says so for ever. Promotion needs two persons; going
back needs one, or a machine, for it only ever makes things as they were. A release that was promoted leaves a small
share of the documents to the one below it, until `settle` gives it the rest: so the draw by which the canary was judged
goes on.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from schemas.release import Bundle, ReleaseChanged, ReleaseState

Wish = Literal["test", "shadow", "canary", "promote", "settle", "rollback"]
# How many persons have to want a promotion. One alone can be wrong, or be made to.
PROMOTERS_MIN = 2
# What the release below goes on deciding after a promotion: enough that a release which approves nothing is found after
# a hundred documents (docs/quality.md, Guard), and few enough that what is better is in force for all but a few.
HOLDBACK_SHARE = 0.05
# A business week with both its ends, and half of what the topics keep: a guard that was away can still read all of it.
HOLDBACK = timedelta(days=7)
_AFTER: Mapping[Wish, frozenset[ReleaseState]] = {
    "test": frozenset({"draft", "tested"}),
    "shadow": frozenset({"tested", "shadow"}),
    "canary": frozenset({"shadow", "canary"}),
    "promote": frozenset({"canary"}),
    "settle": frozenset({"active"}),
    "rollback": frozenset({"shadow", "canary", "active"}),
}
# From where a step may be taken if somebody insists. What is retired or in force already is no draft any more.
_OVERRIDDEN: Mapping[Wish, frozenset[ReleaseState]] = {
    "test": frozenset(),
    "shadow": frozenset({"draft"}),
    "canary": frozenset({"draft", "tested"}),
    "promote": frozenset({"tested", "shadow"}),
    "settle": frozenset(),
    "rollback": frozenset(),
}
_BECOMES: Mapping[Wish, ReleaseState] = {
    "test": "tested",
    "shadow": "shadow",
    "canary": "canary",
    "promote": "active",
    "settle": "active",
    "rollback": "retired",
}


@dataclass(frozen=True)
class Refused:
    """Why a step cannot be taken. `RELEASE-STATE`: not from here. `RELEASE-REASON`: who overrides or settles says why.

    `RELEASE-SHARE`: a shadow or a canary needs a share above 0. `RELEASE-UNTESTED`: no report of a regression.
    `RELEASE-BUSY`: another release is shadow or canary; if it went on below this one, it would come back by itself. Or
    the one in force leaves a share to the one below it: two draws at once would spoil each other.
    `RELEASE-EMPTY`: the bundle adds nothing to the code. `RELEASE-EXISTS`: it was drafted before and is on its way.
    """

    reason: str
    detail: str


@dataclass(frozen=True)
class Step:
    """What somebody wants, and when."""

    wish: Wish
    by: str
    at: datetime
    reason: str = ""
    share: float | None = None
    override: bool = False
    regression: str | None = None


def drafted(bundle: Bundle, by: str, at: datetime, before: ReleaseChanged | None = None) -> ReleaseChanged | Refused:
    """Return the record of a new release, or of one that was retired and begins anew; `before` is its last record.

    The same draft again is no change.
    """
    if bundle.release_id == bundle.code:
        return Refused("RELEASE-EMPTY", "the bundle adds nothing to the code")
    if before is not None and before.state == "draft":
        return before
    if before is not None and before.state != "retired":
        return Refused("RELEASE-EXISTS", f"{bundle.release_id} is {before.state} already")
    return ReleaseChanged(
        release_id=bundle.release_id,
        state="draft",
        changed_by=by,
        reason=bundle.reason,
        changed_at=at,
        bundle=bundle,
        revision=before.revision + 1 if before else 1,
        since=at,
    )


def advance(current: ReleaseChanged, step: Step) -> ReleaseChanged | Refused:
    """Return the release's next record, or why there is none.

    The first of two promoters leaves the state as it is, and is remembered.
    """
    refused = _refused(current, step)
    if refused is not None:
        return refused
    promoters = _promoters(current, step)
    waits = step.wish == "promote" and len(promoters) < PROMOTERS_MIN
    state, share = current.state if waits else _BECOMES[step.wish], _share(current, step)
    holdback = _holdback(current, step, state)
    stays = (state, share, holdback) == (current.state, current.share, current.holdback)
    return current.model_copy(
        update={
            "state": state,
            "changed_by": step.by,
            "changed_at": step.at,
            "reason": f"override: {step.reason}" if step.override else step.reason,
            "share": share,
            "holdback": holdback,
            "since": current.since if stays else step.at,
            "promoted_by": promoters,
            "regression": step.regression or current.regression,
            "revision": current.revision + 1,
        }
    )


def collides(current: ReleaseChanged, step: Step, others: Iterable[ReleaseChanged]) -> Refused | None:
    """Return why a release cannot go on beside another one of the same code."""
    if current.bundle is None:
        return None
    for other in others:
        same_code = other.bundle is not None and other.bundle.code == current.bundle.code
        if not same_code or other.release_id == current.release_id:
            continue
        if step.wish in {"shadow", "canary"} and other.state == step.wish:
            return Refused("RELEASE-BUSY", f"{other.release_id} is {other.state}; roll it back or promote it first")
        if step.wish in {"canary", "promote"} and other.state == "active" and other.holdback:
            told = f"{other.release_id} leaves {other.holdback:.1%} of the documents to the release below it"
            return Refused("RELEASE-BUSY", f"{told}; settle it first, or wait until it is settled")
    return None


def _refused(current: ReleaseChanged, step: Step) -> Refused | None:
    allowed = _AFTER[step.wish] | (_OVERRIDDEN[step.wish] if step.override else frozenset())
    if current.state not in allowed:
        return Refused(
            "RELEASE-STATE", f"{step.wish} follows on {' or '.join(sorted(allowed))}, not on {current.state}"
        )
    if (step.override or step.wish == "settle") and not step.reason.strip():
        return Refused("RELEASE-REASON", "who takes a step over others, or ends a comparison, says why")
    if step.wish == "settle" and not current.holdback:
        return Refused("RELEASE-STATE", "it decides everything already")
    if step.wish == "test" and not step.override and not (step.regression or current.regression):
        return Refused("RELEASE-UNTESTED", "a release is tested by the report of a regression")
    if step.wish in {"shadow", "canary"} and not _share(current, step):
        return Refused("RELEASE-SHARE", f"a {step.wish} needs a share of the documents above 0")
    return None


def _share(current: ReleaseChanged, step: Step) -> float:
    return current.share if step.share is None or step.wish not in {"shadow", "canary"} else step.share


def _holdback(current: ReleaseChanged, step: Step, state: ReleaseState) -> float:
    """Return what the release below goes on deciding: something from the promotion on, until it is settled."""
    if state != "active" or step.wish == "settle":
        return 0.0
    return HOLDBACK_SHARE if current.state != "active" else current.holdback


def _promoters(current: ReleaseChanged, step: Step) -> tuple[str, ...]:
    """Return who wants the promotion: anybody who wants anything else begins anew."""
    if step.wish == "settle":
        return current.promoted_by
    if step.wish != "promote":
        return ()
    known = {person.strip().casefold() for person in current.promoted_by}
    return current.promoted_by if step.by.strip().casefold() in known else (*current.promoted_by, step.by)
