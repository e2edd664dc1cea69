"""What belongs to a document, and what the log says of it."""

import pytest

from app.dossier import DocumentUnknown, Dossier, Index, events_of, names_in, roots
from app.local.samples import Sample, demo_set
from app.readmodel.record import Read
from schemas.topics import DOCUMENT_RECEIVED, INVOICE_VALIDATED, PAYMENT_DECIDED, PAYMENT_INITIATED, PAYMENT_STATUS
from tests.app.replay.world import World

NOBODY = "sha256:" + "0" * 64


def named(world: World, part: str) -> Sample:
    return next(sample for sample in world.samples.samples if part in sample.name)


async def scene(*parts: str) -> tuple[World, list[Sample]]:
    world = World(demo_set())
    world.know()
    found = [named(world, part) for part in parts]
    for sample in found:
        world.send(sample)
    await world.run()
    return world, found


def test_ids_are_found_wherever_they_stand() -> None:
    value = b'{"a":"sha256:%b","b":["ik_%b"],"c":"Q%b"}' % (b"a" * 64, b"a" * 26, b"A" * 26)
    read = Read("t", 0, 0, value, b"sha256:" + b"b" * 64)
    assert names_in(read) == {"sha256:" + "a" * 64, "sha256:" + "b" * 64, "ik_" + "a" * 26, "Q" + "A" * 26}
    assert names_in(Read("t", 0, 0, None)) == frozenset()


def test_nobody_knows_a_document_that_never_came() -> None:
    with pytest.raises(DocumentUnknown, match=NOBODY):
        Dossier.of(NOBODY, Index())


async def test_the_file_holds_what_is_about_the_document_and_its_command() -> None:
    world, (sample, _) = await scene("00001-plain-ubl", "00002-plain-ubl")
    (command,) = world.commands(sample)
    world.report(command, "ACSC")
    await world.run()
    dossier = world.dossier(sample)
    assert len(dossier.own(PAYMENT_INITIATED)) == len(dossier.own(PAYMENT_STATUS)) == 1
    assert dossier.command_ids == {command}
    stages = [event.stage for event in events_of(dossier)]
    assert stages == ["extraction", "normalization", "validation", "decision", "payment", "issuing", "settlement"]
    assert all(event.own for event in events_of(dossier))


async def test_another_document_of_the_same_invoice_is_in_the_file_and_not_its_own() -> None:
    world, (first, second) = await scene("other-amount-cii-a", "other-amount-cii-b")
    dossier = world.dossier(second)
    assert {each.document_id for each in dossier.exhibits if each.topic is INVOICE_VALIDATED} == {
        first.document_id, second.document_id,
    }  # fmt: skip
    assert {each.document_id for each in dossier.own(INVOICE_VALIDATED)} == {second.document_id}
    assert {event.stage for event in events_of(dossier) if not event.own} == {"decision", "payment", "issuing"}


async def test_each_record_has_its_entry_and_each_written_digest_its_writer() -> None:
    world, (sample,) = await scene("00001-plain-ubl")
    dossier = world.dossier(sample)
    (received,), (decided,) = dossier.own(DOCUMENT_RECEIVED), dossier.own(PAYMENT_DECIDED)
    entry = dossier.entry_on(received)
    assert entry is not None
    assert entry.entry.stage == "extraction"
    assert [each.entry.stage for each in dossier.entries_writing(decided.digest)] == ["decision"]
    assert dossier.entries_writing(received.digest) == (), "it came from outside"
    assert dossier.contradicting() == ()


async def test_each_event_is_traced_to_what_began_it() -> None:
    world, (sample,) = await scene("wrong-sum-ubl")
    world.review(sample, "approve", "dora")
    await world.run()
    dossier = world.dossier(sample)
    events = events_of(dossier)
    began = roots(dossier, events)
    by_stage = [(event.stage, began[event.exhibit.where].split("/")[0]) for event in events]
    assert by_stage[:5] == [
        (stage, "document.received")
        for stage in ("extraction", "normalization", "validation", "decision", "payment")
    ]  # fmt: skip
    assert by_stage[5:] == [
        (stage, "review.submitted") for stage in ("review", "validation", "decision", "payment", "issuing")
    ]
