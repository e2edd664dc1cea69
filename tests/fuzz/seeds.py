"""What is mutated: documents of our own generator, never a real one."""

import io
import time
from functools import cache

import pypdfium2
from PIL import Image

from app.local.samples import generate
from app.local.samples.sample import Sample

COUNT = 160
SEED = 5
# Pictures among the sources, one in a few dozen: each costs the engine as much as fifty of the others cost the reader.
SCANS, SCAN_SCALE = 6, 100 / 72  # 100 dpi


@cache
def samples() -> tuple[Sample, ...]:
    """Every form, layout and language."""
    return tuple(generate(COUNT, SEED))


def pdfs() -> list[bytes]:
    return [sample.content for sample in samples() if sample.content.startswith(b"%PDF")]


@cache
def scans() -> tuple[bytes, ...]:
    """Pictures of some of the PDFs: as JPEG and as fax in a PDF, and as files of their own."""
    forms = (("PDF", "L"), ("PDF", "1"), ("PNG", "L"), ("JPEG", "L"), ("TIFF", "1"), ("PDF", "L"))
    return tuple(_scan(content, *form) for content, form in zip(pdfs()[:SCANS], forms, strict=True))


def _scan(content: bytes, form: str, mode: str) -> bytes:
    document = pypdfium2.PdfDocument(content)
    try:
        picture: Image.Image = document[0].render(scale=SCAN_SCALE).to_pil().convert(mode)
        target = io.BytesIO()
        fixed = {"creationDate": time.gmtime(0), "modDate": time.gmtime(0)} if form == "PDF" else {}
        picture.save(target, form, **fixed)  # the same bytes on every day
    finally:
        document.close()
    return target.getvalue()


def xmls() -> list[bytes]:
    return [sample.content for sample in samples() if sample.content.lstrip().startswith(b"<")]
