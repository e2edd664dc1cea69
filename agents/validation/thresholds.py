"""From which confidence a lane may pay: a versioned data file, chosen on labelled documents (docs/decisions/0019)."""

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, get_args

from schemas.evidence import Lane

# Below it a value is a guess, whatever a file says: a file can make the product stricter, and never looser.
FLOOR = 0.9


class ThresholdError(ValueError):
    """The file leaves a lane out, or lets it pay on guesses."""


def parse(content: Mapping[str, Any]) -> Mapping[Lane, float]:
    """Return the least confidence of each lane.

    Raises:
        ThresholdError: a lane is missing, or its threshold is below the floor or above 1.
    """
    found: dict[Lane, float] = {}
    for lane in get_args(Lane):
        entry = content.get("lanes", {}).get(lane)
        if entry is None or not FLOOR <= entry["threshold"] <= 1:
            raise ThresholdError(f"{lane}: {entry}")
        found[lane] = entry["threshold"]
    return found


@cache
def confidence_min() -> Mapping[Lane, float]:
    """Return the thresholds in force. The file is part of the release's name (app/release.py)."""
    text = resources.files("agents.validation").joinpath("thresholds.json").read_text("utf-8")
    return parse(json.loads(text))
