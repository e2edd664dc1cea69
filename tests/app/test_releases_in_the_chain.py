"""Releases come and go while documents are under way, through the real stages: no document is judged by two."""

from collections import defaultdict
from typing import Any

import pytest

from app.local.samples import Sample, load_set
from app.releases.tally import Episode, Tally
from app.releases_followed import FollowedReleases
from app.settings import Settings
from schemas.audit import AuditEntry
from schemas.events import DocumentStatus, InvoiceExtracted, InvoiceNormalized, InvoiceValidated, PaymentDecided
from schemas.feedback import FeedbackRecorded
from schemas.payment import PaymentInitiated, PaymentIssued
from schemas.policy import Policy
from schemas.release import Bundle, ReleaseChanged, ReleaseState
from schemas.topics import (
    AUDIT_ENTRY,
    DOCUMENT_STATUS,
    FEEDBACK_RECORDED,
    INVOICE_EXTRACTED,
    INVOICE_NORMALIZED,
    INVOICE_VALIDATED,
    PAYMENT_DECIDED,
    PAYMENT_INITIATED,
    PAYMENT_ISSUED,
    RELEASE_CHANGED,
)
from tables.releases import Running, falls_on
from tests.app.replay.world import RELEASE, World

# Lets nothing be approved alone that came as XML, and says so in its decisions.
CAREFUL = Policy(
    name="no-xml/1",
    automatic_lanes=frozenset({"hybrid", "text"}),
    confidence_min={"xml": 0.9, "hybrid": 0.9, "text": 0.9, "scan": 0.99},
)
NO_XML = Bundle(code=RELEASE, policy=CAREFUL)
STRICT = Bundle(code=RELEASE, confidence_min={"xml": 0.95, "scan": 1.0})
HARMLESS = Bundle(code=RELEASE, confidence_min={"scan": 1.0})
FOREIGN = Bundle(code="0.0.9+otherothers", policy=CAREFUL)


class _Live(FollowedReleases):
    """Chosen as in a worker; what the bench would set for each record is not heeded."""

    @property
    def active(self) -> Running:
        return super().active

    @active.setter
    def active(self, _running: Running) -> None:
        """Heed nothing."""


