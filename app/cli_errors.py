"""Errors of the command line: one line on stderr that says what to do, never a traceback."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

FAILED = 1


@contextmanager
def one_line_errors(*expected: type[BaseException]) -> Iterator[None]:
    """Turn the expected errors into one line on stderr and exit code 1."""
    try:
        yield
    except expected as wrong:
        text = " ".join(str(wrong).split()) or type(wrong).__name__
        click.echo(f"quittance: {text}", err=True)
        sys.exit(FAILED)
