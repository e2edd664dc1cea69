"""Pictures of drawn pages, as scanners, fax machines and telephones make them."""

import io

import pypdfium2
from PIL import Image

from tests.agents.extraction.text.drawing import draw
from tests.agents.extraction.text.samples import SAMPLES

DPI = 150
PAPER = 255
POINTS_PER_INCH = 72
TEXTS = {sample.name: sample.text for sample in SAMPLES}
CRAFTSMAN = "french_craftsman"


def picture(text: str, dpi: int = DPI) -> Image.Image:
    """Return the first page of a drawn text in grey."""
    document = pypdfium2.PdfDocument(draw(text))
    try:
        image: Image.Image = document[0].render(scale=dpi / POINTS_PER_INCH).to_pil().convert("L")
        return image.copy()
    finally:
        document.close()


def askew(image: Image.Image, degrees: float) -> Image.Image:
    """Return the picture of a sheet that was pulled in askew."""
    return image.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=PAPER)


def faxed(image: Image.Image) -> Image.Image:
    """Return the picture in black and white."""
    return image.point([PAPER if grey > 160 else 0 for grey in range(256)]).convert("1")


def saved(image: Image.Image, form: str, dpi: int = DPI) -> bytes:
    """Return the picture as a file: PDF, PNG, JPEG or TIFF."""
    target = io.BytesIO()
    resolution = {"resolution": dpi} if form == "PDF" else {"dpi": (dpi, dpi)}
    image.save(target, form, **resolution)
    return target.getvalue()
