"""What a change of a JSON Schema breaks, and for whom.

Whoever wrote records by the old schema is broken where fewer values are allowed than before: stored events can no
longer be replayed, and publishers are refused. Whoever reads is broken where a member is gone, may now be missing, or
holds what it never held. New members and new codes of an `enum` break nobody: readers are told to expect them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

Schema = dict[str, Any]
Kind = Literal["removed", "narrowed", "required", "widened", "optional"]
# Broken are those who read records that we write; harmless where only we read.
BREAKS_READERS: frozenset[Kind] = frozenset({"widened", "optional"})
_LOWER_BOUNDS = ("minLength", "minItems", "minProperties", "minimum", "exclusiveMinimum")
_UPPER_BOUNDS = ("maxLength", "maxItems", "maxProperties", "maximum", "exclusiveMaximum")
_FORMS = ("pattern", "format", "multipleOf")
_ANY = "anything"


@dataclass(frozen=True, order=True)
class Change:
    """One difference that breaks somebody. `path` leads to the member, array items as `[]`, map values as `*`."""

    path: str
    kind: Kind
    detail: str

    def __str__(self) -> str:
        return f"{self.path or 'the value'} {self.kind}: {self.detail}"


def breaking_changes(old: Schema, new: Schema, *, read_outside: bool) -> tuple[Change, ...]:
    """Return what breaks those who rely on `old`, sorted.

    Args:
        old: the schema that was promised.
        new: the schema that is to take its place under the same version.
        read_outside: others than Quittance read the records, so that what may be in them matters too.
    """
    found = set(_Comparison(old, new).changes(old, new, ""))
    return tuple(sorted(change for change in found if read_outside or change.kind not in BREAKS_READERS))


class _Comparison:
    """Walks two schemas side by side; each keeps its own `$defs`."""

    def __init__(self, old: Schema, new: Schema) -> None:
        self._old = old
        self._new = new
        self._seen: set[tuple[int, int]] = set()

    def changes(self, old: Schema, new: Schema, path: str) -> Iterator[Change]:
        """Yield the differences of two schemas, alternative by alternative."""
        before, after = _alternatives(old, self._old), _alternatives(new, self._new)
        for kind in sorted({*before, *after}):
            yield from self._of_kind(before.get(kind, []), after.get(kind, []), _ANY in after, _ANY in before, path)
        if _ANY in after and _ANY not in before:
            yield Change(path, "widened", "may be anything")

    def _of_kind(
        self, before: list[Schema], after: list[Schema], after_any: bool, before_any: bool, path: str
    ) -> Iterator[Change]:
        for old, new in zip(before, after, strict=False):
            pair = id(old), id(new)
            if pair not in self._seen:  # a type that is used in several places, or in itself, is told once
                self._seen.add(pair)
                yield from self._of_one_kind(old, new, path)
        for lost in before[len(after) :]:
            if not after_any:
                yield Change(path, "narrowed", f"may no longer be {_name(lost)}")
        for gained in after[len(before) :]:
            if not before_any and _name(gained) != _ANY:
                yield Change(path, "widened", f"may be {_name(gained)}")

    def _of_one_kind(self, old: Schema, new: Schema, path: str) -> Iterator[Change]:
        yield from _of_values(old, new, path)
        yield from _of_bounds(old, new, path)
        yield from self._of_members(old, new, path)
        for keyword, step in (("additionalProperties", "*"), ("propertyNames", "{name}"), ("items", "[]")):
            yield from self._of_part(old.get(keyword, True), new.get(keyword, True), _join(path, step))
        for place, (was, is_now) in enumerate(
            zip(old.get("prefixItems", ()), new.get("prefixItems", ()), strict=False)
        ):
            yield from self.changes(was, is_now, _join(path, f"[{place}]"))

    def _of_members(self, old: Schema, new: Schema, path: str) -> Iterator[Change]:
        was, is_now = old.get("properties", {}), new.get("properties", {})
        for name in was:
            if name in is_now:
                yield from self.changes(was[name], is_now[name], _join(path, name))
            else:
                yield Change(_join(path, name), "removed", "readers look for it")
        required_before, required_now = set(old.get("required", ())), set(new.get("required", ()))
        for name in required_now - required_before:
            yield Change(_join(path, name), "required", "older records may lack it")
        for name in (required_before - required_now) & set(is_now):
            yield Change(_join(path, name), "optional", "readers rely on it")

    def _of_part(self, old: Schema | bool, new: Schema | bool, path: str) -> Iterator[Change]:
        """Compare two subschemas of which either may be `true` or `false`."""
        if isinstance(old, bool) or isinstance(new, bool):
            if new is False and old is not False:
                yield Change(path, "narrowed", "nothing may stand here any more")
            elif new is not True and old is True:
                yield Change(path, "narrowed", "not everything may stand here any more")
            elif new is not False and old is not True and old != new:
                yield Change(path, "widened", "more may stand here")
            return
        yield from self.changes(old, new, path)


def _alternatives(schema: Schema, root: Schema) -> dict[str, list[Schema]]:
    """Return the schemas of which a value satisfies one, by their type; references are followed."""
    found: dict[str, list[Schema]] = {}
    for one in schema.get("anyOf") or schema.get("oneOf") or [schema]:
        if "anyOf" in one or "oneOf" in one:
            nested = _alternatives(one, root)
        elif "$ref" in one:
            nested = _alternatives(root["$defs"][one["$ref"].rpartition("/")[2]], root)
        else:
            types = one.get("type", _ANY)
            nested = {name: [one] for name in ([types] if isinstance(types, str) else types)}
        for name, schemas in nested.items():
            found.setdefault(name, []).extend(schemas)
    return found


def _of_values(old: Schema, new: Schema, path: str) -> Iterator[Change]:
    allowed, still = _values(old), _values(new)
    if still is None:
        return
    if allowed is None:
        yield Change(path, "narrowed", f"only {', '.join(map(repr, still))}")
        return
    for lost in allowed:
        if lost not in still:
            yield Change(path, "narrowed", f"{lost!r} is no longer allowed")


def _values(schema: Schema) -> list[Any] | None:
    return [schema["const"]] if "const" in schema else schema.get("enum")


def _of_bounds(old: Schema, new: Schema, path: str) -> Iterator[Change]:
    for keyword in (*_LOWER_BOUNDS, *_UPPER_BOUNDS):
        was, is_now = old.get(keyword), new.get(keyword)
        if was == is_now:
            continue
        tighter = was is None or (is_now is not None and (is_now > was) == (keyword in _LOWER_BOUNDS))
        yield Change(path, "narrowed" if tighter else "widened", f"{keyword} was {was}, is {is_now}")
    for keyword in _FORMS:
        was, is_now = old.get(keyword), new.get(keyword)
        if was != is_now:  # which of two patterns allows more cannot be told: both sides are warned
            kinds: tuple[Kind, ...] = (
                ("narrowed",) if was is None else ("widened",) if is_now is None else ("narrowed", "widened")
            )
            yield from (Change(path, kind, f"{keyword} was {was}, is {is_now}") for kind in kinds)


def _name(schema: Schema) -> str:
    return str(schema.get("title") or schema.get("type", _ANY))


def _join(path: str, step: str) -> str:
    return f"{path}.{step}" if path else step
