"""A page is made upright whatever way it came through the scanner."""

import pytest
from PIL import Image, ImageDraw

from agents.extraction.scan.turning import Upright, upright

PAPER, INK = 255, 0
MARK = (300, 700, 330, 720)  # a box on the page that must be found again


def printed() -> Image.Image:
    """Return a page of bars that stand like lines of print, ragged on the right."""
    page = Image.new("L", (1654, 2339), PAPER)
    draw = ImageDraw.Draw(page)
    for line in range(60):
        y = 150 + line * 33
        for word in range(3 + line % 7):
            draw.rectangle((150 + word * 120, y, 240 + word * 120, y + 18), fill=INK)
    return page


def skew_of(image: Image.Image) -> float:
    """Return how far a second look would still turn the picture, in pixels at its edge."""
    again = upright(image)
    a, b, *_ = again.origin
    return abs(b / a) * image.width / 2


@pytest.mark.parametrize("degrees", [-4.0, -1.3, -0.4, 0.0, 0.7, 2.0, 4.5])
def test_a_sheet_that_was_pulled_askew_is_levelled(degrees: float) -> None:
    askew = printed().rotate(degrees, Image.Resampling.BICUBIC, fillcolor=PAPER)
    assert skew_of(upright(askew).image) < 5


@pytest.mark.parametrize("turn", [Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_270])
def test_a_lying_page_is_set_up(turn: Image.Transpose) -> None:
    page = printed()
    found = upright(page.transpose(turn))
    assert found.image.size == page.size


def test_a_standing_page_is_left_as_it_is() -> None:
    page = printed()
    assert upright(page).image is page


@pytest.mark.parametrize("degrees", [0.0, 1.5, -3.0])
@pytest.mark.parametrize("turn", [None, Image.Transpose.ROTATE_90])
@pytest.mark.parametrize("upside_down", [False, True])
def test_a_box_is_found_again_on_the_page_it_came_from(
    degrees: float, turn: Image.Transpose | None, *, upside_down: bool
) -> None:
    page = printed()
    ImageDraw.Draw(page).rectangle((0, 640, 1653, 800), fill=PAPER)
    ImageDraw.Draw(page).rectangle(MARK, fill=INK)
    source = page.transpose(turn) if turn is not None else page
    source = source.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=PAPER)
    found = upright(source)
    if upside_down:
        found = found.upside_down()
    lonely = mark_in(found)
    left, top, right, bottom = found.source_box(*lonely)
    darkest = min(source.crop((round(left), round(top), round(right), round(bottom))).tobytes())
    assert darkest < 60
    assert (right - left) * (bottom - top) < 4 * 30 * 20


def mark_in(found: Upright) -> tuple[float, float, float, float]:
    """Return the box of the one mark that stands alone between two blank stripes."""
    image = found.image
    rows = image.resize((1, image.height), Image.Resampling.BOX).tobytes()
    inked = [row < 254 for row in rows]
    runs: list[list[int]] = []
    for y, ink in enumerate(inked):
        if ink and (not runs or runs[-1][-1] != y - 1):
            runs.append([y])
        elif ink:
            runs[-1].append(y)
    gaps = {at: min(runs[at][0] - runs[at - 1][-1], runs[at + 1][0] - runs[at][-1]) for at in range(1, len(runs) - 1)}
    lonely = runs[max(gaps, key=lambda at: gaps[at])]
    band = image.crop((0, lonely[0], image.width, lonely[-1] + 1)).point(
        [255 if grey < 128 else 0 for grey in range(256)]
    )
    box = band.getbbox()
    assert box is not None
    return box[0], lonely[0] + box[1], box[2], lonely[0] + box[3]
