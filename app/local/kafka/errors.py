"""Why the embedded Kafka could not be had. Each message is one line that says what to do.

KafkaError
├── JavaMissingError       no Java 17 or newer
├── JarsUnavailableError   Maven is missing, or could not bring the jars that jars.sha256 names
├── FolderInUseError       another live process has the data folder
├── ForeignFolderError     the folder holds the data of another version, another cluster or another program
└── BrokerFailedError      it started and ended, or did not get ready in time
"""


class KafkaError(Exception):
    """The embedded Kafka could not be had."""


class JavaMissingError(KafkaError):
    """No Java 17 or newer."""


class JarsUnavailableError(KafkaError):
    """Maven is missing, or could not bring the jars that jars.sha256 names."""


class FolderInUseError(KafkaError):
    """Another live process has the data folder."""


class ForeignFolderError(KafkaError):
    """The folder holds the data of another version, another cluster or another program."""


class BrokerFailedError(KafkaError):
    """It started and ended, or did not get ready in time."""
