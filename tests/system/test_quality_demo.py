"""`make demo-quality` as a person runs it: from five corrections to a release that the guard takes back."""

import asyncio
import sys
from pathlib import Path

import pytest

# Under a minute and a half where nothing else runs.
END_SECONDS = 900

pytestmark = [pytest.mark.system, pytest.mark.kafka, pytest.mark.timeout(END_SECONDS + 60)]

CHAPTERS = (
    "1  A new supplier",
    "2  From corrections",
    "3  Shadow",
    "4  Canary",
    "5  Promotion",
    "6  A bad",
    "7  Another",
)


async def test_a_correction_becomes_a_release_and_a_bad_release_is_taken_back(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "app", "demo", "--quality"),
        cwd=tmp_path,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await asyncio.wait_for(process.communicate(), END_SECONDS)
    told = said.decode()
    assert process.returncode == 0, told
    for chapter in CHAPTERS:
        assert f"\n{chapter}" in told
    assert "read wrongly before 100%, after 0%" in told
    assert "REFUSED" in told
    assert "retired by quality-guard" in told
    picture = (tmp_path / "var" / "demo-quality" / "error-rate.svg").read_text("utf-8")
    assert picture.startswith("<svg")
    assert "promoted" in picture
