"""What kind of document some bytes are, by the bytes alone. File names and media types are only claims."""

import re
from typing import Literal

Kind = Literal["empty", "pdf", "xml", "image", "signed", "unknown"]

# PDF readers accept a header anywhere in the first kilobyte (ISO 32000-1, annex H, note 13).
PDF_HEADER_OFFSET_MAX = 1024
_XML_START = re.compile(rb"\s*<(?:\?xml\b|!--|!DOCTYPE\b|[A-Za-z_][\w.:-]*[\s/>])")
_IMAGES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"GIF8", b"BM")
_HEIF = re.compile(rb".{4}ftyp(?:heic|heix|mif1|avif)", re.DOTALL)
_SIGNED_DATA = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"  # the object identifier of PKCS #7 signedData
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
    return "signed" if head[:1] == b"\x30" and _SIGNED_DATA in head[:64] else "unknown"


def _narrow(head: bytes) -> bytes:
    """Return the head without its byte order mark, UTF-16 as the ASCII that an XML prolog is made of."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[2:].replace(b"\x00", b"")
    if head[:1] == b"\x00" or head[1:2] == b"\x00":
        return head.replace(b"\x00", b"")
    return head.removeprefix(b"\xef\xbb\xbf")
