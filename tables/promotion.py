"""How a release goes from a draft to being in force, and back: what may follow what, and who has to agree.

    draft -> tested -> shadow -> canary -> active -> retired

A step over others is possible by `override`, with a reason, and says so for ever. Promotion needs two persons; going
back needs one, or a machine, for it only ever makes things as they were.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from schemas.release import Bundle, ReleaseChanged, ReleaseState

Wish = Literal["test", "shadow", "canary", "promote", "rollback"]
# How many persons have to want a promotion. One alone can be wrong, or be made to.
PROMOTERS_MIN = 2
_AFTER: Mapping[Wish, frozenset[ReleaseState]] = {
    "test": frozenset({"draft", "tested"}),
    "shadow": frozenset({"tested", "shadow"}),
    "canary": frozenset({"shadow", "canary"}),
    "promote": frozenset({"canary"}),
    "rollback": frozenset({"shadow", "canary", "active"}),
}
# From where a step may be taken if somebody insists. What is retired or in force already is no draft any more.
_OVERRIDDEN: Mapping[Wish, frozenset[ReleaseState]] = {
    "test": frozenset(),
    "shadow": frozenset({"draft"}),
    "canary": frozenset({"draft", "tested"}),
    "promote": frozenset({"tested", "shadow"}),
    "rollback": frozenset(),
}
_BECOMES: Mapping[Wish, ReleaseState] = {
    "test": "tested",
    "shadow": "shadow",
    "canary": "canary",
    "promote": "active",
    "rollback": "retired",
}


@dataclass(frozen=True)
class Refused:
    """Why a step cannot be taken. `RELEASE-STATE`: not from here. `RELEASE-REASON`: an override gives its reason.

    `RELEASE-SHARE`: a shadow or a canary needs a share above 0. `RELEASE-UNTESTED`: no report of a regression.
    `RELEASE-BUSY`: another release is shadow or canary; if it went on below this one, it would come back by itself.
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
    stays = (state, share) == (current.state, current.share)
    return current.model_copy(
        update={
            "state": state,
            "changed_by": step.by,
            "changed_at": step.at,
            "reason": f"override: {step.reason}" if step.override else step.reason,
            "share": share,
            "since": current.since if stays else step.at,
            "promoted_by": promoters,
            "regression": step.regression or current.regression,
            "revision": current.revision + 1,
        }
    )


def collides(current: ReleaseChanged, step: Step, others: Iterable[ReleaseChanged]) -> Refused | None:
    """Return why a release cannot become shadow or canary beside another one of the same code."""
    if step.wish not in {"shadow", "canary"} or current.bundle is None:
        return None
    for other in others:
        same_code = other.bundle is not None and other.bundle.code == current.bundle.code
        if same_code and other.state == step.wish and other.release_id != current.release_id:
            return Refused("RELEASE-BUSY", f"{other.release_id} is {other.state}; roll it back or promote it first")
    return None


def _refused(current: ReleaseChanged, step: Step) -> Refused | None:
    allowed = _AFTER[step.wish] | (_OVERRIDDEN[step.wish] if step.override else frozenset())
    if current.state not in allowed:
        return Refused(
            "RELEASE-STATE", f"{step.wish} follows on {' or '.join(sorted(allowed))}, not on {current.state}"
        )
    if step.override and not step.reason.strip():
        return Refused("RELEASE-REASON", "who takes a step over others says why")
    if step.wish == "test" and not step.override and not (step.regression or current.regression):
        return Refused("RELEASE-UNTESTED", "a release is tested by the report of a regression")
    if step.wish in {"shadow", "canary"} and not _share(current, step):
        return Refused("RELEASE-SHARE", f"a {step.wish} needs a share of the documents above 0")
    return None


def _share(current: ReleaseChanged, step: Step) -> float:
    return current.share if step.share is None or step.wish not in {"shadow", "canary"} else step.share


def _promoters(current: ReleaseChanged, step: Step) -> tuple[str, ...]:
    """Return who wants the promotion: anybody who wants anything else begins anew."""
    if step.wish != "promote":
        return ()
    known = {person.strip().casefold() for person in current.promoted_by}
    return current.promoted_by if step.by.strip().casefold() in known else (*current.promoted_by, step.by)
