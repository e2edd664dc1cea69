"""Every way to show an account to machines alone: it supplies no value, and leaves a doubt."""

import io
from collections.abc import Callable

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText, Link, Text
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    RectangleObject,
    TextStringObject,
)
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from agents.extraction.reading import read
from schemas.evidence import ExtractedInvoice
from tests.agents.extraction.text.verdict import outcome

OWN = "DE89 3704 0044 0532 0130 00"
OTHER = "DE02 1203 0000 0000 2020 51"
PLACE = (50.0, 300.0)
BAND = (40.0, 290.0, 300.0, 30.0)

Trick = Callable[[Canvas], None]
Edit = Callable[[PdfWriter], None]


def say(canvas: Canvas, account: str = OTHER) -> None:
    canvas.drawString(*PLACE, f"IBAN {account}")


def white(canvas: Canvas) -> None:
    canvas.setFillColorRGB(1, 1, 1)
    say(canvas)


def nearly_white(canvas: Canvas) -> None:
    canvas.setFillColorRGB(0.93, 0.93, 0.91)
    say(canvas)


def dark_on_dark(canvas: Canvas) -> None:
    canvas.setFillColorRGB(0.1, 0.1, 0.4)
    canvas.rect(*BAND, stroke=0, fill=1)
    canvas.setFillColorRGB(0.12, 0.12, 0.45)
    say(canvas)


def white_on_a_white_picture(canvas: Canvas) -> None:
    canvas.drawImage(ImageReader(Image.new("L", (30, 3), 255)), *BAND)
    white(canvas)


def tiny(canvas: Canvas) -> None:
    canvas.setFont("Helvetica", 2)
    say(canvas)


def tiny_by_scaling(canvas: Canvas) -> None:
    canvas.scale(0.1, 0.1)
    canvas.drawString(500, 3000, f"IBAN {OTHER}")


def above_the_page(canvas: Canvas) -> None:
    canvas.drawString(50, 900, f"IBAN {OTHER}")


def outside_the_crop_box(canvas: Canvas) -> None:
    canvas.setCropBox((0, 100, 600, 800))
    canvas.drawString(50, 50, f"IBAN {OTHER}")


def clipped(canvas: Canvas) -> None:
    path = canvas.beginPath()
    path.rect(0, 0, 10, 10)
    canvas.clipPath(path, stroke=0)
    say(canvas)


def covered_by_a_rectangle(canvas: Canvas) -> None:
    say(canvas)
    canvas.setFillColorRGB(1, 1, 1)
    canvas.rect(*BAND, stroke=0, fill=1)


def covered_by_a_rectangle_with_other_text(canvas: Canvas) -> None:
    covered_by_a_rectangle(canvas)
    canvas.setFillColorRGB(0, 0, 0)
    canvas.drawString(PLACE[0], PLACE[1], "Thank you very much for your trust")


def covered_by_a_picture(canvas: Canvas) -> None:
    say(canvas)
    canvas.drawImage(ImageReader(Image.new("L", (30, 3), 128)), *BAND)


def without_ink(canvas: Canvas) -> None:
    text = canvas.beginText(*PLACE)
    text.setTextRenderMode(3)
    text.textOut(f"IBAN {OTHER}")
    canvas.drawText(text)


def without_ink_in_a_form(canvas: Canvas) -> None:
    canvas.beginForm("x")
    without_ink(canvas)
    canvas.endForm()
    canvas.doForm("x")


def white_in_a_form(canvas: Canvas) -> None:
    canvas.beginForm("x")
    white(canvas)
    canvas.endForm()
    canvas.doForm("x")


def transparent(canvas: Canvas) -> None:
    canvas.setFillAlpha(0)
    say(canvas)


def nearly_transparent(canvas: Canvas) -> None:
    canvas.setFillAlpha(0.05)
    say(canvas)


def only_its_first_letters_shown(canvas: Canvas) -> None:
    canvas.drawString(*PLACE, "IBAN DE")
    canvas.setFillColorRGB(1, 1, 1)
    canvas.drawString(PLACE[0] + canvas.stringWidth("IBAN DE", "Helvetica", 10), PLACE[1], OTHER.replace(" ", "")[2:])


