"""Unsure lines are read again without leaders, and what was left unread is read at all; a sure page is left alone."""

import pytest
from PIL import Image, ImageDraw

from agents.extraction.scan.limits import LETTERS_REREAD_MAX, LINES_REREAD_MAX
from agents.extraction.scan.pages import recognize
from agents.extraction.scan.pictures import PagePicture
from agents.extraction.scan.port import Picture, Token
from agents.extraction.scan.remainder import with_remainder
from agents.extraction.scan.rereading import reread, without_leaders

PAGE = (400, 200)


def token(text: str, left: float, top: float, confidence: float = 0.9, line: int = 0) -> Token:
    return Token(text, left, top, left + 80, top + 25, line, confidence)


class Scripted:
    """An engine that says what it is told to, and keeps the pictures that it was shown."""

    def __init__(self, *words: Token) -> None:
        self.words = words
        self.seen: list[Picture] = []

    def page(self, picture: Picture) -> tuple[Token, ...]:
        self.seen.append(picture)
        return self.words

    scattered = line = strip = page


def sheet() -> Image.Image:
    return Image.new("L", PAGE, 250)


def texts(tokens: tuple[Token, ...]) -> list[str]:
    return [it.text for it in tokens]


def test_a_sure_line_is_not_read_again() -> None:
    engine = Scripted(token("other", 0, 0, 0.99))
    assert texts(reread(sheet(), (token("Total", 10, 10),), engine)) == ["Total"]
    assert engine.seen == []


@pytest.mark.parametrize(("confidence", "expected"), [(0.9, ["Totale", "netto"]), (0.2, ["Totale", "naO"])])
def test_the_surer_reading_of_a_line_stays(confidence: float, expected: list[str]) -> None:
    read = (token("Totale", 10, 10, line=4), token("naO", 100, 10, 0.1, line=4))
    again = Scripted(token("Totale", 0, 0, confidence), token("netto", 90, 0, confidence))
    found = reread(sheet(), read, again)
    assert texts(found) == expected
    assert {it.line for it in found} == {4}


def test_of_a_hopeless_page_some_lines_are_read_again() -> None:
    engine = Scripted()
    reread(sheet(), tuple(token("nao", 10, 10, 0.1, line) for line in range(LINES_REREAD_MAX + 9)), engine)
    assert len(engine.seen) == LINES_REREAD_MAX


def test_short_lines_are_read_again_before_long_ones() -> None:
    engine = Scripted(token("surer", 0, 0, 0.99))
    sentence = token("x" * LETTERS_REREAD_MAX, 10, 10, 0.1, line=0)
    assert texts(reread(sheet(), (sentence, token("Totaie", 10, 50, 0.1, line=1)), engine)) == [sentence.text, "surer"]


@pytest.mark.parametrize(("confidence", "pages"), [(0.6, 1), (0.3, 2)])
def test_only_a_page_that_nearly_nothing_is_sure_of_is_read_the_other_way_up(confidence: float, pages: int) -> None:
    class Counting(Scripted):
        ways = 0

        def page(self, picture: Picture) -> tuple[Token, ...]:
            self.ways += 1
            return super().page(picture)

    engine = Counting(token("Totale", 10, 10, confidence))
    recognize(PagePicture(sheet(), 1.0, *PAGE), 1, engine)
    assert engine.ways == pages


def test_dots_that_lead_to_a_sum_are_taken_out_and_letters_stay() -> None:
    line = Image.new("L", (300, 30), 250)
    draw = ImageDraw.Draw(line)
    draw.rectangle((10, 6, 30, 24), fill=0)  # a letter
    for x in range(50, 200, 10):
        draw.rectangle((x, 21, x + 2, 24), fill=0)
    draw.rectangle((220, 6, 240, 24), fill=0)
    found = without_leaders(line)
    assert min(found.crop((45, 0, 205, 30)).tobytes()) >= 250
    assert found.getpixel((20, 20)) == found.getpixel((230, 20)) == 0


def test_a_point_between_two_letters_is_no_leader() -> None:
    line = Image.new("L", (300, 30), 250)
    draw = ImageDraw.Draw(line)
    for left in (10, 120, 230):
        draw.rectangle((left, 6, left + 60, 24), fill=0)
        draw.rectangle((left + 70, 21, left + 73, 24), fill=0)
    assert without_leaders(line).tobytes() == line.tobytes()


def test_what_was_read_is_painted_over_and_pale_print_darkened() -> None:
    page = sheet()
    draw = ImageDraw.Draw(page)
    draw.rectangle((10, 10, 80, 30), fill=0)
    draw.rectangle((200, 100, 260, 110), fill=190)
    engine = Scripted()
    with_remainder(page, (token("read", 10, 8),), engine)
    shown = Image.frombytes("L", PAGE, engine.seen[0].pixels)
    assert shown.getpixel((40, 20)) == 255
    assert shown.getpixel((230, 105)) == 0


def test_only_words_of_sure_lines_are_added_behind_the_others() -> None:
    read = (token("Nr.", 10, 10, line=7),)
    rest = Scripted(
        token("VF24-03425", 150, 10, 0.9, 0),
        token("stain", 10, 100, 0.4, 1),
        token("I", 200, 100, 0.9, 2),
        token("piece", 85, 10, 0.9, 3),  # of the word that was read
    )
    found = with_remainder(sheet(), read, rest)
    assert texts(found) == ["Nr.", "VF24-03425"]
    assert found[1].line > 7


def test_an_empty_page_is_not_read_a_second_time() -> None:
    engine = Scripted(token("ghost", 0, 0))
    assert with_remainder(sheet(), (), engine) == ()
    assert engine.seen == []
