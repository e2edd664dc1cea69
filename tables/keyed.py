"""A typed view of a changelog-backed table: records in, records out; the mapping below holds JSON trees."""

from collections.abc import Iterator, MutableMapping
from typing import Any, Generic, TypeVar

from schemas.base import Record

R = TypeVar("R", bound=Record)


class Keyed(Generic[R]):
    """Records by key. Writing a record replaces it; nothing is changed in place, so every change is logged."""

    def __init__(self, mapping: MutableMapping[str, Any], model: type[R]) -> None:
        """`mapping` is a Faust table in production and a plain dict in tests."""
        self._mapping = mapping
        self._model = model

    def get(self, key: str) -> R | None:
        """Return the record of a key, or None."""
        tree = self._mapping.get(key)
        return None if tree is None else self._model.model_validate(tree)

    def put(self, key: str, record: R) -> None:
        """Write the record of a key, unless it is there already: an equal write would only cost."""
        tree = record.model_dump(mode="json")
        if self._mapping.get(key) != tree:
            self._mapping[key] = tree

    def remove(self, key: str) -> None:
        """Forget a key, if it is known."""
        if key in self._mapping:
            del self._mapping[key]

    def __iter__(self) -> Iterator[str]:
        return iter(tuple(self._mapping))
