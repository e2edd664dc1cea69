"""What the columns of a table of items are called, in twelve languages: a versioned data file."""

import json
from functools import cache
from importlib import resources

from agents.extraction.text.lexicon import tokens

# `rate` is that of the VAT; `either` is a price where no other column is one, as in `Hours, Rate, Amount`.
COLUMNS = ("description", "quantity", "price", "amount", "rate", "discount", "either")


@cache
def column_names() -> dict[tuple[str, ...], str]:
    """Return the column that each phrase names. A phrase that names two names none: the arithmetic decides."""
    text = resources.files(__name__).joinpath("columns.json").read_text("utf-8")
    named: dict[tuple[str, ...], set[str]] = {}
    for column, phrases in json.loads(text).items():
        for phrase in phrases if column in COLUMNS else ():
            named.setdefault(tokens(phrase), set()).add(column)
    return {phrase: columns.pop() for phrase, columns in named.items() if len(columns) == 1}
