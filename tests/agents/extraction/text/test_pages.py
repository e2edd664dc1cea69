import io

import pytest
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from agents.extraction.text.pages import DocumentText, page_texts
from agents.extraction.text.reading import read_text_pdf
from schemas.evidence import ExtractedInvoice, Unreadable

OWN = "DE89 3704 0044 0532 0130 00"
OTHER = "DE02 1203 0000 0000 2020 51"


def canvas_of(size: tuple[float, float] = (600, 800), **options: object) -> tuple[Canvas, io.BytesIO]:
    stream = io.BytesIO()
    return Canvas(stream, pagesize=size, invariant=1, **options), stream


def saved(canvas: Canvas, stream: io.BytesIO) -> bytes:
    canvas.save()
    return stream.getvalue()


def words_of(content: bytes) -> dict[str, tuple[float, float, float, float]]:
    document = page_texts(content)
    assert isinstance(document, DocumentText)
    return {word.text: word[1:] for word in document.pages[0].words}


def test_boxes_are_points_from_the_top_left() -> None:
    canvas, stream = canvas_of()
    canvas.setFont("Helvetica", 10)
    canvas.drawString(50, 700, "Hello World")
    left, top, right, bottom = words_of(saved(canvas, stream))["Hello"]
    assert left == pytest.approx(50, abs=0.1)
    assert right == pytest.approx(50 + canvas.stringWidth("Hello", "Helvetica", 10), abs=0.5)
    assert top < 100 < bottom  # the baseline stands 100 points under the top edge
    assert bottom - top < 15


@pytest.mark.parametrize(("turn", "origin"), [(90, (600, 0)), (180, (600, 800)), (270, (0, 800))])
def test_a_page_that_is_shown_turned_is_read_as_it_is_shown(turn: int, origin: tuple[int, int]) -> None:
    canvas, stream = canvas_of((600, 800))
    canvas.setPageRotation(turn)
    canvas.translate(*origin) if turn == 180 else canvas.translate(*((800, 0) if turn == 90 else (0, 600)))
    canvas.rotate(turn)
    canvas.drawString(50, 500, "Hello")
    canvas.drawString(50, 400, "World")
    words = words_of(saved(canvas, stream))
    assert words["Hello"][0] == pytest.approx(words["World"][0], abs=0.5)
    assert words["Hello"][1] < words["World"][1]


def test_text_in_the_margin_that_stands_upright_is_no_line() -> None:
    canvas, stream = canvas_of()
    canvas.drawString(50, 500, "Body")
    canvas.translate(20, 300)
    canvas.rotate(90)
    canvas.drawString(0, 0, "Margin")
    assert set(words_of(saved(canvas, stream))) == {"Body"}


def draw_invoice(canvas: Canvas) -> None:
    canvas.setFont("Helvetica", 10)
    lines = [
        "Holz Meier GmbH", "Rechnung Nr. R-1", "Datum: 10.03.2026", "Nettobetrag 100,00 EUR", "MwSt. 19% 19,00 EUR",
        "Gesamtbetrag 119,00 EUR", f"IBAN {OWN}",
    ]  # fmt: skip
    for index, line in enumerate(lines):
        canvas.drawString(50, 700 - 20 * index, line)


def tiny(canvas: Canvas) -> None:
    canvas.setFont("Helvetica", 1)
    canvas.drawString(50, 100, f"IBAN {OTHER}")


def white(canvas: Canvas) -> None:
    canvas.setFillColorRGB(1, 1, 1)
    canvas.drawString(50, 100, f"IBAN {OTHER}")


def off_the_page(canvas: Canvas) -> None:
    canvas.drawString(50, -40, f"IBAN {OTHER}")


def without_ink(canvas: Canvas) -> None:
    text = canvas.beginText(50, 100)
    text.setTextRenderMode(3)
    text.textOut(f"IBAN {OTHER}")
    canvas.drawText(text)


@pytest.mark.parametrize("trick", [tiny, white, off_the_page, without_ink])
def test_a_hidden_account_supplies_no_value_and_leaves_a_doubt(trick: object) -> None:
    canvas, stream = canvas_of()
    draw_invoice(canvas)
    assert callable(trick)
    trick(canvas)
    found = read_text_pdf(saved(canvas, stream))
    assert isinstance(found, ExtractedInvoice)
    assert found.value("payment_account_identifier") == OWN.replace(" ", "")
    assert "ACCOUNT-AMBIGUOUS" in {finding.rule for finding in found.findings}


def test_white_print_on_a_dark_bar_is_seen() -> None:
    canvas, stream = canvas_of()
    canvas.setFillColorRGB(0, 0, 0.5)
    canvas.rect(40, 490, 200, 30, stroke=0, fill=1)
    canvas.setFillColorRGB(1, 1, 1)
    canvas.drawString(50, 500, "Heading")
    canvas.drawString(50, 300, "Ghost")
    document = page_texts(saved(canvas, stream))
    assert isinstance(document, DocumentText)
    assert [word.text for word in document.pages[0].words] == ["Heading"]
    assert [word.text for word in document.pages[0].hidden] == ["Ghost"]


def test_a_layer_of_ocr_behind_a_picture_is_read_without_trust() -> None:
    canvas, stream = canvas_of()
    canvas.drawImage(ImageReader(Image.new("L", (60, 80), 230)), 0, 0, 600, 800)
    text = canvas.beginText(50, 700)
    text.setTextRenderMode(3)
    for line in (
        "Rechnung Nr. R-1",
        "Nettobetrag 100,00 EUR",
        "MwSt. 19,00 EUR",
        "Gesamtbetrag 119,00 EUR",
        f"IBAN {OWN}",
    ):
        text.textLine(line)
    canvas.drawText(text)
    found = read_text_pdf(saved(canvas, stream))
    assert isinstance(found, ExtractedInvoice)
    assert found.value("amount_due_for_payment") == "119.00"
    assert max(field.confidence for field in found.fields.values()) < 0.9


@pytest.mark.parametrize("size", [3.2, 4.5])
def test_small_print_in_light_gray_is_looked_at_finer(size: float) -> None:
    canvas, stream = canvas_of()
    canvas.setFont("Helvetica", size)
    canvas.setFillGray(0.7 if size > 4 else 0.65)
    canvas.drawString(50, 300, "DE89 3704 0044 0532 0130 00")
    assert " ".join(words_of(saved(canvas, stream))) == OWN


def blank() -> bytes:
    canvas, stream = canvas_of()
    canvas.rect(10, 10, 100, 100)
    return saved(canvas, stream)


def locked() -> bytes:
    canvas, stream = canvas_of(encrypt=StandardEncryption("secret", ownerPassword="owner"))
    canvas.drawString(50, 500, "Hello")
    return saved(canvas, stream)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "PDF-BROKEN"),
        (b"not a PDF", "PDF-BROKEN"),
        (b"%PDF-1.7\n%%EOF", "PDF-BROKEN"),
        (blank(), "PDF-NO-TEXT"),
        (locked(), "PDF-ENCRYPTED"),
    ],
    ids=["empty", "text", "header only", "no text", "locked"],
)
def test_what_cannot_be_read_says_why(content: bytes, reason: str) -> None:
    found = read_text_pdf(content)
    assert isinstance(found, Unreadable)
    assert found.reason == reason
