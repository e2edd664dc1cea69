"""The extraction stage asks a helper only under a release that names an assistant, and for what was read."""

import pytest

from agents.extraction.agent import extraction
from schemas.events import DocumentReceived, InvoiceExtracted
from schemas.evidence import ExtractedInvoice, Field, Unreadable
from schemas.identifiers import document_id
from schemas.release import Assistant, Bundle, Learned
from schemas.topics import DOCUMENT_RECEIVED, INVOICE_EXTRACTED
from tests.agents.ports import AtOnce, FakePorts, Feed, FixedReleases

CONTENT = b"a paper"
RECEIVED = DocumentReceived(document_id=document_id(CONTENT), reference="s3://in/paper.pdf")
FOUND = ExtractedInvoice(lane="text", media_type="application/pdf", pages=1)
HELPED = FOUND.model_copy(update={"fields": {"invoice_number": Field(value="F-1", source="assistant")}})
NAMED = Bundle(code="test-1", assistant=Assistant(model="m", prompt_version="1"))


class Documents:
    async def fetch(self, reference: str, document_id: str) -> bytes:
        del reference, document_id
        return CONTENT


class Reader:
    def __init__(self, found: ExtractedInvoice | Unreadable) -> None:
        self.found = found

    async def read(self, content: bytes, learned: Learned) -> ExtractedInvoice | Unreadable:
        del content, learned
        return self.found


class Helper:
    """Finds the number that the reader did not find."""

    def __init__(self) -> None:
        self.asked: list[tuple[bytes, Assistant]] = []

    async def suggest(self, content: bytes, extracted: ExtractedInvoice, assistant: Assistant) -> ExtractedInvoice:
        assert extracted == FOUND
        self.asked.append((content, assistant))
        return HELPED


async def read(ports: FakePorts, helper: Helper | None, found: ExtractedInvoice | Unreadable = FOUND) -> None:
    feed = Feed(extraction(ports, AtOnce(), Documents(), Reader(found), helper), DOCUMENT_RECEIVED)
    await feed(RECEIVED, RECEIVED.document_id)


def extracted(ports: FakePorts) -> list[ExtractedInvoice]:
    events: list[InvoiceExtracted] = ports.events(INVOICE_EXTRACTED)
    return [event.extracted for event in events]


async def test_a_release_that_names_an_assistant_asks_it() -> None:
    ports, helper = FakePorts(), Helper()
    ports.releases = FixedReleases(NAMED.release_id, NAMED)
    await read(ports, helper)
    assert extracted(ports) == [HELPED]
    assert helper.asked == [(CONTENT, NAMED.assistant)]


async def test_another_release_asks_nobody() -> None:
    ports, helper = FakePorts(), Helper()
    await read(ports, helper)
    assert extracted(ports) == [FOUND]
    assert helper.asked == []


@pytest.mark.parametrize("found", [FOUND, Unreadable(reason="PDF-BROKEN")])
async def test_where_nobody_is_set_up_or_nothing_was_read_nobody_is_asked(found: ExtractedInvoice | Unreadable) -> None:
    ports, helper = FakePorts(), Helper()
    ports.releases = FixedReleases(NAMED.release_id, NAMED)
    await read(ports, helper if found is not FOUND else None, found)
    assert extracted(ports) == ([FOUND] if found is FOUND else [])
    assert helper.asked == []
