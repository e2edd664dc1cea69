"""What kind of document some bytes are, by the bytes alone. File names and media types are only claims."""

import re
from typing import Literal

from agents.extraction.signed import is_signed

Kind = Literal["empty", "pdf", "xml", "image", "signed", "unknown"]

# PDF readers accept a header anywhere in the first kilobyte (ISO 32000-1, annex H, note 13).
PDF_HEADER_OFFSET_MAX = 1024
_XML_START = re.compile(rb"\s*<(?:\?xml\b|!--|!DOCTYPE\b|[A-Za-z_][\w.:-]*[\s/>])")
_IMAGES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"GIF8", b"BM")
_HEIF = re.compile(rb".{4}ftyp(?:heic|heix|mif1|avif)", re.DOTALL)
_HEAD_LENGTH = 4096


def detect(content: bytes) -> Kind:
    """Return the kind of document.

    >>> detect(b"%PDF-1.7 ...")
    'pdf'
    """
    head = content[:_HEAD_LENGTH]
    if not head.strip(b"\x00\t\n\r "):
        return "empty"
    if b"%PDF-" in head[: PDF_HEADER_OFFSET_MAX + 5] and not _XML_START.match(head):
        return "pdf"
    if _XML_START.match(_narrow(head)):
        return "xml"
    if head.startswith(_IMAGES) or _HEIF.match(head):
        return "image"
    return "signed" if is_signed(head) else "unknown"


def _narrow(head: bytes) -> bytes:
    """Return the head without its byte order mark, UTF-16 as the ASCII that an XML prolog is made of."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[2:].replace(b"\x00", b"")
    if head[:1] == b"\x00" or head[1:2] == b"\x00":
        return head.replace(b"\x00", b"")
    return head.removeprefix(b"\xef\xbb\xbf")
