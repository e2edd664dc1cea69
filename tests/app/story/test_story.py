"""Stories of the demo's own samples, held against texts that were read as an auditor reads them.

`python -m tests.app.story.test_story` writes the texts anew; read what changed before you commit it.
"""

import asyncio
import json
from collections.abc import Callable, Coroutine
from dataclasses import replace as changed
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from app.local.samples import Sample, SampleSet, demo_set
from app.readmodel.record import Read
from app.replay import replay
from app.story import Bytes, Story, render, tell
from schemas.evidence import ExtractedInvoice, Unreadable
from schemas.identifiers import digest
from schemas.policy import Policy
from schemas.release import Bundle
from schemas.topics import (
    AUDIT_ENTRY,
    DOCUMENT_RECEIVED,
    DOCUMENT_STATUS,
    INVOICE_VALIDATED,
    PAYMENT_DECIDED,
    PAYMENT_INITIATED,
    PAYMENT_STATUS,
    RELEASE_CHANGED,
)
from tests.app.replay.world import RELEASE, Reading, World, dossier_of

GOLDEN = Path(__file__).parent / "golden"
READINGS = GOLDEN / "readings.json"


@cache
def samples() -> SampleSet:
    """The demo's samples, drawn once."""
    return demo_set()


@cache
def scene(name: str) -> tuple[World, Sample]:
    """A scene that was played; only read it."""
    return asyncio.run(SCENES[name]())


def named(world: World, part: str) -> Sample:
    return next(sample for sample in world.samples.samples if part in sample.name)


def story(world: World, sample: Sample, **given: Any) -> Story:
    found: Bytes = given.pop("found", "there")
    return tell(world.dossier(sample), now=world.now, running=RELEASE, found=found, **given)


@cache
def readings() -> Reading:
    """What the reader of the day said of the documents of the texts: a better reader tells another story."""
    known: dict[str, ExtractedInvoice | Unreadable] = {}
    for name, answer in json.loads(READINGS.read_text()).items() if READINGS.exists() else ():
        known[name] = (Unreadable if "reason" in answer else ExtractedInvoice).model_validate(answer)
    return Reading(known)


async def fresh(*parts: str, by: str | None = None) -> tuple[World, list[Sample]]:
    """A world of a few documents, decided."""
    world = World(samples(), reading=readings())
    world.know()
    world.later(minutes=5)
    found = [named(world, part) for part in parts]
    for sample in found:
        world.send(sample, by=by)
    await world.run()
    world.later(hours=1)
    return world, found


async def approved() -> tuple[World, Sample]:
    world, (sample,) = await fresh("00018-plain-facturx")
    (command,) = world.commands(sample)
    world.report(command, "ACSP")
    world.later(days=1)
    world.report(command, "ACSC")
    await world.run()
    return world, sample


async def held() -> tuple[World, Sample]:
    world, (sample,) = await fresh("changed-account-text")
    return world, sample


async def unknown() -> tuple[World, Sample]:
    world, (sample,) = await fresh("unknown-supplier-ubl")
    return world, sample


async def rejected() -> tuple[World, Sample]:
    world, (sample,) = await fresh("quote-text")
    return world, sample


async def unreadable() -> tuple[World, Sample]:
    world, (sample,) = await fresh("doctype-ubl")
    return world, sample


async def reviewed() -> tuple[World, Sample]:
    """Captured by anna, who may not approve; corrected by emil, who may not either; approved by dora."""
    world, (sample,) = await fresh("wrong-sum-ubl", by="anna")
    world.review(sample, "approve", "anna", "looks fine")
    await world.run()
    world.later(minutes=10)
    right = {"invoice_total_amount_with_vat": "34.93", "amount_due_for_payment": "34.93"}
    world.review(sample, "correct", "emil", "the supplier sent the right total", right)
    await world.run()
    world.later(minutes=10)
    world.review(sample, "approve", "dora", "called them on the number that we know")
    await world.run()
    return world, sample


async def refused() -> tuple[World, Sample]:
    world, (sample,) = await fresh("quietly-changed-account-ubl")
    world.review(sample, "reject", "dora", "their bank has not changed, I called")
    await world.run()
    return world, sample


async def cancelled() -> tuple[World, Sample]:
    world, (sample,) = await fresh("00001-plain-ubl")
    (command,) = world.commands(sample)
    world.cancel(command, "dora", "ordered twice")
    world.later(minutes=2)
    world.report(command, "CANC")
    await world.run()
    return world, sample


async def duplicate() -> tuple[World, Sample]:
    world, (_, sample) = await fresh("other-amount-cii-a", "other-amount-cii-b")
    return world, sample


async def repeated() -> tuple[World, Sample]:
    world, (sample,) = await fresh("same-bytes-cii")
    world.send(sample)
    await world.run()
    return world, sample


