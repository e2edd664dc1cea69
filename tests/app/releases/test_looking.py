"""A document under two releases: what is compared, what is kept, and that nothing else can be written."""

from datetime import UTC, datetime
from typing import Any

import pytest

from agents.extraction.agent import Unavailable
from app.publishing import Published
from app.releases.long_ago import LongAgo
from app.releases.looking import Looking, OnlyTo, TopicForbidden
from app.releases.shadow import tasks
from schemas.codec import encode
from schemas.comparison import ReleaseCompared
from schemas.events import DocumentReceived, InvoiceExtracted
from schemas.evidence import ExtractedInvoice, Field, FieldName, Unreadable
from schemas.identifiers import document_id
from schemas.release import Bundle, LabelLearned, Learned
from schemas.topics import PAYMENT_DECIDED, PAYMENT_INITIATED, RELEASE_COMPARED
from tables.releases import Releases, Running
from tests.agents.builders import DEBTOR, IBAN, directory, supplier
from tests.app.releases.world import BUNDLE, CANARY, CODE, SHARE, change, documents

AT = datetime(2026, 11, 29, 12, tzinfo=UTC)
RECEIVED = DocumentReceived(document_id=document_id(b"paper"), reference="file:///paper")
BASE = Running.of(Bundle(code=CODE))
VALUES: dict[FieldName, str] = {
    "invoice_number": "F2026-0042",
    "invoice_issue_date": "2026-11-20",
    "invoice_type_code": "380",
    "invoice_currency_code": "EUR",
    "invoice_total_amount_without_vat": "100.00",
    "invoice_total_vat_amount": "20.00",
    "invoice_total_amount_with_vat": "120.00",
    "amount_due_for_payment": "120.00",
    "seller_name": "Boulangerie Dupont",
    "seller_vat_identifier": "FR40303265045",
    "payment_account_identifier": IBAN,
    "payment_means_type_code": "58",
}


def reading(**changes: str | None) -> ExtractedInvoice:
    told: dict[Any, str | None] = {**VALUES, **changes}
    fields = {name: Field(value=value, confidence=1.0) for name, value in told.items() if value}
    return ExtractedInvoice(lane="text", media_type="application/pdf", pages=1, fields=fields)


class Suppliers:
    async def directory(self) -> Any:
        return directory(supplier())


class Documents:
    """The bytes, and what is read of them the second time."""

    def __init__(self, again: ExtractedInvoice | Unreadable | Unavailable) -> None:
        self.again = again
        self.learned: list[Learned] = []

    async def fetch(self, _reference: str, _document_id: str) -> bytes | Unreadable | Unavailable:
        return b"paper"

    async def read(self, _content: bytes, learned: Learned) -> ExtractedInvoice | Unreadable | Unavailable:
        self.learned.append(learned)
        return self.again


async def looked(
    again: ExtractedInvoice | Unreadable | Unavailable, first: ExtractedInvoice | None = None, bundle: Bundle = BUNDLE
) -> ReleaseCompared | Unavailable:
    documents = Documents(again)
    looking = Looking(documents, documents, Suppliers(), {"default": DEBTOR})
    event = InvoiceExtracted(received=RECEIVED, extracted=first or reading(), release=CODE, event_time=AT)
    return await looking.look(event, BASE, Running.of(bundle), purpose="shadow", at=AT)


async def test_what_was_read_long_ago_is_read_under_both() -> None:
    documents = Documents(reading())
    looking = Looking(documents, documents, Suppliers(), {"default": DEBTOR})
    learned = Learned(labels=(LabelLearned(language="de", concept="payable", phrase="zu zahlen"),))
    then, other = Running.of(Bundle(code=CODE, learned=learned)), Running.of(BUNDLE)
    event = LongAgo(RECEIVED, then.name, AT)
    found = await looking.look(event, then, other, purpose="replay", at=AT)
    assert isinstance(found, ReleaseCompared)
    assert documents.learned == [learned, Learned()]
    assert (found.own.release, found.other.release, found.fields) == (other.name, then.name, ())
    assert (found.other.outcome, found.own.outcome) == ("approve", "hold")
    documents.again = Unavailable("SANDBOX-BUSY", "")
    assert isinstance(await looking.look(event, then, other, purpose="replay", at=AT), Unavailable)


