"""What the window buys: the real stage shell over a real Kafka, one event at a time against many side by side."""

import asyncio
import logging
import tempfile
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from aiokafka import AIOKafkaProducer

from agents.effects import Arrival, Effects, Emission, Subject
from agents.stage import Stage
from app.delivery import Delivery
from app.kafka_client import client_arguments
from app.local.kafka import Broker
from app.ports import WorkerPorts
from app.settings import Settings
from app.stream.application import LINGER_SECONDS
from app.stream.windows import RUNNING_MAX, Window
from app.telemetry import Telemetry
from app.topics import create_topics
from schemas.codec import encode
from schemas.payment import PaymentIssued
from schemas.release import Bundle
from schemas.topics import PAYMENT_ISSUED
from tables.releases import Running

QUESTION = "How many events a second does a stage deal with, awaiting each before the next, and in a window of many?"
EVENTS = 2_000
PARTITIONS = 6


class _Sends:
    """A bare producer behind Faust's signature."""

    def __init__(self, producer: AIOKafkaProducer) -> None:
        self._producer = producer

    async def send(
        self,
        topic: str,
        key: bytes | None,
        value: bytes | None,
        partition: int | None,
        timestamp: float | None,
        headers: Mapping[str, bytes] | None,
    ) -> Any:
        assert timestamp is None
        return await self._producer.send(
            topic, value, key=key, partition=partition, headers=list((headers or {}).items())
        )


def run() -> dict[str, Any]:
    logging.getLogger("aiokafka").setLevel(logging.ERROR)  # it tells of each try while new topics find their leaders
    with tempfile.TemporaryDirectory() as folder, Broker(Path(folder)) as broker:
        return asyncio.run(_measure(Settings(kafka_bootstrap_servers=broker.bootstrap_servers)))


async def _measure(settings: Settings) -> dict[str, Any]:
    await create_topics(settings, PARTITIONS)
    producer = AIOKafkaProducer(
        **client_arguments(settings), acks="all", enable_idempotence=True, linger_ms=int(LINGER_SECONDS * 1000)
    )
    await producer.start()
    try:
        await _rate(producer, RUNNING_MAX)  # warms the broker up
        one, many = await _rate(producer, 1), await _rate(producer, RUNNING_MAX)
    finally:
        await producer.stop()
    return {
        "events": EVENTS,
        "one_at_a_time": round(one),
        f"window_of_{RUNNING_MAX}": round(many),
        "ratio": round(many / one, 2),
    }


async def _rate(producer: AIOKafkaProducer, running_max: int) -> float:
    settled: list[int] = []
    window = Window(lambda _tp, offset, _generation: settled.append(offset), _fail, running_max)
    stage = Stage("benchmark", PAYMENT_ISSUED, PaymentIssued, _step, _about, _ports(producer), window)
    events = [_event(number) for number in range(EVENTS)]
    started = time.perf_counter()
    for event in events:
        await window.admit(event, event.message.key, partial(stage.run, event))
    await window.drain(60.0)
    return EVENTS / (time.perf_counter() - started)


class _OneRelease:
    active = Running.of(Bundle(code="none"))

    async def choose(self, _document_id: str) -> Running:
        return self.active

    async def named(self, _name: str, _document_id: str) -> Running:
        return self.active


def _ports(producer: AIOKafkaProducer) -> WorkerPorts:
    return WorkerPorts(Delivery(lambda: _Sends(producer)), Telemetry("benchmark", "none"), _OneRelease())


async def _step(arrival: Arrival[PaymentIssued]) -> Effects:
    emission = Emission(PAYMENT_ISSUED, arrival.event.command_id, arrival.event)
    return Effects(_about(arrival.event), "echoed", "payment_initiated", then=(emission,))


def _about(event: PaymentIssued) -> Subject:
    return Subject(event.tenant, event.document_id, event.invoice_key, event.command_id)


def _event(number: int) -> Any:
    issued = PaymentIssued(
        command_id="Q" + "A" * 22 + f"{number:04d}".translate(str.maketrans("0189", "WXYZ")),
        tenant="default",
        document_id=f"sha256:{number:064d}",
        invoice_key="ik_" + "a" * 26,
        release="none",
        issued_at=datetime(2026, 11, 24, tzinfo=UTC),
        correlation_id=str(number),
    )
    message = SimpleNamespace(
        key=issued.command_id.encode(),
        value=encode(issued),
        partition=number % PARTITIONS,
        offset=number,
        timestamp=0.0,
        tp=(PAYMENT_ISSUED.name, number % PARTITIONS),
        generation_id=1,
    )
    return SimpleNamespace(message=message, headers={})


def _fail(surprise: BaseException) -> None:
    raise surprise
