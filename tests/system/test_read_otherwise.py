"""A document that was paid comes again under a release that reads it as another invoice: nothing is paid twice."""

import asyncio
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer

from agents.extraction.reading import read
from app import clock
from app.local.quality.papers import WaterBill, town_supplier
from app.local.samples import Sample, SampleSet, demo_debtor
from app.local.watch import Watch
from schemas.codec import encode
from schemas.events import DocumentStatus, InvoiceExtracted, PaymentDecided
from schemas.evidence import ExtractedInvoice
from schemas.payment import PaymentInitiated
from schemas.release import Anchor, Bundle, Learned, ReleaseChanged
from schemas.topics import RELEASE_CHANGED
from tests.system.cluster import Cluster, running_cluster
from tests.system.records import Record
from tests.system.switching import in_force
from tests.system.verifier import read_all

WAIT_SECONDS = 120.0

pytestmark = [pytest.mark.system, pytest.mark.kafka, pytest.mark.timeout(600)]


async def test_what_was_paid_under_one_number_is_not_paid_under_another(tmp_path: Path) -> None:
    paid, fresh = WaterBill(0), WaterBill(1)
    samples = SampleSet((paid.sample(), fresh.sample()), (town_supplier(),), demo_debtor())
    async with running_cluster(tmp_path, samples, ("only",)) as cluster:
        watch = Watch(cluster.settings)
        watching = asyncio.create_task(watch.run())
        async with cluster.sending() as send:
            await send(paid.sample())
            await until_initiated(watch, paid.sample())
            await promote(cluster, paid.sample())
            await send(paid.sample())
            await send(fresh.sample())
        await until_initiated(watch, fresh.sample())
        await cluster.until_ended(watch, WAIT_SECONDS)
        watching.cancel()
        records = await read_all(cluster.bootstrap)
    numbers = [
        InvoiceExtracted.model_validate_json(record.value).extracted.value("invoice_number")
        for record in of(records["invoice.extracted"], paid.sample())
    ]
    assert numbers == [paid.period, paid.number], "the release was to read the second one otherwise"
    commands = [PaymentInitiated.model_validate_json(record.value) for record in records["payment.initiated"]]
    assert sorted(command.document_id for command in commands) == sorted(one.document_id for one in samples.samples)
    decisions = [PaymentDecided.model_validate_json(r.value).decision for r in records["payment.decided"]]
    again = [decision for decision in decisions if decision.document_id == paid.sample().document_id]
    assert len(again) == 2
    assert again[0] == again[1]
    last = [DocumentStatus.model_validate_json(r.value) for r in of(records["document.status"], paid.sample())][-1]
    own = [command.command_id for command in commands if command.document_id == paid.sample().document_id]
    assert (last.state, last.command_ids) == ("payment_initiated", tuple(own))


def of(records: list[Record], sample: Sample) -> list[Record]:
    return [record for record in records if record.key == sample.document_id.encode()]


async def until_initiated(watch: Watch, sample: Sample) -> None:
    async with asyncio.timeout(WAIT_SECONDS):
        while not ((told := watch.seen.statuses.get(sample.document_id)) and told.state == "payment_initiated"):
            watch.changed.clear()
            await watch.changed.wait()


async def promote(cluster: Cluster, sample: Sample) -> None:
    """Put a release in force that takes the number from behind its own label."""
    reading, (code,) = read(sample.content), await in_force(cluster)
    assert isinstance(reading, ExtractedInvoice)
    anchor = Anchor(
        layout=reading.layout or "", field="invoice_number", label="kassenzeichen", direction="right",
        zone=(0.0, 0.0, 1.0, 1.0), agreed=5,
    )  # fmt: skip
    bundle = Bundle(code=code, learned=Learned(anchors=(anchor,)))
    change = ReleaseChanged(
        release_id=bundle.release_id, state="active", changed_by="test", changed_at=clock.now(), bundle=bundle
    )
    producer = AIOKafkaProducer(bootstrap_servers=cluster.bootstrap, acks="all")
    await producer.start()
    try:
        await producer.send_and_wait(RELEASE_CHANGED.name, encode(change), key=bundle.release_id.encode())
    finally:
        await producer.stop()
    async with asyncio.timeout(WAIT_SECONDS):
        while await in_force(cluster) != {bundle.release_id}:  # noqa: ASYNC110 - workers tell nobody, they are asked
            await asyncio.sleep(0.05)
