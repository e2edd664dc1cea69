"""What a bare machine is told. The good way is walked by every `make test`."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ALWAYS_THERE = ("bash", "cat", "cut", "dirname", "env", "id", "mktemp", "rm", "sed", "sha256sum", "tail")


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A folder for PATH with what every system has, and nothing that Quittance needs."""
    for name in ALWAYS_THERE:
        program = shutil.which(name)
        assert program is not None
        (tmp_path / name).symlink_to(program)
    return tmp_path


def setup(path: Path) -> "subprocess.CompletedProcess[str]":
    environment = {name: value for name, value in os.environ.items() if name != "JAVA_HOME"} | {"PATH": str(path)}
    command = ["bash", str(ROOT / "scripts" / "setup")]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)


def test_what_is_missing_is_said_in_one_line_where_it_cannot_be_installed(bare: Path) -> None:
    run = setup(bare)
    assert run.returncode == 1
    packages = "openjdk-17-jre-headless maven"
    assert run.stderr == f"setup: missing: {packages}. Install with: sudo apt-get install {packages}\n"


def test_an_old_java_is_a_missing_one(bare: Path) -> None:
    for name, says in (("java", 'echo openjdk version \\"11.0.20\\" 2023-07-18 >&2'), ("mvn", "true")):
        (bare / name).write_text(f"#!/bin/sh\n{says}\n")
        (bare / name).chmod(0o755)
    assert "missing: openjdk-17-jre-headless. Install" in setup(bare).stderr
