"""Logs of the processes: one line a record, JSON where no person watches, account numbers never in clear.

A line carries what its task is about: the trace, the stage, the document. Whoever begins such work tells it once, and
every line that is logged within it says so, also the lines of libraries.
"""

import json
import logging
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from app.masking import mask
from app.settings import Settings

# These build a record for every message that they move, or (httpx) for each page that Prometheus asks of a child;
# nobody reads them (docs/faust.md: 8 % of the processor).
NOISY = ("aiokafka", "faust", "mode", "app.stream", "botocore", "aiobotocore", "asyncio", "httpx")

_ABOUT: ContextVar[Mapping[str, str]] = ContextVar("about")


@contextmanager
def telling(**facts: str) -> Iterator[None]:
    """Let every line that this task logs within carry the facts; what is begun within inherits them."""
    token = _ABOUT.set({**_ABOUT.get({}), **facts})
    try:
        yield
    finally:
        # A task that nobody waits for any more is closed by the garbage collector, in a context that is not its own.
        with suppress(ValueError):
            _ABOUT.reset(token)


def tell(**facts: str) -> None:
    """Let every further line of the innermost `telling` carry these facts too."""
    _ABOUT.set({**_ABOUT.get({}), **facts})


def told() -> Mapping[str, str]:
    """Return what a line that is logged here would carry."""
    return _ABOUT.get({})


class _Masked(logging.Formatter):
    """Text for a person's eyes: what the work is about goes behind the message."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        record.message = mask(record.message)
        about = "".join(f" {name}={fact}" for name, fact in told().items())
        return super().formatMessage(record) + about

    def formatException(self, ei: Any) -> str:  # noqa: N802 - logging's name
        return mask(super().formatException(ei))

    def formatStack(self, stack_info: str) -> str:  # noqa: N802 - logging's name
        return mask(super().formatStack(stack_info))


class _Json(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, tz=UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": mask(record.getMessage()),
            **told(),
        }
        if record.exc_info:
            line["exception"] = mask(self.formatException(record.exc_info))
        if record.stack_info:
            line["stack"] = mask(record.stack_info)
        return json.dumps(line, ensure_ascii=False)


def configure_logs(settings: Settings) -> None:
    """Send all logs to stderr, in the form that the settings want."""
    chosen = settings.log_format or ("text" if sys.stderr.isatty() else "json")
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if chosen == "json" else _Masked("%(asctime)s %(levelname)-8s %(name)s: %(message)s"))
    logging.basicConfig(level=settings.log_level, handlers=[handler], force=True)
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)