SCENES: dict[str, Callable[[], Coroutine[Any, Any, tuple[World, Sample]]]] = {
    play.__name__: play
    for play in (
        approved, held, unknown, rejected, unreadable, reviewed, refused, cancelled, duplicate, repeated,
    )
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(SCENES))
def test_a_story_is_told_as_it_was_read(name: str) -> None:
    world, sample = scene(name)
    assert render(story(world, sample)) == (GOLDEN / f"{name}.txt").read_text()


@pytest.mark.parametrize("name", sorted(SCENES))
def test_no_account_is_in_clear_unless_asked_for(name: str) -> None:
    world, sample = scene(name)
    accounts = {value for key, value in sample.truth.items() if key == "payment_account_identifier" and value}
    accounts.add(world.debtors["default"].account)
    told = story(world, sample)
    text = render(told, proof=True) + told.model_dump_json()
    assert not [account for account in accounts if account in text.replace(" ", "")]
    if name in {"approved", "cancelled", "reviewed"}:
        assert all(account in render(story(world, sample, full=True)) for account in accounts)


@pytest.mark.parametrize("name", sorted(SCENES))
def test_each_sentence_rests_on_records_that_stand_there(name: str) -> None:
    world, sample = scene(name)
    there = {(f"{read.topic}/{read.partition}/{read.offset}", digest(read.value or b"")) for read in world.reads}
    told = story(world, sample)
    for chapter in told.chapters:
        for sentence in chapter.sentences:
            assert all((proof.place, proof.digest) in there for proof in sentence.proof), sentence
            assert sentence.proof or chapter.title in {"How it can be proven", "It came again"}, sentence
    assert told.alarms == ()


async def test_every_sample_of_the_demo_is_explained_without_an_alarm(demo_world: World) -> None:
    for sample in demo_world.samples.samples:
        told = story(demo_world, sample)
        assert told.alarms == (), sample.name
        assert told.headline, sample.name


async def test_the_proof_numbers_lead_to_digests() -> None:
    world, sample = await held()
    text = render(story(world, sample), proof=True)
    assert "] audit entry audit.entry/0/" in text
    received = next(read for read in world.reads if read.topic == "document.received")
    assert digest(received.value or b"") in text


def test_a_narrow_terminal_gets_narrow_lines(demo_world: World) -> None:
    text = render(story(demo_world, named(demo_world, "plain-text")), width=60)
    assert [line for line in text.splitlines() if len(line) > 60 and max(map(len, line.split())) < 50] == []


async def test_what_a_stranger_wrote_does_nothing_to_the_terminal() -> None:
    world, (sample,) = await fresh("wrong-sum-ubl")
    world.review(sample, "reject", "dora\x1b]0;x\x07", "\x1b[2Jno\u202e")
    await world.run()
    text = render(story(world, sample), proof=True)
    assert all(sign.isprintable() or sign == "\n" for sign in text)
    assert "\\x1b[2Jno" in text


class TestWaysBack:
    """A document that moves to another number, comes again, or is read anew."""

    @staticmethod
    async def explained(world: World, sample: Sample) -> str:
        told = story(world, sample)
        assert told.alarms == ()
        found = await replay(world.dossier(sample), world.readers, world.debtors, running=RELEASE)
        assert found.is_equal, (found.gaps, found.differences)
        return " ".join(render(told).split())

    async def test_a_correction_takes_it_to_another_number_and_the_bytes_come_again(self) -> None:
        world, (sample,) = await fresh("wrong-sum-ubl")
        right = {"invoice_number": "X-1", "amount_due_for_payment": "34.93", "invoice_total_amount_with_vat": "34.93"}
        world.review(sample, "correct", "emil", "misread", right)
        await world.run()
        world.send(sample)
        await world.run()
        world.review(sample, "approve", "dora")
        await world.run()
        text = await self.explained(world, sample)
        assert "invoice number: “X-1”, where “INV-00045” had been read" in text
        assert "The same bytes were announced again" in text
        assert "Four eyes: emil corrected it, dora approved it." in text
        assert "review by dora ← review by emil ← normalization" in text

    async def test_a_supplier_who_became_known_and_a_reading_asked_for_anew(self) -> None:
        world = World(samples())
        sample = named(world, "00001-plain-ubl")
        world.send(sample)
        await world.run()
        world.later(minutes=3)
        world.know()
        world.send(sample, analysis=1)
        await world.run()
        text = await self.explained(world, sample)
        assert "No supplier of the reference data fits" in text
        assert "this is reading 1" in text
        assert "The reason is REANALYSED." in text


