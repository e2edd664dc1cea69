"""Files that are attached to a PDF, of which one may be the invoice itself (Factur-X, ZUGFeRD, XRechnung).

The name tree of embedded files (ISO 32000-2, 7.7.4 and 7.11.4) and the catalog's associated files (14.13) are walked
here and not by pypdf, which stops at the first level of the tree and knows no associated files.
"""

import io
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pypdf
from pypdf.errors import DependencyError, FileNotDecryptedError

from agents.extraction.xml.guard import SIZE_BYTES_MAX
from schemas.evidence import Unreadable

MEDIA_TYPE = "application/pdf"
ATTACHMENTS_MAX = 64  # a construction invoice came with 20
NODES_MAX = 256  # of the name tree, so that a tree that contains itself ends
RECOVERY_BYTES_MAX = 100_000  # pypdf mends a broken stream byte by byte: 1.2 s a megabyte
CANDIDATES_MAX = 8  # XML files that are tried
# Files that cannot be an invoice in XML are not even inflated.
_OTHER_SUFFIXES = (".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".gif", ".csv", ".xlsx", ".xls", ".docx", ".zip",
                   ".txt", ".html", ".eml", ".msg", ".p7s", ".p7m", ".json", ".dwg")  # fmt: skip

# pypdf reports what it repairs; the log of a worker is not the place for it.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


@dataclass(frozen=True)
class Attachment:
    """One attached file: its name as the PDF states it, and its bytes, inflated."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Structure:
    """What a PDF holds besides its pages. `pages` is how many those are."""

    pages: int
    attachments: tuple[Attachment, ...]


def structure(content: bytes) -> Structure | Unreadable:
    """Return the attached files that may be XML, or why the PDF cannot be opened.

    Returns:
        Structure, or Unreadable with PDF-ENCRYPTED (a password is needed) or PDF-BROKEN.
    """
    try:
        with pypdf.apply_configuration(
            zlib_maximum_output_length=SIZE_BYTES_MAX,
            lzw_maximum_output_length=SIZE_BYTES_MAX,
            run_length_maximum_output_length=SIZE_BYTES_MAX,
            brotli_maximum_output_length=SIZE_BYTES_MAX,
            zlib_maximum_recovery_input_length=RECOVERY_BYTES_MAX,
        ):
            reader = pypdf.PdfReader(io.BytesIO(content))
            return Structure(len(reader.pages), tuple(_candidates(reader)))
    except MemoryError:
        raise  # the sandbox counts it, and says so
    except (FileNotDecryptedError, DependencyError):
        return Unreadable(reason="PDF-ENCRYPTED", detail="the PDF asks for a password", media_type=MEDIA_TYPE)
    except Exception as broken:  # noqa: BLE001 - pypdf lets AssertionError, TypeError and others of its insides through
        return Unreadable(reason="PDF-BROKEN", detail=f"pypdf: {type(broken).__name__}", media_type=MEDIA_TYPE)


def _candidates(reader: pypdf.PdfReader) -> Iterator[Attachment]:
    """Yield what may be XML, each file once although it may stand in the name tree and among the associated files."""
    seen: set[Attachment] = set()
    for name, specification in list(_specifications(reader))[:ATTACHMENTS_MAX]:
        if name.lower().endswith(_OTHER_SUFFIXES) or len(seen) == CANDIDATES_MAX:
            continue
        attachment = Attachment(name, _content(specification))
        if attachment not in seen:
            seen.add(attachment)
            yield attachment


def _specifications(reader: pypdf.PdfReader) -> Iterator[tuple[str, Any]]:
    """Yield file specifications with their names, first of the name tree, then the associated files."""
    catalog = reader.root_object
    yield from _tree(_get(_get(catalog, "/Names"), "/EmbeddedFiles"))
    for associated in _items(_get(catalog, "/AF")):
        yield _own_name(associated) or "", associated


def _tree(root: Any) -> Iterator[tuple[str, Any]]:
    waiting, visited = [root], 0
    while waiting and visited < NODES_MAX:
        node, visited = waiting.pop(0), visited + 1
        waiting.extend(_items(_get(node, "/Kids"))[:NODES_MAX])
        pairs = _items(_get(node, "/Names"))
        for name, specification in zip(pairs[::2], pairs[1::2], strict=False):
            yield _own_name(specification) or str(name), specification


def _own_name(specification: Any) -> str | None:
    name = _get(specification, "/UF") or _get(specification, "/F")
    return str(name) if name else None


def _content(specification: Any) -> bytes:
    """Return the inflated bytes of a file, empty where they are too many or broken: other files may be whole."""
    files = _get(specification, "/EF")
    stream = _get(files, "/UF") or _get(files, "/F")
    if not hasattr(stream, "get_data"):
        return b""
    try:
        return bytes(stream.get_data())
    except MemoryError:
        raise  # the sandbox counts it, and says so
    except Exception:  # noqa: BLE001 - pypdf lets AssertionError, TypeError and others of its insides through
        return b""


def _get(node: Any, key: str) -> Any:
    """Return a dictionary's entry with its reference followed, or None."""
    entry = node.get(key) if isinstance(node, dict) else None
    return None if entry is None else entry.get_object()


def _items(node: Any) -> list[Any]:
    """Return an array's items with their references followed."""
    return [item.get_object() for item in node[: 2 * NODES_MAX]] if isinstance(node, list) else []
