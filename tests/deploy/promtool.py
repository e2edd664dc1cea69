"""Prometheus and its promtool, as Debian and Ubuntu package them; `make setup-tests` installs them."""

import shutil
import subprocess
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
ALERTS = ROOT / "deploy/alerts.yml"


def program(name: str) -> str:
    """Path of `prometheus` or `promtool`."""
    found = shutil.which(name)
    assert found, f"{name} is missing: make setup-tests installs Debian's package prometheus"
    return found


def promtool(*arguments: str) -> str:
    """What promtool says; its exit code is 0, or the test fails with it."""
    done = subprocess.run([program("promtool"), *arguments], capture_output=True, text=True, check=False, timeout=280)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def alerts() -> list[dict[str, object]]:
    """Every alert of deploy/alerts.yml."""
    groups = yaml.safe_load(ALERTS.read_text())["groups"]
    return [rule for group in groups for rule in group["rules"] if "alert" in rule]