class TestAlarms:
    """What was done to the records afterwards is seen, and said."""

    @staticmethod
    def told(world: World, sample: Sample, reads: list[Read], **given: Any) -> list[str]:
        found = tell(dossier_of(reads, sample.document_id), now=world.now, running=RELEASE, **given)
        return [sentence.text for sentence in found.alarms]

    @staticmethod
    def forged(reads: list[Read], topic: str, change: Callable[[Any], None]) -> list[Read]:
        def one(read: Read) -> Read:
            if read.topic != topic:
                return read
            tree = json.loads(read.value or b"")
            change(tree)
            return changed(read, value=json.dumps(tree, sort_keys=True, separators=(",", ":")).encode())

        return [one(read) for read in reads]

    async def test_a_command_that_no_entry_explains(self) -> None:
        world, sample = await cancelled()

        def other_account(tree: Any) -> None:
            tree["creditor_account"] = "DE75512108001245126199"

        alarms = self.told(world, sample, self.forged(world.reads, PAYMENT_INITIATED.name, other_account))
        assert "No entry explains the record at payment.initiated/0/0." in alarms
        assert any("is not the one that was approved" in text for text in alarms)
        assert any(text.startswith("No entry explains sha256:") and "rests" in text for text in alarms)
        assert "DE75512108001245126199" not in "".join(alarms)

    async def test_a_second_command_of_other_bytes(self) -> None:
        world, sample = await cancelled()
        first = next(read for read in world.reads if read.topic == PAYMENT_INITIATED.name)
        second = changed(first, offset=1, value=(first.value or b"").replace(b'"SLEV"', b'"SHAR"'))
        alarms = self.told(world, sample, [*world.reads, second])
        assert any("have different bytes" in text for text in alarms)

    async def test_a_changed_decision(self) -> None:
        world, sample = await held()

        def approve(tree: Any) -> None:
            tree["decision"]["outcome"] = "approve"

        alarms = self.told(world, sample, self.forged(world.reads, PAYMENT_DECIDED.name, approve))
        assert "No entry explains the record at payment.decided/0/0." in alarms
        assert any(text.startswith("decision wrote a record that does not stand on payment.decided") for text in alarms)

    async def test_an_entry_that_was_taken_out(self) -> None:
        world, sample = await approved()
        kept = [
            r for r in world.reads if r.topic != AUDIT_ENTRY.name or b'"stage":"validation"' not in (r.value or b"")
        ]
        alarms = self.told(world, sample, kept)
        assert "No entry explains the record at invoice.validated/0/0." in alarms
        assert "No entry says what became of the record at invoice.normalized/0/0." in alarms
        assert any("after decision" in text for text in alarms), "the walk ends there"

    async def test_two_entries_of_one_id(self) -> None:
        world, sample = await held()
        entry = next(r for r in world.reads if r.topic == AUDIT_ENTRY.name and b'"hold"' in (r.value or b""))
        other = changed(entry, offset=999, value=(entry.value or b"").replace(b'"hold"', b'"approve"'))
        assert any("Two entries of one id" in text for text in self.told(world, sample, [*world.reads, other]))

    async def test_bytes_that_are_gone_or_others(self) -> None:
        world, sample = await held()
        assert any("do not lie" in text for text in self.told(world, sample, world.reads, found="missing"))
        assert any("Other bytes" in text for text in self.told(world, sample, world.reads, found="others"))

    async def test_bytes_that_were_never_had_are_not_missed(self) -> None:
        world = World(samples())
        world.know()
        sample = named(world, "plain-ubl")
        world.send(sample)
        world.shelf.contents.clear()
        await world.run()
        assert self.told(world, sample, world.reads, found="missing") == []

    async def test_somebody_who_approved_what_they_captured(self) -> None:
        world, sample = await reviewed()

        def by_anna(tree: Any) -> None:
            if tree["decision"]["outcome"] == "approve":
                tree["decision"]["decided_by"] = ["emil", "Anna"]

        alarms = self.told(world, sample, self.forged(world.reads, PAYMENT_DECIDED.name, by_anna))
        assert "Anna approved what the same person captured or corrected." in alarms

    async def test_a_bank_that_contradicts_itself(self) -> None:
        world, sample = await approved()
        (command,) = world.commands(sample)
        world.report(command, "RJCT", "AC04")
        await world.run()
        assert self.told(world, sample, world.reads) == [
            "The bank contradicts what it said before; somebody has to ask."
        ]

    async def test_what_is_on_its_way_is_no_alarm_for_an_hour(self) -> None:
        world, sample = await held()
        kept = [read for read in world.reads if not _is_entry_of(read, b"payment")]
        world.now -= timedelta(hours=1)
        assert self.told(world, sample, kept) == []
        world.later(hours=1)
        assert self.told(world, sample, kept) == ["No entry says what became of the record at payment.decided/0/0."]

    async def test_poison_under_the_documents_key_is_told_and_no_alarm(self) -> None:
        world, sample = await held()
        world.poison(DOCUMENT_RECEIVED, sample.document_id, b"no JSON")
        await world.run()
        told = story(world, sample)
        assert told.alarms == ()
        assert "could not be dealt with: VALUE-INVALID. It is kept as a dead letter." in " ".join(render(told).split())

    async def test_bytes_that_could_not_be_had_are_told_and_no_alarm(self) -> None:
        world = World(samples())
        world.know()
        sample = named(world, "plain-ubl")
        world.shelf.away = True
        world.send(sample)
        await world.run()
        told = story(world, sample)
        assert told.alarms == ()
        assert "put aside, through no fault of its own: DOCUMENTS-UNAVAILABLE." in " ".join(render(told).split())


