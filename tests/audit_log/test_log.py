"""A log says itself where it ends, and whatever happens to those who seal it, each entry is in it once."""

from dataclasses import dataclass, field
from typing import Literal

import pytest

from app.audit_log.log import LogBroken, SealedLog
from app.audit_log.offline.segment import Parts, checkpoint_name, record_of, segment_name
from app.audit_log.offline.walk import Walk
from app.audit_log.place import Place, PlaceUnavailable, PlaceUnfit
from app.audit_log.sealing import Sealing, SealingLimits
from tests.audit_log.logs import KEY, ORIGIN, MemoryPlace, entry, leaves, opened, sealed, sealing_key, walked

ENTRIES = 23
LIMITS = SealingLimits(seconds=1.0, entries=5)


def offsets(place: Place) -> list[int]:
    """The offsets of all that is sealed, in the order of the log."""
    last = place.last("segments")
    contents = [place.read(segment_name(number)) for number in range(0 if last is None else last + 1)]
    return [record_of(leaf)[0] for content in contents for leaf in Parts.of(content or b"").leaves]


def test_an_empty_log_begins_anywhere() -> None:
    log = opened(MemoryPlace())
    assert log.tail.next_offset is None
    assert log.append(leaves(40, 3))
    assert opened(log._place).tail.next_offset == 43


def test_who_opens_a_log_goes_on_where_it_ends() -> None:
    place = sealed([3, 4])
    again = opened(place)
    assert (again.tail.ordinal, again.tail.next_offset, again.tail.after.size) == (1, 7, 7)
    again.append(leaves(7, 2))
    assert walked(place).is_intact
    assert offsets(place) == list(range(9))


def test_opening_reads_one_segment_however_long_the_log_is() -> None:
    @dataclass
    class Counting(MemoryPlace):
        reads: int = 0

        def read(self, name: str) -> bytes | None:
            self.reads += name.startswith("segments/")
            return super().read(name)

    place = Counting(sealed([1] * 60).objects)
    assert opened(place).tail.after.size == 60
    assert place.reads == 1


def test_a_checkpoint_is_kept_by_itself_in_both_places() -> None:
    second = MemoryPlace()
    place = sealed([3, 4], second)
    for number in range(2):
        note = Parts.of(place.objects[segment_name(number)]).note
        assert place.objects[checkpoint_name(number)] == second.objects[checkpoint_name(number)] == note


Moment = Literal["before", "after"]


class KilledError(Exception):
    """The process was killed here."""


@dataclass
class Deadly(MemoryPlace):
    """Kills whoever asks for the n-th time, before or after doing it."""

    at: int = 0
    moment: Moment = "before"
    asked: int = 0

    def put_if_absent(self, name: str, content: bytes) -> bool:
        self.asked += 1
        if self.asked == self.at and self.moment == "before":
            raise KilledError
        written = super().put_if_absent(name, content)
        if self.asked == self.at and self.moment == "after":
            raise KilledError
        return written


def seal_all(place: Place, second: Place) -> None:
    """What a sealer does from its start until everything is sealed, whatever was sealed before."""
    sealing = Sealing(opened(place, second), LIMITS, 0)
    for offset in range(sealing.next_offset, ENTRIES):
        sealing.take(offset, entry(offset), 0.0)
        if sealing.is_full:
            sealing.seal(0.0)
    while not sealing.is_empty:
        sealing.seal(0.0)


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("where", ["first", "second"])
def test_killed_at_any_write_a_sealer_leaves_a_log_that_the_next_one_completes(where: str, moment: Moment) -> None:
    for at in range(1, 20):
        first, second = Deadly(), Deadly()
        deadly = first if where == "first" else second
        deadly.at, deadly.moment = at, moment
        try:
            seal_all(first, second)
        except KilledError:
            # A checkpoint beyond the log would say that the log was cut off: it is never there before its segment.
            assert walked(first, second).is_intact
            seal_all(first, second)
        assert walked(first, second).is_intact
        assert offsets(first) == list(range(ENTRIES))
        assert second.last("checkpoints") == first.last("segments")


