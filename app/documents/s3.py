"""Documents in S3: fetched from any bucket that we may read, put into the configured one."""

import asyncio
import base64
import re
from contextlib import AsyncExitStack
from http import HTTPStatus
from typing import Any, Protocol

import aioboto3
from aiobotocore.config import AioConfig  # type: ignore[import-untyped]  # the package ships no types
from botocore.exceptions import ClientError

from app.documents.collecting import Collected
from app.documents.failures import (
    DocumentForbidden,
    DocumentNotFound,
    DocumentsUnavailable,
    HashMismatch,
    PermanentFailure,
)
from app.documents.limits import READ_CHUNK_BYTES, Limits
from app.documents.port import S3Config
from app.documents.reference import S3Reference, fan_out
from app.documents.s3_failures import s3_failures, status_of

# RFC 9110 section 8.3.1 without parameters; what is no such label is not worth a refused document
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]{1,127}/[A-Za-z0-9!#$&^_.+-]{1,127}")
_UNLABELLED = "application/octet-stream"


class S3Client(Protocol):
    """The part of the SDK's untyped client that is used."""

    async def get_object(self, **parameters: Any) -> dict[str, Any]: ...  # noqa: D102 the SDK's own
    async def head_object(self, **parameters: Any) -> dict[str, Any]: ...  # noqa: D102 the SDK's own
    async def put_object(self, **parameters: Any) -> dict[str, Any]: ...  # noqa: D102 the SDK's own
    async def head_bucket(self, **parameters: Any) -> dict[str, Any]: ...  # noqa: D102 the SDK's own


class S3Connection:
    """The one client of a store, with its pool of connections; opened when first needed, closed with `stack`."""

    def __init__(self, config: S3Config, limits: Limits, stack: AsyncExitStack) -> None:
        self._config = config
        self._limits = limits
        self._stack = stack
        self._lock = asyncio.Lock()
        self._client: S3Client | None = None

    async def client(self) -> S3Client:
        """Return the client; at the first call it is made (0.3 s, and the search for credentials)."""
        async with self._lock:
            if self._client is not None:
                return self._client
            client: S3Client = await self._stack.enter_async_context(self._new_client())
            self._client = client
            return client

    def _new_client(self) -> Any:
        config = self._config
        session = aioboto3.Session(
            aws_access_key_id=config.access_key_id,
            aws_secret_access_key=config.secret_access_key,
            aws_session_token=config.session_token,
            region_name=config.region,
        )
        return session.client("s3", endpoint_url=config.endpoint_url, config=self._transport())

    def _transport(self) -> Any:
        style = self._config.addressing_style or ("path" if self._config.endpoint_url else "auto")
        return AioConfig(
            connect_timeout=self._limits.connect_seconds_max,
            read_timeout=self._limits.stall_seconds_max,
            max_pool_connections=self._limits.connections_max,
            retries={"total_max_attempts": 1, "mode": "standard"},  # retry.py alone repeats, under one deadline
            s3={"addressing_style": style},
        )


class Buckets:
    """Reads objects of any bucket. Each call is one attempt."""

    def __init__(self, connection: S3Connection, limits: Limits, home_bucket: str | None) -> None:
        self._connection = connection
        self._limits = limits
        self._home_bucket = home_bucket

    async def read(self, at: S3Reference, digest: str) -> bytes:
        """Return the verified bytes of one object.

        Raises:
            DocumentFailure: as `DocumentStore.fetch`.
        """
        collected = Collected(str(at), self._limits.document_bytes_max)
        with s3_failures(at, self._home_bucket):
            client = await self._connection.client()
            answer = await client.get_object(Bucket=at.bucket, Key=at.key)
            body = answer["Body"]
            async with body:  # frees the connection; one that was left in mid-answer is closed, not reused
                collected.expect(answer.get("ContentLength", 0))
                while chunk := await body.read(READ_CHUNK_BYTES):
                    collected.add(chunk)
        return collected.verified(digest)

    async def exists(self, at: S3Reference) -> bool:
        """Tell whether an object is there.

        Raises:
            DocumentFailure: as `DocumentStore.exists`.
        """
        try:
            with s3_failures(at, self._home_bucket):
                await (await self._connection.client()).head_object(Bucket=at.bucket, Key=at.key)
        except DocumentNotFound:
            return False
        return True


class BucketHome:
    """Keeps each document under `prefix/ab/cd/abcd...`. Each call is one attempt."""

    def __init__(self, bucket: str, prefix: str, connection: S3Connection, config: S3Config) -> None:
        self._bucket = bucket
        self._prefix = f"{prefix}/" if prefix else ""
        self._connection = connection
        self._encryption = _encryption(config)

    def locate(self, digest: str) -> S3Reference:
        """Return where the document of this hash is kept."""
        return S3Reference(self._bucket, self._prefix + fan_out(digest))

    async def write(self, content: bytes, digest: str, media_type: str, *, name: str | None = None) -> S3Reference:
        """Store the bytes if they are absent. A server that ignores the condition replaces them by the same bytes."""
        at = self.locate(name or digest)
        try:
            with s3_failures(at, self._bucket):
                await self._put_if_absent(at, content, digest, media_type)
        except (DocumentForbidden, HashMismatch):
            raise
        except PermanentFailure as failure:  # of our own bucket, 404 and 400 are for the operator to mend
            raise DocumentsUnavailable(str(at), failure.detail) from failure
        return at

    async def probe(self) -> None:
        """Ask for the bucket itself (s3:ListBucket, which also makes a missing object a 404 and not a 403)."""
        with s3_failures(S3Reference(self._bucket, self._prefix), self._bucket):
            await (await self._connection.client()).head_bucket(Bucket=self._bucket)

    async def _put_if_absent(self, at: S3Reference, content: bytes, digest: str, media_type: str) -> None:
        client = await self._connection.client()
        try:
            await client.put_object(
                Bucket=at.bucket,
                Key=at.key,
                Body=content,
                ContentType=media_type if _MEDIA_TYPE.fullmatch(media_type) else _UNLABELLED,
                ChecksumSHA256=_checksum(digest),  # the server refuses bytes that were damaged on their way
                IfNoneMatch="*",
                **self._encryption,
            )
        except ClientError as error:
            if status_of(error) != HTTPStatus.PRECONDITION_FAILED:
                raise
            await self._verify_stored(client, at, len(content), digest)

    @staticmethod
    async def _verify_stored(client: S3Client, at: S3Reference, size_bytes: int, digest: str) -> None:
        """Hold what is there against what was to be put, by what the server keeps about it."""
        stored = await client.head_object(Bucket=at.bucket, Key=at.key, ChecksumMode="ENABLED")
        checksum = stored.get("ChecksumSHA256", _checksum(digest))  # absent where another tool has put it
        if stored["ContentLength"] != size_bytes or checksum != _checksum(digest):
            raise HashMismatch(str(at), "other bytes lie under this hash: the bucket was changed past us")


def _checksum(digest: str) -> str:
    return base64.b64encode(bytes.fromhex(digest)).decode()


def _encryption(config: S3Config) -> dict[str, str]:
    parameters = {"ServerSideEncryption": config.encryption, "SSEKMSKeyId": config.encryption_key_id}
    return {name: value for name, value in parameters.items() if value is not None}
