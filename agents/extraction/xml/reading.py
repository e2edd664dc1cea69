"""An XML document, alone or out of a PDF."""

from agents.extraction.draft import Draft
from agents.extraction.xml import guard
from agents.extraction.xml.dialects import document_of, reader_of
from agents.extraction.xml.rulesets import submission
from agents.extraction.xml.tree import local_name, namespace
from schemas.evidence import ExtractedInvoice, Unreadable


def read_xml(content: bytes) -> ExtractedInvoice | Unreadable:
    """Return what an XML invoice says, or why it is none."""
    draft = read_draft(content)
    return draft if isinstance(draft, Unreadable) else draft.finished("xml", guard.MEDIA_TYPE, pages=0)


def read_draft(content: bytes) -> Draft | Unreadable:
    """Return the values of an XML invoice before it is known in which lane it came."""
    root = guard.parse(content)
    if isinstance(root, Unreadable):
        return root
    root = document_of(root)
    reader = reader_of(root)
    if reader is None:
        name = f"{{{namespace(root)[:120]}}}{local_name(root)[:80]}"
        return Unreadable(reason="XML-UNKNOWN-DIALECT", detail=f"no invoice: {name}", media_type=guard.MEDIA_TYPE)
    draft = reader(root)
    draft.submission = submission(root, draft)
    return draft
