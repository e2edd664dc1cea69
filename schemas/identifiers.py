"""Names that are functions of what they name, so that a replay says the same thing twice.

`DocumentId` names bytes, `InvoiceKey` names one seller's one invoice, `CommandId` names one payment of it
(design: docs/decisions/0002). None depends on a clock, a file name or a random number.
"""

import base64
import hashlib
import unicodedata
import uuid
from typing import Annotated

from pydantic import StringConstraints

DocumentId = Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$")]
InvoiceKey = Annotated[str, StringConstraints(pattern=r"^ik_[a-z2-7]{26}$")]
# At most 35 characters: it is the EndToEndIdentification of ISO 20022 (Max35Text), in the SEPA character set.
CommandId = Annotated[str, StringConstraints(pattern=r"^Q[A-Z2-7]{26}$")]

# 26 base32 characters carry 130 bits: no two invoices of any company will ever meet.
_KEY_LENGTH = 26
_SEPARATOR = b"\x1f"  # cannot occur in an identifier, so that ("a", "bc") and ("ab", "c") differ


def _base32(*parts: str) -> str:
    digest = hashlib.sha256(_SEPARATOR.join(part.encode() for part in parts)).digest()
    return base64.b32encode(digest).decode()[:_KEY_LENGTH]


def document_id(content: bytes) -> str:
    """Return the id of a document: the SHA-256 of its bytes, whatever its name."""
    return "sha256:" + hashlib.sha256(content).hexdigest()


def fold_number(number: str) -> str:
    """Return an invoice number without case, spaces, punctuation and leading zeros.

    >>> fold_number(" 00-2026/42a ")
    '202642A'
    """
    letters = unicodedata.normalize("NFKC", number).upper()
    folded = "".join(character for character in letters if character.isalnum())
    return folded.lstrip("0") or folded[:1]


def invoice_key(tenant: str, seller_identity: str, number: str) -> str:
    """Return the key of one seller's one invoice: what must be paid once, however often it is sent."""
    return "ik_" + _base32(tenant, seller_identity, fold_number(number)).lower()


def orphan_key(tenant: str, document: str) -> str:
    """Return the key of a document that names no seller or no number: it stands for itself alone."""
    return "ik_" + _base32(tenant, "document", document).lower()


def command_id(tenant: str, supplier_id: str, number: str, *, instalment: int = 1, revision: int = 0) -> str:
    """Return the id of one payment of one invoice. Amount, file and day are deliberately not part of it."""
    return "Q" + _base32(tenant, supplier_id, fold_number(number), str(instalment), str(revision))


def uetr(command: str) -> str:
    """Return the unique end-to-end transaction reference of a command: a valid lower-case UUID version 4."""
    digest = hashlib.sha256(b"uetr" + _SEPARATOR + command.encode()).digest()
    return str(uuid.UUID(bytes=digest[:16], version=4))


def record_id(*parts: str) -> str:
    """Return the id of a record that was caused by `parts`: a redelivered cause has the same effect's id."""
    return _base32(*parts).lower()


def digest(content: bytes) -> str:
    """Return the digest by which audit entries refer to a record's bytes."""
    return "sha256:" + hashlib.sha256(content).hexdigest()
