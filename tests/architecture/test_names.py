"""`tables` is also PyTables' module and `agents` openai-agents': together they would overwrite each other silently."""

import importlib.metadata
import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAMES = ("app", "agents", "tables", "schemas")


@pytest.mark.parametrize("name", NAMES)
def test_the_name_resolves_inside_this_project(name: str) -> None:
    found = importlib.util.find_spec(name)
    assert found is not None
    assert found.origin is not None
    assert Path(found.origin) == ROOT / name / "__init__.py"


@pytest.mark.parametrize("name", NAMES)
def test_no_other_distribution_provides_the_name(name: str) -> None:
    providers = set(importlib.metadata.packages_distributions().get(name, ()))
    assert providers <= {"quittance"}
