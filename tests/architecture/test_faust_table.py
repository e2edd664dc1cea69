"""docs/faust.md is complete: each row has its rule, its class, its guard, and a word that tells when it may go.

And nothing else corrects Faust: a class of app/stream that no row of the page names is a correction without a reason.
"""

import ast
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/faust.md").read_text()
GUARDS = {
    letter: ROOT / f"tests/architecture/test_faust_{name}.py"
    for letter, name in (("D", "delivery"), ("L", "limits"), ("T", "takeover"))
}
# Too costly to show on plain Faust, or shown by an exception that would no longer come: seen again at each new version,
# which TestVersions makes sure of.
TOLD_BY_THE_PIN = {"F5": "swallows", "F7": "no code", "F8": "needs a broker and a store", "F9": "raises"}


@dataclass(frozen=True)
class Row:
    """One fact of Faust, and what we do about it."""

    name: str
    fact: str
    upstream: str
    rule: str
    classes: str
    guard: str


def rows() -> list[Row]:
    lines = [line for line in PAGE.splitlines() if re.match(r"\| F\d+ \|", line)]
    return [Row(*(cell.strip() for cell in line.strip("|").split("|"))) for line in lines]


def classes_of(path: Path) -> dict[str, ast.ClassDef]:
    return {node.name: node for node in ast.parse(path.read_text()).body if isinstance(node, ast.ClassDef)}


def guards_of(row: Row) -> list[ast.ClassDef]:
    found = re.findall(r"([DL]) `(\w+)`", row.guard)
    return [classes_of(GUARDS[letter])[name] for letter, name in found]


OURS = {name for package in ("app", "agents") for path in (ROOT / package).rglob("*.py") for name in classes_of(path)}


def test_every_row_of_the_design_and_ours_is_there_in_order() -> None:
    assert [row.name for row in rows()] == [f"F{number}" for number in range(1, 17)]


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.name)
class TestRow:
    def test_every_cell_is_filled(self, row: Row) -> None:
        assert all(vars(row).values())
        assert re.search(r"#\d+|KIP-\d+|none filed|repository", row.upstream)

    def test_our_class_is_there(self, row: Row) -> None:
        named = re.findall(r"`([\w./]+)`", row.classes)
        assert named or row.classes == "none"
        for name in named:
            assert (ROOT / name).exists() if "/" in name else name.partition(".")[0] in OURS, name

    def test_its_guard_is_there_and_speaks_of_it(self, row: Row) -> None:
        guards = guards_of(row)
        assert guards
        told = " ".join(ast.unparse(guard) for guard in guards)
        assert re.search(rf"\b{row.name}\b", told), "the guard does not say which row it holds"

    def test_a_test_tells_when_upstream_has_mended_it(self, row: Row) -> None:
        """An assertion on plain Faust whose message says what may go; where that is too costly, the pin."""
        messages = [
            node.msg.value
            for guard in guards_of(row)
            for node in ast.walk(guard)
            if isinstance(node, ast.Assert) and isinstance(node.msg, ast.Constant) and isinstance(node.msg.value, str)
        ]
        numbers = re.findall(r"#\d+", row.upstream)
        told = [text for text in messages if any(re.search(rf"{key}\b", text) for key in (row.name, *numbers))]
        assert bool(told) is not (row.name in TOLD_BY_THE_PIN), messages


@pytest.mark.parametrize("path", sorted((ROOT / "app/stream").glob("*.py")), ids=lambda path: path.stem)
def test_no_correction_is_without_a_word(path: Path) -> None:
    """Values and protocols correct nothing."""
    corrections = {
        name
        for name, node in classes_of(path).items()
        if not name.startswith("_") and not node.decorator_list and "Protocol" not in map(ast.unparse, node.bases)
    }
    assert {name for name in corrections if f"`{name}" not in PAGE} == set()
