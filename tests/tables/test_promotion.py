"""From a draft to being in force, and back."""

from datetime import UTC, datetime

import pytest

from schemas.release import Bundle, LabelLearned, Learned, ReleaseChanged
from tables.promotion import Refused, Step, Wish, advance, drafted

NOW = datetime(2026, 11, 29, tzinfo=UTC)
BUNDLE = Bundle(
    code="0.1.0+a",
    author="ada",
    learned=Learned(labels=(LabelLearned(language="de", concept="payable", phrase="zu zahlen"),)),
)
DRAFT = drafted(BUNDLE, "ada", NOW)


def taken(current: ReleaseChanged, *steps: Step) -> ReleaseChanged:
    for step in steps:
        found = advance(current, step)
        assert isinstance(found, ReleaseChanged), found
        current = found
    return current


def step(wish: Wish, by: str = "ada", *, share: float | None = 0.5, override: bool = False, reason: str = "") -> Step:
    return Step(wish, by, NOW, reason=reason, share=share, override=override)


def test_the_whole_way() -> None:
    canary = taken(DRAFT, step("test"), step("shadow"), step("canary"))
    assert canary.state == "canary"
    waiting = taken(canary, step("promote", "ada"))
    assert (waiting.state, waiting.promoted_by) == ("canary", ("ada",))
    active = taken(waiting, step("promote", "bob"))
    assert (active.state, active.promoted_by) == ("active", ("ada", "bob"))
    assert taken(active, step("rollback", "quality")).state == "retired"


def test_one_person_under_two_spellings_promotes_nothing() -> None:
    canary = taken(DRAFT, step("test"), step("shadow"), step("canary"))
    assert taken(canary, step("promote", "ada"), step("promote", " ADA ")).state == "canary"


def test_a_new_share_asks_the_promoters_anew() -> None:
    canary = taken(DRAFT, step("test"), step("shadow"), step("canary"), step("promote", "ada"))
    assert taken(canary, step("canary", share=0.8)).promoted_by == ()


@pytest.mark.parametrize("wish", ["shadow", "canary", "promote", "rollback"])
def test_a_draft_goes_nowhere_untested(wish: Wish) -> None:
    refused = advance(DRAFT, step(wish))
    assert isinstance(refused, Refused)
    assert refused.reason == "RELEASE-STATE"


def test_an_override_gives_its_reason_and_keeps_it() -> None:
    refused = advance(DRAFT, step("canary", override=True))
    assert isinstance(refused, Refused)
    assert refused.reason == "RELEASE-REASON"
    let_through = taken(DRAFT, step("canary", override=True, reason="the supplier waits"))
    assert (let_through.state, let_through.reason) == ("canary", "override: the supplier waits")


def test_a_canary_that_sees_nothing_is_none() -> None:
    shadow = taken(DRAFT, step("test"), step("shadow", share=0.3))
    assert taken(shadow, step("canary", share=None)).share == 0.3
    for refused in (
        advance(shadow, step("canary", share=0.0)),
        advance(taken(DRAFT, step("test")), step("shadow", share=None)),
    ):
        assert isinstance(refused, Refused)
        assert refused.reason == "RELEASE-SHARE"


@pytest.mark.parametrize("wish", ["test", "shadow", "canary", "promote"])
def test_what_is_retired_stays_so(wish: Wish) -> None:
    retired = taken(DRAFT, step("test"), step("shadow"), step("rollback"))
    assert isinstance(advance(retired, step(wish, override=True, reason="but")), Refused)
