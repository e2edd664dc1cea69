"""What the commands of the quality loop are tried with."""

from pathlib import Path

import pytest
from click.testing import CliRunner


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """Return a command line whose documents and cases lie in a folder of the test's own."""
    monkeypatch.setenv("QUITTANCE_DOCUMENTS", f"file://{tmp_path}/documents")
    return CliRunner()
