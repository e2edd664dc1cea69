"""A document in a signed envelope (CMS SignedData, RFC 5652; CAdES, `.p7m`), as Italian invoices travel.

Only the content is taken out. Whether the signature holds is not looked at: it would need the certificates of every
authority, and proves who signed, not where to pay. So the reading says that it was not verified.

The way to the content is four steps of tag and length (X.690, 8.1), and signers write both forms of it: lengths that
are stated (DER) and contents that end with a mark, in pieces (BER). The steps are walked here: libraries parse the
certificates too, of which a broken one would cost the invoice.
"""

import base64
import binascii
import re
from dataclasses import dataclass

from schemas.evidence import Unreadable

MEDIA_TYPE = "application/pkcs7-mime"
ENVELOPES_MAX = 3  # signed again by an intermediary, and once more
DEPTH_MAX = 16  # of pieces of pieces of a content
PIECES_MAX = 100_000  # of a kilobyte each, as openssl writes them, that is more than a document may have

_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")  # object identifier 1.2.840.113549.1.7.2, with tag and length
_HEAD_LENGTH = 64
_ARMOUR = re.compile(rb"-----(?:BEGIN|END) [A-Z0-9 #]{1,40}-----")
_BASE64 = re.compile(rb"[A-Za-z0-9+/=\s]+")
_SEQUENCE, _SET, _IDENTIFIER, _INTEGER, _OCTETS, _PIECES, _CONTENT = 0x30, 0x31, 0x06, 0x02, 0x04, 0x24, 0xA0


class _Broken(Exception):  # noqa: N818 - it names what the bytes are; it never leaves this module
    """The bytes are no CMS SignedData with a content."""


@dataclass(frozen=True)
class _Element:
    """One tag, and where its content begins and ends; of an unknown end it is that of the bytes."""

    tag: int
    start: int
    end: int
    indefinite: bool


def is_signed(head: bytes) -> bool:
    """Tell whether a document begins as a signed envelope, in binary or in base64."""
    return _is_envelope(head) or _is_envelope(_decoded(head[:1024]) or b"")


def unwrap(content: bytes) -> bytes | Unreadable:
    """Return what an envelope holds, or P7M-BROKEN, or P7M-EMPTY where the content travels apart from its signature."""
    binary = content if _is_envelope(content) else _decoded(content)
    try:
        inner = _content(binary or b"")
    except _Broken as broken:
        return Unreadable(reason="P7M-BROKEN", detail=str(broken), media_type=MEDIA_TYPE)
    return inner or Unreadable(reason="P7M-EMPTY", detail="the envelope holds no content", media_type=MEDIA_TYPE)


def _is_envelope(head: bytes) -> bool:
    return head[:1] == b"\x30" and _SIGNED_DATA in head[:_HEAD_LENGTH]


def _decoded(text: bytes) -> bytes | None:
    """Return the bytes of base64 with or without armour, None where it is something else; the end may be cut off."""
    bare = _ARMOUR.sub(b"", text.removeprefix(b"\xef\xbb\xbf")).strip()
    if not _BASE64.fullmatch(bare):
        return None
    compact = b"".join(bare.split())
    try:
        return base64.b64decode(compact[: len(compact) // 4 * 4])
    except binascii.Error:
        return None


def _content(cms: bytes) -> bytes:
    """Walk ContentInfo, SignedData and EncapsulatedContentInfo (RFC 5652, sections 3, 5.1 and 5.2)."""
    info = _expect(cms, 0, len(cms), _SEQUENCE)
    kind = _expect(cms, info.start, info.end, _IDENTIFIER)
    explicit = _expect(cms, kind.end, info.end, _CONTENT)
    signed = _expect(cms, explicit.start, explicit.end, _SEQUENCE)
    version = _expect(cms, signed.start, signed.end, _INTEGER)
    digests = _expect(cms, version.end, signed.end, _SET)
    encapsulated = _expect(cms, _after(cms, digests, DEPTH_MAX), signed.end, _SEQUENCE)
    content_type = _expect(cms, encapsulated.start, encapsulated.end, _IDENTIFIER)
    if content_type.end >= encapsulated.end or cms[content_type.end] != _CONTENT:
        return b""  # a detached signature
    wrapped = _expect(cms, content_type.end, encapsulated.end, _CONTENT)
    octets = _element(cms, wrapped.start, wrapped.end)
    pieces: list[bytes] = []
    _gather(cms, octets, pieces, DEPTH_MAX)
    return b"".join(pieces)


def _expect(cms: bytes, position: int, end: int, tag: int) -> _Element:
    element = _element(cms, position, end)
    if element.tag != tag:
        raise _Broken(f"tag {element.tag:#x} at byte {position}, expected {tag:#x}")
    return element


def _element(cms: bytes, position: int, end: int) -> _Element:
    """Read tag and length (X.690, 8.1.2 and 8.1.3). No tag that is met on the way has more than one byte."""
    if position + 2 > end:
        raise _Broken(f"cut off at byte {position}")
    tag, length, start = cms[position], cms[position + 1], position + 2
    if length == 0x80:
        return _Element(tag, start, end, indefinite=True)
    if length > 0x80:
        size = length & 0x7F
        length, start = int.from_bytes(cms[start : start + size]), start + size
    if start + length > end:
        raise _Broken(f"longer than what holds it, at byte {position}")
    return _Element(tag, start, start + length, indefinite=False)


def _after(cms: bytes, element: _Element, depth: int) -> int:
    """Return the position behind an element, whatever it holds."""
    if not element.indefinite:
        return element.end
    position = element.start
    while cms[position : position + 2] != b"\x00\x00":
        if depth == 0:
            raise _Broken("nested too deeply")
        position = _after(cms, _element(cms, position, element.end), depth - 1)
    return position + 2


def _gather(cms: bytes, octets: _Element, pieces: list[bytes], depth: int) -> int:
    """Collect an octet string, whole or in pieces (X.690, 8.7.3); return the position behind it."""
    if octets.tag == _OCTETS and not octets.indefinite:
        pieces.append(cms[octets.start : octets.end])
        return octets.end
    if octets.tag != _PIECES or depth == 0 or len(pieces) > PIECES_MAX:
        raise _Broken(f"the content is no octet string, at byte {octets.start}")
    position = octets.start
    while position < octets.end and cms[position : position + 2] != b"\x00\x00":
        position = _gather(cms, _element(cms, position, octets.end), pieces, depth - 1)
    return position + 2 if octets.indefinite else octets.end
