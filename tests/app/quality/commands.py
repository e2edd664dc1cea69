"""`quittance quality` as somebody calls it."""

from click.testing import CliRunner, Result

from app.cli import main


def run(cli: CliRunner, *arguments: str, code: int = 0) -> Result:
    """Call it, and demand its exit code."""
    result = cli.invoke(main, ["quality", *arguments])
    assert result.exit_code == code, result.output
    return result
