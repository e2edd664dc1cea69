"""A simulated payment engine: it takes commands as the published consumer rule says, and answers with pain.002 codes.

It stands for the bank in the demo, and shows an engine's author what a consumer has to do: the first record of a
command id wins; a second one with other bytes is an alarm.
"""

import asyncio
from datetime import datetime

from aiokafka import AIOKafkaConsumer

from app import clock
from app.kafka_client import client_arguments
from app.publishing import KafkaPublisher
from app.settings import Settings
from schemas.payment import PaymentStatusCode, PaymentStatusReported
from schemas.topics import PAYMENT_INITIATED, PAYMENT_STATUS

GROUP = "simulated-engine"
# Accepted at once, settled at once: a demo has no night batch.
ANSWERS: tuple[PaymentStatusCode, ...] = ("ACSP", "ACSC")


class SimulatedEngine:
    """Answers every command. `alarms` are command ids that came a second time with other bytes."""

    def __init__(self, settings: Settings) -> None:
        """Nothing is consumed before `run`."""
        self._settings = settings
        self._taken: dict[bytes, bytes] = {}
        self.alarms: list[str] = []

    async def run(self) -> None:
        """Consume and answer until cancelled."""
        consumer = AIOKafkaConsumer(
            PAYMENT_INITIATED.name,
            **client_arguments(self._settings),
            group_id=GROUP,
            auto_offset_reset="earliest",
        )
        async with KafkaPublisher(self._settings, source=GROUP) as publisher:
            await consumer.start()
            try:
                async for record in consumer:
                    if self._is_new(record.key, record.value):
                        await asyncio.gather(
                            *(publisher.publish(PAYMENT_STATUS, report) for report in reports(record.key, clock.now()))
                        )
            finally:
                await consumer.stop()

    def _is_new(self, key: bytes, value: bytes) -> bool:
        first = self._taken.setdefault(key, value)
        if first is value:
            return True
        if first != value:
            self.alarms.append(key.decode())
        return False


def reports(key: bytes, at: datetime) -> list[PaymentStatusReported]:
    """Return what the engine says of one command, in order."""
    return [PaymentStatusReported(command_id=key.decode(), status=status, at=at) for status in ANSWERS]
