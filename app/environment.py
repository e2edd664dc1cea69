"""The two things about the environment that pydantic-settings does not know: our file's name, and plain lists."""

import os
from pathlib import Path
from typing import Any

from pydantic import BeforeValidator


def environment_file() -> Path | None:
    """Return the file that may hold more settings, as QUITTANCE_ENV_FILE names it."""
    named = os.environ.get("QUITTANCE_ENV_FILE")
    return Path(named) if named else None


def split_list(separator: str) -> BeforeValidator:
    """Return a validator that reads "a:b" as ("a", "b"), and leaves a list as it is."""

    def split(value: Any) -> Any:
        return [part.strip() for part in value.split(separator) if part.strip()] if isinstance(value, str) else value

    return BeforeValidator(split)
