"""The child process that looks for right values on a page: documents are hostile here as anywhere.

The zygote of a sandbox imports `read_bytes`; `agents.extraction.text.showing.Showing` is what it answers.
"""

import json

from agents.extraction.attachments import structure
from agents.extraction.detection import detect
from agents.extraction.looking import look
from agents.extraction.scan.pages import scan_pdf, scan_pictures
from agents.extraction.scan.pictures import open_pictures
from agents.extraction.scan.port import Missing
from agents.extraction.text.pages import DocumentText
from agents.extraction.text.showing import Showing, show
from app.ocr import reader
from app.ocr.engine import engine
from schemas.codec import encode
from schemas.evidence import Unreadable

READER = "app.quality.places:read_bytes"
prepare = reader.prepare


def read_bytes(content: bytes, instructions: bytes) -> bytes:
    """Return a `Showing` as bytes; `instructions` are JSON, the right value of each field that is wanted."""
    document = words_of(content)
    return encode(Showing() if document is None else show(document, json.loads(instructions)))


def words_of(content: bytes) -> DocumentText | None:
    """Return the words of a document, those of pictures as the engine reads them; None where there are none."""
    match detect(content):
        case "pdf":
            return _pdf(content)
        case "image":
            file, known = open_pictures(content), engine()
            if isinstance(file, Unreadable) or isinstance(known, Missing):
                return None
            return scan_pictures(file, known).text()
        case _:
            return None


def _pdf(content: bytes) -> DocumentText | None:
    found, looked = structure(content), look(content)
    if isinstance(found, Unreadable) or isinstance(looked, Unreadable):
        return None
    known = engine()
    scanned = None if isinstance(known, Missing) else scan_pdf(content, looked.layers, known)
    return looked.layers if scanned is None else scanned.text()
