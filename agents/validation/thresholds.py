"""From which confidence a lane may pay: a versioned data file, chosen on labelled documents (docs/decisions/0019)."""

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, get_args

from schemas.evidence import Lane
from schemas.release import CONFIDENCE_FLOOR

# Below it a value is a guess, whatever a file says: a file can make the product stricter, and never looser.
FLOOR = CONFIDENCE_FLOOR


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


def thresholds(learned: Mapping[Lane, float] = MappingProxyType({})) -> Mapping[Lane, float]:
    """Return the thresholds of a release: its own, and those of the code for the lanes that it is silent on."""
    return {**confidence_min(), **learned} if learned else confidence_min()


@cache
def confidence_min() -> Mapping[Lane, float]:
    """Return the thresholds of the code. The file is part of the release's name (app/release.py)."""
    text = resources.files("agents.validation").joinpath("thresholds.json").read_text("utf-8")
    return parse(json.loads(text))
