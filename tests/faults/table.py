"""docs/faults.md as data."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/faults.md"
COLUMNS = ["fault", "what the code calls it", "outcome", "who notices", "proof"]
_CODE = re.compile(r"`([A-Z][A-Z-]+[A-Z])`")
_PROOF = re.compile(r"`(tests/[\w/]+\.py)::([\w:]+)`")


@dataclass(frozen=True)
class Row:
    """One fault."""

    name: str
    codes: frozenset[str]
    outcome: str
    noticed_by: str
    proofs: tuple[tuple[str, str], ...]


def rows() -> Iterator[Row]:
    """Yield the rows of every table with our columns."""
    ours = False
    for line in PAGE.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else []
        if not cells:
            ours = False
        elif cells == COLUMNS:
            ours = True
        elif ours and not set(line) <= set("|- "):
            assert len(cells) == len(COLUMNS), line
            name, codes, outcome, noticed_by, proof = cells
            proofs = tuple(_PROOF.findall(proof))
            yield Row(name.partition(":")[0], frozenset(_CODE.findall(codes)), outcome, noticed_by, proofs)


@cache
def names_of(path: str) -> frozenset[str]:
    """The tests that a file holds, as `test` or `Class::test`."""
    found: set[str] = set()
    for node in ast.parse((ROOT / path).read_text()).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            inner = (each for each in node.body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef))
            found |= {f"{node.name}::{each.name}" for each in inner}
    return frozenset(found)


@cache
def codes_in(path: str) -> frozenset[str]:
    """Every machine code that a module of ours writes down, for those that have no list of their own."""
    strings = (
        node.value
        for node in ast.walk(ast.parse((ROOT / path).read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    return frozenset(text for text in strings if re.fullmatch(r"[A-Z]+(-[A-Z]+)+", text))
