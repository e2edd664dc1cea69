"""Keeps label values that others choose to a number that Prometheus can bear."""

import re

OTHER = "other"
# Machine codes: BR-CO-15, ACCOUNT-NEW, AC01, EUR. Whatever else it is, it is no code.
_CODE = re.compile(r"[A-Z][A-Za-z0-9_-]{0,47}")


class Bounded:
    """Passes the first `values_max` codes of each group on as they are; anything later, or of no such form, is `other`.

    A group is a stage. A bank that reports nonsense so spends the room of settlement, and of nothing else.
    """

    def __init__(self, values_max: int) -> None:
        self._values_max = values_max
        self._known: dict[str, set[str]] = {}

    def label(self, group: str, value: str) -> str:
        """Return the value, or `other`."""
        known = self._known.setdefault(group, set())
        if value in known:
            return value
        if len(known) >= self._values_max or not _CODE.fullmatch(value):
            return OTHER
        known.add(value)
        return value
