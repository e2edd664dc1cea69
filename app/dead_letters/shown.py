"""Dead letters as a person or a program is shown them. What a publisher wrote never reaches a terminal as it is."""

import json

from app.dead_letters.letter import Letter
from app.dead_letters.reading import Standing
from app.masking import mask

KEY_CHARACTERS_MAX = 80
DETAIL_CHARACTERS_MAX = 160


def line(standing: Standing) -> str:
    """Return a letter as one line for a person."""
    letter = standing.letter
    told = [
        str(letter.place),
        letter.buried_at.isoformat(timespec="seconds"),
        letter.stage,
        "replayed" if standing.replayed else letter.kind,
        letter.reason,
        _key(letter)[:KEY_CHARACTERS_MAX],
        f"{letter.size_bytes} bytes",
        mask(letter.detail)[:DETAIL_CHARACTERS_MAX],
    ]
    return "  ".join(map(printable, told))


def json_line(standing: Standing) -> str:
    """Return a letter, without its value, as one JSON object."""
    letter = standing.letter
    told = {
        "topic": letter.place.topic,
        "partition": letter.place.partition,
        "offset": letter.place.offset,
        "buried_at": letter.buried_at.isoformat(),
        "origin": letter.source._asdict(),
        "stage": letter.stage,
        "kind": letter.kind,
        "reason": letter.reason,
        "detail": mask(letter.detail),
        "key": _key(letter),
        "size_bytes": letter.size_bytes,
        "omitted": letter.omitted is not None,
        "replayed": standing.replayed,
    }
    return json.dumps(told)


def page(standing: Standing) -> str:
    """Return all that a letter says but its value."""
    letter = standing.letter
    told = [
        ("letter", f"{letter.place}, buried {letter.buried_at.isoformat()}"),
        ("of", str(letter.source)),
        ("stage", letter.stage),
        ("reason", f"{letter.reason} ({letter.kind})"),
        ("detail", letter.detail),
        ("state", "replayed" if standing.replayed else "waits"),
        ("key", _key(letter)),
        *(("header", f"{name}: {_text(value)}") for name, value in letter.headers),
        ("value", f"{letter.size_bytes} bytes{', not kept in the letter' if letter.omitted else ''}"),
    ]
    return "\n".join(f"{name:<8}{printable(text)}" for name, text in told)


def printable(text: str) -> str:
    r"""Return the text with whatever a terminal would obey made visible.

    >>> printable("a\x1b[31m\u202eb")
    'a\\x1b[31m\\u202eb'
    """
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)


def value_text(value: bytes, size_bytes_max: int) -> str:
    """Return the first bytes of a value as lines that are safe to print."""
    return "\n".join(map(printable, _text(value[:size_bytes_max]).split("\n")))


def _key(letter: Letter) -> str:
    return "-" if letter.key is None else _text(letter.key)


def _text(value: bytes | None) -> str:
    return (value or b"").decode(errors="backslashreplace")
