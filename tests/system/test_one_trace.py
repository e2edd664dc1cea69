"""One trace from the request to the command: the real stack on a real Kafka, its spans over real OTLP.

The worker's two processes and the API send them; ours is the collector that takes them.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from aiokafka import AIOKafkaProducer

from app import clock
from app.documents import open_documents
from app.extraction import documents_config
from app.kafka_client import client_arguments
from app.local.samples import Sample, SampleSet, debtor_environment, demo_set, supplier_csv
from app.local.stack import Stack
from app.publishing import KafkaPublisher
from app.suppliers import parse_suppliers
from schemas.codec import encode
from schemas.events import DocumentReceived, SupplierChanged
from schemas.evidence import FieldName
from schemas.identifiers import document_id
from schemas.payment import PaymentStatusReported
from schemas.topics import DOCUMENT_RECEIVED, PAYMENT_STATUS, SUPPLIER_CHANGED, Topic
from schemas.trace import TraceContext
from tests.servers.collector import Collector, ReceivedSpan, running_collector
from tests.system.verifier import read_all

CLIENT = TraceContext("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", sampled=True)
PUBLISHER = TraceContext("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", sampled=True)
REVIEWER = TraceContext("11111111111111111111111111111111", "2222222222222222", sampled=True)
# From the request to the command: each is the parent of the next, but for the parts of the extraction.
WAY = (
    "process document.received", "send invoice.extracted",
    "process invoice.extracted", "send invoice.normalized",
    "process invoice.normalized", "send invoice.validated",
    "process invoice.validated", "send payment.decided",
    "process payment.decided", "send payment.initiated",
)  # fmt: skip
PARTS = {"fetch document", "read document", "read in child process", "check official rules"}
GONE = TraceContext("33333333333333333333333333333333", "4444444444444444", sampled=True)
CANARY = "DE89370400440532013000"
PRIVATE: tuple[FieldName, ...] = ("payment_account_identifier", "seller_name", "buyer_name", "invoice_number")
END_SECONDS = 120.0

pytestmark = [pytest.mark.system, pytest.mark.kafka, pytest.mark.timeout(480)]


class Running:
    """A stack that is traced, and what its people do with it."""

    def __init__(self, stack: Stack, collector: Collector, samples: SampleSet) -> None:
        self.stack = stack
        self.collector = collector
        self.samples = samples
        self._http = httpx.AsyncClient(
            base_url=stack.api_url, headers={"Authorization": f"Bearer {stack.api_key}"}, timeout=END_SECONDS
        )

    async def post(self, sample: Sample, caller: TraceContext | None) -> dict[str, str]:
        headers = {"Prefer": "wait=30", **({"traceparent": str(caller)} if caller else {})}
        files = {"file": ("invoice", sample.content, sample.media_type)}
        answer = await self._http.post("/v1/documents", files=files, headers=headers)
        document: dict[str, str] = answer.raise_for_status().json()
        return document

    async def publish(self, sample: Sample, publisher: TraceContext) -> None:
        """As a program in any language would: the bytes first, then where they are, with a traceparent."""
        async with open_documents(documents_config(self.stack.settings)) as store:
            reference = await store.put(sample.content, sample.media_type)
        event = DocumentReceived(document_id=sample.document_id, reference=str(reference))
        await self.write(DOCUMENT_RECEIVED, event.document_id, encode(event), publisher)

    async def write(self, topic: Topic, key: str, value: bytes, publisher: TraceContext) -> None:
        producer = AIOKafkaProducer(**client_arguments(self.stack.settings))
        await producer.start()
        try:
            headers = [("traceparent", str(publisher).encode())]
            await producer.send_and_wait(topic.name, value, key=key.encode(), headers=headers)
        finally:
            await producer.stop()

    async def until(self, document_id: str, *states: str) -> dict[str, object]:
        async with asyncio.timeout(END_SECONDS):
            while True:
                document: dict[str, object] = (await self._http.get(f"/v1/documents/{document_id}")).json()
                if document.get("state") in states:
                    return document
                await asyncio.sleep(0.2)

    async def refuse(self, document_id: str, caller: TraceContext) -> None:
        answer = await self._http.post(
            f"/v1/reviews/{document_id}", json={"action": "reject"}, headers={"traceparent": str(caller)}
        )
        answer.raise_for_status()

    async def settle(self, command_id: str) -> None:
        async with KafkaPublisher(self.stack.settings, source="engine") as engine:
            report = PaymentStatusReported(command_id=command_id, status="ACSC", at=clock.now())
            await engine.publish(PAYMENT_STATUS, report)

    async def spans(self, name: str, within: str) -> list[ReceivedSpan]:
        """Return the spans of that name in a trace, or about a document, once one is there."""

        def found() -> list[ReceivedSpan]:
            return [
                span
                for span in self.collector.named(name)
                if within in (span.trace_id, span.attributes.get("quittance.document_id"))
            ]

        await asyncio.to_thread(self.collector.until, found)
        return found()

    async def arrived(self, trace_id: str, names: set[str]) -> None:
        """Wait until all of these are there: each process sends its spans in its own time."""
        await asyncio.to_thread(
            self.collector.until, lambda: names <= {span.name for span in self.collector.trace(trace_id)}
        )

    async def close(self) -> None:
        await self._http.aclose()


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    with running_collector() as collector:
        yield collector


@asynccontextmanager
async def traced_stack(folder: Path, collector: Collector) -> AsyncIterator[Running]:
    samples = demo_set()
    traced = {"QUITTANCE_OTLP_ENDPOINT": collector.url, "QUITTANCE_TRACE_RATIO": "1", "QUITTANCE_LOG_FORMAT": "json"}
    async with Stack(folder, {**debtor_environment(samples.debtor), **traced}, lambda _line: None) as stack:
        async with KafkaPublisher(stack.settings, source="test") as publisher:
            for supplier in parse_suppliers(
                supplier_csv(samples.suppliers).encode(), verified_by="test", verified_at=clock.now()
            ):
                event = SupplierChanged(supplier=supplier, changed_by="test", changed_at=clock.now())
                await publisher.publish(SUPPLIER_CHANGED, event, key=supplier.supplier_id)
        running = Running(stack, collector, samples)
        try:
            yield running
        finally:
            await running.close()


def paid(samples: SampleSet) -> Iterator[Sample]:
    """Samples in XML that are paid, each of its own invoice."""
    return (
        sample
        for sample in samples.samples
        if sample.scenario == "plain" and sample.lane == "xml" and sample.command_id
    )


def held(samples: SampleSet) -> Sample:
    return next(sample for sample in samples.samples if sample.scenario == "quietly-changed-account")


def way(collector: Collector, trace_id: str) -> list[ReceivedSpan]:
    """Return the spans of the way to the command, in the order in which they began."""
    return [span for span in collector.trace(trace_id) if span.name in WAY]


async def test_one_trace_from_the_request_to_the_command(tmp_path: Path, collector: Collector) -> None:
    async with traced_stack(tmp_path, collector) as running:
        plain = paid(running.samples)
        first, second = next(plain), next(plain)
        await running.post(first, CLIENT)
        await running.publish(second, PUBLISHER)
        await running.until(first.document_id, "payment_initiated")
        await running.until(second.document_id, "payment_initiated")
        await running.arrived(CLIENT.trace_id, {*WAY, *PARTS, "POST /v1/documents"})
        await running.arrived(PUBLISHER.trace_id, {*WAY})
        _the_request_leads_to_the_command(collector)
        _the_publisher_leads_to_the_command(collector)
        await _a_review_is_linked_to_the_decision(running)
        await _a_report_is_linked_to_the_command(running, first)
        await _headers_and_audit_say_the_same(running, first)
        await _a_failure_is_logged_with_its_trace(running)
    _nothing_private_is_in_logs_or_spans(tmp_path, collector, (first, second, held(running.samples)))


def _the_request_leads_to_the_command(collector: Collector) -> None:
    [request] = [span for span in collector.trace(CLIENT.trace_id) if span.kind == "SERVER"]
    assert (request.service, request.name, request.parent_id) == (
        "quittance-api", "POST /v1/documents", CLIENT.span_id,
    )  # fmt: skip
    assert request.attributes["http.response.status_code"] == 200
    [sent] = [span for span in collector.trace(CLIENT.trace_id) if span.name == "send document.received"]
    assert (sent.service, sent.parent_id) == ("quittance-api", request.span_id)
    steps = way(collector, CLIENT.trace_id)
    assert tuple(span.name for span in steps) == WAY
    assert [span.parent_id for span in steps] == [sent.span_id, *(span.span_id for span in steps[:-1])]
    assert [span.service for span in steps[:2]] == ["quittance-reader"] * 2
    assert {span.service for span in steps[2:]} == {"quittance-ledger"}
    _the_children_are_in_it(collector, steps[0])


def _the_children_are_in_it(collector: Collector, extraction: ReceivedSpan) -> None:
    parts = {span.name: span for span in collector.trace(CLIENT.trace_id) if span.name in PARTS}
    assert parts.keys() == PARTS
    child = parts["read in child process"]
    assert child.parent_id == parts["read document"].span_id
    assert {parts[name].parent_id for name in PARTS - {child.name}} == {extraction.span_id}
    assert child.attributes["process.pid"] != parts["check official rules"].attributes["process.pid"]
    assert extraction.start <= child.start <= child.end <= extraction.end


def _the_publisher_leads_to_the_command(collector: Collector) -> None:
    steps = way(collector, PUBLISHER.trace_id)
    assert tuple(span.name for span in steps) == WAY
    assert steps[0].parent_id == PUBLISHER.span_id
    assert not [span for span in collector.trace(PUBLISHER.trace_id) if span.service == "quittance-api"]


async def _a_review_is_linked_to_the_decision(running: Running) -> None:
    document = held(running.samples)
    await running.post(document, None)
    await running.until(document.document_id, "held")
    [decision] = await running.spans("process invoice.validated", document.document_id)
    await running.refuse(document.document_id, REVIEWER)
    await running.until(document.document_id, "rejected")
    [review] = await running.spans("process review.submitted", REVIEWER.trace_id)
    assert review.links == ((decision.trace_id, decision.span_id),)


async def _a_report_is_linked_to_the_command(running: Running, sample: Sample) -> None:
    [issued] = await running.spans("process payment.issued", CLIENT.trace_id)
    await running.settle(sample.command_id or "")
    await running.until(sample.document_id, "settled")
    [settlement] = await running.spans("process payment.status", sample.document_id)
    assert settlement.trace_id != CLIENT.trace_id
    assert settlement.links == ((issued.trace_id, issued.span_id),)


async def _headers_and_audit_say_the_same(running: Running, sample: Sample) -> None:
    records = await read_all(running.stack.settings.kafka_bootstrap_servers)
    [command] = [record for record in records["payment.initiated"] if record.name == sample.command_id]
    [sent] = await running.spans("send payment.initiated", CLIENT.trace_id)
    assert command.headers["traceparent"].decode() == f"00-{CLIENT.trace_id}-{sent.span_id}-01"
    entries = [json.loads(record.value) for record in records["audit.entry"]]
    traced = {entry["stage"] for entry in entries if entry["trace_id"] == CLIENT.trace_id}
    assert traced == {"extraction", "normalization", "validation", "decision", "payment", "issuing"}
    assert all(entry["trace_id"] for entry in entries)


async def _a_failure_is_logged_with_its_trace(running: Running) -> None:
    """A record that cannot be read, with an account where a publisher might write one."""
    gone = document_id(b"gone")
    await running.write(DOCUMENT_RECEIVED, gone, f'{{"reference":"{CANARY}","tenant":"{CANARY}"}}'.encode(), GONE)
    await running.arrived(GONE.trace_id, {"process document.received"})
    [failed] = running.collector.trace(GONE.trace_id)
    assert (failed.failed, failed.attributes["error.type"]) == (True, "VALUE-INVALID")
    log = [json.loads(line) for line in (running.stack.folder / "worker.log").read_text().splitlines()]
    [line] = [line for line in log if line.get("trace_id") == GONE.trace_id]
    assert (line["stage"], line["document_id"], line["level"]) == ("extraction", gone, "ERROR")


def _nothing_private_is_in_logs_or_spans(folder: Path, collector: Collector, samples: tuple[Sample, ...]) -> None:
    kept = "".join(log.read_text() for log in folder.glob("*.log")).encode() + b"".join(collector.bodies)
    said = {sample.truth[name] for sample in samples for name in PRIVATE}
    for private in {CANARY, CANARY[-10:], *(value for value in said if value)}:
        assert private.encode() not in kept, private
