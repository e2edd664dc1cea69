"""What the scan lane needs of an OCR engine: pixels in, words with boxes and confidences out."""

from dataclasses import dataclass
from typing import NamedTuple, Protocol


@dataclass(frozen=True, slots=True)
class Picture:
    """An upright picture of a page or of a part of one: eight bits of grey a pixel, row by row, 0 is black."""

    pixels: bytes
    width: int
    height: int
    dots_per_inch: int


class Token(NamedTuple):
    """One recognized word. The box is in pixels of the picture; `line` numbers the lines of print from 0.

    `confidence` is the engine's own, from 0 to 1: comparable within one engine, and no probability.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    line: int
    confidence: float


class Recognizer(Protocol):
    """An OCR engine. The same picture gives the same words, whatever was read before it."""

    def page(self, picture: Picture) -> tuple[Token, ...]:
        """Return the words of a page, whatever its columns."""

    def scattered(self, picture: Picture) -> tuple[Token, ...]:
        """Return the words of a page on which little print stands here and there."""

    def line(self, picture: Picture) -> tuple[Token, ...]:
        """Return the words of a picture that holds one line of print."""

    def strip(self, picture: Picture) -> tuple[Token, ...]:
        """Return the same for a second opinion: as independent of the others as the engine can be of itself."""


@dataclass(frozen=True, slots=True)
class Missing:
    """Why pictures cannot be read on this machine, in words for who runs it."""

    detail: str


Engine = Recognizer | Missing
