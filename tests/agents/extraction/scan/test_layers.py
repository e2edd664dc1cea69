"""A text layer that is not the issuer's is not believed: the picture is read, and what the layer adds is a doubt."""

import io

import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from agents.extraction.reading import read
from agents.extraction.scan.layers import is_garbled, may_be_picture
from agents.extraction.text.geometry import Word
from agents.extraction.text.pages import PageText
from agents.normalization.normalization import normalize
from agents.validation.assessment import assess
from agents.validation.validation import validate
from app.ocr.tesseract import Tesseract
from schemas.evidence import FIELD_NAMES, ExtractedInvoice
from tests.agents.extraction.scan.scans import CRAFTSMAN, DPI, POINTS_PER_INCH, TEXTS, picture

INVISIBLE = 3
ACCOUNT = "FR7630006000011234567890189"


def words(*texts: str, scan_layer: bool = False) -> PageText:
    """Return a page of words below each other."""
    placed = tuple(Word(text, 50, 20 * at, 150, 20 * at + 10) for at, text in enumerate(texts))
    return PageText(1, 595, 842, placed, is_scan_layer=scan_layer)


def layered(image: Image.Image, *lines: str) -> bytes:
    """Return a PDF of a picture with text in no ink over it, as scanning software adds it."""
    size = (image.width * POINTS_PER_INCH / DPI, image.height * POINTS_PER_INCH / DPI)
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=size)
    canvas.drawImage(ImageReader(image), 0, 0, *size)
    text = canvas.beginText(60, size[1] - 60)
    text.setTextRenderMode(INVISIBLE)
    for line in lines:
        text.textLine(line)
    canvas.drawText(text)
    canvas.save()
    return target.getvalue()


def test_characters_that_stand_for_nothing_are_garbled_and_letters_are_not() -> None:
    assert is_garbled(words("\ue01a\ue01b\ue01c", "\ufffd\ufffd", "Nr"))
    assert not is_garbled(words("Rechnung", "Straße", "№", "1.234,56"))


def test_a_page_may_be_a_picture_by_its_layer() -> None:
    assert may_be_picture(words())
    assert may_be_picture(words(*["word"] * 40, scan_layer=True))
    assert may_be_picture(words(*["\ue01a\ue01b"] * 40))
    assert not may_be_picture(words(*["word"] * 40))


@pytest.mark.parametrize("line", ["IBAN FR76 3000 6000 0112 3456 7890 189", "IBAN FR76 3OO0 6OO0 O112 345G 789O 1B9"])
def test_what_the_picture_says_counts_and_not_its_layer(line: str) -> None:
    extracted = read(layered(picture(TEXTS[CRAFTSMAN]), line, "Total 9 999,00"), Tesseract())
    assert isinstance(extracted, ExtractedInvoice)
    assert extracted.lane == "scan"
    assert extracted.value("payment_account_identifier") == ACCOUNT
    assert extracted.value("amount_due_for_payment") == "1440.00"


def test_another_account_in_the_layer_is_a_doubt() -> None:
    content = layered(picture(TEXTS[CRAFTSMAN]), "IBAN DE89 3704 0044 0532 0130 00")
    extracted = read(content, Tesseract())
    assert isinstance(extracted, ExtractedInvoice)
    assert extracted.value("payment_account_identifier") != "DE89370400440532013000"
    invoice, doubts = normalize(extracted)
    sure = {name: extracted.field(name).confidence for name in FIELD_NAMES if extracted.value(name)}
    # From the floor on, as text: as it is, all scans are held.
    assert assess(invoice, "text", sure, validate(invoice, extracted.lane, doubts)).outcome == "doubtful"
