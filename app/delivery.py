"""The only way out: a record is written when the broker says so, or this process ends (F3).

Faust's own sends are not waited for, and one that fails is only logged while its cause is committed. Here a stage goes
on after the broker's word. What cannot be written within the deadline ends the process at once, without the graceful
stop that would commit: another worker reads the event again.
"""

import asyncio
import logging
import os
from collections.abc import Callable, Mapping
from typing import Any, NoReturn, Protocol

from aiokafka.errors import KafkaError, KafkaTimeoutError, MessageSizeTooLargeError
from faust.exceptions import ProducerSendError

from agents.effects import DeadLetter, Outgoing, Written
from schemas.identifiers import digest

log = logging.getLogger(__name__)

# A leader election with three nodes paused an idempotent producer for 11 s (docs/faust.md); three of them must fit.
DELIVERY_DEADLINE_SECONDS = 45.0
# Between tries of our own, beyond the client's: the client has already waited its request time-out.
RETRY_PAUSE_SECONDS = 0.5
EXIT_CODE = 70  # EX_SOFTWARE of sysexits.h: whoever supervises us starts us again
# Kafka Connect and Spring carry the same facts under other names.
DEAD_LETTER_VERSION = "1"
DETAIL_LENGTH_MAX = 1_000


class Producing(Protocol):
    """What delivery needs of a producer: Faust's, or a test's."""

    async def send(
        self,
        topic: str,
        key: bytes | None,
        value: bytes | None,
        partition: int | None,
        timestamp: float | None,
        headers: Mapping[str, bytes] | None,
    ) -> Any:
        """Hand a record to the producer; the result can be awaited for the broker's word."""


def end_process(reason: str) -> NoReturn:
    """End at once, committing nothing. A graceful stop would commit."""
    log.critical("%s; this process ends, its events will be read again", reason)
    logging.shutdown()
    os._exit(EXIT_CODE)


class Delivery:
    """Writes records and dead letters, each confirmed."""

    def __init__(
        self,
        producer: Callable[[], Producing],
        end: Callable[[str], NoReturn] = end_process,
        deadline_seconds: float = DELIVERY_DEADLINE_SECONDS,
        retried: Callable[[], None] = lambda: None,
    ) -> None:
        """`producer` is asked each time, for Faust makes its producer late. `retried` counts; the rest is for tests."""
        self._producer = producer
        self._end = end
        self._deadline_seconds = deadline_seconds
        self._retried = retried

    async def deliver(self, record: Outgoing) -> Written:
        """Write one record and return where it stands."""
        metadata = await self._confirmed(record)
        return Written(record.topic, metadata.partition, metadata.offset, digest(record.value or b""))

    async def bury(self, letter: DeadLetter) -> None:
        """Write a dead letter: the original key and bytes, and in the headers why.

        One that the broker would not take, for it is larger than anything that we may write, keeps its place and its
        digest: the stage must get past it, and the original stays where it is until its retention ends.
        """
        log.error("dead letter from %s: %s %s", letter.stage, letter.reason, letter.detail[:DETAIL_LENGTH_MAX])
        why = _why(letter)
        whole = Outgoing(letter.topic.dead, letter.key, letter.value, {**letter.headers, **why}, letter.partition)
        try:
            await self._in_time(whole)
        except MessageSizeTooLargeError:
            headers = {**why, **_omitted(letter.value)}
            await self._confirmed(Outgoing(whole.topic, None, None, headers, whole.partition))
        except KafkaError as refused:
            self._refused(whole, refused)

    async def _confirmed(self, record: Outgoing) -> Any:
        try:
            return await self._in_time(record)
        except KafkaError as refused:
            self._refused(record, refused)

    def _refused(self, record: Outgoing, refused: KafkaError) -> NoReturn:
        self._end(f"the broker refused a record for {record.topic}: {refused!r}")

    async def _in_time(self, record: Outgoing) -> Any:
        try:
            async with asyncio.timeout(self._deadline_seconds):
                return await self._tried(record)
        except TimeoutError:
            self._end(f"no broker took a record for {record.topic} in {self._deadline_seconds:g} s")

    async def _tried(self, record: Outgoing) -> Any:
        """Return the broker's word.

        A record of neither key nor value gets an empty value: Kafka takes one, so that a publisher can write it, and
        aiokafka refuses to send it by an assertion. Its dead letter would end this worker, and the next, and the next.

        Raises:
            aiokafka.errors.KafkaError: a refusal that no second try would change.
        """
        value = b"" if record.key is None and record.value is None else record.value
        while True:
            try:
                sent = await self._producer().send(
                    record.topic, record.key, value, record.partition, None, record.headers
                )
                return await sent
            except (ProducerSendError, KafkaError) as failed:
                cause = _cause(failed)
                if isinstance(cause, KafkaError) and not _is_worth_retrying(cause):
                    raise cause from None
                log.warning("a record for %s was not taken, once more: %r", record.topic, cause)
                self._retried()
                await asyncio.sleep(RETRY_PAUSE_SECONDS)


def _cause(failed: Exception) -> BaseException:
    """Return what Faust wraps: a send that fails at once, for its size or its topic, comes in a ProducerSendError."""
    return failed.__cause__ if isinstance(failed.__cause__, KafkaError) else failed


def _is_worth_retrying(cause: KafkaError) -> bool:
    """Tell whether another try may succeed; the time-out is of a full buffer, which aiokafka calls final."""
    return cause.retriable or isinstance(cause, KafkaTimeoutError)


def _why(letter: DeadLetter) -> dict[str, bytes]:
    facts = {
        "dlq.topic": letter.topic.name,
        "dlq.partition": str(letter.partition),
        "dlq.offset": str(letter.offset),
        "dlq.timestamp": "" if letter.timestamp is None else str(round(letter.timestamp * 1000)),
        "dlq.stage": letter.stage,
        "dlq.reason": letter.reason,
        "dlq.detail": letter.detail[:DETAIL_LENGTH_MAX],
        "dlq.version": DEAD_LETTER_VERSION,
    }
    return {name: text.encode() for name, text in facts.items()}


def _omitted(value: bytes | None) -> dict[str, bytes]:
    return {"dlq.omitted.size": str(len(value or b"")).encode(), "dlq.omitted.digest": digest(value or b"").encode()}
