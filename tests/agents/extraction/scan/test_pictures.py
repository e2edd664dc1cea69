"""Picture files: their pages, their resolution, and the bounds on them."""

import io

import pytest
from PIL import Image

from agents.extraction.scan.limits import FILE_PIXELS_MAX, PAGE_PIXELS_MAX, PAGES_READ_MAX
from agents.extraction.scan.pictures import PictureFile, open_pictures
from schemas.evidence import Unreadable


def saved(image: Image.Image, form: str, **how: object) -> bytes:
    target = io.BytesIO()
    image.save(target, form, **how)
    return target.getvalue()


def opened(content: bytes) -> PictureFile:
    file = open_pictures(content)
    assert isinstance(file, PictureFile), file
    return file


def refused(content: bytes) -> str:
    file = open_pictures(content)
    assert isinstance(file, Unreadable), file
    return file.reason


def test_a_fax_has_two_resolutions_and_one_shape() -> None:
    (page,) = opened(saved(Image.new("1", (1728, 1145), 1), "TIFF", dpi=(204, 98), compression="group4")).pages
    assert page.width == pytest.approx(610, abs=1)
    assert page.height == pytest.approx(841, abs=1)
    assert page.image.size == pytest.approx((1694, 2337), abs=2)


def test_a_photograph_that_claims_a_screen_is_a_sheet_of_a4() -> None:
    (page,) = opened(saved(Image.new("L", (2480, 3508), 255), "JPEG", dpi=(72, 72))).pages
    assert page.width == pytest.approx(595, abs=1)
    assert page.image.width * page.image.height <= PAGE_PIXELS_MAX


def test_what_is_transparent_is_paper() -> None:
    (page,) = opened(saved(Image.new("RGBA", (100, 140), (0, 0, 0, 0)), "PNG")).pages
    assert min(page.image.tobytes()) == 255


def test_of_many_pages_the_first_are_taken() -> None:
    sheets = [Image.new("1", (200, 280), 1) for _ in range(PAGES_READ_MAX + 2)]
    file = opened(saved(sheets[0], "TIFF", save_all=True, append_images=sheets[1:]))
    assert (len(file.pages), file.pages_total) == (PAGES_READ_MAX, PAGES_READ_MAX + 2)


def test_a_bomb_is_refused_before_it_is_inflated() -> None:
    side = int(FILE_PIXELS_MAX**0.5) + 100
    assert refused(saved(Image.new("1", (side, side), 1), "PNG")) == "IMAGE-TOO-LARGE"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (saved(Image.new("L", (2000, 20), 255), "PNG"), "IMAGE-TOO-LARGE"),
        (saved(Image.new("L", (80, 80), 255), "GIF"), "IMAGE-UNSUPPORTED"),
        (saved(Image.new("L", (800, 800), 99), "PNG")[:90], "IMAGE-BROKEN"),
        (b"\xff\xd8\xff", "IMAGE-UNSUPPORTED"),
    ],
)
def test_what_cannot_be_read_has_a_reason(content: bytes, reason: str) -> None:
    assert refused(content) == reason
