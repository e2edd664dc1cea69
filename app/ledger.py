"""Reads the tail of the money topic before its partition is worked on: the output topic is the ledger."""

from aiokafka import AIOKafkaConsumer, TopicPartition

from app.kafka_client import client_arguments
from app.settings import Settings
from schemas.codec import Undecodable, decode
from schemas.identifiers import digest
from schemas.payment import PaymentInitiated
from schemas.topics import PAYMENT_INITIATED
from tables.payments import IssuedCommand

POLL_MS = 1_000


async def read_tail(settings: Settings, partition: int, position: int) -> list[IssuedCommand]:
    """Return every command of one partition from `position` to the end that it has now.

    Raises:
        aiokafka.errors.KafkaError: where the broker cannot be reached; nothing may be paid before it can.
    """
    place = TopicPartition(PAYMENT_INITIATED.name, partition)
    # Where the log begins after the position, aiokafka would else jump to its end and find nothing issued.
    consumer = AIOKafkaConsumer(**client_arguments(settings), enable_auto_commit=False, auto_offset_reset="earliest")
    try:
        await consumer.start()
        consumer.assign([place])
        end = (await consumer.end_offsets([place]))[place]
        consumer.seek(place, position)
        tail: list[IssuedCommand] = []
        while await consumer.position(place) < end:
            fetched = await consumer.getmany(place, timeout_ms=POLL_MS)
            tail += [_issued(partition, record.offset, record.key, record.value) for record in fetched.get(place, ())]
        return tail
    finally:
        await consumer.stop()


def _issued(partition: int, offset: int, key: bytes | None, value: bytes | None) -> IssuedCommand:
    """Return what a ledger record issues. Even one that we cannot decode blocks its command id: its key says which."""
    try:
        document = decode(value, PaymentInitiated).document_id
    except Undecodable:
        document = ""
    return IssuedCommand(
        command_id=(key or b"").decode(errors="replace"),
        document_id=document,
        digest=digest(value or b""),
        partition=partition,
        offset=offset,
    )
