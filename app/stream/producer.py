"""An idempotent producer in at-least-once mode, for which Faust has no setting (F14)."""

from collections.abc import Mapping
from typing import Any

from faust.transport.drivers import aiokafka as driver

from app.stream.consumer import SettledConsumer


class IdempotentProducer(driver.Producer):
    """acks=all, and the broker drops what a retry of the client sends twice."""

    def _settings_extra(self) -> Mapping[str, Any]:
        return {"acks": "all", "enable_idempotence": True}


class StreamTransport(driver.Transport):
    """The Kafka transport with our consumer and producer."""

    Consumer = SettledConsumer
    Producer = IdempotentProducer
