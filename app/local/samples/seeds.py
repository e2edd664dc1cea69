"""The one source of chance in this package: a generator that is a function of a name."""

import random


def seeded(name: str) -> random.Random:
    """Return a generator for one purpose. Names that differ give streams that have nothing to do with each other."""
    return random.Random(name)  # noqa: S311 - samples must be the same each time; nothing here is a secret