class Town(World):
    """A world in which the worker's own releases decide."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.releases = _Live(Settings(), RELEASE)
        self.releases.follower._caught_up.set()
        self._bench._ports.releases = self.releases  # type: ignore[assignment] # it chooses, and is not told
        self._offset = 0
        self.know()

    def change(self, bundle: Bundle, state: ReleaseState, share: float = 0.0, holdback: float = 0.0) -> None:
        change = ReleaseChanged(
            release_id=bundle.release_id,
            state=state,
            changed_by="ada",
            changed_at=self.now,
            bundle=bundle,
            share=share,
            holdback=holdback,
        )
        self.publish(RELEASE_CHANGED, bundle.release_id, change)
        self.releases.apply(self.reads[-1].key, self.reads[-1].value, self._offset)
        self._offset += 1

    def releases_of(self, sample: Sample) -> dict[str, set[str]]:
        """Return every release that is named for a document, by where it is named."""
        found = defaultdict(set)
        for topic, model in (
            (INVOICE_EXTRACTED, InvoiceExtracted), (INVOICE_NORMALIZED, InvoiceNormalized),
            (INVOICE_VALIDATED, InvoiceValidated), (PAYMENT_DECIDED, PaymentDecided),
            (PAYMENT_INITIATED, PaymentInitiated), (PAYMENT_ISSUED, PaymentIssued),
            (DOCUMENT_STATUS, DocumentStatus), (AUDIT_ENTRY, AuditEntry),
        ):  # fmt: skip
            events: list[Any] = self.events(topic, model)
            for event in events:
                if _document(event) == sample.document_id:
                    found[topic.name].add(getattr(event, "release", None) or event.decision.release)
        return found

    def only_release(self, sample: Sample) -> str:
        (name,) = set().union(*self.releases_of(sample).values())
        return str(name)

    def decided(self, sample: Sample) -> PaymentDecided:
        events = self.events(PAYMENT_DECIDED, PaymentDecided)
        return [each for each in events if each.decision.document_id == sample.document_id][-1]


def _document(event: Any) -> str:
    for member in ("received", "decision", "normalized"):
        inner = getattr(event, member, None)
        if inner is not None:
            return str(inner.document_id)
    return str(event.document_id)


@pytest.fixture
def town() -> Town:
    return Town(load_set(60, seed=5))


def payable(town: Town, lane: str, count: int = 1) -> list[Sample]:
    return [sample for sample in town.samples.samples if sample.lane == lane and sample.command_id][:count]


async def test_one_document_after_the_other_is_decided_by_what_is_in_force(town: Town) -> None:
    first, second, third = payable(town, "xml", 3)
    town.send(first)
    await town.run()
    town.change(NO_XML, "active")
    town.send(second)
    await town.run()
    town.change(NO_XML, "retired")
    town.send(third)
    await town.run()
    assert [town.only_release(each) for each in (first, second, third)] == [RELEASE, NO_XML.release_id, RELEASE]
    assert [town.decided(each).decision.outcome for each in (first, second, third)] == ["approve", "hold", "approve"]
    assert town.decided(second).decision.policy == CAREFUL.name
    assert set(town.releases_of(first)) >= {"payment.initiated", "payment.issued", "document.status", "audit.entry"}


@pytest.mark.parametrize("steps", range(1, 6))
async def test_a_document_that_is_under_way_stays_with_its_release_wherever_the_switch_meets_it(
    town: Town, steps: int
) -> None:
    (sample,) = payable(town, "xml")
    town.send(sample)
    await town.run(steps)
    town.change(NO_XML, "active")
    await town.run()
    assert town.only_release(sample) == RELEASE
    assert town.commands(sample)


async def test_a_document_that_was_read_by_a_canary_stays_its_own_after_the_canary_is_gone(town: Town) -> None:
    (sample,) = payable(town, "xml")
    town.change(STRICT, "canary", 1.0)
    town.send(sample)
    await town.run(1)
    town.change(STRICT, "retired")
    await town.run()
    assert town.only_release(sample) == STRICT.release_id


@pytest.mark.parametrize("steps", [1, 2, 3])
async def test_a_release_that_was_taken_back_approves_nothing_that_it_has_read(town: Town, steps: int) -> None:
    """Rolling back would else come too late for all that waits behind a stage."""
    (sample,) = payable(town, "xml")
    town.change(HARMLESS, "active")
    town.send(sample)
    await town.run(steps)
    town.change(HARMLESS, "retired")
    await town.run()
    decision = town.decided(sample).decision
    assert (decision.outcome, decision.reasons) == ("hold", ("RELEASE-WITHDRAWN",))
    assert decision.release == HARMLESS.release_id == town.only_release(sample)
    assert not town.commands(sample)
    town.review(sample, "approve", "paul")
    await town.run()
    assert town.commands(sample)


async def test_what_was_approved_before_a_release_was_taken_back_is_paid(town: Town) -> None:
    (sample,) = payable(town, "xml")
    town.change(HARMLESS, "active")
    town.send(sample)
    await town.run(4)
    town.change(HARMLESS, "retired")
    await town.run()
    assert town.decided(sample).decision.outcome == "approve"
    assert town.commands(sample)


async def test_a_share_of_the_documents_is_the_canarys(town: Town) -> None:
    town.change(NO_XML, "canary", 0.5)
    samples = [sample for sample in town.samples.samples if sample.command_id]
    for sample in samples:
        town.send(sample)
    await town.run()
    names = {town.only_release(sample) for sample in samples}
    assert names == {RELEASE, NO_XML.release_id}
    again = [sample for sample in samples if (await town.releases.choose(sample.document_id)).name != RELEASE]
    assert {town.only_release(sample) for sample in again} == {NO_XML.release_id}


async def test_the_thresholds_of_a_release_decide_what_is_payable(town: Town) -> None:
    """The same invoice, read a little less surely than one release wants and the other does not."""
    (sample,) = payable(town, "xml")
    town.send(sample)
    await town.run()
    (normalized,) = town.events(INVOICE_NORMALIZED, InvoiceNormalized)
    for release in (RELEASE, STRICT.release_id, NO_XML.release_id):
        town.change(STRICT, "retired")
        town.change(NO_XML, "draft")
        unsure = dict.fromkeys(normalized.confidence, 0.93)
        again = normalized.model_copy(update={"confidence": unsure, "release": release})
        town.publish(INVOICE_NORMALIZED, normalized.invoice_key, again)
    await town.run()
    validated = town.events(INVOICE_VALIDATED, InvoiceValidated)[1:]
    assert [(each.release, each.assessment.outcome) for each in validated] == [
        (RELEASE, "payable"), (STRICT.release_id, "doubtful"), (NO_XML.release_id, "payable")
    ]  # fmt: skip
    assert validated[1].assessment.reasons == ("CONFIDENCE-LOW",)


async def test_what_a_person_does_is_judged_by_what_is_in_force_then(town: Town) -> None:
    (sample,) = payable(town, "xml")
    town.change(NO_XML, "active")
    town.send(sample)
    await town.run()
    town.change(NO_XML, "retired")
    town.review(sample, "approve", "anna")
    await town.run()
    named = town.releases_of(sample)
    assert named["invoice.extracted"] == {NO_XML.release_id}
    assert named["invoice.normalized"] == {NO_XML.release_id, RELEASE}
    assert town.decided(sample).decision.release == RELEASE
    assert named["payment.issued"] == {RELEASE}
    acts = [entry for entry in town.events(AUDIT_ENTRY, AuditEntry) if entry.stage == "review"]
    assert [entry.release for entry in acts] == [RELEASE]


async def test_the_bank_speaks_of_the_release_that_issued_the_command(town: Town) -> None:
    (sample,) = payable(town, "xml")
    town.change(careful_xml := Bundle(code=RELEASE, confidence_min={"scan": 1.0}), "active")
    town.send(sample)
    await town.run()
    town.change(careful_xml, "retired")
    (command,) = town.commands(sample)
    town.cancel(command, by="carla")
    town.report(command, "RJCT", "AC04")
    await town.run()
    assert town.only_release(sample) == careful_xml.release_id


@pytest.mark.parametrize(
    ("said", "cause", "counts"),
    [
        (("RVNM", None), "RVNM", 1),  # the account belongs to another name
        (("RJCT", "AC01"), "AC01", 1),  # there is no such account
        (("RJCT", "AM04"), "AM04", 0),  # the payer has no money: no release's doing
    ],
)
async def test_what_a_bank_says_becomes_a_lesson_that_counts_where_it_is_about_reading(
    town: Town, said: tuple[str, str | None], cause: str, counts: int
) -> None:
    (sample,) = payable(town, "xml")
    town.change(HARMLESS, "active")
    tally = Tally(Episode(HARMLESS.release_id, RELEASE, 0.999_999, town.now))
    town.send(sample)
    await town.run()
    (command,) = town.commands(sample)
    town.report(command, *said)
    await town.run()
    (lesson,) = town.events(FEEDBACK_RECORDED, FeedbackRecorded)
    assert (lesson.source, lesson.cause, lesson.release) == ("settlement", cause, HARMLESS.release_id)
    assert lesson.document_id == sample.document_id
    tally.take(lesson, town.now)
    assert tally.watch.evidence["corrected"].hits == counts


async def test_what_is_held_back_is_read_and_paid_by_the_release_below(town: Town) -> None:
    town.change(HARMLESS, "active", holdback=0.5)
    samples = payable(town, "xml", 12)
    for sample in samples:
        town.send(sample)
    await town.run()
    expected = {
        sample.document_id: HARMLESS.release_id if falls_on(HARMLESS.release_id, sample.document_id, 0.5) else RELEASE
        for sample in samples
    }
    assert {sample.document_id: town.only_release(sample) for sample in samples} == expected
    assert set(expected.values()) == {HARMLESS.release_id, RELEASE}


async def test_what_a_bank_says_of_nobodys_command_names_the_active_release(town: Town) -> None:
    town.change(NO_XML, "active")
    town.report("QAAAAAAAAAAAAAAAAAAAAAAAAAA", "ACSC")
    await town.run()
    entries = [entry for entry in town.events(AUDIT_ENTRY, AuditEntry) if entry.stage == "settlement"]
    assert [entry.release for entry in entries] == [NO_XML.release_id]


async def test_a_release_of_other_code_is_never_in_force(town: Town) -> None:
    (sample,) = payable(town, "xml")
    town.change(FOREIGN, "active")
    town.send(sample)
    await town.run()
    assert town.only_release(sample) == RELEASE
