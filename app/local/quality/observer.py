"""What the demo knows of its own run: each document's reading and release, as the topics say. It writes nothing."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from app.local.watch import TopicWatch
from app.settings import Settings
from schemas.codec import decode
from schemas.comparison import ReleaseCompared
from schemas.events import DocumentStatus, InvoiceExtracted
from schemas.feedback import FeedbackRecorded
from schemas.payment import PaymentInitiated
from schemas.release import ReleaseChanged
from schemas.topics import (
    DOCUMENT_STATUS,
    FEEDBACK_RECORDED,
    INVOICE_EXTRACTED,
    PAYMENT_INITIATED,
    RELEASE_CHANGED,
    RELEASE_COMPARED,
    Topic,
)

# The chain needs a tenth of a second for a document, a shadow some seconds; what is not there after this never comes.
WAIT_SECONDS = 90.0
SETTLED = frozenset({"held", "rejected", "payment_initiated", "payment_accepted", "settled"})


class NeverCame(Exception):  # noqa: N818 - it says what happened
    """What was waited for did not happen in time; the message says what."""


@dataclass
class Observed:
    """What has been seen so far, by document, command and release."""

    readings: dict[str, InvoiceExtracted] = field(default_factory=dict)
    statuses: dict[str, DocumentStatus] = field(default_factory=dict)
    feedback: list[FeedbackRecorded] = field(default_factory=list)
    commands: dict[str, PaymentInitiated] = field(default_factory=dict)
    releases: dict[str, ReleaseChanged] = field(default_factory=dict)
    history: list[ReleaseChanged] = field(default_factory=list)
    compared: dict[tuple[str, str], ReleaseCompared] = field(default_factory=dict)

    def take(self, topic: str, key: str, value: bytes, _timestamp: int) -> None:
        """Take in one record."""
        match topic:
            case INVOICE_EXTRACTED.name:
                self.readings[key] = decode(value, InvoiceExtracted)
            case DOCUMENT_STATUS.name:
                self.statuses[key] = decode(value, DocumentStatus)
            case FEEDBACK_RECORDED.name:
                self.feedback.append(decode(value, FeedbackRecorded))
            case PAYMENT_INITIATED.name:
                self.commands.setdefault(key, decode(value, PaymentInitiated))
            case RELEASE_CHANGED.name:
                self.releases[key] = decode(value, ReleaseChanged)
                self.history.append(self.releases[key])
            case RELEASE_COMPARED.name:
                compared = decode(value, ReleaseCompared)
                self.compared[compared.purpose, compared.document_id] = compared

    def number(self, document_id: str) -> str | None:
        """Return the invoice number that was read on a document."""
        reading = self.readings.get(document_id)
        return reading.extracted.value("invoice_number") if reading else None

    def settled(self, document_id: str) -> bool:
        """Tell whether a document waits for a person, or is through."""
        status = self.statuses.get(document_id)
        return status is not None and status.state in SETTLED


class Observer(TopicWatch):
    """Watches what the chapters of the demo speak of."""

    TOPICS: tuple[Topic, ...] = (
        INVOICE_EXTRACTED, DOCUMENT_STATUS, FEEDBACK_RECORDED, PAYMENT_INITIATED, RELEASE_CHANGED, RELEASE_COMPARED,
    )  # fmt: skip

    def __init__(self, settings: Settings) -> None:
        """Nothing is read before `run`."""
        self.seen = Observed()
        super().__init__(settings, [topic.name for topic in self.TOPICS], self.seen.take)

    async def until(self, what: str, true: Callable[[Observed], bool], seconds: float = WAIT_SECONDS) -> None:
        """Wait until something is true of what was seen.

        Raises:
            NeverCame: it does not happen in time.
        """
        try:
            async with asyncio.timeout(seconds):
                while not true(self.seen):
                    self.changed.clear()
                    await self.changed.wait()
        except TimeoutError:
            raise NeverCame(f"{what}: not within {seconds:g} s") from None
