"""How each document was read first: one document is one invoice, whatever a later release makes of the same bytes.

A document comes again all the time: a redelivery, an upstream system that replays its topic, a supplier who sends his
invoice twice. If the release that reads it has changed meanwhile, it may be read as another invoice (another number,
another seller), which has another InvoiceKey and so another command id; nothing under that key knows that the document
is paid. So the first reading is remembered by document, where the readings of one document meet, and stands. Who wants
it read anew asks for another analysis, and that is held (REANALYSED).
"""

from typing import Annotated

from pydantic import Field

from schemas.base import Record
from schemas.identifiers import InvoiceKey

# Analyses of one document that are remembered; nobody asks so often, and the first is never forgotten.
READINGS_MAX = 16


class Reading(Record):
    """What one analysis of a document first came to.

    `as_read` is the key that the document has by its own words, without reference data; it is the same as long as the
    document is read as the same invoice. `invoice_key` is the one under which it was decided.
    """

    analysis: int
    as_read: InvoiceKey
    invoice_key: InvoiceKey


class DocumentFile(Record):
    """The first reading of each analysis of one document of one tenant, in the order in which they came."""

    readings: Annotated[tuple[Reading, ...], Field(max_length=READINGS_MAX)] = ()

    def first(self, analysis: int) -> Reading | None:
        """Return what an analysis first came to, or None where it is new."""
        return next((reading for reading in self.readings if reading.analysis == analysis), None)

    def contradicted(self, reading: Reading) -> Reading | None:
        """Return what the same analysis first came to, where that is another invoice by the document's own words."""
        first = self.first(reading.analysis)
        return first if first is not None and first.as_read != reading.as_read else None

    def with_reading(self, reading: Reading) -> "DocumentFile":
        """Return the file with a reading; the first one of an analysis stays, and so does the first of all."""
        if self.first(reading.analysis) is not None:
            return self
        first, later = self.readings[:1], (*self.readings[1:], reading)
        return DocumentFile(readings=(*first, *later[-(READINGS_MAX - 1) :]))


def document_key(tenant: str, document_id: str) -> str:
    """Return the key of a document in the table: two tenants may be sent the same bytes.

    >>> document_key("default", "sha256:0")
    'default/sha256:0'
    """
    return f"{tenant}/{document_id}"
