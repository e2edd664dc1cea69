"""A1: whatever is done to a sealed log is seen, and the entry named; a clean log gives no alarm."""

import random
from collections.abc import Callable

import pytest

from app.audit_log.log import SealedLog
from app.audit_log.offline.note import Checkpoint, opened
from app.audit_log.offline.segment import Head, Parts, checkpoint_name, leaf_of, render, segment_name
from app.audit_log.offline.walk import Walk
from tests.audit_log.logs import KEY, ORIGIN, MemoryPlace, entry, leaves, sealed, sealing_key, walked

FIRST, MIDDLE, LAST = (segment_name(number) for number in range(3))
# Of the long segment: each byte of what is not an entry, and so many of the entries.
SAMPLED = 500


def tampered(change: Callable[[MemoryPlace], object], sizes: list[int], second: MemoryPlace | None = None) -> set[str]:
    place = sealed(sizes, second)
    change(place)
    return {finding.kind for finding in walked(place, second).findings}


def named(change: Callable[[list[bytes]], object], at: str = MIDDLE) -> tuple[set[str], set[int | None]]:
    """Change the lines of the middle one of three segments of ten; return kinds and entries named."""
    place = sealed([10, 10, 10])
    parts = Parts.of(place.objects[at])
    lines = list(parts.leaves)
    change(lines)
    place.objects[at] = b"".join(line + b"\n" for line in (parts.head, *lines)) + b"\n" + parts.note
    findings = walked(place).findings
    return {finding.kind for finding in findings}, {finding.entry for finding in findings}


def test_a_clean_log_of_a_thousand_entries_gives_no_alarm() -> None:
    second = MemoryPlace()
    place = sealed([400, 1, 599], second)
    verdict = walked(place, second)
    assert verdict.is_intact, verdict.findings
    assert (verdict.entries, verdict.segments, verdict.first_offset, verdict.next_offset) == (1000, 3, 0, 1000)
    assert verdict.compared == 6


def flipped(content: bytes, at: int, choice: random.Random) -> bytes:
    return content[:at] + bytes([content[at] ^ choice.randrange(1, 256)]) + content[at + 1 :]


def entry_at(content: bytes, at: int, first: int) -> int | None:
    """The entry whose line a byte is in, None for what is no entry."""
    number = content.count(b"\n", 0, at) - 1
    ends = content.rindex(b"\n\n", 0, content.rindex(b"\n\n"))
    return first + number if number >= 0 and at < ends else None


def test_every_byte_of_a_segment_is_sealed() -> None:
    place, choice = sealed([7, 20, 3]), random.Random(1)
    whole = place.objects[MIDDLE]
    for at in range(len(whole)):
        place.objects[MIDDLE] = flipped(whole, at, choice)
        findings = walked(place).findings
        assert findings, f"a flip of byte {at} is not seen"
        wanted = entry_at(whole, at, 7)
        assert wanted is None or wanted in {finding.entry for finding in findings}, (at, findings)
    place.objects[MIDDLE] = whole
    assert walked(place).is_intact


def test_flips_all_over_a_thousand_entries_are_seen_and_named() -> None:
    place, choice = sealed([1000]), random.Random(2)
    whole = place.objects[FIRST]
    ends = whole.rindex(b"\n\n", 0, whole.rindex(b"\n\n"))
    places = [*range(ends, len(whole)), *choice.sample(range(ends), SAMPLED)]
    for at in places:
        place.objects[FIRST] = flipped(whole, at, choice)
        findings = walked(place).findings
        wanted = entry_at(whole, at, 0)
        assert findings, f"a flip of byte {at} is not seen"
        assert wanted is None or wanted in {finding.entry for finding in findings}, (at, findings)


def test_an_entry_taken_out_is_named() -> None:
    assert named(lambda lines: lines.pop(3)) == ({"entry missing"}, {13})


def test_the_last_entry_of_a_segment_taken_out_is_named() -> None:
    assert named(lambda lines: lines.pop()) == ({"entry missing"}, {19})


def test_an_entry_put_in_is_named() -> None:
    assert named(lambda lines: lines.insert(4, leaf_of(14, entry(99)))) == ({"entry added"}, {14})


def test_an_entry_that_is_there_twice_is_named() -> None:
    assert named(lambda lines: lines.insert(5, lines[4])) == ({"entry added"}, {15})


def test_two_entries_that_changed_places_are_both_named() -> None:
    def swap(lines: list[bytes]) -> None:
        lines[2], lines[7] = lines[7], lines[2]

    assert named(swap) == ({"entry moved"}, {12, 17})


def test_a_changed_entry_is_named() -> None:
    def change(lines: list[bytes]) -> None:
        lines[6] = leaf_of(16, entry(16, outcome="reject"))

    assert named(change) == ({"entry changed"}, {16})


def test_an_entry_of_another_segment_is_named() -> None:
    def change(lines: list[bytes]) -> None:
        lines[0] = leaf_of(3, entry(3))

    assert named(change) == ({"entry changed"}, {10})


