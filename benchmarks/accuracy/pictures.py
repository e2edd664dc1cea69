"""A picture of each wrong value on its page: the box of what was said, with both values above it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
from PIL import Image, ImageDraw

from app.quality.judgement import Judged
from app.quality.labels import FIELDS, answer

SCALE = 1.4
CAPTION_HEIGHT = 34
# Pictures a run, so that a broken reader does not fill the disk.
PICTURES_MAX = 300
_RED = (200, 20, 20)


def draw(found: Sequence[Judged], folder: Path) -> int:
    """Write one PNG for each wrong critical value, and for each payable that should not have been; return how many."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = [(one, field) for one in found for field in _wrong(one) if one.label.path.suffix == ".pdf"]
    for one, field in wanted[:PICTURES_MAX]:
        _picture(one, field).save(folder / f"{one.label.name.replace('/', '-')}-{field}.png")
    return len(wanted[:PICTURES_MAX])


def _wrong(one: Judged) -> list[str]:
    names = [one.label.payable_field if name == "payable" else name for name in one.critical_wrong]
    return names or (["iban"] if one.false_payable else [])


def _picture(one: Judged, field: str) -> Image.Image:
    place: dict[str, Any] = next(
        (one.fields[name] for name in FIELDS[field] if (one.fields.get(name) or {}).get("box")), {}
    )
    number = place.get("page") or 1
    document = pdfium.PdfDocument(one.label.path)
    try:
        page = document[number - 1].render(scale=SCALE).to_pil().convert("RGB")
    finally:
        document.close()
    picture = Image.new("RGB", (page.width, page.height + CAPTION_HEIGHT), "white")
    picture.paste(page, (0, CAPTION_HEIGHT))
    pen = ImageDraw.Draw(picture)
    if place.get("box"):
        left, top, right, bottom = (side * SCALE for side in place["box"])
        pen.rectangle(
            (left - 3, top - 3 + CAPTION_HEIGHT, right + 3, bottom + 3 + CAPTION_HEIGHT), outline=_RED, width=3
        )
    true, said = one.label.truth.get(field), answer(one.label, one.fields, field)
    caption = f"{field}: said {said!r}, true {true!r} (expected {one.expected}, said {one.outcome})"
    pen.text((8, 10), caption.encode("latin-1", "replace").decode("latin-1"), fill=_RED)
    return picture
