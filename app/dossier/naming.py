"""Which document somebody means: by its id, by its digest alone, or by a command that pays it."""

import re

from app.dossier.dossier import DocumentUnknown
from app.settings import Settings
from app.snapshot import read_to_end
from schemas.codec import Undecodable, decode
from schemas.payment import PaymentInitiated
from schemas.topics import PAYMENT_INITIATED

_DIGEST = re.compile(r"(?:sha256:)?([0-9a-f]{64})", re.IGNORECASE)
_COMMAND = re.compile(r"Q[A-Z2-7]{26}")


async def named_document(settings: Settings, text: str) -> str:
    """Return the DocumentId that is meant.

    Raises:
        DocumentUnknown: the text is no id, or names a command that was never sent.
        TopicSilent, aiokafka.errors.KafkaError: as `app.snapshot.read_to_end`.
    """
    if (digest := _DIGEST.fullmatch(text)) is not None:
        return f"sha256:{digest[1].lower()}"
    if _COMMAND.fullmatch(text) is None:
        raise DocumentUnknown(f"{text[:80]!r} is neither a document id (sha256:...), nor a command id, nor a file")
    async for record in read_to_end(settings, PAYMENT_INITIATED.name):
        if record.key == text.encode():
            try:
                return decode(record.value, PaymentInitiated).document_id
            except Undecodable:
                continue
    raise DocumentUnknown(f"no command {text} was ever sent")