def test_who_rewrites_an_entry_and_what_the_head_says_of_it_has_not_the_root() -> None:
    place = sealed([10, 10, 10])
    parts = Parts.of(place.objects[MIDDLE])
    head = Head.parse(parts.head)
    lines = [*parts.leaves[:5], leaf_of(15, entry(15, outcome="reject")), *parts.leaves[6:]]
    place.objects[MIDDLE] = render(ORIGIN, head.before, lines, parts.note)
    findings = walked(place).findings
    assert [(finding.kind, finding.entry) for finding in findings] == [("root differs", 10)]
    assert "entries 10 to 19" in findings[0].detail


def test_a_rewriting_with_a_stolen_key_is_seen_by_the_second_place() -> None:
    second = MemoryPlace()
    sealed([10, 10, 10], second)
    forged = sealed([10, 5, 15])
    found = {finding.kind for finding in walked(forged, second).findings}
    assert found == {"checkpoint differs"}


def test_a_rewriting_with_a_stolen_key_is_seen_by_who_kept_a_checkpoint() -> None:
    honest = sealed([10, 10])
    kept = opened(Parts.of(honest.objects[MIDDLE]).note, [KEY.named(ORIGIN)])
    other = Checkpoint(ORIGIN, 15, bytes(32))
    assert Walk(honest, [KEY.named(ORIGIN)], older=[kept]).run().is_intact
    found = Walk(honest, [KEY.named(ORIGIN)], older=[other]).run().findings
    assert [finding.kind for finding in found] == ["history rewritten"]


def test_a_log_whose_end_was_cut_off_is_seen_by_the_second_place() -> None:
    second = MemoryPlace()

    def cut(place: MemoryPlace) -> None:
        del place.objects[LAST], place.objects[checkpoint_name(2)]

    assert tampered(cut, [5, 5, 5], second) == {"log truncated"}


def test_a_log_whose_end_was_cut_off_is_seen_by_who_kept_a_checkpoint() -> None:
    whole = sealed([10, 10])
    kept = opened(Parts.of(whole.objects[MIDDLE]).note, [KEY.named(ORIGIN)])
    found = Walk(sealed([10]), [KEY.named(ORIGIN)], older=[kept]).run().findings
    assert [(finding.kind, finding.entry) for finding in found] == [("log truncated", 10)]


def test_a_segment_cut_short_is_seen() -> None:
    place = sealed([10])
    whole = place.objects[FIRST]
    for length in range(len(whole)):
        place.objects[FIRST] = whole[:length]
        assert walked(place).findings, f"the first {length} bytes pass for a segment"


def replayed(place: MemoryPlace) -> None:
    """Put the first segment's checkpoint into the last."""
    old, last = Parts.of(place.objects[FIRST]), Parts.of(place.objects[LAST])
    body = place.objects[LAST].removesuffix(last.note)
    place.objects[LAST] = body + old.note


def damage_head(place: MemoryPlace) -> None:
    head, newline, rest = place.objects[MIDDLE].partition(b"\n")
    place.objects[MIDDLE] = head.replace(b'"count":10', b'"count":11') + newline + rest


def other_log() -> MemoryPlace:
    """The same, sealed by the same key under another origin."""
    place = MemoryPlace()
    log = SealedLog(place, None, "example.org/elsewhere/audit.entry/0", KEY)
    log.open()
    for first in (0, 10, 20):
        log.append(leaves(first, 10))
    return place


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("segment missing", lambda place: place.objects.pop(MIDDLE)),
        ("checkpoint replayed", replayed),
        ("segment foreign", lambda place: place.objects.update({LAST: place.objects[MIDDLE]})),
        ("checkpoint invalid", lambda place: place.objects.update({MIDDLE: other_log().objects[MIDDLE]})),
        ("checkpoint invalid", lambda place: place.objects.update({checkpoint_name(1): b"nothing"})),
        (
            "checkpoint differs",
            lambda place: place.objects.update({checkpoint_name(1): place.objects[checkpoint_name(0)]}),
        ),
        ("head damaged", damage_head),
    ],
)
def test_each_kind_of_tampering_has_its_name(kind: str, change: Callable[[MemoryPlace], object]) -> None:
    assert kind in tampered(change, [10, 10, 10])


def test_what_another_key_has_sealed_is_not_believed() -> None:
    findings = walked(sealed([10, 10], key=sealing_key("other"))).findings
    assert {finding.kind for finding in findings} == {"checkpoint invalid"}
    assert all("no known key has signed" in finding.detail for finding in findings)


def test_behind_a_lost_segment_the_rest_is_judged_still() -> None:
    place = sealed([10, 10, 10])
    del place.objects[MIDDLE]
    last = Parts.of(place.objects[LAST])
    place.objects[LAST] = place.objects[LAST].replace(last.leaves[4], leaf_of(24, entry(98)))
    found = [(finding.kind, finding.entry) for finding in walked(place).findings]
    assert found == [("segment missing", 10), ("entry changed", 24)]


def test_an_offset_that_was_never_sealed_is_told() -> None:
    place = MemoryPlace()
    log = SealedLog(place, None, ORIGIN, KEY)
    log.append(leaves(0, 3))
    log.append(leaves(5, 3))
    found = [(finding.kind, finding.entry) for finding in walked(place).findings]
    assert found == [("offsets missing", 3)]
