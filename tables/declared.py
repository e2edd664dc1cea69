"""Every changelog-backed table as data. Their changelog topics are created with the others, never by Faust (F13)."""

from dataclasses import dataclass

LEDGER = "quittance-ledger"


@dataclass(frozen=True)
class Declared:
    """One table of the ledger role, partitioned as the topics that it is written for."""

    name: str
    meaning: str

    @property
    def changelog(self) -> str:
        """Return the name of the compacted topic that holds the table's changes (Faust's own naming)."""
        return f"{LEDGER}-{self.name}-changelog"


DOCUMENTS = Declared("documents", "how each document was read first, by tenant and DocumentId")
INVOICES = Declared("invoices", "what was decided, by InvoiceKey: duplicates and redeliveries")
HELD = Declared("held", "invoices that wait for a person, by InvoiceKey and DocumentId")
PAYMENTS = Declared("payments", "commands issued, by CommandId, in their decision's partition")
POSITIONS = Declared("positions", "up to which offset of payment.initiated the payments table knows, by partition")
SETTLEMENTS = Declared("settlements", "what the engines said, by CommandId")

# In the order in which a table rests on those before it; they are claimed the other way round (app/stream/claims.py).
TABLES: tuple[Declared, ...] = (DOCUMENTS, INVOICES, HELD, PAYMENTS, POSITIONS, SETTLEMENTS)
