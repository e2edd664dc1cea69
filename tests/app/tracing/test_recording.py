"""A stage's spans as a collector receives them: real OTLP over HTTP, from the real shell and the real way out."""

import asyncio
from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from agents.effects import Arrival, Effects, Emission, Subject
from agents.stage import Stage
from app.delivery import Delivery
from app.ports import WorkerPorts
from app.settings import Settings
from app.telemetry import Telemetry
from app.tracing import Tracing, open_tracing
from app.tracing.names import Part
from schemas.codec import encode
from schemas.events import DocumentReceived
from schemas.feedback import FeedbackRecorded
from schemas.identifiers import document_id
from schemas.topics import DOCUMENT_RECEIVED, INVOICE_EXTRACTED
from schemas.trace import TraceContext
from tests.agents.ports import NOW, AtOnce, FixedReleases
from tests.app.stream.events import event
from tests.servers.collector import Collector, ReceivedSpan, running_collector

DOCUMENT = document_id(b"invoice")
SUBJECT = Subject("acme", DOCUMENT)
LESSON = FeedbackRecorded(document_id=DOCUMENT, tenant="acme", source="review", release="r", recorded_at=NOW)
DONE = Effects(SUBJECT, "extracted", "extracted", then=(Emission(INVOICE_EXTRACTED, DOCUMENT, LESSON),))
PARENT = TraceContext("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", sampled=True)
IBAN = "DE89370400440532013000"


class Producing:
    """A broker that takes everything; it keeps the headers."""

    def __init__(self) -> None:
        self.headers: dict[str, Mapping[str, bytes]] = {}

    async def send(self, topic: str, *_record: Any) -> Any:
        self.headers[topic] = _record[-1]

        async def word() -> Any:
            return SimpleNamespace(partition=3, offset=len(self.headers))

        return word()


class World:
    """One stage whose step does what a test says, with the tracing of the settings."""

    def __init__(self, tracing: Tracing) -> None:
        self.producing = Producing()
        self.effects: Effects | BaseException = DONE
        self.parts = 0
        self.ports = WorkerPorts(
            Delivery(lambda: self.producing), Telemetry("reader", "r"), FixedReleases("r"), tracing=tracing
        )
        self.stage = Stage(
            "extraction", DOCUMENT_RECEIVED, DocumentReceived, self.step, self.about, self.ports, AtOnce()
        )

    async def step(self, _arrival: Arrival[DocumentReceived]) -> Effects:
        for _ in range(self.parts):
            with self.ports.tracing.part(Part.READ), self.ports.tracing.child(4711):
                await asyncio.sleep(0)
        if isinstance(self.effects, BaseException):
            raise self.effects
        return self.effects

    @staticmethod
    def about(received: DocumentReceived) -> Subject:
        return Subject(received.tenant, received.document_id)

    async def run(self, traceparent: str | None = str(PARENT), offset: int = 7, value: bytes | None = None) -> None:
        received = DocumentReceived(document_id=DOCUMENT, reference=f"file:///in/{IBAN}.pdf", tenant="acme")
        headers: dict[str, bytes | None] = {"traceparent": traceparent.encode()} if traceparent else {}
        await self.stage.run(
            event(
                offset, topic="document.received", partition=2, key=DOCUMENT.encode(), value=value or encode(received),
                headers={**headers, "ce_id": f"from {IBAN} with love".encode()},
            )
        )  # fmt: skip


@pytest.fixture
def collector() -> Iterator[Collector]:
    with running_collector() as collector:
        yield collector


def settings(collector: Collector, ratio: float = 1.0) -> Settings:
    return Settings(otlp_endpoint=collector.url, trace_ratio=ratio)


async def spans_of(collector: Collector, *, ratio: float = 1.0, **given: Any) -> dict[str, ReceivedSpan]:
    """Run one event and return the spans that arrived, by name."""
    with open_tracing(settings(collector, ratio), "quittance-reader", CollectorRegistry()) as tracing:
        world = World(tracing)
        world.effects = given.pop("effects", DONE)
        world.parts = given.pop("parts", 0)
        await world.run(**given)
    return {span.name: span for span in collector.spans}


async def test_a_stage_continues_its_publishers_trace(collector: Collector) -> None:
    spans = await spans_of(collector, parts=1)
    process, send = spans["process document.received"], spans["send invoice.extracted"]
    read, child = spans["read document"], spans["read in child process"]
    assert {span.trace_id for span in spans.values()} == {PARENT.trace_id}
    assert (process.kind, process.parent_id) == ("CONSUMER", PARENT.span_id)
    assert (send.kind, send.parent_id) == ("PRODUCER", process.span_id)
    assert (read.parent_id, child.parent_id) == (process.span_id, read.span_id)
    assert child.attributes["process.pid"] == 4711
    assert process.service == "quittance-reader"


