"""What is fuzzed by coverage: each target takes any bytes, and raises only what it declares to nobody (H4)."""

import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial

from agents.extraction.xml import cii, fatturapa, guard, ubl
from agents.extraction.xml.dialects import Reader, reader_of
from agents.extraction.xml.reading import read_xml
from schemas.accounts import bic_fault, iban_fault, iban_of, is_qr_iban, routing_fault
from schemas.characters import transliterate
from schemas.codec import Undecodable, decode, encode
from schemas.envelope import Envelope
from schemas.evidence import Unreadable
from schemas.identifiers import command_id, fold_number, invoice_key, record_id, uetr
from schemas.references import structured_reference
from schemas.topics import TOPICS
from tests.fuzz.seeds import xmls

Target = Callable[[bytes], None]
REMITTANCE_MAX = 140
COMMAND_ID_MAX = 35
NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)


def read_guarded(content: bytes) -> None:
    """The guard: a tree, or why there is none; and whatever dialect is in it."""
    guard.parse(content)
    read_xml(content)


def read_dialect(reader: Reader, content: bytes) -> None:
    """A reader of one syntax, on every tree that would be handed to it."""
    root = guard.parse(content)
    if not isinstance(root, Unreadable) and reader_of(root) is reader:
        reader(root).finished("xml", guard.MEDIA_TYPE, pages=0)


def read_record(content: bytes) -> None:
    """The codec: the first byte chooses the topic. What was read is written and read again as the same."""
    topic = TOPICS[content[0] % len(TOPICS)] if content else TOPICS[0]
    with suppress(Undecodable):
        record = decode(content[1:], topic.event)
        assert decode(encode(record), topic.event) == record
    headers = {"ce_id": content[:64], "ce_time": content[64:], "ce_schemaversion": content[:8], "traceparent": content}
    Envelope.of(headers, fallback_id="x", event_type=topic.name, time=NO_TIME)


def read_identifiers(content: bytes) -> None:
    """Identifiers: whatever a document prints becomes a key, or a fault with a name."""
    text = content.decode(errors="replace")
    first, _, second = text.partition("\n")
    assert fold_number(fold_number(first)) == fold_number(first)
    assert invoice_key("default", second, first).startswith("ik_")
    command = command_id("default", second, first)
    assert len(command) <= COMMAND_ID_MAX
    assert uuid.UUID(uetr(command)).version == 4
    assert record_id(first, second)
    for fault in (iban_fault, bic_fault, routing_fault, is_qr_iban):
        fault(first)
    iban_of("FR", first[:40])
    structured_reference(first, second)
    assert len(transliterate(text, REMITTANCE_MAX)) <= REMITTANCE_MAX


_READERS: Mapping[str, Reader] = {"ubl": ubl.read, "cii": cii.read, "fatturapa": fatturapa.read}
TARGETS: Mapping[str, Target] = {
    "guard": read_guarded,
    **{name: partial(read_dialect, reader) for name, reader in _READERS.items()},
    "codec": read_record,
    "identifiers": read_identifiers,
}


def seeds(name: str) -> list[bytes]:
    """Return what a target starts from, made by our own generator; what was found later is kept in corpus/."""
    match name:
        case "codec":
            return [bytes([n]) + b"{}" for n in range(len(TOPICS))]
        case "identifiers":
            return [b"FR7630006000011234567890189\nFR", b"RF18539007547034\nDE", b"F2026-0042\nsupplier", b"0001\n"]
        case "guard":
            return xmls()[:40]
        case _:
            return [xml for xml in xmls() if _is_read_by(name, xml)][:20]


def _is_read_by(name: str, xml: bytes) -> bool:
    root = guard.parse(xml)
    return not isinstance(root, Unreadable) and reader_of(root) is _READERS[name]
