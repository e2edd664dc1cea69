"""Draws pages from templates. Values are escaped there; what nobody could tell is a question mark, never a zero."""

from collections.abc import Mapping

from jinja2 import Environment, PackageLoader, StrictUndefined

from app.top.recent import Seen
from app.top.rows import Latency
from app.top.verdict import PROMISED_SECONDS, STUCK_SECONDS, is_stuck
from app.top.words import seconds_in_words

UNKNOWN, NONE = "?", "–"
# From here on an age is worth a colour, before it breaks the promise.
SLOW_SECONDS = 5.0
# Often enough to watch a queue go down; the broker is asked every five seconds.
REFRESH_SECONDS = 5
MIB = 1024**2
# Nothing from elsewhere, nothing written into the page, nobody's frame; and no copy of it in any cache.
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def status_page(seen: Seen, visitor: str) -> str:
    """Return the page as it stands at this moment; the script goes on from there."""
    return _templates.get_template("status.html").render(
        seen=seen,
        found=seen.picture,
        visitor=visitor,
        refresh_seconds=REFRESH_SECONDS,
        slow_seconds=SLOW_SECONDS,
        late_seconds=PROMISED_SECONDS,
        stuck_seconds=STUCK_SECONDS,
    )


def login_page(refusal: str = "") -> str:
    """Return the page that asks for a key, and says why the last one was not taken."""
    return _templates.get_template("login.html").render(refusal=refusal)


def count(number: int | None) -> str:
    """Return a count."""
    return UNKNOWN if number is None else f"{number:,}"


def age(seconds: float | None) -> str:
    """Return how long something has waited; a dash where nothing waits."""
    if seconds is None:
        return UNKNOWN
    return seconds_in_words(seconds) if seconds else NONE


def age_class(seconds: float | None) -> str:
    """Return how an age is coloured."""
    if seconds is None or seconds < SLOW_SECONDS:
        return ""
    return "late" if seconds > PROMISED_SECONDS else "slow"


def rate(number: float | None) -> str:
    """Return events a second; a dash where nobody looked twice."""
    return NONE if number is None else f"{number:,.1f}"


def took(seconds: float | None) -> str:
    """Return how long something took; a dash where nothing happened."""
    return NONE if seconds is None else seconds_in_words(seconds)


def latency(found: Latency) -> str:
    """Return a latency in a line."""
    if found.p50 is None:
        return "none yet"
    return f"p50 {took(found.p50)}, p99 {took(found.p99)}" + ("" if found.recent else " (since the start)")


def listed(counts: Mapping[str, int]) -> str:
    """Return counts by name in a line."""
    return ", ".join(f"{name} {number:,}" for name, number in counts.items()) or "none yet"


def memory(size: int | None) -> str:
    """Return a size of memory."""
    return UNKNOWN if size is None else f"{size / MIB:,.0f} MiB"


_templates = Environment(
    loader=PackageLoader("app.console"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters |= {
    each.__name__: each for each in (count, age, age_class, rate, took, latency, listed, memory)
}  # fmt: skip
_templates.tests["stuck"] = is_stuck
