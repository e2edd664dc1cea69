"""Where a page ends: opaque to clients, checked when it comes back."""

import base64
import binascii
import json

# A cursor names two short columns; anything longer was not made here.
CURSOR_LENGTH_MAX = 1_000


class CursorInvalid(Exception):  # noqa: N818 - it names the state of the cursor
    """The cursor was not made by this API."""


def render_cursor(*columns: str) -> str:
    """Return the cursor after the row with these sort columns."""
    return base64.urlsafe_b64encode(json.dumps(columns).encode()).decode().rstrip("=")


def parse_cursor(text: str, width: int) -> tuple[str, ...]:
    """Return the `width` sort columns of a cursor.

    Raises:
        CursorInvalid: where it is anything but a cursor of that width.
    """
    if len(text) > CURSOR_LENGTH_MAX:
        raise CursorInvalid("too long")
    try:
        columns = json.loads(base64.urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4)))
    except (binascii.Error, ValueError):
        raise CursorInvalid("not a cursor") from None
    if not isinstance(columns, list) or len(columns) != width:
        raise CursorInvalid("of another list")
    if not all(isinstance(column, str) and "\x00" not in column for column in columns):
        raise CursorInvalid("of another list")
    return tuple(columns)