TRICKS: tuple[Trick, ...] = (
    white, nearly_white, dark_on_dark, white_on_a_white_picture, tiny, tiny_by_scaling, above_the_page,
    outside_the_crop_box, clipped, covered_by_a_rectangle, covered_by_a_rectangle_with_other_text, covered_by_a_picture,
    without_ink, without_ink_in_a_form, white_in_a_form, transparent, nearly_transparent, only_its_first_letters_shown,
)  # fmt: skip


def comment(writer: PdfWriter) -> None:
    writer.add_annotation(0, Text(rect=(50, 300, 70, 320), text=f"IBAN {OTHER}"))


def free_text(writer: PdfWriter) -> None:
    writer.add_annotation(0, FreeText(rect=(50, 300, 300, 320), text=f"IBAN {OTHER}"))


def link(writer: PdfWriter) -> None:
    compact = OTHER.replace(" ", "")
    writer.add_annotation(0, Link(rect=(50, 300, 300, 320), url=f"https://pay.example/?iban={compact}"))


def form_field(writer: PdfWriter) -> None:
    field = DictionaryObject({
        NameObject("/Type"): NameObject("/Annot"),
        NameObject("/Subtype"): NameObject("/Widget"),
        NameObject("/FT"): NameObject("/Tx"),
        NameObject("/T"): TextStringObject("account"),
        NameObject("/V"): TextStringObject(f"IBAN {OTHER}"),
        NameObject("/Rect"): RectangleObject((50, 300, 300, 320)),
        NameObject("/DA"): TextStringObject("/Helv 10 Tf 0 g"),
    })  # fmt: skip
    added = writer._add_object(field)
    writer.pages[0][NameObject("/Annots")] = ArrayObject([added])
    writer.root_object[NameObject("/AcroForm")] = DictionaryObject({
        NameObject("/Fields"): ArrayObject([added]),
        NameObject("/NeedAppearances"): BooleanObject(value=True),
    })  # fmt: skip


def stamp(writer: PdfWriter) -> None:
    """Add an annotation that shows an account and does not say so."""
    resources = writer.pages[0]["/Resources"].get_object()
    assert isinstance(resources, DictionaryObject)
    stream = DecodedStreamObject()
    stream.set_data(f"BT /F1 10 Tf 2 5 Td (IBAN {OTHER}) Tj ET".encode())
    stream.update({
        NameObject("/Type"): NameObject("/XObject"),
        NameObject("/Subtype"): NameObject("/Form"),
        NameObject("/BBox"): RectangleObject((0, 0, 250, 20)),
        NameObject("/Resources"): resources,
    })  # fmt: skip
    annotation = DictionaryObject({
        NameObject("/Type"): NameObject("/Annot"),
        NameObject("/Subtype"): NameObject("/Stamp"),
        NameObject("/Rect"): RectangleObject((50, 300, 300, 320)),
        NameObject("/F"): NumberObject(4),
        NameObject("/AP"): DictionaryObject({NameObject("/N"): writer._add_object(stream)}),
    })  # fmt: skip
    writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(annotation)])


EDITS: tuple[Edit, ...] = (comment, free_text, link, form_field, stamp)


