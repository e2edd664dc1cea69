"""`quittance schemas export` writes what is missing, and never over a promise."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli_schemas import schemas
from app.contracts.files import COMMITTED

MONEY = "payment.initiated/1.schema.json"


def _export(folder: Path, *more: str) -> Result:
    return CliRunner().invoke(schemas, ["export", str(folder), *more])


def _promise(folder: Path, member: str) -> None:
    """Write down a promise that the code of today does not keep."""
    path = folder / MONEY
    tree = json.loads(path.read_text("utf-8"))
    tree["properties"][member] = {"type": "string"}
    path.write_text(json.dumps(tree), "utf-8")


def test_an_empty_folder_gets_everything_that_is_committed(tmp_path: Path) -> None:
    result = _export(tmp_path)
    assert result.exit_code == 0
    written = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    committed = {path.relative_to(COMMITTED): path.read_bytes() for path in COMMITTED.rglob("*") if path.is_file()}
    assert written == committed


def test_a_second_export_writes_nothing(tmp_path: Path) -> None:
    _export(tmp_path)
    assert _export(tmp_path).stdout.startswith("0 written")


def test_a_broken_promise_is_told_and_nothing_is_written(tmp_path: Path) -> None:
    _export(tmp_path)
    _promise(tmp_path, "colour")
    (tmp_path / "asyncapi.yaml").unlink()
    result = _export(tmp_path)
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [f"breaking {MONEY}: colour removed: readers look for it"]
    assert not (tmp_path / "asyncapi.yaml").exists()


def test_a_topic_that_is_gone_breaks_a_promise(tmp_path: Path) -> None:
    _export(tmp_path)
    (tmp_path / "payment.batched").mkdir()
    (tmp_path / "payment.batched" / "1.schema.json").write_text("{}", "utf-8")
    assert "payment.batched" in _export(tmp_path).stderr


def test_who_means_it_can_break_a_promise(tmp_path: Path) -> None:
    _export(tmp_path)
    _promise(tmp_path, "colour")
    result = _export(tmp_path, "--accept-breaking")
    assert result.exit_code == 0
    assert (tmp_path / MONEY).read_bytes() == (COMMITTED / MONEY).read_bytes()


def test_a_folder_that_is_a_file_is_wrong_usage(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert _export(tmp_path / "file").exit_code == 2


@pytest.mark.parametrize("command", [[], ["export"]])
def test_each_command_says_what_it_does(command: list[str]) -> None:
    result = CliRunner().invoke(schemas, [*command, "--help"])
    assert result.exit_code == 0
    assert "Usage" in result.output
