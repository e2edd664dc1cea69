"""What a limited child does to hand out a document's words: hostile files are opened nowhere else."""

from pydantic import Field

from agents.extraction.text.pages import page_texts
from schemas.base import Record
from schemas.codec import encode
from schemas.evidence import Box, Unreadable

# What a model is asked about stands on the first pages or the last; more costs money and says nothing.
CHARACTERS_MAX = 24_000


class Printed(Record):
    """One word as it stands on a page."""

    text: str
    page: int
    box: Box


class PrintedWords(Record):
    """The visible words of a document in the order of the file."""

    words: tuple[Printed, ...] = Field(default=())


def read_words(content: bytes, _instructions: bytes = b"") -> bytes:
    """Return the words as the canonical bytes of `PrintedWords`; none where there is no text layer."""
    document = page_texts(content)
    if isinstance(document, Unreadable):
        return encode(PrintedWords())
    found: list[Printed] = []
    left = CHARACTERS_MAX
    for page in document.pages:
        for word in page.words:
            left -= len(word.text) + 1
            if left < 0:
                return encode(PrintedWords(words=tuple(found)))
            box = (round(word.left, 1), round(word.top, 1), round(word.right, 1), round(word.bottom, 1))
            found.append(Printed(text=word.text, page=page.number, box=box))
    return encode(PrintedWords(words=tuple(found)))
