"""Draws PDFs for the tests from text: what stands two blanks apart is another cell, as on a typewriter.

A line that begins with `# ` is a heading in large print; `---` begins a new page. Sums are set flush right. Letters
that the standard fonts lack are drawn without their accents, which the reader folds away as well.
"""

import io
import re
import unicodedata

from reportlab.pdfgen.canvas import Canvas

PAGE_SIZE = (595.0, 842.0)  # A4 in points
LEFT, TOP, PITCH, LEADING, SIZE, HEADING_SIZE = 40.0, 40.0, 5.2, 12.5, 9.0, 18.0
_CELL = re.compile(r"\S+(?: \S+)*")
_SUM = re.compile(r"[-€£$A-Za-z. ]{0,5}-?\d[\d .,']*[.,]\d{2}(?: ?(?:€|EUR|CHF|Kc|Kč|kr|zl|zł|%))?$")


def draw(*pages: str, size: float = SIZE, font: str = "Helvetica") -> bytes:
    """Return a PDF with these pages; all of it is a function of the arguments."""
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=PAGE_SIZE, invariant=1)
    for page in pages:
        for sheet in page.split("\n---\n"):
            _draw_page(canvas, sheet.strip("\n"), size, font)
            canvas.showPage()
    canvas.save()
    return stream.getvalue()


def _draw_page(canvas: Canvas, text: str, size: float, font: str) -> None:
    y = PAGE_SIZE[1] - TOP
    for line in text.split("\n"):
        heading = line.startswith("# ")
        print_size = HEADING_SIZE if heading else size
        y -= LEADING * (1.6 if heading else 1.0)
        canvas.setFont(font, print_size)
        for cell in _CELL.finditer(line[2:] if heading else line):
            shown = _drawable(cell.group())
            if _SUM.fullmatch(cell.group()) and not heading:
                canvas.drawRightString(LEFT + cell.end() * PITCH, y, shown)
            else:
                canvas.drawString(LEFT + cell.start() * PITCH, y, shown)


def _drawable(text: str) -> str:
    return "".join(_letter(letter) for letter in text)


def _letter(letter: str) -> str:
    try:
        letter.encode("cp1252")
    except UnicodeEncodeError:
        plain = unicodedata.normalize("NFKD", letter).encode("ascii", "ignore").decode()
        return plain or {"ł": "l", "Ł": "L"}.get(letter, "?")
    return letter
