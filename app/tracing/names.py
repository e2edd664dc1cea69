"""Every span and attribute name, in one place.

Names and attributes are those of OpenTelemetry's semantic conventions 1.43 (messaging spans and Kafka, HTTP server
spans); ours begin with `quittance.`. Values are names of topics and routes, numbers, and ids of our own form: never
what a document says, nor what a publisher or a bank wrote.
"""

from enum import StrEnum

SCHEMA_URL = "https://opentelemetry.io/schemas/1.43.0"
SCOPE = "quittance"


class Part(StrEnum):
    """What a stage does within its span. `process <topic>`, `send <topic>` and `<method> <route>` are around them."""

    FETCH = "fetch document"  # from the document store: slow means S3
    READ = "read document"  # waiting for a child process, and in it
    CHILD = "read in child process"  # from the bytes handed over to the answer; process.pid is the child's
    RULES = "check official rules"  # waiting for the rules process, and in it; process.pid is that one's


class Attribute(StrEnum):
    """What a span may carry."""

    SYSTEM = "messaging.system"
    OPERATION_NAME = "messaging.operation.name"
    OPERATION_TYPE = "messaging.operation.type"
    DESTINATION = "messaging.destination.name"
    PARTITION = "messaging.destination.partition.id"
    OFFSET = "messaging.kafka.offset"
    GROUP = "messaging.consumer.group.name"
    BODY_SIZE = "messaging.message.body.size"
    METHOD = "http.request.method"
    ROUTE = "http.route"
    STATUS = "http.response.status_code"
    SCHEME = "url.scheme"
    ERROR = "error.type"
    PID = "process.pid"
    SIZE = "quittance.document.size"
    DOCUMENT = "quittance.document_id"
    INVOICE = "quittance.invoice_key"
    COMMAND = "quittance.command_id"
    OUTCOME = "quittance.outcome"
    REASONS = "quittance.reasons"
    RULESET = "quittance.ruleset"
    DEATH = "quittance.sandbox.death"


def process(topic: str) -> str:
    """Return the name of a stage's span."""
    return f"process {topic}"


def send(topic: str) -> str:
    """Return the name of the span in which a record is written."""
    return f"send {topic}"