def test_a_sealer_that_is_killed_over_and_over_gets_through() -> None:
    place, second = Deadly(moment="after"), MemoryPlace()
    for _kill in range(200):
        place.at, place.asked = 4, 0
        try:
            seal_all(place, second)
            break
        except KilledError:
            continue
    assert offsets(place) == list(range(ENTRIES))
    assert walked(place, second).is_intact


def test_of_two_sealers_one_is_first_and_the_other_reads_on() -> None:
    place = sealed([3])
    one, zombie = opened(place), opened(place)
    assert one.append(leaves(3, 4))
    assert not zombie.append(leaves(3, 2))
    assert zombie.tail == one.tail
    assert zombie.append(leaves(7, 1))
    assert not one.append(leaves(7, 1)), "the same bytes were written by another"
    assert offsets(place) == list(range(8))
    assert walked(place).is_intact


def test_a_zombie_that_had_read_further_goes_on_from_there() -> None:
    place = sealed([3])
    one, zombie = opened(place), Sealing(opened(place), LIMITS, 0)
    for offset in range(3, 7):
        zombie.take(offset, entry(offset), 0.0)
    one.append(leaves(3, 2))
    assert zombie.seal(0.0) == 2
    assert (zombie.sealed_offset, zombie.next_offset) == (5, 7)
    assert zombie.seal(0.0) == 2
    assert offsets(place) == list(range(7))


def test_what_another_has_sealed_of_other_bytes_stops_the_sealer() -> None:
    place = sealed([3])
    one, other = opened(place), opened(place)
    one.append(leaves(3, 2))
    with pytest.raises(LogBroken, match="other entries from 3 on"):
        other.append([(3, b'{"entry":{"other":1},"offset":3}')])


def test_a_segment_that_was_written_though_nobody_said_so_is_not_written_again() -> None:
    class Silent(MemoryPlace):
        def put_if_absent(self, name: str, content: bytes) -> bool:
            written = super().put_if_absent(name, content)
            if name == segment_name(0) and written:
                raise PlaceUnavailable("the answer was lost")
            return written

    place = Silent()
    sealing = Sealing(opened(place), LIMITS, 0)
    for offset in range(4):
        sealing.take(offset, entry(offset), 0.0)
    with pytest.raises(PlaceUnavailable):
        sealing.seal(0.0)
    sealing.take(4, entry(4), 0.0)
    assert sealing.seal(0.0) == 4
    assert sealing.seal(0.0) == 1
    assert offsets(place) == list(range(5))
    assert walked(place).is_intact


def test_while_the_second_place_is_away_one_checkpoint_waits_and_no_more_is_sealed() -> None:
    class Away(MemoryPlace):
        is_away = True

        def put_if_absent(self, name: str, content: bytes) -> bool:
            if self.is_away:
                raise PlaceUnavailable("away")
            return super().put_if_absent(name, content)

    second = Away()
    place = MemoryPlace()
    sealing = Sealing(opened(place, second), LIMITS, 0)
    for offset in range(12):
        sealing.take(offset, entry(offset), 0.0)
    for _try in range(3):
        with pytest.raises(PlaceUnavailable):
            sealing.seal(0.0)
    assert place.last("segments") == 0
    second.is_away = False
    while not sealing.is_empty:
        sealing.seal(0.0)
    assert offsets(place) == list(range(12))
    assert second.last("checkpoints") == place.last("segments")


def test_a_log_that_was_cut_off_is_not_written_on() -> None:
    second = MemoryPlace()
    place = sealed([3, 3], second)
    del place.objects[segment_name(1)], place.objects[checkpoint_name(1)]
    with pytest.raises(LogBroken, match=r"ends before checkpoints/000/000/001\.txt"):
        opened(place, second)


def test_a_log_whose_end_is_damaged_is_not_written_on() -> None:
    place = sealed([3, 3])
    place.objects[segment_name(1)] = place.objects[segment_name(1)].replace(b'"e4"', b'"e5"')
    with pytest.raises(LogBroken, match="does not hold what was sealed"):
        opened(place)


