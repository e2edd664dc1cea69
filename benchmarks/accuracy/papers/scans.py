"""Papers as a scanner gives them back: pictures of pages, askew, with noise, as JPEG or as one-bit fax."""

import io
import random
import time

import pypdfium2 as pdfium
from PIL import Image, ImageFilter

DPI = 150
SKEW_DEGREES_MAX = 1.4
FAX_ONE_IN = 4
# Of the noise, in units of grey.
NOISE_MAX = 22
_POINTS_PER_INCH = 72


def scanned(content: bytes, seed: str) -> tuple[bytes, bool]:
    """Return a PDF of pictures only, of the same pages, and whether it is a fax."""
    rng = random.Random(seed)
    fax = rng.randrange(FAX_ONE_IN) == 0
    document = pdfium.PdfDocument(content)
    try:
        pages = [
            _aged(page.render(scale=DPI / _POINTS_PER_INCH).to_pil().convert("L"), rng, fax=fax) for page in document
        ]
    finally:
        document.close()
    out = io.BytesIO()
    squeeze = {} if fax else {"quality": rng.randrange(45, 85)}
    fixed = time.gmtime(0)  # the same bytes on every day
    pages[0].save(
        out, "PDF", resolution=DPI, save_all=True, append_images=pages[1:], creationDate=fixed, modDate=fixed, **squeeze
    )
    return out.getvalue(), fax


def _aged(page: Image.Image, rng: random.Random, *, fax: bool) -> Image.Image:
    angle = rng.uniform(-SKEW_DEGREES_MAX, SKEW_DEGREES_MAX)
    page = page.rotate(angle, resample=Image.Resampling.BICUBIC, fillcolor=255)
    if rng.random() < 0.4:
        page = page.filter(ImageFilter.GaussianBlur(rng.uniform(0.2, 0.7)))
    noise = Image.frombytes("L", (256, 256), rng.randbytes(256 * 256)).resize(page.size, Image.Resampling.BILINEAR)
    strength = rng.uniform(0.0, NOISE_MAX) / 255
    page = Image.blend(page, noise, strength)
    if fax:
        return page.point([255 if grey > 165 else 0 for grey in range(256)]).convert("1")
    return page
