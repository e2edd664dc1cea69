"""What `quittance audit explain` and `replay` say before any record is read."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli import main
from app.cli_audit_story import DocumentName
from schemas.identifiers import document_id

NOWHERE = {"QUITTANCE_KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1"}


@pytest.mark.parametrize("command", ["explain", "replay"])
class TestBoth:
    def test_help_tells_the_exit_codes(self, command: str) -> None:
        told = CliRunner().invoke(main, ["audit", command, "--help"])
        assert told.exit_code == 0
        assert "Exit codes" in told.output

    def test_a_word_that_names_nothing_is_told_without_a_broker(self, command: str) -> None:
        told = CliRunner().invoke(main, ["audit", command, "nonsense"], env=NOWHERE)
        assert told.exit_code == 1
        assert "neither a document id" in told.output

    def test_a_missing_argument_is_wrong_usage(self, command: str) -> None:
        assert CliRunner().invoke(main, ["audit", command]).exit_code == 2

    def test_a_broker_that_is_not_there_is_one_line(self, command: str) -> None:
        told = CliRunner().invoke(main, ["audit", command, "sha256:" + "0" * 64], env=NOWHERE)
        assert told.exit_code == 1
        assert "Traceback" not in told.output


def test_a_file_is_named_by_its_bytes(tmp_path: Path) -> None:
    file = tmp_path / "invoice.xml"
    file.write_bytes(b"<Invoice/>")
    assert DocumentName().convert(str(file), None, None) == document_id(b"<Invoice/>")
    assert DocumentName().convert("sha256:ab", None, None) == "sha256:ab"
