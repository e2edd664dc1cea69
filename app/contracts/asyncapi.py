"""The topics as one AsyncAPI 3.0 document: channels, messages with their headers, and who writes what."""

from typing import Any

from app.delivery import DEAD_LETTER_VERSION
from schemas.codec import SCHEMA_VERSION
from schemas.envelope import CONTENT_TYPE, SPEC_VERSION
from schemas.topics import READ_BY_STAGES, TOPICS, Topic

Tree = dict[str, Any]
# Whom we do not write for. Everything else on the topics is written by Quittance.
OUTSIDERS = frozenset({"publishers", "payment engines", "reference data"})
_BINDING = "0.5.0"  # of the Kafka bindings, https://github.com/asyncapi/bindings
_SCHEMA_FORMAT = "application/schema+json;version=draft-2020-12"
_DESCRIPTION = """\
CloudEvents 1.0 in Kafka's binary mode: the attributes are headers, the value is the JSON of the event alone.
Values hold every member, null where nothing is known. Members and machine codes may be added within a version:
ignore the members that you do not know, and let a person look at a code that you do not know.
"""
_HEADERS: Tree = {
    "ce_specversion": {"type": "string", "const": SPEC_VERSION},
    "ce_id": {
        "type": "string",
        "description": "The same id for the same cause: a record that is written again carries it again.",
    },
    "ce_type": {"type": "string", "description": "quittance. and the topic."},
    "ce_source": {"type": "string", "description": "quittance/STAGE, or the publisher's own name."},
    "ce_time": {"type": "string", "format": "date-time", "description": "Of the first event of the chain."},
    "ce_schemaversion": {"type": "string", "const": str(SCHEMA_VERSION)},
    "ce_correlationid": {
        "type": "string",
        "description": "The same from document.received to payment.issued; what comes from outside later begins anew.",
    },
    "ce_causationid": {"type": "string", "description": "ce_id of the event that caused this one."},
    "content-type": {"type": "string", "const": CONTENT_TYPE},
    "traceparent": {"type": "string", "description": "W3C Trace Context: the span that sent the record."},
}
_ALWAYS = ["ce_specversion", "ce_id", "ce_type", "ce_source", "ce_time", "ce_schemaversion", "ce_correlationid"]
_WHY: Tree = {
    "dlq.topic": "the topic on which the record stood",
    "dlq.partition": "and its partition",
    "dlq.offset": "and its offset",
    "dlq.timestamp": "of the record, in milliseconds; empty where it had none",
    "dlq.stage": "the stage that could not go on with it",
    "dlq.reason": "machine reason code",
    "dlq.detail": "one line for a person",
}
# A record that the broker would not take again stays where it is, and only this is told of it.
_OMITTED: Tree = {
    "dlq.omitted.size": {"type": "string", "description": "bytes of the value, where it was too large to be copied"},
    "dlq.omitted.digest": {"type": "string", "description": "and its SHA-256"},
}


def asyncapi() -> Tree:
    """Return the document; payloads are in the JSON Schema files beside it."""
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Quittance", "version": str(SCHEMA_VERSION), "description": _DESCRIPTION},
        "defaultContentType": CONTENT_TYPE,
        "servers": {"kafka": _server()},
        "channels": {
            **{topic.name: _channel(topic) for topic in TOPICS},
            **{topic.dead: _dead_channel(topic) for topic in READ_BY_STAGES},
        },
        "operations": dict(_operation(topic) for topic in TOPICS),
        "components": {
            "messages": {
                **{topic.event.__name__: _message(topic) for topic in TOPICS},
                "DeadLetter": _dead_letter(),
            },
            "schemas": {"CloudEventHeaders": {"type": "object", "properties": _HEADERS}},
        },
    }


def file_of(topic: Topic) -> str:
    """Return where the schema of a topic's value is, from the folder of the definitions."""
    return f"{topic.name}/{SCHEMA_VERSION}.schema.json"


def is_written_outside(topic: Topic) -> bool:
    """Tell whether outsiders write to the topic."""
    return topic.owner in OUTSIDERS


def _server() -> Tree:
    return {
        "host": "{bootstrap_servers}",
        "protocol": "kafka",
        "description": "Your own Kafka.",
        "variables": {
            "bootstrap_servers": {
                "default": "127.0.0.1:9092",
                "description": "What QUITTANCE_KAFKA_BOOTSTRAP_SERVERS says.",
            }
        },
    }


def _channel(topic: Topic) -> Tree:
    name = topic.event.__name__
    return {
        "address": topic.name,
        "title": topic.name,
        "description": f"{topic.meaning[0].upper()}{topic.meaning[1:]}. Written by: {topic.owner}.",
        "messages": {name: {"$ref": f"#/components/messages/{name}"}},
        "bindings": {"kafka": _kafka(topic, topic.name)},
    }


def _dead_channel(topic: Topic) -> Tree:
    return {
        "address": topic.dead,
        "title": topic.dead,
        "description": f"Records of {topic.name} that a stage could not go on with, key and bytes as they were.",
        "messages": {"DeadLetter": {"$ref": "#/components/messages/DeadLetter"}},
        "bindings": {"kafka": {"topic": topic.dead, "bindingVersion": _BINDING}},
    }


def _kafka(topic: Topic, name: str) -> Tree:
    policy: Tree = (
        {"cleanup.policy": ["compact"]}
        if topic.compacted
        else {"cleanup.policy": ["delete"], "retention.ms": topic.retention_ms}
    )
    partitions = {"partitions": 1} if topic.single else {}
    return {"topic": name, **partitions, "topicConfiguration": policy, "bindingVersion": _BINDING}


def _message(topic: Topic) -> Tree:
    own = {"properties": {"ce_type": {"const": f"quittance.{topic.name}"}}}
    required = {} if is_written_outside(topic) else {"required": [*_ALWAYS, "content-type"]}
    return {
        "name": topic.event.__name__,
        "title": topic.meaning,
        "contentType": CONTENT_TYPE,
        "headers": {
            "type": "object",
            "allOf": [{"$ref": "#/components/schemas/CloudEventHeaders"}, own],
            **required,
        },
        "payload": {"schemaFormat": _SCHEMA_FORMAT, "schema": {"$ref": f"./{file_of(topic)}"}},
        "bindings": {"kafka": _key(topic.key)},
    }


def _dead_letter() -> Tree:
    why = {name: {"type": "string", "description": meaning} for name, meaning in _WHY.items()}
    version = {"dlq.version": {"type": "string", "const": DEAD_LETTER_VERSION}}
    return {
        "name": "DeadLetter",
        "title": "the original bytes, and in the headers why",
        "contentType": "application/octet-stream",
        "headers": {
            "type": "object",
            "properties": {**why, **version, **_OMITTED},
            "required": [*_WHY, "dlq.version"],
            "description": "The headers of the record as it was, and these.",
        },
        "payload": {},
    }


def _key(key: str) -> Tree:
    return {"key": {"type": "string", "description": f"{key}, as UTF-8"}, "bindingVersion": _BINDING}


def _operation(topic: Topic) -> tuple[str, Tree]:
    """Return the operation by which the owner writes, as Quittance sees it."""
    action = "receive" if is_written_outside(topic) else "send"
    name = topic.event.__name__
    return f"{action}{name}", {
        "action": action,
        "title": f"{topic.owner} write {topic.name}" if action == "receive" else f"{topic.name} by {topic.owner}",
        "channel": {"$ref": f"#/channels/{topic.name}"},
        "messages": [{"$ref": f"#/channels/{topic.name}/messages/{name}"}],
        "tags": [{"name": topic.owner}],
    }
