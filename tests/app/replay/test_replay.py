"""What was decided comes out again byte for byte; what does not is named by its member."""

import json
from collections.abc import Callable
from dataclasses import replace as changed
from decimal import Decimal
from typing import Any

import pytest

from agents.decision.policy import DEFAULT_POLICY
from app.local.samples import Sample, demo_set, load_set
from app.readmodel.record import Read
from app.replay import Replay, Step, no_bytes, replay
from schemas.events import PaymentDecided
from schemas.policy import Policy
from schemas.release import Bundle, ReleaseChanged
from schemas.supplier import Account
from schemas.topics import (
    AUDIT_ENTRY,
    INVOICE_EXTRACTED,
    INVOICE_VALIDATED,
    PAYMENT_DECIDED,
    PAYMENT_INITIATED,
    RELEASE_CHANGED,
    SUPPLIER_CHANGED,
)
from tests.app.replay.world import RELEASE, World, dossier_of


def named(world: World, part: str) -> Sample:
    return next(sample for sample in world.samples.samples if part in sample.name)


async def replayed(world: World, sample: Sample, **given: Any) -> Replay:
    return await replay(world.dossier(sample), world.readers, world.debtors, **{"running": RELEASE, **given})


async def altered(world: World, sample: Sample, topic: str, change: Callable[[Any], None]) -> Replay:
    """Replay a document of which one record on a topic was changed after it was written."""

    def forged(read: Read) -> Read:
        if read.topic != topic or sample.document_id.encode() not in (read.value or b""):
            return read
        tree = json.loads(read.value or b"")
        change(tree)
        return changed(read, value=json.dumps(tree, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode())

    dossier = dossier_of([forged(read) for read in world.reads], sample.document_id)
    return await replay(dossier, world.readers, world.debtors, running=RELEASE)


def stages(found: Replay) -> list[str]:
    return [step.stage for step in found.steps]


def step(found: Replay, stage: str) -> Step:
    return next(each for each in found.steps if each.stage == stage)


async def test_every_sample_of_the_demo_comes_out_byte_for_byte(demo_world: World) -> None:
    for sample in demo_world.samples.samples:
        found = await replayed(demo_world, sample)
        assert found.is_equal, (sample.name, found.gaps, found.differences)
        assert found.is_same_release


async def test_an_approved_document_is_replayed_from_its_bytes_to_its_command(demo_world: World) -> None:
    found = await replayed(demo_world, named(demo_world, "plain-ubl"))
    assert stages(found) == ["extraction", "normalization", "validation", "decision", "payment", "issuing"]
    assert step(found, "payment").records_equal == 3  # the command, the word of it, and the audit entry


async def test_a_changed_sum_on_the_decision_is_named(demo_world: World) -> None:
    def change(tree: Any) -> None:
        tree["decision"]["payment"]["instructed_amount"]["value"] = "1.00"

    sample = named(demo_world, "plain-ubl")
    found = await altered(demo_world, sample, PAYMENT_DECIDED.name, change)
    assert not found.is_equal
    assert [difference.member for difference in found.differences] == ["decision.payment.instructed_amount.value"]
    (difference,) = found.differences
    assert difference.record.startswith("payment.decided/0/")
    assert difference.recorded == '"1.00"'
    assert Decimal(json.loads(difference.replayed)) == Decimal(sample.truth["amount_due_for_payment"] or "")
    assert any("payment read a record" in gap for gap in found.gaps), "nobody has dealt with the forged record"


@pytest.mark.parametrize(
    ("topic", "path", "member"),
    [
        (
            INVOICE_EXTRACTED.name,
            ("extracted", "fields", "invoice_number", "value"),
            "extracted.fields.invoice_number.value",
        ),
        (INVOICE_VALIDATED.name, ("assessment", "outcome"), "assessment.outcome"),
        (PAYMENT_INITIATED.name, ("creditor_account",), "creditor_account"),
        (PAYMENT_INITIATED.name, ("requested_execution_date",), "requested_execution_date"),
    ],
)  # fmt: skip
async def test_a_change_on_any_topic_is_named(
    demo_world: World, topic: str, path: tuple[str, ...], member: str
) -> None:
    def change(tree: Any) -> None:
        *way, last = path
        for name in way:
            tree = tree[name]
        tree[last] = "2020-02-02" if "date" in last else "FR7630006000011234567890189"

    found = await altered(demo_world, named(demo_world, "plain-ubl"), topic, change)
    assert [difference.member for difference in found.differences] == [member]


async def test_a_stricter_policy_is_seen_to_decide_otherwise(demo_world: World) -> None:
    strict = DEFAULT_POLICY.model_copy(update={"amount_limits": {"EUR": Decimal(1)}})
    found = await replayed(demo_world, named(demo_world, "plain-ubl"), policy=strict)
    members = {d.member: (d.recorded, d.replayed) for d in step(found, "decision").differences if "decided" in d.record}
    assert members["decision.outcome"] == ('"approve"', '"hold"')
    assert members["decision.reasons[0]"] == ("(absent)", '"AMOUNT-LIMIT"')


async def test_other_bytes_in_the_store_are_no_equal_replay(demo_world: World) -> None:
    world = World(demo_set())
    world.know()
    sample = named(world, "plain-ubl")
    world.send(sample)
    await world.run()
    world.shelf.contents.clear()
    found = await replayed(world, sample)
    told = {difference.member: difference.replayed for difference in step(found, "extraction").differences}
    assert told["outcome"] == '"rejected"'


async def test_without_bytes_all_but_extraction_is_replayed(demo_world: World) -> None:
    dossier = demo_world.dossier(named(demo_world, "plain-ubl"))
    found = await replay(dossier, no_bytes(), demo_world.debtors, running=RELEASE)
    assert [each.stage for each in found.steps if each.verdict != "equal"] == ["extraction"]
    assert not found.is_equal
    assert not found.differences


async def test_another_release_is_told(demo_world: World) -> None:
    found = await replayed(demo_world, named(demo_world, "plain-ubl"), running="0.2.0+other")
    assert found.is_equal
    assert not found.is_same_release
    assert found.releases_recorded == (RELEASE,)


class TestBundles:
    """What a release added to the code is on its own topic, and is added again."""

    POLICY = Policy(
        name="no-xml/1",
        automatic_lanes=frozenset({"text"}),
        confidence_min={"xml": 0.9, "hybrid": 0.9, "text": 0.9, "scan": 0.99},
    )
    BUNDLE = Bundle(code=RELEASE, policy=POLICY)

    @staticmethod
    async def world() -> tuple[World, Sample, Sample]:
        """A document of the code alone, and one of the release."""
        world = World(load_set(4, seed=5))
        before, after = [sample for sample in world.samples.samples if sample.command_id][:2]
        world.know()
        world.send(before)
        await world.run()
        world.promote(TestBundles.BUNDLE)
        world.send(after)
        await world.run()
        return world, before, after

    async def test_a_document_comes_out_byte_for_byte_as_its_own_release_had_it(self) -> None:
        world, *samples = await self.world()
        decided = [event.decision for event in world.events(PAYMENT_DECIDED, PaymentDecided)]
        assert [(each.outcome, each.release) for each in decided] == [
            ("approve", RELEASE), ("hold", self.BUNDLE.release_id)
        ]  # fmt: skip
        for sample, name in zip(samples, (RELEASE, self.BUNDLE.release_id), strict=True):
            found = await replayed(world, sample)
            assert found.is_equal, (found.gaps, found.differences)
            assert found.is_same_release
            assert found.releases_recorded == (name,)

    async def test_a_release_that_is_rolled_back_is_still_known(self) -> None:
        world, _, sample = await self.world()
        name = self.BUNDLE.release_id
        retired = ReleaseChanged(
            release_id=name, state="retired", changed_by="bob", changed_at=world.now, bundle=self.BUNDLE
        )
        world.reads = [read for read in world.reads if read.topic != RELEASE_CHANGED.name]  # compacted away
        world.publish(RELEASE_CHANGED, name, retired)
        assert (await replayed(world, sample)).is_equal

    async def test_a_release_that_was_deleted_is_a_gap_and_its_decision_another(self) -> None:
        world, _, sample = await self.world()
        reads = [read for read in world.reads if read.topic != RELEASE_CHANGED.name]
        found = await replay(
            dossier_of(reads, sample.document_id), world.readers, world.debtors, running=RELEASE
        )  # fmt: skip
        assert found.gaps == (
            f"release {self.BUNDLE.release_id} is not on release.changed any more: the code ran alone",
        )
        assert not found.is_equal
        assert "decision.outcome" in {difference.member for difference in found.differences}


async def test_the_debtor_of_then_is_that_of_the_command(demo_world: World) -> None:
    dossier = demo_world.dossier(named(demo_world, "plain-ubl"))
    assert (await replay(dossier, demo_world.readers, {}, running=RELEASE)).is_equal


async def test_a_debtor_who_has_moved_since_is_seen_where_no_command_names_him(demo_world: World) -> None:
    dossier = demo_world.dossier(named(demo_world, "own-account"))
    found = await replay(dossier, demo_world.readers, {}, running=RELEASE)
    assert any(difference.replayed == '"DEBTOR-MISSING"' for difference in found.differences)


class TestReferenceData:
    """A supplier that changes between documents, and what of it is left on the topic."""

    @staticmethod
    async def world() -> tuple[World, Sample, Sample]:
        """One supplier's account is taken away from it between two documents."""
        world = World(demo_set())
        world.know()
        first = named(world, "plain-ubl")
        world.send(first)
        await world.run()
        world.later(days=3)
        known = next(each for each in world.suppliers() if each.supplier_id == first.supplier_id)
        world.know(
            known.model_copy(update={"accounts": (Account(identifier="DE75512108001245126199", verified_by="c"),)})
        )
        world.later(seconds=5)
        second = next(s for s in world.samples.samples if s.supplier_id == first.supplier_id and s is not first)
        world.send(second)
        await world.run()
        return world, first, second

    async def test_each_document_is_replayed_on_the_state_of_its_moment(self) -> None:
        world, first, second = await self.world()
        for sample in (first, second):
            assert (await replayed(world, sample)).is_equal, sample.name

    async def test_a_state_that_was_compacted_away_is_taken_from_the_record(self) -> None:
        world, first, _ = await self.world()
        changes = [read for read in world.reads if read.topic == SUPPLIER_CHANGED.name]
        last = {read.key: read.offset for read in changes}
        kept = [r for r in world.reads if r.topic != SUPPLIER_CHANGED.name or last[r.key] == r.offset]
        found = await replay(dossier_of(kept, first.document_id), world.readers, world.debtors, running=RELEASE)
        assert found.is_equal, found.differences
        assert any("compacted away" in note for each in found.steps for note in each.notes)

    async def test_a_worker_that_was_a_change_behind_is_found_out(self) -> None:
        world, first, _ = await self.world()
        late = next(r for r in reversed(world.reads) if r.topic == SUPPLIER_CHANGED.name)
        moment = next(r.timestamp_ms for r in world.reads if r.topic == INVOICE_EXTRACTED.name)
        reads = [changed(read, timestamp_ms=moment) if read is late else read for read in world.reads]
        found = await replay(dossier_of(reads, first.document_id), world.readers, world.debtors, running=RELEASE)
        assert found.is_equal, found.differences
        assert step(found, "validation").notes == ("the reference data was one change behind its topic, by the clocks",)

    async def test_a_publisher_whose_clock_is_ahead_is_found_out(self) -> None:
        world, _, second = await self.world()
        late = next(r for r in reversed(world.reads) if r.topic == SUPPLIER_CHANGED.name)
        ahead = [changed(r, timestamp_ms=r.timestamp_ms + 20_000) if r is late else r for r in world.reads]
        found = await replay(dossier_of(ahead, second.document_id), world.readers, world.debtors, running=RELEASE)
        assert found.is_equal, found.differences
        assert step(found, "validation").notes == (
            "the reference data was one change ahead of its topic, by the clocks",
        )


class TestPutAside:
    """What was put aside was not decided, and takes nothing from what was."""

    async def test_bytes_that_came_late(self) -> None:
        world = World(demo_set())
        world.know()
        sample = named(world, "plain-ubl")
        world.shelf.away = True
        world.send(sample)
        await world.run()
        alone = await replayed(world, sample)
        assert not alone.is_equal
        world.shelf.away = False
        world.send(sample)
        await world.run()
        found = await replayed(world, sample)
        assert found.is_equal, (found.gaps, found.differences)
        assert [each.verdict for each in found.steps] == ["put_aside", *["equal"] * 6]

    async def test_clocks_of_two_workers_that_differ(self) -> None:
        """The log's order is that of its offsets; a worker whose clock is a minute behind changes nothing."""
        world = World(demo_set())
        world.know()
        sample = named(world, "wrong-sum-ubl")
        world.send(sample)
        await world.run()
        world.review(sample, "approve", "dora")
        await world.run()
        slow = [
            changed(r, timestamp_ms=r.timestamp_ms - 60_000) if r.topic == AUDIT_ENTRY.name and r.offset % 2 else r
            for r in world.reads
        ]
        found = await replay(dossier_of(slow, sample.document_id), world.readers, world.debtors, running=RELEASE)
        assert found.is_equal, (found.gaps, found.differences)


class TestPeople:
    """What persons, other documents and the bank have to do with it."""

    @staticmethod
    async def world() -> World:
        world = World(demo_set())
        world.know()
        return world

    async def test_an_approval_by_a_person(self) -> None:
        world = await self.world()
        sample = named(world, "wrong-sum-ubl")
        world.send(sample)
        await world.run()
        world.review(sample, "approve", "dora", "the supplier has confirmed it")
        await world.run()
        found = await replayed(world, sample)
        assert found.is_equal, (found.gaps, found.differences)
        assert stages(found)[4:] == ["payment", "review", "validation", "decision", "payment", "issuing"]

    async def test_a_correction_that_moves_the_document_to_another_number(self) -> None:
        world = await self.world()
        sample = named(world, "wrong-sum-ubl")
        world.send(sample)
        await world.run()
        world.review(sample, "correct", "emil", "misread", {"invoice_number": "X-1", "amount_due_for_payment": "5.00"})
        await world.run()
        world.review(sample, "approve", "dora")
        await world.run()
        found = await replayed(world, sample)
        assert found.is_equal, (found.gaps, found.differences)

    async def test_a_duplicate_rests_on_the_other_document(self, demo_world: World) -> None:
        sample = named(demo_world, "other-amount-cii-b")
        found = await replayed(demo_world, sample)
        assert step(found, "decision").outcome == "reject"
        alone = [read for read in demo_world.reads if not _is_decision_input_of_another(read, sample)]
        found = await replay(
            dossier_of(alone, sample.document_id), demo_world.readers, demo_world.debtors, running=RELEASE
        )
        assert not found.is_equal
        assert any("decision read a record" in gap for gap in found.gaps)

    async def test_reports_and_a_wish_to_cancel(self) -> None:
        world = await self.world()
        sample = named(world, "plain-ubl")
        world.send(sample)
        await world.run()
        (command,) = world.commands(sample)
        world.cancel(command, "dora", "ordered twice")
        world.report(command, "ACTC")
        world.report(command, "RJCT", "AC01")
        await world.run()
        found = await replayed(world, sample)
        assert found.is_equal, (found.gaps, found.differences)
        assert stages(found)[-3:] == ["cancellation", "settlement", "settlement"]


def _is_decision_input_of_another(read: Read, sample: Sample) -> bool:
    return read.topic == INVOICE_VALIDATED.name and sample.document_id.encode() not in (read.value or b"")
