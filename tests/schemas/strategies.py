"""Hypothesis strategies for any record of the vocabulary, read off its annotations and constraints."""

import types
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

from annotated_types import Ge, Le, MaxLen, MinLen
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from pydantic import AwareDatetime, BaseModel, StringConstraints
from pydantic.fields import FieldInfo

from schemas.identifiers import CommandId, DocumentId, InvoiceKey, command_id, document_id, invoice_key
from schemas.money import AMOUNT_DECIMALS_MAX

R = TypeVar("R", bound=BaseModel)
# A list of two already shows what a list of thirty would, and examples stay readable.
ITEMS_MAX = 2
TEXT_MAX = 20
_WHOLE_MAX = 10**12 - 1


def _pattern(alias: Any) -> str:
    return str(next(part.pattern for part in get_args(alias) if isinstance(part, StringConstraints)))


amounts = st.builds(
    lambda units, decimals: Decimal(units).scaleb(-decimals),
    st.integers(-_WHOLE_MAX, _WHOLE_MAX),
    st.integers(0, AMOUNT_DECIMALS_MAX),
)
# Any text that UTF-8 can carry, with a bias to what JSON must escape.
texts = st.text(
    st.one_of(st.characters(codec="utf-8"), st.sampled_from('"\\/\x00\x1f\x7f\u2028\n\tß€😀')), max_size=TEXT_MAX
)
moments = st.datetimes(datetime(1970, 1, 1), datetime(9999, 12, 30), timezones=st.just(UTC)).map(  # noqa: DTZ001 - made aware by timezones
    lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000)
)
# Drawing from a regular expression is slow, and these make up most of a record.
_NAMES: dict[str, SearchStrategy[str]] = {
    _pattern(DocumentId): st.binary(max_size=4).map(document_id),
    _pattern(InvoiceKey): st.text(max_size=4).map(lambda number: invoice_key("default", "seller", number)),
    _pattern(CommandId): st.text(max_size=4).map(lambda number: command_id("default", "seller", number)),
}


def records(model: type[R], *, floats: bool = True) -> SearchStrategy[R]:
    """Draw valid records of the model. Without `floats` those that may be left out are."""
    members = {name: _field(field, floats) for name, field in model.model_fields.items()}
    return st.fixed_dictionaries(members).map(_named_by_content).map(model.model_validate)


def _named_by_content(members: dict[str, Any]) -> dict[str, Any]:
    """A release's name is no free text: it follows from its bundle."""
    bundle = members.get("bundle")
    return {**members, "release_id": bundle.release_id} if bundle is not None else members


def _field(field: FieldInfo, floats: bool) -> SearchStrategy[Any]:
    return _values(field.annotation, tuple(field.metadata), floats)


def _values(kind: Any, limits: tuple[Any, ...], floats: bool) -> SearchStrategy[Any]:
    origin, inner = get_origin(kind), get_args(kind)
    if hasattr(kind, "__metadata__"):
        return _values(inner[0], (*limits, *_flat(kind.__metadata__)), floats)
    if origin in {Union, types.UnionType}:
        return st.one_of(*(_values(one, limits, floats) for one in inner))
    if origin is Literal:
        return st.sampled_from(inner)
    if origin in {tuple, frozenset, dict}:
        return _collections(origin, inner, floats)
    return _scalars(kind, limits, floats)


def _collections(origin: Any, inner: tuple[Any, ...], floats: bool) -> SearchStrategy[Any]:
    if origin is tuple:
        return _tuples(inner, floats)
    first = _values(inner[0], (), floats)
    if origin is frozenset:
        return st.frozensets(first, max_size=ITEMS_MAX)
    return st.dictionaries(first, _values(inner[1], (), floats), max_size=_size(floats, inner))


def _size(floats: bool, inner: tuple[Any, ...]) -> int:
    return 0 if not floats and float in inner else ITEMS_MAX


def _tuples(inner: tuple[Any, ...], floats: bool) -> SearchStrategy[Any]:
    if inner[-1] is Ellipsis:
        return st.lists(_values(inner[0], (), floats), max_size=ITEMS_MAX).map(tuple)
    return st.tuples(*(_values(one, (), floats) for one in inner))


def _scalars(kind: Any, limits: tuple[Any, ...], floats: bool) -> SearchStrategy[Any]:
    if kind is str:
        return _strings(limits)
    if kind is Decimal:
        return amounts
    if kind is float:
        low, high = _limit(limits, Ge, "ge"), _limit(limits, Le, "le")
        return st.floats(low, high, allow_nan=False, allow_infinity=False)
    simple: dict[Any, SearchStrategy[Any]] = {
        bool: st.booleans(),
        int: st.integers(_limit(limits, Ge, "ge") or 0, 2**53 - 1),
        date: st.dates(),
        datetime: moments,
        AwareDatetime: moments,
        type(None): st.none(),
    }
    return simple[kind] if kind in simple else records(kind, floats=floats)


def _strings(limits: tuple[Any, ...]) -> SearchStrategy[str]:
    pattern = next((limit.pattern for limit in limits if getattr(limit, "pattern", None)), None)
    least = _limit(limits, MinLen, "min_length") or _limit(limits, StringConstraints, "min_length") or 0
    most = _limit(limits, MaxLen, "max_length") or _limit(limits, StringConstraints, "max_length")
    if pattern in _NAMES:
        return _NAMES[pattern]
    if pattern:
        drawn = st.from_regex(pattern.replace("$", r"\Z"))
        return drawn.filter(lambda text: least <= len(text)) if most is None else drawn.map(lambda text: text[:most])
    return texts.filter(lambda text: len(text) >= least).map(lambda text: text[:most])


def _limit(limits: tuple[Any, ...], kind: type, name: str) -> Any:
    return next((getattr(limit, name) for limit in limits if isinstance(limit, kind)), None)


def _flat(metadata: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the constraints, those within a pydantic `Field` among them."""
    return tuple(part for one in metadata for part in (one.metadata if isinstance(one, FieldInfo) else (one,)))
