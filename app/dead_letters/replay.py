"""Sends dead letters back to where they were read, each confirmed by the broker and then marked as replayed.

The mark stands on the letter's own topic and partition. So it needs no second store and no right that a replay does not
need anyway, it lives at least as long as its letter, for it is younger, and any Kafka client can see who went back
where. It is written after the record: should this process die between the two, the letter still counts as waiting and
goes back once more under the same id, which is a duplicate like any other; the other order would lose an event.

An event goes back under the id that it had. A publisher that gave none was known by its record's place, and so this is
written down where it is missing (agents/stage.py takes the same). The record's time is new, or the topic's retention
would take an old one away at once; the event's own time is kept in `ce_time`.
"""

import asyncio
import contextlib
from types import TracebackType
from typing import Self

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, MessageSizeTooLargeError
from aiokafka.structs import RecordMetadata

from app.dead_letters.letter import REPLAYED, Headers, Letter, Place, moment
from app.dead_letters.reading import original_of
from app.kafka_client import client_arguments
from app.publishing import CLOSE_TIMEOUT_SECONDS, CONFIRMATION_TIMEOUT_SECONDS, REQUEST_TIMEOUT_MS
from app.settings import Settings
from schemas.codec import VALUE_SIZE_BYTES_MAX

ORIGINAL_GONE = "the original was too large to be kept, and is no longer on its topic"


class Unreplayable(Exception):  # noqa: N818 - it names the state of the letter
    """This one letter cannot go back, now or ever; the text says why. Others may."""


class Unconfirmed(Exception):  # noqa: N818 - it names the state of the letter
    """The broker did not confirm in time: the letter may have gone back, and is not marked."""


class Replayer:
    """Sends letters back, one after the other, so that those of one key keep their order."""

    def __init__(self, settings: Settings, timeout_seconds: float = CONFIRMATION_TIMEOUT_SECONDS) -> None:
        """The timeout is for one letter and its mark; an idempotent producer alone would try for ever."""
        self._settings = settings
        self._timeout_seconds = timeout_seconds
        self._producer = AIOKafkaProducer(
            **client_arguments(settings),
            acks="all",
            enable_idempotence=True,
            request_timeout_ms=REQUEST_TIMEOUT_MS,
            max_request_size=2 * VALUE_SIZE_BYTES_MAX,
        )

    async def __aenter__(self) -> Self:
        """Connect.

        Raises:
            aiokafka.errors.KafkaError: where no broker can be reached.
        """
        try:
            await self._producer.start()
        except BaseException:
            await self._close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._close()

    async def replay(self, letter: Letter) -> Place:
        """Send one letter back to its topic and partition, mark it, and return where it stands now.

        Raises:
            Unreplayable: the original is gone, or the broker will not take it.
            Unconfirmed: the broker did not answer in time.
            aiokafka.errors.KafkaError: any other refusal; the next letter would meet it as well.
        """
        original = await original_of(self._settings, letter)
        if original is None:
            raise Unreplayable(ORIGINAL_GONE)
        try:
            async with asyncio.timeout(self._timeout_seconds):
                went = await self._send(letter.source, original.key, original.value, named(letter, original.headers))
                await self._send(letter.place, letter.key, b"", mark(letter, went))
        except TimeoutError:
            raise Unconfirmed(f"{letter.place}: no confirmation within {self._timeout_seconds:g} s") from None
        except MessageSizeTooLargeError:
            raise Unreplayable("the broker takes no record of this size") from None
        return went

    async def _send(self, beside: Place, key: bytes | None, value: bytes | None, headers: Headers) -> Place:
        """Write a record to the topic and partition of another, and return where it stands."""
        something = b"" if key is None and value is None else value  # aiokafka sends no record of neither
        sent: RecordMetadata = await self._producer.send_and_wait(
            beside.topic, something, key=key, partition=beside.partition, headers=list(headers)
        )
        return Place(sent.topic, sent.partition, sent.offset)

    async def _close(self) -> None:
        with contextlib.suppress(TimeoutError, KafkaError):
            async with asyncio.timeout(CLOSE_TIMEOUT_SECONDS):
                await self._producer.stop()


def named(letter: Letter, headers: Headers) -> Headers:
    """Return a publisher's headers, and where it gave no id or no time those by which its event was known."""
    known = {"ce_id": "/".join(map(str, letter.source))}
    if letter.origin.timestamp_ms is not None:
        known["ce_time"] = moment(letter.origin.timestamp_ms).isoformat()
    given = {name for name, value in headers if value}
    return (*headers, *((name, text.encode()) for name, text in known.items() if name not in given))


def mark(letter: Letter, went: Place) -> Headers:
    """Return the headers of the mark: of which event, of which letter, and where it went. Its time is the record's."""
    timestamp = letter.origin.timestamp_ms
    facts = {
        "dlq.topic": letter.topic.name,
        "dlq.partition": str(letter.origin.partition),
        "dlq.offset": str(letter.origin.offset),
        "dlq.timestamp": "" if timestamp is None else str(timestamp),
        REPLAYED: str(letter.place.offset),
        "dlq.replayed.to": f"{went.partition}/{went.offset}",
    }
    return tuple((name, text.encode()) for name, text in facts.items())
