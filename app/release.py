"""Which code and rules are running, named by the hash of their content: nobody can forget to raise a number."""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

# What can change what is read or decided. The shell (app/) cannot, so that a fix of a log line is no new release.
PACKAGES = ("schemas", "tables", "agents")
SUFFIXES = frozenset({".py", ".json", ".xml"})
HASH_LENGTH = 12


@cache
def release_id() -> str:
    """Return the release's name, such as `0.1.0+3fa9c1d20b7e`."""
    root = Path(__file__).resolve().parent.parent
    content = hashlib.sha256()
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*")):
            if path.suffix in SUFFIXES and "__pycache__" not in path.parts:
                content.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return f"{version('quittance')}+{content.hexdigest()[:HASH_LENGTH]}"
