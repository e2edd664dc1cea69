"""People and banks steer payments through real topics, with two workers: reviews, reports in any partition, cancels."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import BaseModel

from app.home import home_partition
from app.kafka_client import client_arguments
from app.local.samples import Sample, SampleSet, demo_set
from app.local.watch import Watch
from app.publishing import KafkaPublisher
from schemas.codec import decode, encode
from schemas.decision import ReviewAction, ReviewSubmitted
from schemas.events import DocumentStatus
from schemas.feedback import FeedbackRecorded
from schemas.payment import CancellationRequested, PaymentStatusCode, PaymentStatusReported
from schemas.topics import FEEDBACK_RECORDED, PAYMENT_CANCELLATION, PAYMENT_STATUS, REVIEW_SUBMITTED, Topic
from tests.system.cluster import Cluster, running_cluster
from tests.system.verifier import read_all, verify

aiokafka = pytest.importorskip("aiokafka")
PARTITIONS = 6
WAIT_SECONDS = 30.0
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)

pytestmark = [pytest.mark.system, pytest.mark.kafka, pytest.mark.timeout(240)]


class Desk:
    """What a person or an engine can do, and what they see."""

    def __init__(self, cluster: Cluster, watch: Watch, publisher: KafkaPublisher) -> None:
        self._cluster = cluster
        self._watch = watch
        self._publisher = publisher

    def status(self, sample: Sample) -> DocumentStatus:
        return self._watch.seen.statuses[sample.document_id]

    async def until(self, sample: Sample, told: Callable[[DocumentStatus], bool]) -> DocumentStatus:
        deadline = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < deadline:
            if told(self.status(sample)):
                return self.status(sample)
            await asyncio.sleep(0.1)
        raise AssertionError(f"{sample.name} is {self.status(sample)}")

    async def review(
        self, sample: Sample, action: ReviewAction, reviewer: str, corrections: dict[str, str | None] | None = None
    ) -> None:
        key = self.status(sample).invoice_key
        assert key is not None
        submitted = ReviewSubmitted(
            review_id=f"{reviewer}-{action}-{sample.name}",
            document_id=sample.document_id,
            invoice_key=key,
            action=action,
            reviewer=reviewer,
            corrections=corrections or {},
            submitted_at=NOW,
        )
        await self._publisher.publish(REVIEW_SUBMITTED, submitted)

    async def report(self, command: str, status: PaymentStatusCode, *, stray: bool = False) -> None:
        report = PaymentStatusReported(command_id=command, status=status, reason_code="AC01", at=NOW)
        await self.send(PAYMENT_STATUS, command, report, stray=stray)

    async def cancel(self, command: str) -> None:
        asked = CancellationRequested(command_id=command, tenant="default", requested_by="ann", requested_at=NOW)
        await self.send(PAYMENT_CANCELLATION, command, asked)

    async def send(self, topic: Topic, key: str, event: BaseModel, *, stray: bool = False) -> None:
        """As a client of any make would: `stray` into a partition that Kafka's default partitioner would not choose."""
        producer = aiokafka.AIOKafkaProducer(**client_arguments(self._cluster.settings))
        await producer.start()
        try:
            partition = (home_partition(key.encode(), PARTITIONS) + stray) % PARTITIONS
            await producer.send_and_wait(topic.name, encode(event), key=key.encode(), partition=partition)
        finally:
            await producer.stop()


def _chosen() -> SampleSet:
    samples = demo_set(seed=4)
    xml = [sample for sample in samples.samples if sample.lane == "xml"]
    plain = [sample for sample in xml if sample.scenario == "plain"][:4]
    held = [sample for sample in xml if sample.scenario == "quietly-changed-account"][:1]
    return SampleSet(tuple(plain + held), samples.suppliers, samples.debtor)


async def test_people_and_banks_steer(tmp_path: Path) -> None:
    samples = _chosen()
    settled, rejected, cancelled, late, held = samples.samples
    async with running_cluster(tmp_path, samples, ("first", "second")) as cluster:
        watch = Watch(cluster.settings)
        watching = asyncio.create_task(watch.run())
        async with KafkaPublisher(cluster.settings, source="desk") as publisher:
            desk = Desk(cluster, watch, publisher)
            await cluster.feed(0.05)
            await cluster.until_ended(watch, WAIT_SECONDS)
            await _banks_speak(desk, settled, rejected, cancelled, late)
            await _people_speak(desk, held)
        watching.cancel()
        records = await read_all(cluster.bootstrap)
        feedback = await read_all(cluster.bootstrap, (FEEDBACK_RECORDED.name,))
    causes = [decode(record.value, FeedbackRecorded).cause for record in feedback[FEEDBACK_RECORDED.name]]
    assert sorted(map(str, causes)) == ["AC01", "correction"]  # of the approvals none: somebody had to correct first
    commands = {
        command for sample in samples.samples for command in watch.seen.statuses[sample.document_id].command_ids
    }
    assert len(commands) == len(samples.samples)
    report = verify(records, set(samples.document_ids()), commands)
    report.anomalies.pop("two ends", None)  # held, then paid: a person brought it about
    assert report.is_clean, report.as_json()


async def _banks_speak(desk: Desk, settled: Sample, rejected: Sample, cancelled: Sample, late: Sample) -> None:
    """Reports reach their document from any partition; only the engine's word ends a payment."""
    (command,) = desk.status(settled).command_ids
    await desk.report(command, "ACSP", stray=True)
    await desk.until(settled, lambda status: status.state == "payment_accepted")
    await desk.report(command, "ACSC", stray=True)
    told = await desk.until(settled, lambda status: status.state == "settled")
    assert told.final

    (command,) = desk.status(rejected).command_ids
    await desk.report(command, "RJCT")
    told = await desk.until(rejected, lambda status: status.state == "payment_rejected")
    assert told.reasons == ("AC01",)

    (command,) = desk.status(cancelled).command_ids
    await desk.cancel(command)
    told = await desk.until(cancelled, lambda status: "CANCEL-REQUESTED" in status.reasons)
    assert (told.state, told.final) == ("payment_initiated", False)
    await desk.report(command, "CANC")
    await desk.until(cancelled, lambda status: status.state == "cancelled")

    (command,) = desk.status(late).command_ids
    await desk.report(command, "ACCP")
    await desk.until(late, lambda status: status.state == "payment_accepted")
    await desk.cancel(command)
    await desk.report(command, "ACSC")
    told = await desk.until(late, lambda status: status.state == "settled")
    assert "CANCEL-REQUESTED" not in told.reasons


async def _people_speak(desk: Desk, held: Sample) -> None:
    """Whoever corrected may not approve; somebody else may."""
    assert desk.status(held).reasons == ("ACCOUNT-NEW",)
    await desk.review(held, "correct", "ann", {"payment_due_date": "2026-12-31"})
    await desk.until(held, lambda status: "CORRECTED" in status.reasons)
    await desk.review(held, "approve", "ann")
    await desk.until(held, lambda status: "FOUR-EYES" in status.reasons)
    assert desk.status(held).command_ids == ()
    await desk.review(held, "approve", "bob")
    await desk.until(held, lambda status: status.state == "payment_initiated")
