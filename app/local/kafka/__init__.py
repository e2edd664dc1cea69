"""A real Apache Kafka in KRaft mode, embedded: `Broker(folder).start()`."""

from app.local.kafka.broker import DEFAULT_FOLDER, Broker
from app.local.kafka.errors import (
    BrokerFailedError,
    FolderInUseError,
    ForeignFolderError,
    JarsUnavailableError,
    JavaMissingError,
    KafkaError,
)

__all__ = [
    "DEFAULT_FOLDER",
    "Broker",
    "BrokerFailedError",
    "FolderInUseError",
    "ForeignFolderError",
    "JarsUnavailableError",
    "JavaMissingError",
    "KafkaError",
]
