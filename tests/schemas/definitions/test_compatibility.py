"""Each planted change is found, and each harmless one is let through."""

from copy import deepcopy
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field

from app.contracts.compatibility import Kind, breaking_changes
from app.contracts.json_schema import json_schema
from schemas.topics import TOPICS, Topic


class Part(BaseModel):
    code: Annotated[str, Field(max_length=10)]
    note: str | None = None


class Promised(BaseModel):
    identity: Annotated[str, Field(pattern="^Q[A-Z]+$", max_length=35)]
    state: Literal["open", "closed"]
    count: Annotated[int, Field(ge=0, le=10)]
    reason: str | None = None
    part: Part
    parts: Annotated[tuple[Part, ...], Field(max_length=5)] = ()
    named: dict[str, Part] = {}
    box: tuple[float, float] | None = None


def _schema(model: type[BaseModel] = Promised) -> dict[str, Any]:
    return model.model_json_schema(mode="serialization")


def _changed(**properties: Any) -> dict[str, Any]:
    tree = deepcopy(_schema())
    for name, schema in properties.items():
        if schema is None:
            del tree["properties"][name]
        else:
            tree["properties"][name] = schema
    return tree


def _found(new: dict[str, Any], *, read_outside: bool = True) -> set[tuple[str, Kind]]:
    return {(change.path, change.kind) for change in breaking_changes(_schema(), new, read_outside=read_outside)}


def _part(**changes: Any) -> dict[str, Any]:
    tree = deepcopy(_schema())
    tree["$defs"]["Part"] |= changes
    return tree


TEXT = {"type": "string"}
NULL = {"type": "null"}
PLANTED: dict[str, tuple[dict[str, Any], set[tuple[str, Kind]]]] = {
    "a member is removed": (_changed(reason=None), {("reason", "removed")}),
    "a member is renamed": (_changed(reason=None, why=TEXT), {("reason", "removed")}),
    "a member of a part is removed": (
        _part(properties={"code": {**TEXT, "maxLength": 10}}),
        {("part.note", "removed")},
    ),
    "a type is another": (_changed(count=TEXT), {("count", "narrowed"), ("count", "widened")}),
    "null is no longer allowed": (_changed(reason=TEXT), {("reason", "narrowed")}),
    "null is allowed": (
        _changed(state={"anyOf": [{"enum": ["open", "closed"], "type": "string"}, NULL]}),
        {("state", "widened")},
    ),
    "a code is gone": (_changed(state={"enum": ["open"], "type": "string"}), {("state", "narrowed")}),
    "free text becomes a list of codes": (
        _changed(reason={"anyOf": [{"enum": ["AC01"], "type": "string"}, NULL]}),
        {("reason", "narrowed")},
    ),
    "a text is shorter": (
        _changed(identity={"type": "string", "pattern": "^Q[A-Z]+$", "maxLength": 30}),
        {("identity", "narrowed")},
    ),
    "a text is longer": (
        _changed(identity={"type": "string", "pattern": "^Q[A-Z]+$", "maxLength": 36}),
        {("identity", "widened")},
    ),
    "a pattern is another": (
        _changed(identity={"type": "string", "pattern": "^P[A-Z]+$", "maxLength": 35}),
        {("identity", "narrowed"), ("identity", "widened")},
    ),
    "a pattern is gone": (_changed(identity={"type": "string", "maxLength": 35}), {("identity", "widened")}),
    "a number starts higher": (
        _changed(count={"type": "integer", "minimum": 1, "maximum": 10}),
        {("count", "narrowed")},
    ),
    "a number ends lower": (_changed(count={"type": "integer", "minimum": 0, "maximum": 9}), {("count", "narrowed")}),
    "a list is shorter": (
        _changed(parts={"type": "array", "items": {"$ref": "#/$defs/Part"}, "maxItems": 4}),
        {("parts", "narrowed")},
    ),
    "a list holds something else": (
        _changed(parts={"type": "array", "items": TEXT, "maxItems": 5}),
        {("parts.[]", "narrowed"), ("parts.[]", "widened")},
    ),
    "a place of a box is something else": (
        _changed(box={"anyOf": [{**_schema()["properties"]["box"]["anyOf"][0], "prefixItems": [TEXT, TEXT]}, NULL]}),
        {(f"box.[{place}]", kind) for place in (0, 1) for kind in ("narrowed", "widened")},
    ),
    "a map holds something else": (
        _changed(named={"type": "object", "additionalProperties": TEXT}),
        {("named.*", "narrowed"), ("named.*", "widened")},
    ),
    "a member is required": ({**_schema(), "required": [*_schema()["required"], "reason"]}, {("reason", "required")}),
    "a new member is required": (
        {**_changed(colour=TEXT), "required": [*_schema()["required"], "colour"]},
        {("colour", "required")},
    ),
    "a member may be missing": ({**_schema(), "required": ["identity", "state", "count"]}, {("part", "optional")}),
    "unknown members are refused": ({**_schema(), "additionalProperties": False}, {("*", "narrowed")}),
    "a member may be anything": (_changed(count={}), {("count", "widened")}),
}
HARMLESS: dict[str, dict[str, Any]] = {
    "nothing": _schema(),
    "a new member": _changed(colour=TEXT),
    "a new code": _changed(state={"enum": ["open", "closed", "lost"], "type": "string"}),
    "another title and description": _changed(
        count={**_schema()["properties"]["count"], "title": "C", "description": "x"}
    ),
    "another order": {**_schema(), "required": list(reversed(_schema()["required"]))},
}


@pytest.mark.parametrize(("new", "expected"), PLANTED.values(), ids=PLANTED.keys())
def test_each_planted_change_is_found(new: dict[str, Any], expected: set[tuple[str, Kind]]) -> None:
    assert _found(new) == expected


@pytest.mark.parametrize("new", HARMLESS.values(), ids=HARMLESS.keys())
def test_what_breaks_nobody_is_let_through(new: dict[str, Any]) -> None:
    assert not _found(new)


def test_what_only_we_read_may_hold_more() -> None:
    longer, _ = PLANTED["a text is longer"]
    missing, _ = PLANTED["a member may be missing"]
    assert not _found(longer, read_outside=False)
    assert not _found(missing, read_outside=False)


def test_what_only_we_read_may_still_not_hold_less() -> None:
    shorter, expected = PLANTED["a text is shorter"]
    assert _found(shorter, read_outside=False) == expected


def test_a_type_that_contains_itself_ends() -> None:
    tree: dict[str, Any] = {
        "$ref": "#/$defs/Node",
        "$defs": {"Node": {"type": "object", "properties": {"next": {"anyOf": [{"$ref": "#/$defs/Node"}, NULL]}}}},
    }
    assert breaking_changes(tree, deepcopy(tree), read_outside=True) == ()


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_no_topic_breaks_itself(topic: Topic) -> None:
    assert breaking_changes(json_schema(topic), json_schema(topic), read_outside=True) == ()


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_the_loss_of_any_member_of_any_topic_is_found(topic: Topic) -> None:
    schema = json_schema(topic)
    for owner in (schema, *schema.get("$defs", {}).values()):
        for name in owner.get("properties", {}):
            changed = deepcopy(schema)
            twin = changed if owner is schema else changed["$defs"][_name_of(schema, owner)]
            del twin["properties"][name]
            found = breaking_changes(schema, changed, read_outside=False)
            assert any(change.path.endswith(name) and change.kind == "removed" for change in found), name


def _name_of(schema: dict[str, Any], owner: dict[str, Any]) -> str:
    return next(str(name) for name, tree in schema["$defs"].items() if tree is owner)
