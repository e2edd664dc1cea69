"""Lines of which the engine is unsure are read once more: by themselves, enlarged, without the dots that lead to a sum.

The better of the two readings is kept, by the engine's own confidence; what it is worth is for the proofs to say.
"""

from collections.abc import Iterable, Iterator
from itertools import accumulate, groupby

from PIL import Image

from agents.extraction.scan.limits import LETTERS_REREAD_MAX, LINES_REREAD_MAX
from agents.extraction.scan.port import Recognizer, Token
from agents.extraction.scan.strips import PAPER, cut

ENLARGED = 1.5
# A line with a word below it is read again; fewer letters are hyphens and stains.
UNSURE, LETTERS_MIN = 0.5, 2
# So much surer, in the mean of its letters, a reading must be to take the place of the one with the page.
BETTER = 0.05
# Leaders: dots with no ink above them, over a width of so many heights of the print, and at least so many of them.
LEADERS_HEIGHTS, DOTS_MIN = 1.5, 4
# Dots reach no higher above the foot of a line's box than this part of it; letters do.
DOTS_HEIGHT = 0.5
# What is darker than paper by so much is ink.
INK = 90


def reread(image: Image.Image, tokens: tuple[Token, ...], recognizer: Recognizer) -> tuple[Token, ...]:
    """Return the tokens of an upright page (mode L), its unsure lines as they read better."""
    printed = list(lines(tokens))
    chosen = _chosen(line for line in printed if any(map(_is_unsure, line)))
    return tuple(
        token for line in printed for token in (_better(image, line, recognizer) if line[0].line in chosen else line)
    )


def _chosen(unsure: Iterable[tuple[Token, ...]]) -> frozenset[int]:
    """Return the numbers of the lines that are read again: short ones first, for the engine takes its time by letters.

    What is paid, by what name, to whom, stands in short lines; long ones are sentences and rows of tables.
    """
    by_length = sorted(unsure, key=_letters)[:LINES_REREAD_MAX]
    read = accumulate(map(_letters, by_length))
    return frozenset(
        line[0].line for line, letters in zip(by_length, read, strict=True) if letters <= LETTERS_REREAD_MAX
    )


def _letters(line: Iterable[Token]) -> int:
    return sum(len(token.text) for token in line)


def lines(tokens: Iterable[Token]) -> Iterator[tuple[Token, ...]]:
    """Yield the tokens line by line, as the engine put them together."""
    for _, line in groupby(sorted(tokens, key=lambda token: token.line), key=lambda token: token.line):
        yield tuple(line)


def sureness(tokens: Iterable[Token]) -> float:
    """Return the mean confidence of words, each as heavy as it is long; 0 where there are none."""
    telling = [token for token in tokens if sum(map(str.isalnum, token.text)) >= LETTERS_MIN]
    letters = sum(len(token.text) for token in telling)
    return sum(token.confidence * len(token.text) for token in telling) / letters if letters else 0.0


def _is_unsure(token: Token) -> bool:
    return token.confidence < UNSURE and sum(map(str.isalnum, token.text)) >= LETTERS_MIN


def _better(image: Image.Image, line: tuple[Token, ...], recognizer: Recognizer) -> tuple[Token, ...]:
    strip = cut(
        image,
        min(token.left for token in line),
        min(token.top for token in line),
        max(token.right for token in line),
        max(token.bottom for token in line),
    )
    if strip is None:
        return line
    strip = strip._replace(image=without_leaders(strip.image))
    alone = (strip.on_page(token, ENLARGED) for token in recognizer.line(strip.enlarged(ENLARGED)))
    found = tuple(token._replace(line=line[0].line) for token in alone)
    return found if sureness(found) > sureness(line) + BETTER else line


def without_leaders(image: Image.Image) -> Image.Image:
    """Return a picture of one line with the dots between its words taken out."""
    paper = max(range(PAPER // 2, PAPER + 1), key=image.histogram().__getitem__)
    ink = image.point([PAPER if grey < paper - INK else 0 for grey in range(PAPER + 1)])
    above = round(image.height * (1 - DOTS_HEIGHT))
    letters = _columns(ink.crop((0, 0, image.width, above)))
    dots = _columns(ink.crop((0, above, image.width, image.height)))
    found = image.copy()
    start = 0
    for has_letter, run in groupby(letters, key=bool):
        end = start + len(list(run))
        if not has_letter and end - start >= LEADERS_HEIGHTS * image.height and _count(dots[start:end]) >= DOTS_MIN:
            found.paste(PAPER, (start, 0, end, image.height))
        start = end
    return found


def _columns(ink: Image.Image) -> bytes:
    """Return for each column whether it holds ink: more than 0."""
    return ink.resize((ink.width, 1), Image.Resampling.BOX).tobytes()


def _count(columns: bytes) -> int:
    """Return how many runs of ink follow each other."""
    return sum(has_ink for has_ink, _ in groupby(columns, key=bool))
