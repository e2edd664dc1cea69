"""What the engine made of blanks and of the rules of tables: words are parted, bars beside sums dropped.

No digit is changed, and of letters only what no print has: one that the model lacks, and a small l among capitals.
"""

import re
from collections.abc import Iterable, Iterator

from agents.extraction.scan.port import Token

# A word and the rate behind it: TVA6%. Nothing else is written so in one.
_GLUED = re.compile(r"(?<=[^\W\d]{3})(?=[0-9]{1,2}(?:[.,][0-9]{1,2})?%)")
# A sum in a framed table, with the frame taken for a bar or a bracket. Elsewhere a bar may be a 1, and stays.
_FRAMED = re.compile(r"[|\[\]{}]?([0-9][0-9.,']*[.,][0-9]{2})[|\[\]{}]")
# Rules and the dots that lead to a value. A dash is none of them: it may be a minus.
_FRAME = re.compile(r"[|\[\]{}_~=.\u2026\u00b7]+")
# The rule at the left of a table's cell, glued to the account in it.
_BARRED = re.compile(r"^[|\[\]{}]+(?=[A-Z]{2}[0-9]{2})")
# An apostrophe between thousands, read as a degree or a quotation mark.
_APOSTROPHE = re.compile(r"(?<=[0-9])[\u00b0\"\u201d\u201c](?=[0-9]{3}(?![0-9]))")
# What the model makes of a letter that it does not know; nobody prices in cents by this sign.
_CARON = str.maketrans("\u00a2", "\u010d")
# The crossed l of the zloty is taken for a t; no language has a word of these two letters.
_ZLOTY_READ, _ZLOTY = "zt", "z\u0142"
# A small l between capitals, or before one at the start, is the same stroke as their I: Sl-0412, lNV-0412.
_STROKE = re.compile(r"(?<=[A-Z])l(?=[A-Z0-9]|[-/][0-9])|^l(?=[A-Z]{2})")


def spaced(tokens: Iterable[Token]) -> tuple[Token, ...]:
    """Return the tokens, those of two words parted; boxes are cut in proportion."""
    return tuple(part for token in tokens for part in _parts(token))


def _parts(token: Token) -> Iterator[Token]:
    if _FRAME.fullmatch(token.text):
        return
    token = token._replace(text=_mended(token.text))
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


def _mended(text: str) -> str:
    if text == _ZLOTY_READ:
        return _ZLOTY
    return _BARRED.sub("", _STROKE.sub("I", _APOSTROPHE.sub("'", text.translate(_CARON))))