def test_a_rewritten_log_is_not_written_on() -> None:
    second = MemoryPlace()
    sealed([3, 3], second)
    with pytest.raises(LogBroken, match="another checkpoint"):
        opened(sealed([3, 2]), second)


def test_a_log_stays_verifiable_over_a_change_of_keys() -> None:
    place, old, new = sealed([3, 3]), KEY.named(ORIGIN), sealing_key("second")
    with pytest.raises(LogBroken, match="no known key"):
        opened(place, None, new)
    log = opened(place, None, new, old)
    log.append(leaves(6, 3))
    both = [old, new.named(ORIGIN)]
    assert Walk(place, both).run().is_intact
    assert not Walk(place, [old]).run().is_intact
    assert not Walk(place, [new.named(ORIGIN)]).run().is_intact


def test_a_redelivered_entry_is_sealed_again_and_one_with_other_bytes_too() -> None:
    """The log is the topic, record by record: what a stage says twice, or otherwise, is there to be seen."""
    place = MemoryPlace()
    sealing = Sealing(opened(place), LIMITS, 0)
    values = [entry(1), entry(1), entry(1, release="other")]
    for offset, value in enumerate(values):
        sealing.take(offset, value, 0.0)
    sealing.seal(0.0)
    held = Parts.of(place.objects[segment_name(0)]).leaves
    assert [record_of(leaf) for leaf in held] == list(enumerate(values))


@pytest.mark.parametrize(
    "value",
    [
        b"", b"\x00\xff", b"no json", b"[1]", b'{"a": 1}', b'{"b":1,"a":2}', b'{"a":1,"a":2}', b'{"a":"\\ud800"}',
        b'{"a":NaN}', b'{"a":' + b"[" * 5_000 + b"]" * 5_000 + b"}", b'{"a":1}\n', b'{"a":"\n"}', b"\n\n",
        b'{"a":1e400}',
    ],
)  # fmt: skip
def test_whatever_stands_on_the_topic_is_sealed_as_it_is(value: bytes) -> None:
    place = MemoryPlace()
    sealing = Sealing(opened(place), LIMITS, 0)
    sealing.take(0, value, 0.0)
    sealing.seal(0.0)
    (leaf,) = Parts.of(place.objects[segment_name(0)]).leaves
    assert record_of(leaf) == (0, value)
    assert walked(place).is_intact


def test_a_segment_is_closed_by_entries_by_bytes_and_by_time() -> None:
    place = MemoryPlace()
    sealing = Sealing(opened(place), SealingLimits(seconds=10.0, entries=3, bytes=300), 0)
    assert not sealing.is_due(1_000.0)
    sealing.take(0, entry(0), 100.0)
    assert not sealing.is_due(109.0)
    assert sealing.is_due(110.0)
    sealing.take(1, entry(1, more="x" * 300), 111.0)
    assert sealing.is_full
    assert sealing.seal(112.0) == 1, "the large one does not fit into the same segment"
    assert sealing.seal(112.0) == 1
    for offset in range(2, 5):
        sealing.take(offset, b"{}", 113.0)
    assert sealing.is_full
    assert sealing.seal(113.0) == 3
    assert sealing.is_empty


def test_a_log_is_kept_apart_from_another_of_the_same_place() -> None:
    place = sealed([1])
    with pytest.raises(PlaceUnfit):
        SealedLog(place, None, "example.org/other/audit.entry/0", KEY).open()


@dataclass
class Growing(MemoryPlace):
    """A log to which another sealer adds a segment whenever somebody has asked for its end."""

    second: MemoryPlace = field(default_factory=MemoryPlace)
    is_asked: bool = False

    def last(self, kind: str) -> int | None:
        found = super().last(kind)
        if not self.is_asked:
            self.is_asked = True
            other = opened(self, self.second)
            other.append(leaves(other.tail.next_offset or 0, 3))
            self.is_asked = False
        return found


def test_a_log_that_grows_while_it_is_walked_or_opened_is_not_taken_for_a_cut_one() -> None:
    place = Growing()
    for _time in range(5):
        assert walked(place, place.second).is_intact
        opened(place, place.second)
    assert offsets(place) == list(range((place.last("segments") or 0) * 3))
