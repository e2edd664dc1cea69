"""The layouts. Which of them nobody may tune on follows from their names (see `is_held_out`)."""

import hashlib
from functools import cache
from pathlib import Path

from benchmarks.accuracy.papers.desk import Layout

# One in three is kept back. By hash, so that no one chooses, and a new layout falls on its side by itself.
HELD_OUT_ONE_IN = 3

# One row a layout, cells parted by bars; the first row names them.
_TABLE = Path(__file__).with_name("layouts.txt")


@cache
def layouts() -> dict[str, Layout]:
    """Return every layout by its name."""
    found = (_parsed(row) for row in _TABLE.read_text(encoding="utf-8").splitlines()[1:])
    return {layout.name: layout for layout in found}


def _parsed(row: str) -> Layout:
    name, sector, head, meta, table, sums, pay, foot, look, traits = (cell.strip() for cell in row.split("|"))
    font, size, colour = look.split()
    return Layout(
        name, sector, head, meta, table, sums, pay, foot, font, float(size), colour, frozenset(traits.split())
    )


def is_held_out(name: str) -> bool:
    """Tell whether a layout is kept from everyone who tunes the reader."""
    return hashlib.sha256(name.encode()).digest()[0] % HELD_OUT_ONE_IN == 0


def split(name: str) -> str:
    return "held_out" if is_held_out(name) else "tuning"