class TestAfterYears:
    """The work topics keep two weeks; the log, the commands and the statuses stay."""

    @staticmethod
    async def old() -> tuple[World, Sample, list[Read]]:
        world, sample = await approved()
        lasting = {AUDIT_ENTRY.name, PAYMENT_INITIATED.name, DOCUMENT_STATUS.name}
        world.now += timedelta(days=900)
        return world, sample, [read for read in world.reads if read.topic in lasting]

    async def test_it_says_what_is_not_kept_and_raises_no_alarm(self) -> None:
        world, sample, reads = await self.old()
        found = tell(dossier_of(reads, sample.document_id), now=world.now, running=RELEASE)
        assert found.alarms == ()
        text = render(found)
        assert "are not kept any longer" in text
        assert "It was paid: the bank has confirmed it." in text
        assert "can be walked back to the document by digests, in 5 steps" in text

    async def test_it_still_tells_the_command_and_each_step(self) -> None:
        world, sample, reads = await self.old()
        text = render(tell(dossier_of(reads, sample.document_id), now=world.now, running=RELEASE))
        assert "6,535.67 EUR from Manufacture Helios SAS" in text
        for stage in ("extraction", "normalization", "validation", "decision", "payment", "settlement"):
            assert stage in text

    async def test_a_record_that_should_be_there_still_is_an_alarm(self) -> None:
        world, sample = await approved()
        kept = [read for read in world.reads if read.topic not in {INVOICE_VALIDATED.name, PAYMENT_STATUS.name}]
        found = tell(dossier_of(kept, sample.document_id), now=world.now, running=RELEASE)
        assert any("does not stand on invoice.validated" in sentence.text for sentence in found.alarms)


class TestReleases:
    """What decided may be more than the code: its policy is told as it was."""

    CAREFUL = Bundle(
        code=RELEASE,
        policy=Policy(name="no-xml/1", automatic_lanes=frozenset({"text"}), confidence_min={"xml": 0.95}),
        confidence_min={"xml": 0.97},
    )

    async def held(self) -> tuple[World, Sample]:
        world = World(samples())
        sample = named(world, "plain-ubl")
        world.know()
        world.promote(self.CAREFUL)
        world.send(sample)
        await world.run()
        return world, sample

    async def test_the_policy_of_its_release_is_told(self) -> None:
        text = _words(render(story(*await self.held())))
        assert "The policy no-xml/1 lets documents of the lane xml never be paid without a person" in text
        assert "at least 97% certain" in text
        assert f"by release {self.CAREFUL.release_id}, made for the code that is installed here." in text

    @pytest.mark.parametrize("gone", [True, False])
    async def test_of_a_release_that_is_gone_or_of_other_code_its_limits_are_not_known(self, gone: bool) -> None:
        world, sample = await self.held()
        reads = [read for read in world.reads if not gone or read.topic != RELEASE_CHANGED.name]
        running = RELEASE if gone else "0.2.0+other"
        text = _words(render(tell(dossier_of(reads, sample.document_id), now=world.now, running=running)))
        assert f"The policy was no-xml/1 of release {self.CAREFUL.release_id}; its limits are not known here." in text


def _words(text: str) -> str:
    return " ".join(text.split())


def _is_entry_of(read: Read, stage: bytes) -> bool:
    return read.topic == AUDIT_ENTRY.name and b'"stage":"%b"' % stage in (read.value or b"")


def _write() -> None:
    READINGS.unlink(missing_ok=True)  # the reader of today is asked
    for name in SCENES:
        world, sample = scene(name)
        (GOLDEN / f"{name}.txt").write_text(render(story(world, sample)))
    known = {name: answer.model_dump(mode="json") for name, answer in sorted(readings().known.items())}
    READINGS.write_text(json.dumps(known, indent=1, ensure_ascii=False, sort_keys=True) + "\n")


if __name__ == "__main__":
    _write()
