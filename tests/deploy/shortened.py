"""The same rules in less time: every window, every `for` and every threshold that is a time, by one factor.

Durations stand in brackets (`[5m]`), after `for:`, and as plain seconds on lines that end in `# waits`. Nothing else is
changed: no threshold of a rate, a share or a count, no label, no expression.
"""

import re

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_WINDOW = re.compile(r"\[(\d+)([smhd])\]")
_FOR = re.compile(r"^(\s+for: )(\d+)([smhd])$", re.MULTILINE)
_WAITS = re.compile(r"> (\d+) # waits$", re.MULTILINE)


def shortened(rules: str, factor: int, window_seconds_min: int) -> str:
    """Return the text of a rule file; no window is shorter than two scrapes, or there is no rate in it."""

    def milliseconds(number: str, unit: str, least: float) -> str:
        return f"{round(max(least, int(number) * SECONDS[unit] / factor) * 1000)}ms"

    rules = _WINDOW.sub(lambda found: f"[{milliseconds(found[1], found[2], window_seconds_min)}]", rules)
    rules = _FOR.sub(lambda found: found[1] + milliseconds(found[2], found[3], 0.0), rules)
    return _WAITS.sub(lambda found: f"> {int(found[1]) / factor:g} # waits", rules)
