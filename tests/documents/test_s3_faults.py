"""Every way in which S3 can fail, each with its one outcome (design: R7)."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import pytest
import pytest_asyncio

from app.documents import (
    DocumentFailure,
    DocumentForbidden,
    DocumentsConfig,
    DocumentsTooSlow,
    DocumentStore,
    DocumentsUnavailable,
    DocumentTooLarge,
    HashMismatch,
    PermanentFailure,
    S3Config,
    open_documents,
)
from tests.documents.faulty_s3 import Answer, FaultyS3, Request, error
from tests.documents.places import QUICK
from tests.documents.s3_rows import AT, CHECKSUM, CONTENT, DOCUMENT, GOOD, PERMANENT, TRANSIENT

# One loop, one server and one client for the module: to make a client costs as much as ten requests.
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def faulty_s3() -> AsyncIterator[FaultyS3]:
    async with FaultyS3() as server:
        yield server


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def store(faulty_s3: FaultyS3) -> AsyncIterator[DocumentStore]:
    config = DocumentsConfig(location="s3://home/documents", s3=faulty_s3.config, limits=QUICK)
    async with open_documents(config) as opened:
        yield opened


class TestFetch:
    @pytest.mark.parametrize(("answer", "expected"), PERMANENT)
    async def test_permanent(
        self, store: DocumentStore, faulty_s3: FaultyS3, answer: Answer, expected: type[DocumentFailure]
    ) -> None:
        faulty_s3.answers(answer, GOOD)
        with pytest.raises(PermanentFailure) as caught:
            await store.fetch(AT, DOCUMENT)
        assert type(caught.value) is expected
        assert (caught.value.subject, caught.value.attempts, len(faulty_s3.requests)) == (AT, 1, 1)

    @pytest.mark.parametrize(("answer", "expected"), TRANSIENT)
    async def test_transient_that_lasts(
        self, store: DocumentStore, faulty_s3: FaultyS3, answer: Answer, expected: type[DocumentFailure]
    ) -> None:
        faulty_s3.answers(answer)
        with pytest.raises(DocumentsUnavailable) as caught:
            await store.fetch(AT, DOCUMENT)
        assert type(caught.value) is expected
        assert caught.value.attempts == len(faulty_s3.requests) == QUICK.attempts_max

    @pytest.mark.parametrize("answer", [pytest.param(row.values[0], id=str(row.id)) for row in TRANSIENT])
    async def test_transient_that_passes(self, store: DocumentStore, faulty_s3: FaultyS3, answer: Answer) -> None:
        faulty_s3.answers(answer, GOOD)
        assert await store.fetch(AT, DOCUMENT) == CONTENT
        assert len(faulty_s3.requests) == 2

    async def test_a_server_that_hangs_up(self, store: DocumentStore, faulty_s3: FaultyS3) -> None:
        faulty_s3.answers(Answer(hang_up=True))
        with pytest.raises(DocumentsUnavailable, match="ConnectionClosedError") as caught:
            await store.fetch(AT, DOCUMENT)
        assert caught.value.attempts == QUICK.attempts_max
        # aiohttp itself repeats a request once whose connection was closed without an answer: bounded, and right
        # where a kept connection had gone stale
        assert len(faulty_s3.requests) <= 2 * QUICK.attempts_max

    async def test_a_body_without_a_length_is_counted(self, store: DocumentStore, faulty_s3: FaultyS3) -> None:
        chunked = b"".join(b"40000\r\n" + bytes(0x40000) + b"\r\n" for _ in range(400))
        faulty_s3.answers(Answer(body=chunked, headers={"transfer-encoding": "chunked"}))
        with pytest.raises(DocumentTooLarge):
            await store.fetch(AT, DOCUMENT)

    async def test_dripping_ends_with_the_attempt(self, faulty_s3: FaultyS3) -> None:
        limits = replace(QUICK, attempt_seconds_max=0.5, attempts_max=2)
        faulty_s3.answers(replace(GOOD, drip_seconds=0.05))
        config = DocumentsConfig(location="s3://home", s3=faulty_s3.config, limits=limits)
        async with open_documents(config) as store:
            with pytest.raises(DocumentsTooSlow) as caught:
                await store.fetch(AT, DOCUMENT)
        assert caught.value.attempts == 2

    async def test_a_port_where_nobody_listens(self, unused_tcp_port: int) -> None:
        s3 = S3Config(
            endpoint_url=f"http://127.0.0.1:{unused_tcp_port}", region="eu", access_key_id="a", secret_access_key="b"
        )
        async with open_documents(DocumentsConfig(location="s3://home", s3=s3, limits=QUICK)) as store:
            with pytest.raises(DocumentsUnavailable, match="EndpointConnectionError") as caught:
                await store.fetch(AT, DOCUMENT)
        assert caught.value.attempts == QUICK.attempts_max

    async def test_our_own_bucket_gone_is_no_fault_of_the_document(
        self, store: DocumentStore, faulty_s3: FaultyS3
    ) -> None:
        faulty_s3.answers(error(404, "NoSuchBucket"))
        with pytest.raises(DocumentsUnavailable):
            await store.fetch(str(store.locate(DOCUMENT)), DOCUMENT)

    async def test_a_caller_who_gives_up_is_let_go(self, store: DocumentStore, faulty_s3: FaultyS3) -> None:
        asked = asyncio.Event()

        def stall(_: Request) -> Answer:
            asked.set()
            return replace(GOOD, silence_after=10)

        faulty_s3.answers(stall)
        fetch = asyncio.create_task(store.fetch(AT, DOCUMENT))
        await asked.wait()
        fetch.cancel()
        with pytest.raises(asyncio.CancelledError):
            await fetch
        faulty_s3.answers(GOOD)
        assert await store.fetch(AT, DOCUMENT) == CONTENT

    async def test_more_fetches_than_connections(self, faulty_s3: FaultyS3) -> None:
        faulty_s3.answers(GOOD)
        limits = replace(QUICK, connections_max=2)
        async with open_documents(DocumentsConfig(location="s3://home", s3=faulty_s3.config, limits=limits)) as store:
            assert set(await asyncio.gather(*(store.fetch(AT, DOCUMENT) for _ in range(20)))) == {CONTENT}


class TestPut:
    async def test_what_is_asked_for(self, faulty_s3: FaultyS3) -> None:
        faulty_s3.answers(Answer())
        s3 = replace(faulty_s3.config, encryption="aws:kms", encryption_key_id="key-7")
        async with open_documents(DocumentsConfig(location="s3://home/in/", s3=s3, limits=QUICK)) as store:
            reference = await store.put(CONTENT, "application/pdf")
        digest = hashlib.sha256(CONTENT).hexdigest()
        assert str(reference) == f"s3://home/in/{digest[:2]}/{digest[2:4]}/{digest}"
        (request,) = faulty_s3.requests
        assert (request.method, request.target) == ("PUT", f"/home/in/{digest[:2]}/{digest[2:4]}/{digest}")
        assert request.body == CONTENT
        expected = {
            "if-none-match": "*",
            "x-amz-checksum-sha256": CHECKSUM,
            "content-type": "application/pdf",
            "x-amz-server-side-encryption": "aws:kms",
            "x-amz-server-side-encryption-aws-kms-key-id": "key-7",
        }
        assert expected.items() <= request.headers.items()

    async def test_412_is_well_when_the_same_document_is_there(self, store: DocumentStore, faulty_s3: FaultyS3) -> None:
        faulty_s3.answers(error(412, "PreconditionFailed"), stored(len(CONTENT), CHECKSUM))
        assert await store.put(CONTENT, "application/pdf") == store.locate(DOCUMENT)
        assert [request.method for request in faulty_s3.requests] == ["PUT", "HEAD"]

    async def test_412_of_an_object_without_checksum_is_held_to_its_size(
        self, store: DocumentStore, faulty_s3: FaultyS3
    ) -> None:
        faulty_s3.answers(error(412, "PreconditionFailed"), stored(len(CONTENT), None))
        assert await store.put(CONTENT, "application/pdf") == store.locate(DOCUMENT)

    @pytest.mark.parametrize(
        ("size_bytes", "checksum"), [(len(CONTENT) - 1, CHECKSUM), (len(CONTENT), CHECKSUM[::-1]), (0, None)]
    )
    async def test_412_with_another_document_there_is_an_alarm(
        self, store: DocumentStore, faulty_s3: FaultyS3, size_bytes: int, checksum: str | None
    ) -> None:
        faulty_s3.answers(error(412, "PreconditionFailed"), stored(size_bytes, checksum))
        with pytest.raises(HashMismatch) as caught:
            await store.put(CONTENT, "application/pdf")
        assert caught.value.attempts == 1

    async def test_a_lost_answer_is_found_at_the_next_attempt(self, store: DocumentStore, faulty_s3: FaultyS3) -> None:
        faulty_s3.answers(Answer(hang_up=True), error(412, "PreconditionFailed"), stored(len(CONTENT), CHECKSUM))
        assert await store.put(CONTENT, "application/pdf") == store.locate(DOCUMENT)

    @pytest.mark.parametrize(
        "answer",
        [
            pytest.param(error(409, "ConditionalRequestConflict"), id="409-another-put-under-way"),
            pytest.param(error(400, "BadDigest"), id="400-damaged-on-its-way"),
            pytest.param(error(503, "SlowDown"), id="503-slow-down"),
            pytest.param(error(500, "InternalError"), id="500"),
            pytest.param(Answer(silence_after=0, announced=5), id="stall"),
        ],
    )
    async def test_a_passing_failure_is_tried_again(
        self, store: DocumentStore, faulty_s3: FaultyS3, answer: Answer
    ) -> None:
        faulty_s3.answers(answer, Answer())
        await store.put(CONTENT, "application/pdf")
        assert len(faulty_s3.requests) == 2

    @pytest.mark.parametrize(
        ("answer", "expected"),
        [
            pytest.param(error(403, "AccessDenied"), DocumentForbidden, id="403"),
            pytest.param(error(404, "NoSuchBucket"), DocumentsUnavailable, id="404-our-bucket"),
            pytest.param(error(400, "KMS.NotFoundException"), DocumentsUnavailable, id="400-our-key"),
            pytest.param(error(503, "SlowDown"), DocumentsUnavailable, id="503"),
            pytest.param(Answer(hang_up=True), DocumentsUnavailable, id="hangs-up"),
            pytest.param(Answer(silence_after=0, announced=5), DocumentsTooSlow, id="stall"),
        ],
    )
    async def test_a_failure_that_lasts(
        self, store: DocumentStore, faulty_s3: FaultyS3, answer: Answer, expected: type[DocumentFailure]
    ) -> None:
        faulty_s3.answers(answer)
        with pytest.raises(DocumentFailure) as caught:
            await store.put(CONTENT, "application/pdf")
        assert type(caught.value) is expected


class TestExistsAndProbe:
    async def test_exists(self, store: DocumentStore, faulty_s3: FaultyS3) -> None:
        faulty_s3.answers(Answer(404), Answer(200), Answer(503), Answer(200))
        assert [await store.exists(AT) for _ in range(3)] == [False, True, True]

    @pytest.mark.parametrize(
        ("answer", "expected"), [(Answer(403), DocumentForbidden), (Answer(400), DocumentsUnavailable)]
    )
    async def test_exists_where_s3_will_not_say(
        self, store: DocumentStore, faulty_s3: FaultyS3, answer: Answer, expected: type[DocumentFailure]
    ) -> None:
        faulty_s3.answers(answer)
        with pytest.raises(expected):
            await store.exists(AT)

    @pytest.mark.parametrize("status", [403, 404, 500, 503])
    async def test_a_probe_asks_once(self, store: DocumentStore, faulty_s3: FaultyS3, status: int) -> None:
        faulty_s3.answers(Answer(status), Answer(200))
        with pytest.raises(DocumentFailure):
            await store.probe()
        await store.probe()
        assert [request.method for request in faulty_s3.requests] == ["HEAD", "HEAD"]


class TestCredentials:
    @pytest.fixture(autouse=True)
    def no_credentials(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_SESSION_TOKEN"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
        monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")

    async def test_a_folder_store_without_s3_does_not_wait_for_s3(self, tmp_path: object) -> None:
        async with open_documents(DocumentsConfig(location=f"file://{tmp_path}", limits=QUICK)) as store:
            with pytest.raises(DocumentForbidden, match="no S3 credentials"):
                await store.fetch(AT, DOCUMENT)

    async def test_an_s3_store_waits_for_its_operator(self, faulty_s3: FaultyS3) -> None:
        s3 = S3Config(endpoint_url=faulty_s3.endpoint_url)
        async with open_documents(DocumentsConfig(location="s3://home", s3=s3, limits=QUICK)) as store:
            with pytest.raises(DocumentsUnavailable):
                await store.fetch(AT, DOCUMENT)

    async def test_the_environment_is_read_as_the_sdk_reads_it(
        self, faulty_s3: FaultyS3, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        faulty_s3.answers(GOOD)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key-of-the-environment")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-north-1")
        s3 = S3Config(endpoint_url=faulty_s3.endpoint_url)
        async with open_documents(DocumentsConfig(location="s3://home", s3=s3, limits=QUICK)) as store:
            await store.fetch(AT, DOCUMENT)
        assert "key-of-the-environment/" in faulty_s3.requests[0].headers["authorization"]
        assert "/eu-north-1/s3/" in faulty_s3.requests[0].headers["authorization"]


def stored(size_bytes: int, checksum: str | None) -> Callable[[Request], Answer]:
    def head(request: Request) -> Answer:
        assert request.headers.get("x-amz-checksum-mode") == "ENABLED"
        return Answer(headers={"x-amz-checksum-sha256": checksum} if checksum else {}, announced=size_bytes)

    return head
