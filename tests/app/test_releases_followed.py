"""The releases of a process: what the topic says, what is not known yet, and what changes nothing."""

import asyncio
import logging
from datetime import UTC, datetime

import pytest

from app import releases_followed
from app.releases_followed import FollowedReleases
from app.settings import Settings
from schemas.codec import decode, encode
from schemas.identifiers import document_id
from schemas.policy import Policy
from schemas.release import Bundle, ReleaseChanged, ReleaseState

CODE = "0.1.0+aaaaaaaaaaaa"
NOW = datetime(2026, 11, 29, 2, 30, tzinfo=UTC)
DOCUMENT = document_id(b"invoice")


def bundle(name: str, code: str = CODE) -> Bundle:
    policy = Policy(name=name, automatic_lanes=frozenset({"xml"}), confidence_min={"xml": 0.95})
    return Bundle(code=code, policy=policy)


ONE, TWO = bundle("one"), bundle("two")


def record(given: Bundle, state: ReleaseState = "active", share: float = 0.0) -> tuple[bytes, bytes]:
    change = ReleaseChanged(
        release_id=given.release_id, state=state, changed_by="ada", changed_at=NOW, bundle=given, share=share
    )
    return given.release_id.encode(), encode(change)


class Followed:
    """Releases whose follower is played by hand."""

    def __init__(self, *, caught_up: bool = True) -> None:
        self.unreadable = 0
        self.releases = FollowedReleases(Settings(), CODE, unreadable=self._count)
        self._offset = 0
        if caught_up:
            self.catch_up()

    def _count(self) -> None:
        self.unreadable += 1

    def catch_up(self) -> None:
        self.releases.follower._caught_up.set()

    def write(self, key: bytes | None, value: bytes | None) -> None:
        self.releases.apply(key, value, self._offset)
        self._offset += 1


async def turns(count: int = 10) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


async def test_without_a_record_the_code_itself_is_in_force() -> None:
    releases = Followed().releases
    assert releases.active.name == CODE
    assert (await releases.choose(DOCUMENT)).name == CODE
    assert (await releases.named(CODE, DOCUMENT)).bundle == Bundle(code=CODE)
    assert list(releases.in_force) == ["active"]


async def test_what_is_promoted_is_in_force_and_what_is_rolled_back_is_not_any_more() -> None:
    followed = Followed()
    seen = []
    for given, state in ((ONE, "active"), (TWO, "active"), (TWO, "retired"), (ONE, "retired")):
        followed.write(*record(given, state))  # type: ignore[arg-type] # a literal of the table above
        assert (await followed.releases.choose(DOCUMENT)).name == followed.releases.active.name
        seen.append(followed.releases.active.name)
    assert seen == [ONE.release_id, TWO.release_id, ONE.release_id, CODE]


async def test_a_canary_is_told_beside_the_active_one() -> None:
    followed = Followed()
    followed.write(*record(ONE))
    followed.write(*record(TWO, "canary", 1.0))
    told = {state: running.name for state, running in followed.releases.in_force.items()}
    assert told == {"active": ONE.release_id, "canary": TWO.release_id}
    assert (await followed.releases.choose(DOCUMENT)).name == TWO.release_id


async def test_what_lies_below_is_told_while_it_decides_a_share() -> None:
    followed = Followed()
    key, value = record(ONE)
    held_back = decode(value, ReleaseChanged).model_copy(update={"holdback": 0.05})
    followed.write(key, encode(held_back))
    told = {state: running.name for state, running in followed.releases.in_force.items()}
    assert told == {"active": ONE.release_id, "below": CODE}


async def test_nothing_is_chosen_before_all_that_stands_there_is_read() -> None:
    followed = Followed(caught_up=False)
    choosing = asyncio.create_task(followed.releases.choose(DOCUMENT))
    naming = asyncio.create_task(followed.releases.named(CODE, DOCUMENT))
    await turns()
    assert not choosing.done()
    assert not naming.done()
    followed.write(*record(ONE))
    followed.catch_up()
    assert (await choosing).name == ONE.release_id
    assert (await naming).name == CODE


