"""What the engine made of blanks and of the rules of tables: words are parted, bars beside sums dropped.

No letter and no digit is changed.
"""

import re
from collections.abc import Iterable, Iterator

from agents.extraction.scan.port import Token

# A word and the rate behind it: TVA6%. Nothing else is written so in one.
_GLUED = re.compile(r"(?<=[^\W\d]{3})(?=[0-9]{1,2}(?:[.,][0-9]{1,2})?%)")
# A sum in a framed table, with the frame taken for a bar or a bracket. Elsewhere a bar may be a 1, and stays.
_FRAMED = re.compile(r"[|\[\]{}]?([0-9][0-9.,']*[.,][0-9]{2})[|\[\]{}]")
_FRAME = re.compile(r"[|\[\]{}_\u2014\u2013~=]+")


def spaced(tokens: Iterable[Token]) -> tuple[Token, ...]:
    """Return the tokens, those of two words parted; boxes are cut in proportion."""
    return tuple(part for token in tokens for part in _parts(token))


def _parts(token: Token) -> Iterator[Token]:
    if _FRAME.fullmatch(token.text):
        return
    framed = _FRAMED.fullmatch(token.text)
    if framed is not None:
        yield token._replace(text=framed[1])
        return
    texts = _GLUED.split(token.text)
    if len(texts) == 1:
        yield token
        return
    step = (token.right - token.left) / len(token.text)
    left = token.left
    for text in texts:
        yield token._replace(text=text, left=left, right=left + step * len(text))
        left += step * len(text)
