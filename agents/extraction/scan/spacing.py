"""Blanks that the engine lost. Only where words are parted changes, never a character."""

import re
from collections.abc import Iterable, Iterator

from agents.extraction.scan.port import Token

# A word and the rate behind it: TVA6%. Nothing else is written so in one.
_GLUED = re.compile(r"(?<=[^\W\d]{3})(?=[0-9]{1,2}(?:[.,][0-9]{1,2})?%)")


def spaced(tokens: Iterable[Token]) -> tuple[Token, ...]:
    """Return the tokens, those of two words parted; boxes are cut in proportion."""
    return tuple(part for token in tokens for part in _parts(token))


def _parts(token: Token) -> Iterator[Token]:
    texts = _GLUED.split(token.text)
    if len(texts) == 1:
        yield token
        return
    step = (token.right - token.left) / len(token.text)
    left = token.left
    for text in texts:
        yield token._replace(text=text, left=left, right=left + step * len(text))
        left += step * len(text)
