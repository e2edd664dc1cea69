"""R7, S3's half: what each answer of S3 does to the document, through the store and the stage that asks for it.

Rejected is what the publisher must mend; all else waits, with its original bytes, for a replay. Nothing is dropped.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio
from botocore.exceptions import ClientError

from agents.extraction.agent import extraction
from app.documents import (
    DocumentFailure,
    DocumentForbidden,
    DocumentsConfig,
    DocumentsTooSlow,
    DocumentsUnavailable,
    PermanentFailure,
    S3Config,
    open_documents,
)
from app.documents.limits import Limits
from app.documents.reference import S3Reference
from app.documents.retry import with_attempts
from app.documents.s3_failures import s3_failures
from app.extraction import StoredDocuments
from app.local.ports import free_port
from schemas.evidence import ExtractedInvoice, Unreadable
from schemas.release import Learned
from schemas.topics import DOCUMENT_RECEIVED
from tests.agents.ports import AtOnce, FakePorts, FakeStream
from tests.app.stream.events import event
from tests.documents.faulty_s3 import Answer, FaultyS3
from tests.documents.places import QUICK
from tests.documents.s3_rows import AT, DOCUMENT, GOOD, PERMANENT, TRANSIENT

VALUE = json.dumps({"document_id": DOCUMENT, "reference": AT}).encode()

pytestmark = pytest.mark.asyncio(loop_scope="module")


class NoReader:
    """Nothing was fetched, so nothing is read."""

    async def read(self, content: bytes, _learned: Learned) -> ExtractedInvoice | Unreadable:
        pytest.fail(f"read {content!r}")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def faulty_s3() -> AsyncIterator[FaultyS3]:
    async with FaultyS3() as server:
        yield server


async def arrives(s3: S3Config) -> FakePorts:
    """One event through the extraction stage; what was written."""
    ports = FakePorts()
    async with open_documents(DocumentsConfig(location="s3://home", s3=s3, limits=QUICK)) as store:
        agent = extraction(ports, AtOnce(), StoredDocuments(store), NoReader())
        await agent(FakeStream([event(7, topic=DOCUMENT_RECEIVED.name, key=DOCUMENT.encode(), value=VALUE)]))
    return ports


def assert_outcome(ports: FakePorts, failure: type[DocumentFailure]) -> None:
    """One status, with the failure's own code; a letter with the original bytes where the document waits."""
    for_good = issubclass(failure, PermanentFailure) and failure is not DocumentForbidden
    (status,) = ports.statuses
    assert (status.state, status.reasons) == ("rejected" if for_good else "held", (failure.code,))
    assert len(ports.audit) == 1
    assert [(one.key, one.value, one.reason) for one in ports.letters] == (
        [] if for_good else [(DOCUMENT.encode(), VALUE, failure.code)]
    )


@pytest.mark.parametrize(("answer", "failure"), [*PERMANENT, *TRANSIENT])
async def test_each_answer_of_s3_has_one_outcome(
    faulty_s3: FaultyS3, answer: Answer, failure: type[DocumentFailure]
) -> None:
    faulty_s3.answers(answer)
    assert_outcome(await arrives(faulty_s3.config), failure)


async def test_a_refused_connection() -> None:
    s3 = S3Config(endpoint_url=f"http://127.0.0.1:{free_port()}", region="x", access_key_id="a", secret_access_key="b")
    ports = await arrives(s3)
    assert (ports.statuses[0].state, ports.statuses[0].reasons) == ("held", ("DOCUMENTS-UNAVAILABLE",))
    assert [letter.value for letter in ports.letters] == [VALUE]


async def test_a_server_that_is_slow_but_within_its_time_is_no_failure(faulty_s3: FaultyS3) -> None:
    """Slow is what is slower than the limits; anything else is waited for."""
    faulty_s3.answers(replace(GOOD, drip_seconds=0.0005))
    async with open_documents(DocumentsConfig(location="s3://home", s3=faulty_s3.config, limits=QUICK)) as store:
        assert await store.fetch(AT, DOCUMENT) == GOOD.body


async def test_a_stall_of_a_minute_costs_what_the_limits_say(faulty_s3: FaultyS3) -> None:
    """One attempt of the limits that a worker has: it ends with the stall's own bound, not with the minute."""
    faulty_s3.answers(replace(GOOD, silence_after=100))
    limits = replace(Limits(), attempts_max=1)
    loop = asyncio.get_running_loop()
    async with open_documents(DocumentsConfig(location="s3://home", s3=faulty_s3.config, limits=limits)) as store:
        before = loop.time()
        with pytest.raises(DocumentsTooSlow):
            await store.fetch(AT, DOCUMENT)
        assert loop.time() - before < limits.attempt_seconds_max + limits.connect_seconds_max


async def test_all_attempts_together_end_before_the_operation_does() -> None:
    """A deadline over all: what is retried cannot hold its partition longer than Kafka waits between two polls."""
    limits = replace(Limits(), operation_seconds_max=0.3, attempts_max=1_000, attempt_seconds_max=0.05)

    async def stall() -> None:
        await asyncio.sleep(60)

    with pytest.raises(DocumentsUnavailable) as caught:
        await with_attempts(stall, "one", limits)
    assert 1 <= caught.value.attempts < 10


@pytest.mark.parametrize("code", ["", "Unknown", "SlowDown", "AccessDenied", "403", "500"])
@pytest.mark.parametrize("is_home", [False, True])
async def test_no_status_of_http_is_without_an_outcome(code: str, *, is_home: bool) -> None:
    """Whatever a server answers, and an SDK that knows none: a failure with a code, never a surprise."""
    at = S3Reference("bucket", "key")
    for status in (0, *range(100, 600)):
        answer = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
        with pytest.raises(DocumentFailure) as caught, s3_failures(at, "bucket" if is_home else "home"):
            raise ClientError(answer, "GetObject")
        assert caught.value.code
        if status == 0 or status >= 500:
            assert isinstance(caught.value, DocumentsUnavailable), "theirs, and passing"
