"""What a child process does to teach the scorer: it looks for the candidates of each field, and judges none."""

from agents.extraction.text.scoring.offering import Offering, offer
from app.ocr import reader
from app.quality.places import words_of
from schemas.codec import encode

READER = "app.quality.offered:read_bytes"
prepare = reader.prepare


def read_bytes(content: bytes, instructions: bytes) -> bytes:
    """Return an `Offering` as bytes; `instructions` are what the release has learned, as every reader is told."""
    document = words_of(content)
    return encode(Offering() if document is None else offer(document, reader.learned(instructions)))
