"""Which release is in force, as the topic's records say it."""

from datetime import UTC, datetime

import pytest

from schemas.codec import decode, encode
from schemas.policy import Policy
from schemas.release import Bundle, FeatureWeight, LabelLearned, Learned, ReleaseChanged, ReleaseState, Scorer
from tables.releases import Releases, drawn

CODE, OTHER_CODE = "0.1.0+aaaaaaaaaaaa", "0.1.0+bbbbbbbbbbbb"
NOW = datetime(2026, 11, 29, tzinfo=UTC)
DOCUMENTS = [f"sha256:{number:064x}" for number in range(2_000)]


def bundle(phrase: str, code: str = CODE) -> Bundle:
    return Bundle(code=code, learned=Learned(labels=(LabelLearned(language="de", concept="payable", phrase=phrase),)))


def change(bundle: Bundle, state: ReleaseState, share: float = 0.0, revision: int = 0) -> ReleaseChanged:
    return ReleaseChanged(
        release_id=bundle.release_id,
        state=state,
        changed_by="ada",
        changed_at=NOW,
        bundle=bundle,
        share=share,
        revision=revision,
    )


ONE, TWO = bundle("zu zahlen"), bundle("bitte zahlen")


def releases(*changes: ReleaseChanged) -> Releases:
    book = Releases(CODE)
    for offset, each in enumerate(changes):
        book.apply(each, offset)
    return book


def test_the_code_alone_is_in_force_where_nothing_was_promoted() -> None:
    assert releases(change(ONE, "draft"), change(TWO, "tested")).active.name == CODE


def test_what_became_active_last_is_in_force_and_what_lies_below_comes_back() -> None:
    book = releases(change(ONE, "active"), change(TWO, "active"))
    assert book.active.name == TWO.release_id
    book.apply(change(TWO, "retired"), 2)
    assert book.active.name == ONE.release_id
    book.apply(change(ONE, "retired"), 3)
    assert book.active.name == CODE


def test_the_order_is_that_of_the_offsets_and_not_of_arrival() -> None:
    book = Releases(CODE)
    book.apply(change(TWO, "active"), 7)
    book.apply(change(ONE, "active"), 3)
    assert book.active.name == TWO.release_id


def test_a_record_that_was_written_again_brings_nothing_back() -> None:
    """Compaction leaves only the repetition, which lies above what became active later."""
    book = releases()
    first = book.promoted(change(ONE, "active"))
    book.apply(first, 0)
    second = book.promoted(change(TWO, "active"))
    anew = releases(second, first)
    assert anew.active.name == TWO.release_id
    anew.apply(change(TWO, "retired"), 5)
    assert anew.active.name == ONE.release_id


def test_a_release_of_other_code_is_never_in_force() -> None:
    foreign = bundle("zu zahlen", OTHER_CODE)
    book = releases(change(foreign, "active"), change(bundle("x", OTHER_CODE), "canary", 1.0))
    assert book.choose(DOCUMENTS[0]).name == CODE
    assert book.named(foreign.release_id) is None
    assert not book.is_ours(foreign.release_id)


def test_a_canary_decides_its_share_and_always_the_same_documents() -> None:
    book = releases(change(ONE, "active"), change(TWO, "canary", 0.2))
    chosen = {document: book.choose(document).name for document in DOCUMENTS}
    assert set(chosen.values()) == {ONE.release_id, TWO.release_id}
    assert 0.17 < sum(name == TWO.release_id for name in chosen.values()) / len(DOCUMENTS) < 0.23
    book.apply(change(TWO, "canary", 0.5), 9)
    assert all(book.choose(one).name == TWO.release_id for one, name in chosen.items() if name == TWO.release_id)


def held_back(bundle: Bundle, share: float = 0.05) -> ReleaseChanged:
    return change(bundle, "active").model_copy(update={"holdback": share})


def test_an_active_release_leaves_its_share_to_the_one_below_and_always_the_same_documents() -> None:
    book = releases(change(ONE, "active"), held_back(TWO))
    chosen = {document: book.choose(document).name for document in DOCUMENTS}
    below = {one for one, name in chosen.items() if name == ONE.release_id}
    assert (book.active.name, book.below.name, book.held_back) == (TWO.release_id, ONE.release_id, 0.05)
    assert set(chosen.values()) == {ONE.release_id, TWO.release_id}
    assert 0.035 < len(below) / len(DOCUMENTS) < 0.065
    assert {one for one in DOCUMENTS if book.choose(one).name == ONE.release_id} == below
    book.apply(change(TWO, "active"), 9)
    assert {book.choose(one).name for one in DOCUMENTS} == {TWO.release_id}


def test_below_the_only_release_lies_the_code_and_below_the_code_nothing_else() -> None:
    book = releases(held_back(ONE))
    assert book.below.name == CODE
    assert {book.choose(one).name for one in DOCUMENTS} == {ONE.release_id, CODE}
    assert (releases().below.name, releases().held_back) == (CODE, 0.0)


