"""The thresholds' file can make the product stricter, and never looser."""

import json
from importlib import resources
from typing import Any, get_args

import pytest

from agents.validation.thresholds import FLOOR, ThresholdError, confidence_min, parse
from schemas.evidence import Lane


def content(**changed: float) -> dict[str, Any]:
    return {"lanes": {lane: {"threshold": changed.get(lane, 0.9)} for lane in get_args(Lane)}}


def test_every_lane_has_a_threshold() -> None:
    assert set(confidence_min()) == set(get_args(Lane))
    assert min(confidence_min().values()) >= FLOOR


def test_stricter_is_taken() -> None:
    assert parse(content(scan=0.97))["scan"] == 0.97


@pytest.mark.parametrize("threshold", [0.89, 0.0, 1.01])
def test_looser_or_senseless_is_refused(threshold: float) -> None:
    with pytest.raises(ThresholdError):
        parse(content(text=threshold))


def test_a_lane_left_out_is_refused() -> None:
    with pytest.raises(ThresholdError):
        parse({"lanes": {"xml": {"threshold": 0.95}}})


def test_the_file_names_its_data_and_its_risk() -> None:
    text = resources.files("agents.validation").joinpath("thresholds.json").read_text("utf-8")
    file = json.loads(text)
    assert file["risk"] <= 0.005
    assert file["alpha"] <= 0.05
    for lane in file["lanes"].values():
        assert lane["shown"] == (lane["upper"] <= file["risk"])
