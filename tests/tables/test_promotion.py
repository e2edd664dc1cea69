"""From a draft to being in force, and back."""

from datetime import UTC, datetime, timedelta

import pytest

from schemas.release import Bundle, LabelLearned, Learned, ReleaseChanged
from tables.promotion import HOLDBACK, HOLDBACK_SHARE, Refused, Step, Wish, advance, collides, drafted

NOW = datetime(2026, 11, 29, tzinfo=UTC)
BUNDLE = Bundle(
    code="0.1.0+a",
    author="ada",
    learned=Learned(labels=(LabelLearned(language="de", concept="payable", phrase="zu zahlen"),)),
)
OTHER = Bundle(code="0.1.0+a", confidence_min={"text": 0.95})
REPORT = "sha256:" + "0" * 64


def draft(bundle: Bundle, before: ReleaseChanged | None = None) -> ReleaseChanged:
    found = drafted(bundle, "ada", NOW, before)
    assert isinstance(found, ReleaseChanged), found
    return found


DRAFT = draft(BUNDLE)


def taken(current: ReleaseChanged, *steps: Step) -> ReleaseChanged:
    for step in steps:
        found = advance(current, step)
        assert isinstance(found, ReleaseChanged), found
        current = found
    return current


def step(wish: Wish, by: str = "ada", *, share: float | None = 0.5, override: bool = False, reason: str = "") -> Step:
    report = REPORT if wish == "test" else None
    return Step(wish, by, NOW, reason=reason, share=share, override=override, regression=report)


def test_the_whole_way() -> None:
    canary = taken(DRAFT, step("test"), step("shadow"), step("canary"))
    assert canary.state == "canary"
    waiting = taken(canary, step("promote", "ada"))
    assert (waiting.state, waiting.promoted_by) == ("canary", ("ada",))
    active = taken(waiting, step("promote", "bob"))
    assert (active.state, active.promoted_by) == ("active", ("ada", "bob"))
    assert taken(active, step("rollback", "quality")).state == "retired"


def active(bundle: Bundle = BUNDLE) -> ReleaseChanged:
    canary = taken(draft(bundle), step("test"), step("shadow"), step("canary"))
    return taken(canary, step("promote", "ada"), step("promote", "bob"))


def test_what_is_promoted_leaves_a_share_to_what_lies_below_until_it_is_settled() -> None:
    canary = taken(DRAFT, step("test"), step("shadow"), step("canary"), step("promote", "ada"))
    assert canary.holdback == 0.0
    promoted = active()
    assert promoted.holdback == HOLDBACK_SHARE
    later = Step("settle", "quality-guard", NOW + HOLDBACK, reason="nothing spoke against it")
    settled = taken(promoted, later)
    assert (settled.state, settled.holdback, settled.since) == ("active", 0.0, NOW + HOLDBACK)
    assert settled.promoted_by == ("ada", "bob")
    again = advance(settled, later)
    assert isinstance(again, Refused)
    assert again.reason == "RELEASE-STATE"


def test_whoever_ends_the_comparison_says_why_and_only_what_is_active_is_settled() -> None:
    unsaid = advance(active(), step("settle"))
    assert isinstance(unsaid, Refused)
    assert unsaid.reason == "RELEASE-REASON"
    canary = taken(DRAFT, step("test"), step("shadow"), step("canary"))
    assert isinstance(advance(canary, step("settle", reason="soon", override=True)), Refused)


def test_what_is_taken_back_leaves_nothing_to_anybody() -> None:
    assert taken(active(), step("rollback")).holdback == 0.0


@pytest.mark.parametrize("wish", ["canary", "promote"])
def test_the_next_one_waits_until_the_active_one_is_settled(wish: Wish) -> None:
    next_one = taken(draft(OTHER), step("test"), step("shadow"))
    refused = collides(next_one, step(wish, override=True, reason="soon"), [active(), next_one])
    assert refused is not None
    assert refused.reason == "RELEASE-BUSY"
    settled = taken(active(), step("settle", reason="it is urgent"))
    assert collides(next_one, step(wish), [settled, next_one]) is None
    assert collides(next_one, step("shadow"), [active(), next_one]) is None


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


def test_a_release_without_a_report_is_untested_unless_somebody_insists() -> None:
    refused = advance(DRAFT, Step("test", "ada", NOW))
    assert isinstance(refused, Refused)
    assert refused.reason == "RELEASE-UNTESTED"
    insisted = taken(DRAFT, Step("test", "ada", NOW, reason="the golden set is away", override=True))
    assert (insisted.state, insisted.regression) == ("tested", None)
    assert taken(DRAFT, step("test")).regression == REPORT


def test_each_record_counts_one_more() -> None:
    told = [DRAFT, taken(DRAFT, step("test")), taken(DRAFT, step("test"), step("shadow"))]
    assert [each.revision for each in told] == [1, 2, 3]


def test_the_same_draft_again_changes_nothing_and_one_on_its_way_is_no_draft() -> None:
    assert draft(BUNDLE, DRAFT) is DRAFT
    refused = drafted(BUNDLE, "bob", NOW, taken(DRAFT, step("test")))
    assert isinstance(refused, Refused)
    assert refused.reason == "RELEASE-EXISTS"


def test_a_retired_release_begins_anew_with_nothing_that_it_had() -> None:
    retired = taken(DRAFT, step("test"), step("shadow"), step("rollback"))
    again = draft(BUNDLE, retired)
    assert (again.state, again.regression, again.share) == ("draft", None, 0.0)
    assert again.revision == retired.revision + 1


def test_a_bundle_that_adds_nothing_is_no_release() -> None:
    refused = drafted(Bundle(code="0.1.0+a", author="ada"), "ada", NOW)
    assert isinstance(refused, Refused)
    assert refused.reason == "RELEASE-EMPTY"


@pytest.mark.parametrize("wish", ["shadow", "canary"])
def test_one_release_at_a_time_looks_on_or_decides_a_share(wish: Wish) -> None:
    first = taken(DRAFT, step("test"), step("shadow"), *([step("canary")] if wish == "canary" else []))
    second = taken(draft(OTHER), step("test"), step("shadow"))
    refused = collides(second, step(wish), [first, second])
    assert refused is not None
    assert refused.reason == "RELEASE-BUSY"


def test_a_release_is_not_in_its_own_way_nor_in_that_of_other_code() -> None:
    first = taken(DRAFT, step("test"), step("shadow"), step("canary"))
    foreign = taken(draft(Bundle(code="0.1.0+b", confidence_min={"text": 0.95})), step("test"), step("shadow"))
    assert collides(first, step("canary", share=0.9), [first]) is None
    assert collides(foreign, step("canary"), [first, foreign]) is None
    assert collides(first, step("rollback"), [first, foreign]) is None


def test_a_first_promoter_leaves_the_moment_since_when_the_canary_runs() -> None:
    canary = taken(DRAFT, step("test"), step("shadow"), step("canary"))
    later = Step("promote", "ada", NOW + timedelta(hours=1))
    assert taken(canary, later).since == canary.since == NOW
    wider = Step("canary", "ada", NOW + timedelta(hours=2), share=0.9)
    assert taken(canary, later, wider).since == NOW + timedelta(hours=2)
