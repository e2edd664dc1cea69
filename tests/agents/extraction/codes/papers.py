"""Invoices with payment codes on them, drawn as squares, as a picture, as a picture of the whole page, or as bars."""

import io
from typing import Any

import zxingcpp
from PIL import Image
from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.code128 import Code128
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

IBAN, OTHER = "DE89370400440532013000", "DE02120300000000202051"
SIZE = (595.0, 842.0)
SIDE = 80.0  # 28 mm
PLACE = (400.0, 100.0)  # from the bottom left


def grouped(account: str) -> str:
    return " ".join(account[at : at + 4] for at in range(0, len(account), 4))


def epc(account: str = IBAN, amount: str = "EUR119.00") -> str:
    return f"BCD\n002\n1\nSCT\n\nHolz Meier GmbH\n{account}\n{amount}\n\n\nR-1"


def invoice(canvas: Canvas, account: str | None = IBAN, total: str = "119,00 EUR") -> None:
    canvas.setFont("Helvetica", 10)
    lines = [
        "Holz Meier GmbH", "Rechnung Nr. R-1", "Datum: 10.03.2026", "Nettobetrag 100,00 EUR", "MwSt. 19% 19,00 EUR",
        f"Gesamtbetrag {total}", *([f"IBAN {grouped(account)}"] if account else []),
    ]  # fmt: skip
    for index, line in enumerate(lines):
        canvas.drawString(50, 700 - 20 * index, line)


def squares(canvas: Canvas, content: str, place: tuple[float, float] = PLACE, side: float = SIDE) -> None:
    """Draw a QR code as one rectangle a module."""
    drawing = Drawing(side, side)
    drawing.add(QrCodeWidget(content, barWidth=side, barHeight=side, barLevel="M"))
    renderPDF.draw(drawing, canvas, *place)


def code_image(content: str, scale: int = 3) -> Image.Image:
    """Return a QR code as a picture."""
    code: Any = zxingcpp.create_barcode(content, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    pixels = memoryview(code.to_image(scale=scale))
    height, width = pixels.shape or (0, 0)
    return Image.frombytes("L", (width, height), pixels.tobytes())


def picture(canvas: Canvas, content: str, place: tuple[float, float] = PLACE, side: float = SIDE) -> None:
    """Draw a QR code as a picture."""
    canvas.drawImage(ImageReader(code_image(content)), *place, side, side)


def bars(canvas: Canvas, content: str) -> None:
    """Draw a bar code of 105 mm, as Finnish payment slips have it."""
    Code128(content, barWidth=0.9, barHeight=34, quiet=False).drawOn(canvas, 50, 60)


def scanned(content: str) -> Image.Image:
    """Return a page at 150 dpi as a scanner sends it, with a QR code of 28 mm on it and nothing else."""
    sheet = Image.new("L", (1240, 1754), 250)
    sheet.paste(code_image(content).resize((166, 166)), (800, 1400))
    return sheet.rotate(1.5, fillcolor=250)


def pdf(*draws: Any, size: tuple[float, float] = SIZE) -> bytes:
    """Return a PDF with a page for each function that draws one."""
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=size, invariant=1)
    for draw in draws:
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()