def layered(pdf: bytes, *, on: bool, printed: bool = True) -> bytes:
    """Return the PDF with what stands between the marks `/Layer BMC` and `EMC` in an optional layer."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    state = NameObject("/ON" if printed else "/OFF")
    usage = {NameObject("/Print"): DictionaryObject({NameObject("/PrintState"): state})}
    group = writer._add_object(DictionaryObject({
        NameObject("/Type"): NameObject("/OCG"),
        NameObject("/Name"): TextStringObject("layer"),
        NameObject("/Usage"): DictionaryObject(usage),
    }))  # fmt: skip
    events = [
        DictionaryObject(
            {
                NameObject("/Event"): NameObject("/Print"),
                NameObject("/Category"): ArrayObject([NameObject("/Print")]),
                NameObject("/OCGs"): ArrayObject([group]),
            }
        )
    ]
    configuration = {
        NameObject("/ON" if on else "/OFF"): ArrayObject([group]),
        NameObject("/Order"): ArrayObject([group]),
        NameObject("/AS"): ArrayObject(events),
    }
    writer.root_object[NameObject("/OCProperties")] = DictionaryObject({
        NameObject("/OCGs"): ArrayObject([group]),
        NameObject("/D"): DictionaryObject(configuration),
    })  # fmt: skip
    page = writer.pages[0]
    resources = page["/Resources"].get_object()
    assert isinstance(resources, DictionaryObject)
    resources[NameObject("/Properties")] = DictionaryObject({NameObject("/Layer"): group})
    return written(writer)


def written(writer: PdfWriter) -> bytes:
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def invoice(trick: Trick | None = None, *, shown: str | None = OWN) -> bytes:
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=(600, 800), invariant=1, pageCompression=0)
    canvas.setFont("Helvetica", 10)
    lines = [
        "Holz Meier GmbH", "Rechnung Nr. R-1", "Datum: 10.03.2026", "Nettobetrag 100,00 EUR", "MwSt. 19% 19,00 EUR",
        "Gesamtbetrag 119,00 EUR", *([f"IBAN {shown}"] if shown else []),
    ]  # fmt: skip
    for index, line in enumerate(lines):
        canvas.drawString(50, 700 - 20 * index, line)
    if trick is not None:
        canvas.saveState()
        trick(canvas)
        canvas.restoreState()
    canvas.save()
    return stream.getvalue()


def edited(pdf: bytes, edit: Edit) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    edit(writer)
    return written(writer)


def read_invoice(pdf: bytes) -> ExtractedInvoice:
    found = read(pdf)
    assert isinstance(found, ExtractedInvoice)
    return found


def on_layer(canvas: Canvas) -> None:
    canvas._code.append("/OC /Layer BDC")
    say(canvas)
    canvas._code.append("EMC")


def test_the_honest_invoice_is_payable() -> None:
    assert outcome(read_invoice(invoice())) == "payable"
    assert outcome(read_invoice(invoice(say, shown=None))) == "payable"


@pytest.mark.parametrize("trick", TRICKS)
def test_a_second_account_that_is_hidden_leaves_a_doubt(trick: Trick) -> None:
    found = read_invoice(invoice(trick))
    assert found.value("payment_account_identifier") in (OWN.replace(" ", ""), None)
    assert outcome(found) == "doubtful"


@pytest.mark.parametrize("trick", TRICKS)
def test_a_hidden_account_is_no_account(trick: Trick) -> None:
    found = read_invoice(invoice(trick, shown=None))
    assert found.value("payment_account_identifier") is None
    assert outcome(found) == "doubtful"


@pytest.mark.parametrize("edit", EDITS)
def test_a_second_account_beside_the_page_leaves_a_doubt(edit: Edit) -> None:
    found = read_invoice(edited(invoice(), edit))
    assert found.value("payment_account_identifier") == OWN.replace(" ", "")
    assert outcome(found) == "doubtful"


@pytest.mark.parametrize("edit", EDITS)
def test_an_account_beside_the_page_is_no_account(edit: Edit) -> None:
    found = read_invoice(edited(invoice(shown=None), edit))
    assert found.value("payment_account_identifier") is None


@pytest.mark.parametrize(("on", "printed"), [(False, True), (False, False), (True, False)])
def test_a_layer_that_is_not_always_shown_is_hidden(on: bool, printed: bool) -> None:
    found = read_invoice(layered(invoice(on_layer), on=on, printed=printed))
    assert found.value("payment_account_identifier") == OWN.replace(" ", "")
    assert outcome(found) == "doubtful"
    alone = read_invoice(layered(invoice(on_layer, shown=None), on=on, printed=printed))
    assert alone.value("payment_account_identifier") is None


def test_a_layer_that_is_shown_and_printed_is_read() -> None:
    found = read_invoice(layered(invoice(on_layer, shown=None), on=True))
    assert found.value("payment_account_identifier") == OTHER.replace(" ", "")


def test_hidden_sums_and_numbers_supply_nothing() -> None:
    def more(canvas: Canvas) -> None:
        canvas.setFillColorRGB(1, 1, 1)
        canvas.drawString(50, 300, "Zahlbetrag 9.119,00 EUR")
        canvas.drawString(50, 280, "Rechnungsnummer R-2")

    found = read_invoice(invoice(more))
    assert found.value("amount_due_for_payment") in ("119.00", None)
    assert found.value("invoice_number") == "R-1"
