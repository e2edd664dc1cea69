"""The only way in for XML: bounded while it is parsed, no document type, a handful of encodings.

A DOCTYPE is refused before any parser sees it: it is the door of entity expansion and of external entities, and no
e-invoice syntax uses one. The text is decoded here and handed on as UTF-8, so that two readers of the same bytes can
never see two documents. Besides UTF-8 and UTF-16 the three one-byte encodings are read in which western European
invoices are still sent, where they are declared and the bytes are not UTF-8 (docs/decisions/0010).
"""

import codecs
import re

from lxml import etree

from schemas.evidence import Unreadable

SIZE_BYTES_MAX = 10_000_000  # the largest honest e-invoice we know, with its attachments, is 7 MB
ELEMENTS_MAX = 200_000  # 4,000 lines of 50 elements
DEPTH_MAX = 64  # UBL needs 12 levels, CII 10
ATTRIBUTES_OF_ELEMENT_MAX = 64  # mostly schemeID and unitCode; a root carries a dozen
ATTRIBUTES_MAX = 400_000
CHUNK_CHARACTERS = 65_536
MEDIA_TYPE = "application/xml"

_DECLARATION = re.compile(r"<\?xml\s[^>]{0,400}\?>")
_ENCODING = re.compile(r"""encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_UNICODE = frozenset({"UTF-8", "UTF8", "UTF-16", "UTF-16LE", "UTF-16BE", "US-ASCII", "ASCII"})
_ONE_BYTE = {
    "ISO-8859-1": "iso-8859-1",
    "ISO-8859-15": "iso-8859-15",
    "WINDOWS-1252": "windows-1252",
    "CP1252": "windows-1252",
}
_DECLARATION_BYTES_MAX = 512
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


class _Refused(Exception):  # noqa: N818 - it names what happened; it never leaves this module
    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.unreadable = Unreadable(reason=reason, detail=detail, media_type=MEDIA_TYPE)


def parse(content: bytes) -> etree._Element | Unreadable:
    """Return the root element, or why these bytes are not parsed.

    Reasons: XML-TOO-LARGE, XML-ENCODING, XML-DOCTYPE, XML-MALFORMED, XML-TOO-DEEP.
    """
    try:
        _assert_size(content)
        return _tree(_without_doctype(_decoded(content)))
    except _Refused as refused:
        return refused.unreadable


def _assert_size(content: bytes) -> None:
    if len(content) > SIZE_BYTES_MAX:
        raise _Refused("XML-TOO-LARGE", f"{len(content)} bytes, at most {SIZE_BYTES_MAX} are read")


def _decoded(content: bytes) -> str:
    mark, encoding = next(((mark, name) for mark, name in _MARKS if content.startswith(mark)), (b"", ""))
    encoding = encoding or _by_pattern(content)
    try:
        text = content[len(mark) :].decode(encoding).lstrip()
    except UnicodeDecodeError as wrong:
        raise _Refused("XML-ENCODING", f"not {encoding} at byte {wrong.start + len(mark)}") from None
    if encoding not in _ONE_BYTE.values():
        _assert_declared(text)
    return text


def _by_pattern(content: bytes) -> str:
    """Return the encoding that a first ASCII character shows (XML 1.0, appendix F)."""
    if content[:1] == b"\x00":
        return "utf-16-be"
    if content[1:2] == b"\x00":
        return "utf-16-le"
    return _one_byte(content) or "utf-8"


def _one_byte(content: bytes) -> str | None:
    """Return the declared one-byte encoding. Bytes that are valid UTF-8 were written as that, whatever they declare."""
    declared = _declared(content[:_DECLARATION_BYTES_MAX].lstrip().decode("iso-8859-1"))
    codec = _ONE_BYTE.get(declared or "")
    return codec if codec and not _is_utf8(content) else None


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _declared(text: str) -> str | None:
    declaration = _DECLARATION.match(text)
    declared = _ENCODING.search(declaration.group()) if declaration else None
    return declared.group(1).upper() if declared else None


def _assert_declared(text: str) -> None:
    """Refuse a declared encoding that would have given another text. Where all is ASCII, every encoding agrees."""
    declared = _declared(text)
    if declared and declared not in _UNICODE | set(_ONE_BYTE) and not text.isascii():
        raise _Refused("XML-ENCODING", f"declared as {declared}, which is not read")


def _without_doctype(text: str) -> str:
    """Walk over the prolog (XML 1.0, production 22) and refuse a document type declaration in it."""
    position = 0
    while True:
        position = _after_space(text, position)
        if text.startswith("<!--", position):
            position = _after(text, "-->", position + 4)
        elif text.startswith("<?", position):
            position = _after(text, "?>", position + 2)
        elif text.startswith("<!", position):
            raise _Refused("XML-DOCTYPE", "a document type declaration is not accepted")
        else:
            return text


def _after_space(text: str, position: int) -> int:
    while text[position : position + 1].isspace():
        position += 1
    return position


def _after(text: str, end: str, position: int) -> int:
    found = text.find(end, position)
    if found < 0:
        raise _Refused("XML-MALFORMED", f"{end!r} is missing in the prolog")
    return found + len(end)


def _tree(text: str) -> etree._Element:
    parser = etree.XMLPullParser(
        events=("start", "end"),
        encoding="utf-8",  # what we hand over, whatever the declaration says
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,  # a comment inside a number would split it
        remove_pis=True,
    )
    bounds = _Bounds()
    try:
        for start in range(0, len(text), CHUNK_CHARACTERS):
            parser.feed(text[start : start + CHUNK_CHARACTERS].encode())
            bounds.count(parser)
        root = parser.close()
    except etree.XMLSyntaxError as wrong:
        bounds.count(parser)  # libxml2 has limits of its own; where ours was passed before, it is the reason
        raise _Refused("XML-MALFORMED", (wrong.msg or "not well-formed")[:200]) from None
    bounds.count(parser)
    return root


class _Bounds:
    """Counts what has been parsed so far, chunk by chunk, so that a bomb never becomes a whole tree."""

    def __init__(self) -> None:
        self.depth = 0
        self.elements = 0
        self.attributes = 0

    def count(self, parser: etree.XMLPullParser) -> None:
        for event, element in parser.read_events():
            if event == "end":
                self.depth -= 1
                continue
            self.depth += 1
            self.elements += 1
            self._assert_within(len(element.attrib))  # type: ignore[union-attr]  # start events carry an element

    def _assert_within(self, attributes: int) -> None:
        self.attributes += attributes
        if self.depth > DEPTH_MAX:
            raise _Refused("XML-TOO-DEEP", f"more than {DEPTH_MAX} levels")
        if self.elements > ELEMENTS_MAX:
            raise _Refused("XML-TOO-LARGE", f"more than {ELEMENTS_MAX} elements")
        if attributes > ATTRIBUTES_OF_ELEMENT_MAX or self.attributes > ATTRIBUTES_MAX:
            raise _Refused("XML-TOO-LARGE", f"more than {ATTRIBUTES_OF_ELEMENT_MAX} attributes of one element")
