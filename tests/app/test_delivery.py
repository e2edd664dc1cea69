"""Delivery: written is what the broker says is written; what cannot be written ends the process."""

import asyncio
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.errors import (
    KafkaError,
    KafkaTimeoutError,
    MessageSizeTooLargeError,
    NotLeaderForPartitionError,
    TopicAuthorizationFailedError,
)
from faust.exceptions import ProducerSendError

from agents.effects import DeadLetter, Outgoing, Written
from app import delivery as module
from app.delivery import DETAIL_LENGTH_MAX, Delivery
from schemas.identifiers import digest
from schemas.topics import DOCUMENT_RECEIVED

RECORD = Outgoing("payment.initiated", b"Q1", b"{}", {"ce_id": b"1"}, 3)
LETTER = DeadLetter(
    stage="extraction",
    topic=DOCUMENT_RECEIVED,
    partition=4,
    offset=17,
    timestamp=1_795_000_000.123,
    key=b"anything",
    value=b"\xff not json",
    headers={"ce_id": b"x"},
    reason="VALUE-INVALID",
    detail="it is no JSON",
)


class Ended(BaseException):
    """The process would have ended here."""


class FakeProducer:
    """Answers each send with the next of its answers: an exception at once, one later, or a place."""

    def __init__(self, *answers: Any) -> None:
        self._answers = list(answers)
        self.sent: list[dict[str, Any]] = []

    async def send(
        self,
        topic: str,
        key: bytes | None,
        value: bytes | None,
        partition: int | None,
        timestamp: float | None,
        headers: Mapping[str, bytes] | None,
    ) -> Any:
        self.sent.append({"topic": topic, "key": key, "value": value, "partition": partition, "headers": headers})
        assert timestamp is None, "the broker's clock is the record's"
        answer = self._answers.pop(0) if self._answers else None
        if isinstance(answer, ProducerSendError):
            raise answer
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        if isinstance(answer, BaseException):
            future.set_exception(answer)
        elif answer != "silence":
            future.set_result(SimpleNamespace(partition=3 if partition is None else partition, offset=99))
        return future


def wrapped(cause: KafkaError) -> ProducerSendError:
    """Return what Faust makes of a send that fails at once."""
    error = ProducerSendError(f"Error while sending: {cause!r}")
    error.__cause__ = cause
    return error


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "RETRY_PAUSE_SECONDS", 0)


def delivering(*answers: Any) -> tuple[Delivery, FakeProducer]:
    def end(reason: str) -> Any:
        raise Ended(reason)

    producer = FakeProducer(*answers)
    return Delivery(lambda: producer, end, deadline_seconds=0.2), producer


async def test_a_record_is_written_where_the_broker_says() -> None:
    delivery, producer = delivering()
    assert await delivery.deliver(RECORD) == Written("payment.initiated", 3, 99, digest(b"{}"))
    assert producer.sent == [
        {"topic": "payment.initiated", "key": b"Q1", "value": b"{}", "partition": 3, "headers": {"ce_id": b"1"}}
    ]


@pytest.mark.parametrize("failure", [NotLeaderForPartitionError(), wrapped(NotLeaderForPartitionError())])
async def test_what_may_succeed_is_tried_again(failure: Exception) -> None:
    delivery, producer = delivering(failure, failure)
    await delivery.deliver(RECORD)
    assert len(producer.sent) == 3


async def test_a_full_buffer_is_waited_for() -> None:
    delivery, producer = delivering(wrapped(KafkaTimeoutError()))
    await delivery.deliver(RECORD)
    assert len(producer.sent) == 2


@pytest.mark.parametrize("refusal", [TopicAuthorizationFailedError("payment.initiated"), MessageSizeTooLargeError()])
@pytest.mark.parametrize("wrap", [wrapped, lambda error: error])
async def test_a_refusal_ends_the_process_at_once(refusal: KafkaError, wrap: Any) -> None:
    delivery, producer = delivering(wrap(refusal))
    with pytest.raises(Ended, match=r"refused a record for payment\.initiated"):
        await delivery.deliver(RECORD)
    assert len(producer.sent) == 1