def test_what_a_canary_decided_stays_with_it_when_it_is_promoted() -> None:
    canary = releases(change(TWO, "canary", 0.5))
    promoted = releases(held_back(TWO))
    own = {one for one in DOCUMENTS if canary.choose(one).name == TWO.release_id}
    assert own <= {one for one in DOCUMENTS if promoted.choose(one).name == TWO.release_id}


def test_while_there_is_a_canary_nothing_is_held_back() -> None:
    book = releases(held_back(ONE), change(TWO, "canary", 0.2))
    assert book.held_back == 0.0
    assert {book.choose(one).name for one in DOCUMENTS} == {ONE.release_id, TWO.release_id}


def test_when_the_one_below_is_taken_back_the_share_falls_to_what_lies_below_that() -> None:
    book = releases(change(ONE, "active"), held_back(TWO))
    book.apply(change(ONE, "retired"), 5)
    assert {book.choose(one).name for one in DOCUMENTS} == {TWO.release_id, CODE}


def test_a_shadow_decides_nothing() -> None:
    book = releases(change(TWO, "shadow", 1.0))
    assert book.choose(DOCUMENTS[0]).name == CODE
    shadowed = book.shadowed(DOCUMENTS[0])
    assert shadowed is not None
    assert shadowed.name == TWO.release_id


def test_what_is_retired_is_still_known_by_its_name() -> None:
    found = releases(change(ONE, "retired")).named(ONE.release_id)
    assert found is not None
    assert found.bundle == ONE
    assert found.is_withdrawn


@pytest.mark.parametrize("state", ["draft", "tested", "shadow", "canary", "active"])
def test_only_what_is_retired_was_taken_back(state: ReleaseState) -> None:
    found = releases(change(ONE, state, 0.5), change(TWO, "active")).named(ONE.release_id)
    assert found is not None
    assert not found.is_withdrawn


def test_shares_of_two_releases_are_drawn_apart() -> None:
    both = sum(drawn("a", one) < 0.5 and drawn("b", one) < 0.5 for one in DOCUMENTS)
    assert 0.2 < both / len(DOCUMENTS) < 0.3


def test_a_name_follows_from_the_content_and_not_from_its_story() -> None:
    told = ONE.model_copy(update={"author": "bob", "reason": "because", "parent": "r", "claims": ("c",)})
    assert told.release_id == ONE.release_id != TWO.release_id
    assert Bundle(code=CODE, author="bob").release_id == CODE


def test_a_name_survives_the_topic() -> None:
    policy = Policy(name="p", automatic_lanes=frozenset({"xml", "text", "scan"}), confidence_min={"xml": 0.9})
    full = ONE.model_copy(update={"policy": policy, "confidence_min": {"text": 0.95}})
    written = change(full, "draft")
    assert decode(encode(written), ReleaseChanged) == written


def test_a_bundle_under_another_name_is_refused() -> None:
    with pytest.raises(ValueError, match="the bundle is"):
        ReleaseChanged(release_id=TWO.release_id, state="draft", changed_by="ada", changed_at=NOW, bundle=ONE)


def test_of_two_records_on_the_same_one_the_first_counts_and_is_written_again() -> None:
    retired, promoted = change(ONE, "retired", revision=5), change(ONE, "active", revision=5)
    book = releases(change(ONE, "canary", 1.0, revision=4))
    assert book.apply(retired, 1)
    assert not book.apply(promoted, 2)
    assert book.active.name == CODE
    assert book.overtaken() == (retired,)
    assert not book.apply(retired, 3)
    assert book.overtaken() == ()


def test_what_was_made_on_an_old_record_does_not_count() -> None:
    book = releases(change(ONE, "retired", revision=5))
    assert not book.apply(change(ONE, "canary", 1.0, revision=3), 1)
    assert not book.apply(change(ONE, "active"), 2)
    assert book.canary is None


def test_where_compaction_has_left_the_last_record_alone_it_counts() -> None:
    assert releases(change(ONE, "active", revision=9)).active.name == ONE.release_id


def test_a_release_whose_record_was_deleted_begins_anew() -> None:
    book = releases(change(ONE, "active", revision=9), change(ONE, "canary", revision=9))
    book.remove(ONE.release_id)
    assert book.overtaken() == ()
    assert book.apply(change(ONE, "draft", revision=1), 2)


def test_a_scorer_of_its_own_makes_another_release_and_none_renames_nothing() -> None:
    weight = FeatureWeight(field="invoice_number", feature="dated", weight=0.5)
    scored = Bundle(code=CODE, learned=Learned(scorer=Scorer(version="a", seed=7, weights=(weight,))))
    assert Bundle(code=CODE, learned=Learned(scorer=None)).release_id == CODE
    assert b"scorer" not in ONE.content
    assert scored.release_id != CODE
    assert decode(encode(scored), Bundle) == scored
    assert scored.learned.scorer is not None
    assert scored.learned.scorer.of("invoice_number") == {"dated": 0.5}
    assert scored.learned.scorer.of("amount_due_for_payment") == {}
