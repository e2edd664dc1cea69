"""A disk that is full after a few megabytes, where the system allows to mount one."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


class SmallDisk:
    """A tmpfs; growing it is what an operator does with a volume that has run full."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def grow(self, mebibytes: int) -> None:
        subprocess.run(["mount", "-o", f"remount,size={mebibytes}m", str(self.folder)], check=True)

    def fill(self) -> None:
        """Leave not a byte free."""
        with (self.folder / "filler").open("wb", buffering=0) as filler:
            try:
                while True:
                    filler.write(bytes(1 << 16))
            except OSError:
                pass


@contextmanager
def small_disk(folder: Path, mebibytes: int) -> Iterator[SmallDisk]:
    """Mount one over `folder`; the test is skipped, naming why, where nobody may."""
    folder.mkdir(exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m", "tmpfs", str(folder)]
    if os.geteuid() != 0:
        pytest.skip("only root may mount a small disk")
    done = subprocess.run(mount, check=False, capture_output=True, text=True)
    if done.returncode != 0:
        pytest.skip(f"no small disk can be mounted here: {done.stderr.strip()}")
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
