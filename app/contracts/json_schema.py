"""A topic's value as JSON Schema 2020-12, from its pydantic model as it is written (mode serialization)."""

from collections.abc import Callable
from typing import Any, get_args

from pydantic import PlainSerializer
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from app.contracts.comments import field_comments, value_comments
from schemas import evidence
from schemas.base import Moment
from schemas.codec import SCHEMA_VERSION
from schemas.money import AMOUNT_DECIMALS_MAX, AMOUNT_DIGITS_MAX, Money
from schemas.topics import Topic

Tree = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
_WHOLE_DIGITS_MAX = AMOUNT_DIGITS_MAX - AMOUNT_DECIMALS_MAX


def _serializer(alias: Any) -> Callable[..., Any]:
    return next(part.func for part in get_args(alias) if isinstance(part, PlainSerializer))


# pydantic sees that our own serializers write a string, not which one.
_WRITTEN: dict[Callable[..., Any], Tree] = {
    _serializer(Money): {
        "type": "string",
        "pattern": rf"^-?[0-9]{{1,{_WHOLE_DIGITS_MAX}}}(\.[0-9]{{1,{AMOUNT_DECIMALS_MAX}}})?$",
    },
    _serializer(Moment): {"type": "string", "format": "date-time"},
}


class _Contract(GenerateJsonSchema):
    """pydantic's generator, with our serializers and with the comments of our models as descriptions."""

    def ser_schema(self, schema: Any) -> JsonSchemaValue | None:
        """Say what a serializer of ours writes."""
        written = _WRITTEN.get(schema.get("function"))
        return dict(written) if written else super().ser_schema(schema)

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        """Describe each member that has a comment."""
        tree = super().model_schema(schema)
        for name, comment in field_comments(schema["cls"]).items():
            tree["properties"][name].setdefault("description", comment)
        return tree


def json_schema(topic: Topic) -> Tree:
    """Return the schema of a topic's value. Members without a default are required; unknown members are allowed."""
    tree = topic.event.model_json_schema(mode="serialization", schema_generator=_Contract)
    _clean(tree)
    return {
        "$schema": DIALECT,
        "$id": f"urn:quittance:{topic.name}:{SCHEMA_VERSION}",
        "x-topic": topic.name,
        "x-key": topic.key,
        "x-owner": topic.owner,
        "x-meaning": topic.meaning,
        **tree,
    }


def _clean(tree: Any) -> None:
    """Take out what is no JSON Schema, and say what the names of an invoice's fields mean."""
    if isinstance(tree, list):
        for branch in tree:
            _clean(branch)
    if not isinstance(tree, dict):
        return
    for keyword in ("decimal_places", "max_digits"):  # pydantic leaves its own words for a Decimal
        if not isinstance(tree.get(keyword), dict):
            tree.pop(keyword, None)
    names = tree.get("propertyNames")
    if isinstance(names, dict) and tuple(names.get("enum", ())) == evidence.FIELD_NAMES:
        said = value_comments(evidence, "FieldName")
        names["description"] = "; ".join(f"{name}: {said[name]}" for name in evidence.FIELD_NAMES if name in said)
    for branch in tree.values():
        _clean(branch)
