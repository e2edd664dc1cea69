"""The desk, the guard, the shadow and the keeper of entries on a real Kafka, as they run in their process."""

import asyncio
from itertools import islice
from pathlib import Path

import pytest

from agents.decision.decision import AUDIT_SAMPLE
from app import clock
from app.documents import open_documents
from app.extraction import documents_config
from app.local.samples import demo_set
from app.releases.entries import OVERTAKEN
from app.releases.guarding import GUARD, episode_of
from app.releases.tally import Episode
from schemas.audit import AuditEntry
from schemas.codec import decode, encode
from schemas.comparison import ReleaseCompared
from schemas.decision import ReviewSubmitted
from schemas.events import DocumentReceived, InvoiceExtracted
from schemas.identifiers import digest, document_id
from schemas.release import Bundle, ReleaseChanged
from schemas.topics import (
    AUDIT_ENTRY,
    INVOICE_EXTRACTED,
    PAYMENT_DECIDED,
    RELEASE_CHANGED,
    RELEASE_COMPARED,
    REVIEW_SUBMITTED,
    TOPICS,
)
from tables.promotion import HOLDBACK, HOLDBACK_SHARE, Refused
from tables.releases import Releases
from tests.app.releases.houses import WAIT_SECONDS, House, opened
from tests.app.releases.test_looking import reading
from tests.app.releases.world import CANARY, CODE, LATER, change, decided, documents

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(240)]


class TestDesk:
    async def test_a_second_desk_sees_each_step_of_the_first(
        self, house: House, bootstrap: str, tmp_path: Path
    ) -> None:
        release = await house.to("canary")
        async with opened(bootstrap, tmp_path, house.code) as other:
            canary = (await other.desk.releases()).canary
            assert canary is not None
            assert canary.name == release
            assert isinstance(await other.step("promote", "bob"), ReleaseChanged)
            assert isinstance(await house.step("promote", "ada"), ReleaseChanged)
            assert (await house.desk.releases()).active.name == release

    async def test_two_desks_at_once_leave_one_story(self, house: House, bootstrap: str, tmp_path: Path) -> None:
        """One takes the canary back while the other one promotes it: whatever came first, nobody is in two states."""
        await house.to("canary")
        async with opened(bootstrap, tmp_path, house.code) as other:
            await other.desk.releases()
            await house.step("promote", "ada")
            back, on = await asyncio.gather(house.step("rollback", "ada"), other.step("promote", "bob"))
            states = {change.state for change in (await house.changes())[-1:]}
            seen = [(await desk.releases()).change(house.bundle.release_id) for desk in (house.desk, other.desk)]
        assert isinstance(back, ReleaseChanged), "what is active or canary can always be taken back"
        assert seen[0] is not None
        assert seen[0].state == "retired"
        assert states == {"retired"}
        assert isinstance(on, Refused) or on.state == "active"

    async def test_a_record_on_an_old_one_is_replaced_by_what_counts(self, house: House) -> None:
        await house.to("canary")
        stale = (await house.changes())[-1].model_copy(update={"changed_by": "by hand", "share": 1.0})
        retired = await house.step("rollback")
        await house.write(RELEASE_CHANGED, stale, house.bundle.release_id)
        house.guard()
        await house.until_written(
            RELEASE_CHANGED, lambda found: [c for c in found if c.release_id == house.bundle.release_id][-1] == retired
        )
        assert (await house.desk.releases()).canary is None


class TestGuard:
    async def test_a_canary_that_holds_everything_is_taken_back(self, house: House) -> None:
        telemetry = house.guard()
        await house.to("canary")
        await house.decide()
        retired = await house.until("retired")
        assert retired.changed_by == GUARD
        assert "held: " in retired.reason
        assert (await house.desk.releases()).choose(document_id(b"any")).name == house.code
        assert sum(telemetry.rollbacks.labels(signal)._value.get() for signal in ("held", "unapproved")) >= 1

    async def test_one_that_was_away_finds_it_when_it_is_back(self, house: House) -> None:
        await house.to("canary")
        await house.decide()
        house.guard()
        assert (await house.until("retired")).changed_by == GUARD

    async def test_two_guards_write_one_record(self, house: House, bootstrap: str, tmp_path: Path) -> None:
        async with opened(bootstrap, tmp_path, house.code) as other:
            house.guard()
            other.guard()
            await house.to("canary")
            await house.decide()
            await house.until("retired")
            await other.until("retired")
        retired = {encode(change) for change in await house.changes() if change.state == "retired"}
        assert len(retired) == 1 or {decode(each, ReleaseChanged).changed_by for each in retired} == {GUARD}
        assert (await house.desk.releases()).overtaken() == ()

    async def test_a_harmless_canary_is_left_alone(self, house: House) -> None:
        house.guard()
        release = await house.to("canary")
        for document in islice(documents(canary=True, release=release), 30):
            event = decided(document, release, decided_at=clock.now())
            await house.write(PAYMENT_DECIDED, event, event.decision.invoice_key)
        await house.decide(2)
        change = (await house.desk.releases()).change(release)
        assert change is not None
        assert change.state == "canary"


