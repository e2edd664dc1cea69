"""A word that the engine read may be a piece of a longer one, and reads as surely as the whole."""

from collections.abc import Sequence

import pytest
from PIL import Image, ImageDraw

from agents.extraction.scan.pages import ScannedPage
from agents.extraction.scan.port import Picture, Token
from agents.extraction.scan.proofs import DOUBTED, weighed
from agents.extraction.scan.turning import IDENTITY, Upright
from schemas.evidence import Field

SIZE = (400, 120)
LEFT, TOP, LETTER, HEIGHT, GAP = 100, 50, 8, 20, 3
NUMBER, SURE = "0000233", 0.95
RIGHT = LEFT + len(NUMBER) * (LETTER + GAP) - GAP
WORD = Token(NUMBER, LEFT, TOP, RIGHT, TOP + HEIGHT, 1, SURE)

Ink = tuple[int, int, int, int]


class Saying:
    """An engine that reads the number wherever it looks."""

    def page(self, picture: Picture) -> tuple[Token, ...]:
        del picture
        return (WORD,)

    scattered = line = strip = page


def letter(left: int) -> Ink:
    return left, TOP + 1, left + LETTER - 1, TOP + HEIGHT - 2


def sureness(beside: Sequence[Ink], read: Sequence[Token] = (), grey: int = 20) -> float:
    """Return what the number is worth on a page with this ink and these tokens beside it."""
    image = Image.new("L", SIZE, 250)
    draw = ImageDraw.Draw(image)
    for place in [letter(LEFT + at * (LETTER + GAP)) for at in range(len(NUMBER))]:
        draw.rectangle(place, fill=grey)
    for place in beside:
        draw.rectangle(place, fill=grey)
    page = ScannedPage(1, Upright(image, IDENTITY), 1.0, *SIZE, (WORD, *read))
    box = (float(LEFT), float(TOP), float(RIGHT), float(TOP + HEIGHT))
    field = Field(value=NUMBER, raw=NUMBER, confidence=SURE, page=1, box=box, source="text")
    return weighed("invoice_number", field, page, Saying(), frozenset()).confidence


def token(text: str, left: int, row: int = 1) -> Token:
    return Token(text, left, TOP, left + LETTER * len(text), TOP + HEIGHT, row, SURE)


@pytest.mark.parametrize("grey", [20, 200])
@pytest.mark.parametrize("left", [RIGHT + GAP, LEFT - GAP - LETTER])
def test_a_number_beside_a_letter_that_was_not_read_is_doubted(left: int, grey: int) -> None:
    assert sureness([letter(left)], grey=grey) == DOUBTED


def test_a_number_by_itself_is_as_sure_as_it_was() -> None:
    assert sureness([]) == SURE
    assert sureness([letter(RIGHT + HEIGHT)]) == SURE


def test_leaders_and_commas_are_no_letters() -> None:
    dots = [(LEFT - 6 * at, TOP + HEIGHT - 4, LEFT - 6 * at + 2, TOP + HEIGHT - 2) for at in range(1, 6)]
    assert sureness(dots) == SURE


@pytest.mark.parametrize("ink", [(LEFT - 8, 0, LEFT - 7, SIZE[1]), (LEFT - 8, 20, LEFT - 6, TOP + HEIGHT)])
def test_the_frame_of_a_cell_is_no_letter(ink: Ink) -> None:
    assert sureness([ink]) == SURE


@pytest.mark.parametrize(
    ("read", "sure"),
    [
        (token("Nr", LEFT - 8 - 2 * LETTER), SURE),  # a blank away
        (token("2026", LEFT - 8 - 4 * LETTER), SURE),  # the text reader knows of it
        (token("Nr", LEFT - 8 - 2 * LETTER, row=0), SURE),
        (token("2026", LEFT - 8 - 4 * LETTER, row=0), DOUBTED),  # of another column, that the line was cut into
        (token("SI-", LEFT - 8 - 3 * LETTER, row=0), DOUBTED),
        (token("Nr", LEFT - 1 - 2 * LETTER), DOUBTED),  # no blank between
    ],
)
def test_words_that_were_read_beside_a_number(read: Token, sure: float) -> None:
    assert sureness([letter(round(read.right) - LETTER)], [read]) == sure
