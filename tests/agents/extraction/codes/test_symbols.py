"""Codes on pages, however they are drawn."""

import io
from collections.abc import Callable

import pytest
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from agents.extraction.codes.symbols import SYMBOLS_MAX, Symbol, find_in_pictures, find_symbols
from agents.extraction.raster import Raster
from agents.extraction.scan.pictures import PictureFile, open_pictures
from tests.agents.extraction.codes.papers import PLACE, SIDE, SIZE, bars, epc, invoice, pdf, picture, scanned, squares

FINNISH = "479440520200360820048831500000000868516259619897100612"


def contents(document: bytes) -> list[str]:
    return [symbol.content.decode() for symbol in find_symbols(document)]


@pytest.mark.parametrize("draw", [squares, picture])
def test_a_code_and_its_place(draw: Callable[[Canvas, str], None]) -> None:
    def page(canvas: Canvas) -> None:
        invoice(canvas)
        draw(canvas, epc())

    (found,) = find_symbols(pdf(invoice, page))
    assert (found.content.decode(), found.page) == (epc(), 2)
    left, top, right, bottom = PLACE[0], SIZE[1] - PLACE[1] - SIDE, PLACE[0] + SIDE, SIZE[1] - PLACE[1]
    assert found.box == pytest.approx((left, top, right, bottom), abs=12)  # the quiet zone is not of the code


@pytest.mark.parametrize("side", [40.0, 57.0, 130.0])
@pytest.mark.parametrize("draw", [squares, picture])
def test_small_and_large(draw: Callable[..., None], side: float) -> None:
    assert contents(pdf(lambda canvas: draw(canvas, epc(), side=side))) == [epc()]


def test_turned_page() -> None:
    def page(canvas: Canvas) -> None:
        canvas.setPageRotation(90)
        squares(canvas, epc())

    assert contents(pdf(page)) == [epc()]


def test_inside_a_form() -> None:
    def page(canvas: Canvas) -> None:
        canvas.beginForm("slip")
        squares(canvas, epc())
        canvas.endForm()
        canvas.doForm("slip")

    assert contents(pdf(page)) == [epc()]


def test_on_a_scan() -> None:
    document = pdf(lambda canvas: canvas.drawImage(ImageReader(scanned(epc())), 0, 0, *SIZE))
    assert contents(document) == [epc()]


@pytest.mark.parametrize("form", ["PNG", "JPEG", "TIFF"])
def test_in_a_picture_file(form: str) -> None:
    stream = io.BytesIO()
    scanned(epc()).save(stream, form, dpi=(150, 150))
    file = open_pictures(stream.getvalue())
    assert isinstance(file, PictureFile)
    (found,) = find_in_pictures(Raster(page.image, page.scale) for page in file.pages)
    assert (found.content.decode(), found.page) == (epc(), 1)
    assert found.box == pytest.approx((390, 660, 480, 760), abs=40)


def test_bars() -> None:
    assert contents(pdf(lambda canvas: bars(canvas, FINNISH))) == [FINNISH]


def test_bars_on_a_table_of_many_rules() -> None:
    def page(canvas: Canvas) -> None:
        for row in range(40):
            canvas.rect(50, 200 + 12 * row, 500, 12)
        bars(canvas, FINNISH)

    assert contents(pdf(page)) == [FINNISH]


def test_a_covered_code_is_not_seen() -> None:
    def page(canvas: Canvas) -> None:
        squares(canvas, epc())
        canvas.setFillColorRGB(1, 1, 1)
        canvas.rect(*PLACE, SIDE, SIDE, stroke=0, fill=1)

    assert contents(pdf(page)) == []


def test_a_page_without_codes() -> None:
    assert find_symbols(pdf(invoice)) == ()


def test_many_codes_are_cut() -> None:
    def page(canvas: Canvas) -> None:
        for at in range(30):
            squares(canvas, f"https://example.com/{at}", place=(20 + 90 * (at % 6), 20 + 90 * (at // 6)), side=80)

    assert 1 <= len(find_symbols(pdf(page))) <= SYMBOLS_MAX


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"no PDF"])
def test_what_is_no_pdf_has_none(content: bytes) -> None:
    assert find_symbols(content) == ()


def test_symbols_are_values() -> None:
    assert Symbol(b"x", 1, (0, 0, 1, 1)) == Symbol(b"x", 1, (0, 0, 1, 1))
