"""What a person reads of a replay."""

from app.replay import Difference, Replay, Step
from app.replay.comparing import differences
from app.replay.text import DIFFERENCES_MAX, render

EQUAL = Step(
    stage="decision", read="invoice.validated/2/17", entry_digest="sha256:e", release="1", outcome="approve",
    verdict="equal", records_equal=2,
)  # fmt: skip
DIFFERENT = EQUAL.model_copy(
    update={
        "verdict": "differs",
        "differences": (Difference(record="payment.decided/2/17", member="a.b", recorded='"1"', replayed='"2"'),),
    }
)


def told(*steps: Step, running: str = "1", gaps: tuple[str, ...] = ()) -> str:
    return render(
        Replay(document_id="sha256:d", release_running=running, releases_recorded=("1",), steps=steps, gaps=gaps)
    )


def test_an_equal_replay_says_so_first() -> None:
    text = told(EQUAL, EQUAL)
    assert text.splitlines()[2] == "All 2 steps give the same bytes again: 4 records, audit entries among them."
    assert "is the one that is installed here" in text


def test_a_difference_is_named_with_both_values() -> None:
    text = told(EQUAL, DIFFERENT)
    assert "1 member differs. 1 of 2 steps give the same bytes again." in text
    assert "payment.decided/2/17  a.b" in text
    assert 'was "1", is now "2"' in text


def test_another_release_is_a_possible_cause_or_is_cleared() -> None:
    assert "What differs may come from the code" in told(DIFFERENT, running="2")
    assert "That one decides the same." in told(EQUAL, running="2")


def test_a_release_over_the_code_that_is_installed_is_no_other_code() -> None:
    found = Replay(document_id="sha256:d", release_running="1", releases_recorded=("1", "1.a"), steps=(EQUAL,))
    assert "Recorded is 1, 1.a, over the code that is installed here, 1." in render(found)
    other = found.model_copy(update={"releases_recorded": ("1.a", "10")})
    assert "The recorded release is 1.a, 10; installed here is 1." in render(other)


def test_a_gap_is_no_success() -> None:
    text = told(EQUAL, gaps=("payment read a record that is gone",))
    assert "All" not in text
    assert "- payment read a record that is gone" in text


def test_of_many_differences_the_first_are_shown() -> None:
    many = DIFFERENT.model_copy(update={"differences": DIFFERENT.differences * (DIFFERENCES_MAX + 3)})
    assert "and 3 more; --json has all" in told(many)


def test_values_of_a_stranger_do_nothing_to_the_terminal() -> None:
    evil = Difference(record="payment.decided/2/17", member="a", recorded="\x9b2J\u202e", replayed="\x1b[0m")
    text = told(DIFFERENT.model_copy(update={"differences": (evil,)}))
    assert all(sign.isprintable() or sign == "\n" for sign in text)


class TestMembers:
    """Two records, member by member."""

    def test_equal_bytes_have_no_difference(self) -> None:
        assert differences(b'{"a":1}', b'{"a":1}') == ()

    def test_a_changed_a_missing_and_a_new_member(self) -> None:
        found = differences(b'{"a":{"b":[1,2]},"c":null}', b'{"a":{"b":[1,3,4]},"d":"x"}')
        assert found == (
            ("a.b[1]", "2", "3"),
            ("a.b[2]", "(absent)", "4"),
            ("c", "null", "(absent)"),
            ("d", "(absent)", '"x"'),
        )

    def test_a_number_is_not_its_text(self) -> None:
        assert differences(b'{"a":1}', b'{"a":"1"}') == (("a", "1", '"1"'),)

    def test_bytes_that_differ_though_members_do_not(self) -> None:
        assert differences(b'{"a":1}', b'{ "a":1}') == (("(bytes)", '{"a":1}', '{ "a":1}'),)

    def test_bytes_that_are_no_json(self) -> None:
        assert differences(b"\xff", b"{}")[0][0] == "(bytes)"
        assert differences(None, b"{}") == (("(value)", "null", "{}"),)

    def test_a_long_value_is_cut(self) -> None:
        ((_, then, _),) = differences(b'{"a":"' + b"x" * 999 + b'"}', b'{"a":""}')
        assert len(then) < 130