async def compared(*arguments: Any, **named: Any) -> ReleaseCompared:
    found = await looked(*arguments, **named)
    assert isinstance(found, ReleaseCompared)
    return found


async def test_the_same_reading_under_a_policy_that_holds_all_has_another_outcome() -> None:
    found = await compared(reading())
    assert (found.other.outcome, found.own.outcome) == ("approve", "hold")
    assert (found.release_id, found.own.release, found.other.release) == (CANARY, CANARY, CODE)
    assert found.fields == ()
    assert found.own.evidence_digest == found.other.evidence_digest
    assert found.differs


async def test_fields_are_named_and_their_values_are_not_kept() -> None:
    found = await compared(reading(invoice_number="X-99", seller_name="Somebody"))
    assert set(found.fields) == {"invoice_number", "seller_name"}
    assert b"X-99" not in encode(found)
    assert b"Somebody" not in encode(found)
    assert IBAN.encode() not in encode(found)


async def test_a_name_that_differs_alone_is_no_disagreement() -> None:
    same_policy = BUNDLE.model_copy(update={"policy": None, "confidence_min": {"scan": 0.999}})
    found = await compared(reading(buyer_name="Another"), bundle=same_policy)
    assert found.fields == ("buyer_name",)
    assert not found.differs


async def test_what_the_other_cannot_read_is_an_outcome_and_what_cannot_be_had_is_none() -> None:
    found = await compared(Unreadable(reason="EXTRACTION-BROKEN"))
    assert (found.own.outcome, found.own.reasons) == ("unreadable", ("EXTRACTION-BROKEN",))
    assert isinstance(await looked(Unavailable("READER-STARVED", "")), Unavailable)


async def test_an_audit_sample_is_no_difference() -> None:
    sampling = Bundle(code=CODE, policy=BUNDLE.policy and BUNDLE.policy.model_copy(
        update={"automatic_lanes": frozenset({"text"}), "confidence_min": {"text": 0.9}, "audit_share": 1.0}
    ))  # fmt: skip
    found = await compared(reading(), bundle=sampling)
    assert found.own.outcome == "approve"


class Publisher:
    def __init__(self) -> None:
        self.topics: list[str] = []

    async def publish(self, topic: Any, event: Any, **more: Any) -> Published:
        assert event is RECEIVED or more
        self.topics.append(topic.name)
        return Published(0, 0, None)  # type: ignore[arg-type]  # nobody looks at it


@pytest.mark.parametrize("topic", [PAYMENT_DECIDED, PAYMENT_INITIATED])
async def test_whoever_looks_on_cannot_decide_or_pay(topic: Any) -> None:
    publisher = Publisher()
    only = OnlyTo(publisher, RELEASE_COMPARED)
    with pytest.raises(TopicForbidden):
        await only.publish(topic, RECEIVED)
    assert not publisher.topics
    await only.publish(RELEASE_COMPARED, RECEIVED)
    assert publisher.topics == [RELEASE_COMPARED.name]


def known(*changes: Any) -> Releases:
    book = Releases(CODE)
    for offset, each in enumerate(changes):
        book.apply(each, offset)
    return book


def extracted(document: str, release: str) -> InvoiceExtracted:
    received = DocumentReceived(document_id=document, reference="file:///paper")
    return InvoiceExtracted(received=received, extracted=reading(), release=release, event_time=AT)


def test_a_shadow_sees_its_share_and_a_canary_is_looked_at_by_what_is_active() -> None:
    mine, theirs = next(documents(canary=True)), next(documents(canary=False))
    shadow = known(change("shadow", 1))
    assert [(task.other.name, task.purpose) for task in tasks(extracted(mine, CODE), shadow)] == [(CANARY, "shadow")]
    assert not list(tasks(extracted(theirs, CODE), shadow))
    canary = known(change("canary", 1, share=SHARE))
    assert [(task.other.name, task.purpose) for task in tasks(extracted(mine, CANARY), canary)] == [(CODE, "canary")]
    assert not list(tasks(extracted(theirs, CODE), canary))


def test_what_a_release_of_other_code_has_read_is_not_compared() -> None:
    mine = next(documents(canary=True))
    assert not list(tasks(extracted(mine, "0.0.9+old"), known(change("shadow", 1))))
