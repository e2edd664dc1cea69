"""Two records member by member: which differ, and what each says."""

import json
from collections.abc import Iterator
from typing import Any

# What is shown of a value: enough to see the difference.
SHOWN_CHARACTERS_MAX = 120
ABSENT = "(absent)"


def differences(recorded: bytes | None, replayed: bytes | None) -> tuple[tuple[str, str, str], ...]:
    """Return each member that differs: its path, what was recorded, what came now.

    Bytes that differ while every member is equal, or that are no JSON, differ as a whole (`(bytes)`).
    """
    if recorded == replayed:
        return ()
    try:
        found = tuple(_walk("", json.loads(recorded or b"null"), json.loads(replayed or b"null")))
    except ValueError:
        found = ()
    return found or (("(bytes)", _shown(recorded), _shown(replayed)),)


def _walk(path: str, recorded: Any, replayed: Any) -> Iterator[tuple[str, str, str]]:
    if isinstance(recorded, dict) and isinstance(replayed, dict):
        for name in sorted({*recorded, *replayed}):
            below = f"{path}.{name}" if path else name
            yield from _walk(below, recorded.get(name, ABSENT), replayed.get(name, ABSENT))
    elif isinstance(recorded, list) and isinstance(replayed, list):
        for at in range(max(len(recorded), len(replayed))):
            yield from _walk(f"{path}[{at}]", _item(recorded, at), _item(replayed, at))
    elif recorded != replayed or type(recorded) is not type(replayed):
        yield path or "(value)", _said(recorded), _said(replayed)


def _item(items: list[Any], at: int) -> Any:
    return items[at] if at < len(items) else ABSENT


def _said(value: Any) -> str:
    text = value if value == ABSENT else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= SHOWN_CHARACTERS_MAX else text[: SHOWN_CHARACTERS_MAX - 1] + "…"


def _shown(value: bytes | None) -> str:
    return "(nothing)" if value is None else value[:SHOWN_CHARACTERS_MAX].decode(errors="replace")