@pytest.mark.parametrize("state", ["draft", "shadow", "retired", "active"])
async def test_a_record_is_dealt_with_by_the_release_that_it_names_whatever_has_become_of_it(
    state: ReleaseState,
) -> None:
    followed = Followed()
    followed.write(*record(ONE, state, 0.5))
    followed.write(*record(TWO))
    assert (await followed.releases.named(ONE.release_id, DOCUMENT)).bundle == ONE


async def test_a_release_that_is_not_known_yet_is_waited_for() -> None:
    followed = Followed()
    waiting = asyncio.create_task(followed.releases.named(TWO.release_id, DOCUMENT))
    await turns()
    followed.write(*record(ONE))  # another one
    await turns()
    assert not waiting.done()
    followed.write(*record(TWO, "draft"))
    assert (await waiting).bundle == TWO


async def test_a_release_of_other_code_is_not_waited_for() -> None:
    followed = Followed()
    followed.write(*record(ONE))
    for name in (bundle("x", "0.1.0+bbbbbbbbbbbb").release_id, "0.1.0+bbbbbbbbbbbb", "0.1.0+aaaaaaaaaaaaa.1", ""):
        assert (await followed.releases.named(name, DOCUMENT)).name == ONE.release_id


async def test_a_release_that_was_deleted_is_waited_for_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(releases_followed, "REACH_SECONDS", 0.01)
    followed = Followed()
    followed.write(*record(ONE))
    followed.write(*record(TWO, "retired"))
    followed.write(TWO.release_id.encode(), None)
    for _ in range(3):
        assert (await followed.releases.named(TWO.release_id, DOCUMENT)).name == ONE.release_id
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    followed.write(*record(TWO, "draft"))  # it is there again
    assert (await followed.releases.named(TWO.release_id, DOCUMENT)).bundle == TWO


UNREADABLE = {
    "no JSON": (ONE.release_id.encode(), b"\x00junk"),
    "empty": (ONE.release_id.encode(), b""),
    "no release": (ONE.release_id.encode(), b"{}"),
    "another content than the name says": (
        TWO.release_id.encode(),
        record(ONE)[1].replace(ONE.release_id.encode(), TWO.release_id.encode()),
    ),
    "under another key": (TWO.release_id.encode(), record(ONE)[1]),
    "without a key": (None, record(ONE)[1]),
    "no UTF-8 in the key": (b"\xff", record(ONE)[1]),
}


@pytest.mark.parametrize("case", UNREADABLE)
async def test_a_record_that_cannot_be_taken_in_changes_nothing_and_is_told_once(
    case: str, caplog: pytest.LogCaptureFixture
) -> None:
    followed = Followed()
    followed.write(*record(TWO))
    followed.write(*UNREADABLE[case])
    assert followed.releases.active.name == TWO.release_id
    assert [line.levelno for line in caplog.records] == [logging.WARNING]
    assert followed.unreadable == 1


async def test_of_two_records_that_were_made_on_one_the_first_counts(caplog: pytest.LogCaptureFixture) -> None:
    followed = Followed()
    for state in ("retired", "active"):
        key, value = record(ONE, state)
        followed.write(key, value.replace(b'"revision":0', b'"revision":5'))
    assert followed.releases.active.name == CODE
    assert [line.levelno for line in caplog.records] == [logging.WARNING]
    assert followed.unreadable == 0


async def test_a_tombstone_of_what_was_never_there_is_nothing(caplog: pytest.LogCaptureFixture) -> None:
    followed = Followed()
    followed.write(b"0.1.0+x.y", None)
    followed.write(None, None)
    assert followed.releases.active.name == CODE
    assert not caplog.records
