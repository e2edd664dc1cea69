"""Publishes single events for the API and the command line: confirmed by the broker, or a typed error."""

import asyncio
import contextlib
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Protocol, Self

from aiokafka import AIOKafkaProducer
from aiokafka.errors import (
    KafkaError,
    MessageSizeTooLargeError,
    TopicAuthorizationFailedError,
    UnknownTopicOrPartitionError,
)
from pydantic import BaseModel

from app import clock
from app.kafka_client import client_arguments
from app.settings import Settings
from app.tracing import UNTRACED, Tracing
from schemas.codec import VALUE_SIZE_BYTES_MAX, encode
from schemas.envelope import Envelope
from schemas.identifiers import digest, record_id
from schemas.topics import Topic
from schemas.trace import TraceContext

# A person or a client waits for the answer; a broker that needs longer is down for them.
CONFIRMATION_TIMEOUT_SECONDS = 15.0
# One try of the client itself, so that there is room for a second within the bound above.
REQUEST_TIMEOUT_MS = 6_000
# What is left in the buffers of a client that failed is lost anyway; closing it must not hold anybody up.
CLOSE_TIMEOUT_SECONDS = 5.0


class Unpublished(Exception):  # noqa: N818 - it names the state of the event
    """The broker did not confirm the event. It may or may not be on the topic: publish it again, it is idempotent.

    `reason` is one of `BROKER-TIMEOUT`, `BROKER-UNAVAILABLE`, `BROKER-FORBIDS`, `TOPIC-UNKNOWN`, `EVENT-TOO-LARGE`.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True)
class Published:
    """Where the broker put an event, and the attributes it went out under."""

    partition: int
    offset: int
    envelope: Envelope


class Publisher(Protocol):
    """Sends one event and returns once every in-sync replica has it."""

    async def publish(
        self, topic: Topic, event: BaseModel, *, key: str | None = None, correlation_id: str | None = None
    ) -> Published:
        """Publish under `key`, or the event's own field that the topic is keyed by.

        Raises:
            Unpublished: where the broker does not confirm in time, or refuses.
        """


def envelope_of(
    topic: Topic,
    value: bytes,
    *,
    source: str,
    time: datetime,
    correlation_id: str | None,
    trace: TraceContext | None = None,
) -> Envelope:
    """Return the attributes of an event that begins a chain, or joins the one of `correlation_id`."""
    identifier = record_id(topic.name, digest(value))
    return Envelope(
        id=identifier,
        type=f"quittance.{topic.name}",
        source=source,
        time=time,
        correlation_id=correlation_id or identifier,
        traceparent=str(trace) if trace else None,
    )


def key_of(topic: Topic, event: BaseModel) -> str:
    """Return the event's own key for the topic."""
    key: str = getattr(event, topic.key)
    return key


class KafkaPublisher:
    """A publisher over one idempotent producer with acks=all, started by its first event.

    A process that publishes can so start before its broker does.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        source: str,
        timeout_seconds: float = CONFIRMATION_TIMEOUT_SECONDS,
        tracing: Tracing = UNTRACED,
    ) -> None:
        self._settings = settings
        self._source = source
        self._timeout_seconds = timeout_seconds
        self._tracing = tracing
        self._producer: AIOKafkaProducer | None = None
        self._starting = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def publish(
        self, topic: Topic, event: BaseModel, *, key: str | None = None, correlation_id: str | None = None
    ) -> Published:
        """Publish one event and await the broker.

        Raises:
            Unpublished: where the broker does not confirm in time, or refuses.
        """
        value = encode(event)
        if len(value) > VALUE_SIZE_BYTES_MAX:
            raise Unpublished(
                "EVENT-TOO-LARGE", f"{len(value)} bytes, at most {VALUE_SIZE_BYTES_MAX} can be read again"
            )
        with self._tracing.publishing(topic, len(value)) as trace:
            envelope = envelope_of(
                topic, value, source=self._source, time=clock.now(), correlation_id=correlation_id, trace=trace
            )
            sent = await self._confirmed(topic, value, key or key_of(topic, event), envelope)
            return Published(sent.partition, sent.offset, envelope)

    async def probe(self) -> None:
        """Return if a broker answers.

        Raises:
            Unpublished: where none does.
        """
        try:
            async with asyncio.timeout(self._timeout_seconds):
                producer = await self._started()
                await producer.client.fetch_all_metadata()
        except TimeoutError:
            raise Unpublished("BROKER-TIMEOUT", "no answer") from None
        except KafkaError as refused:
            raise Unpublished(_reason(refused), str(refused) or type(refused).__name__) from refused

    async def close(self) -> None:
        """Close the connections; what was confirmed stays so."""
        await self._discard()

    async def _confirmed(self, topic: Topic, value: bytes, key: str, envelope: Envelope) -> "_Metadata":
        """Return the broker's word.

        Raises:
            Unpublished: there is none in time, or it refuses.
        """
        try:
            async with asyncio.timeout(self._timeout_seconds):
                return await self._send(topic, value, key, envelope)
        except TimeoutError:
            raise Unpublished("BROKER-TIMEOUT", f"no confirmation within {self._timeout_seconds:g} s") from None
        except KafkaError as refused:
            if (reason := _reason(refused)) == "BROKER-UNAVAILABLE":
                await self._discard()
            raise Unpublished(reason, str(refused) or type(refused).__name__) from refused

    async def _send(self, topic: Topic, value: bytes, key: str, envelope: Envelope) -> "_Metadata":
        producer = await self._started()
        headers = list(envelope.headers().items())
        sent: _Metadata = await producer.send_and_wait(topic.name, value, key=key.encode(), headers=headers)
        return sent

    async def _started(self) -> AIOKafkaProducer:
        async with self._starting:
            if self._producer is None:
                producer = AIOKafkaProducer(
                    **client_arguments(self._settings),
                    acks="all",
                    enable_idempotence=True,
                    request_timeout_ms=REQUEST_TIMEOUT_MS,
                    max_request_size=2 * VALUE_SIZE_BYTES_MAX,
                )
                try:
                    await producer.start()
                except BaseException:
                    await _closed(producer)
                    raise
                self._producer = producer
            return self._producer

    async def _discard(self) -> None:
        # An idempotent producer that met a fatal error answers every later send with it.
        producer, self._producer = self._producer, None
        if producer is not None:
            await _closed(producer)


class _Metadata(Protocol):
    partition: int
    offset: int


async def _closed(producer: AIOKafkaProducer) -> None:
    with contextlib.suppress(TimeoutError, KafkaError):
        async with asyncio.timeout(CLOSE_TIMEOUT_SECONDS):
            await producer.stop()


def _reason(refused: KafkaError) -> str:
    match refused:
        case MessageSizeTooLargeError():
            return "EVENT-TOO-LARGE"
        case UnknownTopicOrPartitionError():
            return "TOPIC-UNKNOWN"
        case TopicAuthorizationFailedError():
            return "BROKER-FORBIDS"
        case _:
            return "BROKER-UNAVAILABLE"
