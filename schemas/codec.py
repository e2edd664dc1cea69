"""Canonical JSON bytes to objects and back.

Keys are ASCII and sorted, so that for our records this is RFC 8785 (JCS); money is never a float.
"""

import json
from typing import TypeVar

from pydantic import BaseModel, ValidationError

# Kafka's own default limit of a message is 1 MB; ours leaves room for headers.
VALUE_SIZE_BYTES_MAX = 1_000_000
SCHEMA_VERSION = 1

R = TypeVar("R", bound=BaseModel)


class Undecodable(Exception):  # noqa: N818 - it names the state of the bytes
    """These bytes are no record of the wanted type. `reason` is a machine code, the text says where."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


def encode(record: BaseModel, *, without: frozenset[str] = frozenset()) -> bytes:
    """Return the canonical bytes: keys sorted, no spaces, UTF-8. Top-level members named in `without` are left out."""
    tree = record.model_dump(mode="json", exclude=set(without))
    return json.dumps(tree, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def decode(value: bytes | None, model: type[R], *, version: int = SCHEMA_VERSION) -> R:
    """Return the record that the bytes hold.

    Raises:
        Undecodable: with reason `VERSION-UNKNOWN`, `VALUE-EMPTY`, `VALUE-TOO-LARGE` or `VALUE-INVALID`.
    """
    if version != SCHEMA_VERSION:
        raise Undecodable("VERSION-UNKNOWN", f"schema version {version}, known is {SCHEMA_VERSION}")
    if not value:
        raise Undecodable("VALUE-EMPTY", "the record has no value")
    if len(value) > VALUE_SIZE_BYTES_MAX:
        raise Undecodable("VALUE-TOO-LARGE", f"{len(value)} bytes, at most {VALUE_SIZE_BYTES_MAX} are read")
    try:
        return model.model_validate_json(value)
    except ValidationError as wrong:
        first = wrong.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "value"
        raise Undecodable("VALUE-INVALID", f"{where}: {first['msg']}") from None
