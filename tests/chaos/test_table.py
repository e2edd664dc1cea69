"""What docs/chaos.md tells of the results is what they say."""

from pathlib import Path

from tests.chaos.table import table


def test_the_table_of_the_docs_is_made_of_the_results() -> None:
    assert table() in Path("docs/chaos.md").read_text(), "put in what `python -m tests.chaos.table` prints"
