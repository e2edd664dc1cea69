"""Logs of the processes: one line a record, JSON where no person watches, account numbers never in clear."""

import json
import logging
import re
import sys
from datetime import UTC, datetime

from app.settings import Settings

# An IBAN in a log line keeps its country and last four characters: enough to talk about, too little to pay.
_IBAN = re.compile(r"\b([A-Z]{2})\d{2}[A-Z0-9]{7,26}([A-Z0-9]{4})\b")
# These build a record for every message that they move; nobody reads them (docs/faust.md: 8 % of the processor).
NOISY = ("aiokafka", "faust", "mode", "app.stream", "botocore", "aiobotocore", "asyncio")


def mask(text: str) -> str:
    """Return the text with account numbers masked.

    >>> mask("pay DE89370400440532013000 now")
    'pay DE**3000 now'
    """
    return _IBAN.sub(r"\1**\2", text)


class _Masked(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return mask(super().format(record))


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, tz=UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return mask(json.dumps(line, ensure_ascii=False))


def configure_logs(settings: Settings) -> None:
    """Send all logs to stderr, in the form that the settings want."""
    chosen = settings.log_format or ("text" if sys.stderr.isatty() else "json")
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if chosen == "json" else _Masked("%(asctime)s %(levelname)-8s %(name)s: %(message)s"))
    logging.basicConfig(level=settings.log_level, handlers=[handler], force=True)
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)