class TestGuardOfWhatIsInForce:
    async def test_a_promoted_release_that_approves_nothing_goes_back_to_what_lies_below(self, house: House) -> None:
        house.guard()
        release = await house.promoted()
        assert (await house.desk.releases()).below.name == house.code
        await house.decide(share=1.0 - HOLDBACK_SHARE)
        retired = await house.until("retired")
        known = await house.desk.releases()
        assert (retired.changed_by, retired.release_id) == (GUARD, release)
        assert "unapproved: " in retired.reason
        assert (known.active.name, known.held_back) == (house.code, 0.0)

    async def test_what_nothing_speaks_against_decides_everything_after_a_week(self, house: House) -> None:
        release = await house.promoted()
        house.guard(lambda: clock.now() + HOLDBACK)
        settled = await house.until("active", holdback=0.0)
        assert (settled.changed_by, settled.promoted_by) == (GUARD, ("ada", "bob"))
        assert {(await house.desk.releases()).choose(document_id(bytes([n]))).name for n in range(200)} == {release}

    async def test_within_the_week_nothing_is_settled(self, house: House) -> None:
        release = await house.promoted()
        house.guard()
        for document in islice(documents(canary=True, release=release, share=1.0 - HOLDBACK_SHARE), 30):
            event = decided(document, release, decided_at=clock.now())
            await house.write(PAYMENT_DECIDED, event, event.decision.invoice_key)
        await house.decide(2, share=1.0 - HOLDBACK_SHARE)
        change = (await house.desk.releases()).change(release)
        assert change is not None
        assert (change.state, change.holdback) == ("active", HOLDBACK_SHARE)

    async def test_a_settled_release_that_pays_falsely_is_taken_back(self, house: House) -> None:
        release = await house.promoted()
        assert isinstance(await house.step("settle"), ReleaseChanged)
        house.guard()
        for document in islice(documents(canary=False, release=release), 4):
            sample = decided(document, release, "hold", reasons=(AUDIT_SAMPLE,), decided_at=clock.now())
            await house.write(PAYMENT_DECIDED, sample, sample.decision.invoice_key)
            act = ReviewSubmitted(
                review_id=f"r-{document}",
                document_id=document,
                invoice_key=sample.decision.invoice_key,
                action="reject",
                reviewer="petra",
                submitted_at=clock.now(),
            )
            await house.write(REVIEW_SUBMITTED, act, act.invoice_key)
        assert "false_payable: " in (await house.until("retired")).reason
        assert (await house.desk.releases()).active.name == house.code

    async def test_below_the_code_nothing_is_taken_back(self, house: House) -> None:
        assert episode_of(await house.desk.releases()) is None


def test_an_active_release_is_watched_since_the_last_change_of_what_decides_beside_it() -> None:
    """What a release on top had decided meanwhile was drawn otherwise."""
    known = Releases(CODE)
    other = Bundle(code=CODE, confidence_min={"text": 0.95})
    known.apply(change("active", 5, holdback=HOLDBACK_SHARE, activation=1), 0)
    known.apply(change("retired", 7, other, since=LATER), 1)
    found = episode_of(known)
    assert found == Episode(CANARY, CODE, 1.0 - HOLDBACK_SHARE, LATER)


async def test_every_change_has_its_entry(house: House) -> None:
    await house.to("canary")
    stale = (await house.changes())[-1].model_copy(update={"changed_by": "by hand"})
    await house.step("rollback", "bob")
    await house.write(RELEASE_CHANGED, stale, house.bundle.release_id)
    house.entries()

    def ours(found: list[AuditEntry]) -> list[AuditEntry]:
        return [entry for entry in found if entry.release == house.bundle.release_id]

    entries = ours(await house.until_written(AUDIT_ENTRY, lambda found: len(ours(found)) >= 4))
    assert [(entry.outcome, entry.actor) for entry in entries] == [
        ("draft", "ada"),
        ("canary", "ada"),
        ("retired", "bob"),
        ("canary", "by hand"),
    ]
    assert [entry.reasons for entry in entries] == [(), (), (), (OVERTAKEN,)]
    assert entries[0].read == (digest(encode((await house.changes())[0])),)
    assert {entry.tenant for entry in entries} == {"default"}


async def test_a_shadow_compares_and_writes_nothing_else(house: House) -> None:
    async with open_documents(documents_config(house.settings)) as store:
        sample = demo_set().samples[0]
        reference = await store.put(sample.content, sample.media_type)
    telemetry = house.shadow()
    await house.to("shadow", share=1.0)
    received = DocumentReceived(document_id=sample.document_id, reference=str(reference))
    event = InvoiceExtracted(received=received, extracted=reading(), release=house.code, event_time=clock.now())
    before = {topic.name: len(await house.read(topic)) for topic in TOPICS}

    def ours(found: list[ReleaseCompared]) -> list[ReleaseCompared]:
        return [each for each in found if each.release_id == house.bundle.release_id]

    async with asyncio.timeout(WAIT_SECONDS):
        # Its group begins at the end: what was written before it has joined is nobody's.
        while not (found := ours(await house.read(RELEASE_COMPARED))):
            await house.write(INVOICE_EXTRACTED, event, sample.document_id)
            await asyncio.sleep(1)
    assert found[0].other.release == house.code
    assert "invoice_number" in found[0].fields
    after = {topic.name: len(await house.read(topic)) for topic in TOPICS}
    grown = {name for name in after if after[name] > before[name]}
    assert grown == {INVOICE_EXTRACTED.name, RELEASE_COMPARED.name}
    assert telemetry.compared.labels("shadow", "true")._value.get() >= 1