async def test_a_broker_that_does_not_answer_ends_the_process() -> None:
    delivery, _ = delivering("silence")
    with pytest.raises(Ended, match=r"no broker took a record for payment\.initiated"):
        await delivery.deliver(RECORD)


async def test_tries_end_at_the_deadline() -> None:
    delivery, producer = delivering(*[NotLeaderForPartitionError()] * 100_000)
    with pytest.raises(Ended, match="no broker took"):
        await delivery.deliver(RECORD)
    assert len(producer.sent) > 1


async def test_the_producer_is_asked_for_at_each_try() -> None:
    """Faust makes its producer late, and may make another."""
    producers = [FakeProducer(NotLeaderForPartitionError()), FakeProducer()]
    given = iter(producers)
    await Delivery(lambda: next(given)).deliver(RECORD)
    assert [len(producer.sent) for producer in producers] == [1, 1]


async def test_a_dead_letter_is_the_original_and_why() -> None:
    delivery, producer = delivering()
    await delivery.bury(LETTER)
    assert producer.sent == [
        {
            "topic": "document.received.dead",
            "key": b"anything",
            "value": b"\xff not json",
            "partition": 4,
            "headers": {
                "ce_id": b"x",
                "dlq.topic": b"document.received",
                "dlq.partition": b"4",
                "dlq.offset": b"17",
                "dlq.timestamp": b"1795000000123",
                "dlq.stage": b"extraction",
                "dlq.reason": b"VALUE-INVALID",
                "dlq.detail": b"it is no JSON",
                "dlq.version": b"1",
            },
        }
    ]


async def test_a_dead_letter_of_a_dead_letter_tells_the_last_reason() -> None:
    delivery, producer = delivering()
    await delivery.bury(DeadLetter(**{**vars(LETTER), "headers": {"dlq.reason": b"OLD"}}))
    assert producer.sent[0]["headers"]["dlq.reason"] == b"VALUE-INVALID"


async def test_a_long_detail_is_cut() -> None:
    delivery, producer = delivering()
    await delivery.bury(DeadLetter(**{**vars(LETTER), "detail": "x" * 100_000}))
    assert len(producer.sent[0]["headers"]["dlq.detail"]) == DETAIL_LENGTH_MAX


@pytest.mark.parametrize("wrap", [wrapped, lambda error: error])
async def test_a_dead_letter_too_large_to_write_keeps_its_place_and_digest(wrap: Any) -> None:
    """Else one large record of a publisher would end the worker, and the next, and the next."""
    delivery, producer = delivering(wrap(MessageSizeTooLargeError()))
    large = DeadLetter(**{**vars(LETTER), "value": b"x" * 2_000_000, "headers": {"h": b"y" * 1_000_000}})
    await delivery.bury(large)
    stub = producer.sent[-1]
    assert (stub["key"], stub["value"], stub["partition"]) == (None, b"", 4)
    assert stub["headers"]["dlq.offset"] == b"17"
    assert stub["headers"]["dlq.omitted.size"] == b"2000000"
    assert stub["headers"]["dlq.omitted.digest"] == digest(large.value or b"").encode()
    assert "h" not in stub["headers"]


async def test_a_dead_letter_that_is_refused_otherwise_ends_the_process() -> None:
    delivery, _ = delivering(TopicAuthorizationFailedError("document.received.dead"))
    with pytest.raises(Ended, match=r"document\.received\.dead"):
        await delivery.bury(LETTER)


def test_the_process_ends_without_a_graceful_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    """A graceful stop would commit (F3)."""
    codes: list[int] = []
    monkeypatch.setattr("os._exit", codes.append)
    module.end_process("no way out")
    assert codes == [module.EXIT_CODE]