async def test_the_record_that_goes_on_names_its_own_sending(collector: Collector) -> None:
    with open_tracing(settings(collector), "quittance-reader", CollectorRegistry()) as tracing:
        world = World(tracing)
        await world.run()
    sent = {topic: headers["traceparent"].decode() for topic, headers in world.producing.headers.items()}
    [send], [process] = collector.named("send invoice.extracted"), collector.named("process document.received")
    assert sent["invoice.extracted"] == f"00-{PARENT.trace_id}-{send.span_id}-01"
    assert sent["document.status"] == sent["audit.entry"] == f"00-{PARENT.trace_id}-{process.span_id}-01"


async def test_attributes_are_those_of_the_conventions(collector: Collector) -> None:
    spans = await spans_of(collector)
    assert spans["process document.received"].attributes == {
        "messaging.system": "kafka",
        "messaging.operation.name": "process",
        "messaging.operation.type": "process",
        "messaging.destination.name": "document.received",
        "messaging.destination.partition.id": "2",
        "messaging.kafka.offset": 7,
        "messaging.consumer.group.name": "quittance-reader",
        "quittance.document_id": DOCUMENT,
        "quittance.outcome": "extracted",
    }
    send = spans["send invoice.extracted"].attributes
    assert (send["messaging.destination.partition.id"], send["messaging.operation.type"]) == ("3", "send")


async def test_a_redelivery_gives_the_same_span_again(collector: Collector) -> None:
    with open_tracing(settings(collector), "quittance-reader", CollectorRegistry()) as tracing:
        world = World(tracing)
        await world.run(None)
        await world.run(None)
        await world.run(None, offset=8)
    first, again, other = collector.named("process document.received")
    assert (first.trace_id, first.span_id) == (again.trace_id, again.span_id)
    assert first.trace_id != other.trace_id
    assert first.parent_id == ""


async def test_what_joins_is_linked(collector: Collector) -> None:
    other = TraceContext("1" * 32, "2" * 16)
    effects = Effects(SUBJECT, "approve", links=(str(other), "nonsense"))
    spans = await spans_of(collector, effects=effects)
    assert spans["process document.received"].links == (("1" * 32, "2" * 16),)


async def test_a_dead_event_is_an_error_with_its_reason_and_without_its_text(collector: Collector) -> None:
    spans = await spans_of(collector, effects=LookupError(IBAN))
    process = spans["process document.received"]
    assert process.failed
    assert process.attributes["error.type"] == "STAGE-FAILED"


async def test_nothing_that_a_publisher_or_a_bank_wrote_is_in_a_span(collector: Collector) -> None:
    told = Effects(
        Subject("Anna Kowalska", DOCUMENT, None, IBAN), "dead", reasons=(IBAN, "Anna", "AC01"),
        explanation=f"pay {IBAN}", actor="anna@example.com",
    )  # fmt: skip
    await spans_of(collector, effects=told)
    with open_tracing(settings(collector), "quittance-reader", CollectorRegistry()) as tracing:
        await World(tracing).run(value=f'{{"{IBAN}":"Anna"}}'.encode())
    [first, second] = collector.named("process document.received")
    assert first.attributes["quittance.reasons"] == ["OTHER", "OTHER", "AC01"]
    assert second.attributes["quittance.reasons"] == ["VALUE-INVALID"]
    everything = b"".join(collector.bodies).lower()
    for private in (IBAN, "0532013000", "anna", "acme", "love"):
        assert private.lower().encode() not in everything


class TestSampling:
    async def test_a_parent_that_is_not_sampled_is_heeded(self, collector: Collector) -> None:
        assert not await spans_of(collector, traceparent=str(PARENT)[:-1] + "0")

    async def test_a_parent_that_is_sampled_is_heeded_whatever_the_ratio(self, collector: Collector) -> None:
        assert await spans_of(collector, ratio=0.0)

    async def test_of_the_traces_that_begin_here_the_ratio_is_kept_and_the_records_say_so(
        self, collector: Collector
    ) -> None:
        with open_tracing(settings(collector, 0.5), "quittance-reader", CollectorRegistry()) as tracing:
            world, flags = World(tracing), []
            for offset in range(200):
                await world.run(None, offset=offset)
                flags.append(world.producing.headers["invoice.extracted"]["traceparent"][-2:] == b"01")
        assert 60 < sum(flags) < 140  # follows from offsets, so it is always the same number
        assert len(collector.named("process document.received")) == sum(flags)
