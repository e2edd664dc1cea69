"""A bucket as the place of a sealed log: conditional puts, and Object Lock in compliance mode where it is on."""

import base64
import hashlib
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from app import clock
from app.audit_log.place import PlaceUnavailable
from app.documents.port import S3Config
from app.documents.s3_failures import status_of

log = logging.getLogger(__name__)

CONNECT_SECONDS_MAX = 3.0
# The longest silence of a server; a segment is a few megabytes.
READ_SECONDS_MAX = 20.0
# The sealer repeats as long as it takes; a person who verifies waits for three tries.
ATTEMPTS_MAX = 3
# At most a thousand names are in a folder of a log; one more page would say that somebody else writes there.
LISTED_MAX = 1000
_NUMBERED = re.compile(r"\d{3}(?:\.|$)")
# What a server says that knows no Object Lock, or a bucket that was made without.
_NO_LOCK = {HTTPStatus.NOT_FOUND, HTTPStatus.NOT_IMPLEMENTED, HTTPStatus.BAD_REQUEST, HTTPStatus.METHOD_NOT_ALLOWED}


def s3_client(config: S3Config) -> Any:
    """Return a client; what the configuration leaves out is read as the AWS SDK reads it."""
    session = boto3.Session(
        aws_access_key_id=config.access_key_id,
        aws_secret_access_key=config.secret_access_key,
        aws_session_token=config.session_token,
        region_name=config.region,
    )
    style = config.addressing_style or ("path" if config.endpoint_url else "auto")
    transport = Config(
        connect_timeout=CONNECT_SECONDS_MAX,
        read_timeout=READ_SECONDS_MAX,
        retries={"total_max_attempts": ATTEMPTS_MAX, "mode": "standard"},
        s3={"addressing_style": style},
    )
    return session.client("s3", endpoint_url=config.endpoint_url, config=transport)


class BucketPlace:
    """One log below a prefix of a bucket. What is locked can be hidden by a delete, never removed or changed."""

    def __init__(self, client: Any, bucket: str, prefix: str, retention_days: int) -> None:
        """`retention_days` is for how long a new object is locked, where the bucket locks."""
        self._client = client
        self._bucket = bucket
        self._prefix = prefix
        self._retention = timedelta(days=retention_days)
        self._locks: bool | None = None

    @property
    def locks(self) -> bool:
        """Tell whether the bucket was made with Object Lock."""
        if self._locks is None:
            try:
                with self._failures():
                    found = self._client.get_object_lock_configuration(Bucket=self._bucket)
            except _Answered as answered:
                if answered.status not in _NO_LOCK:  # also where asking is forbidden: to lock nothing would be worse
                    raise PlaceUnavailable(f"Object Lock: {answered}") from answered
                found = {}
            self._locks = found.get("ObjectLockConfiguration", {}).get("ObjectLockEnabled") == "Enabled"
            if not self._locks:
                log.warning(
                    "s3://%s has no Object Lock: whoever may delete there can remove what is sealed", self._bucket
                )
        return self._locks

    def last(self, kind: str) -> int | None:
        """Return the highest number that an object of a kind has, None where none is.

        Where the bucket locks, objects that somebody has hidden by a delete count: they are there still.
        """
        folder, digits = f"{self._prefix}{kind}/", ""
        for _level in range(3):
            names = [name[:3] for name in self._names(folder) if _NUMBERED.match(name)]
            if not names:
                return None
            highest = max(names)
            folder, digits = f"{folder}{highest}/", digits + highest
        return int(digits)

    def read(self, name: str) -> bytes | None:
        """Return an object's bytes, None where it is not there, or hidden."""
        try:
            with self._failures():
                answer = self._client.get_object(Bucket=self._bucket, Key=self._prefix + name)
                content: bytes = answer["Body"].read()
        except _Answered as answered:
            if answered.status == HTTPStatus.NOT_FOUND:
                return None
            raise PlaceUnavailable(str(answered)) from answered
        return content

    def put_if_absent(self, name: str, content: bytes) -> bool:
        """Write an object, and lock it, unless one of that name is there; return whether it was written."""
        lock: dict[str, Any] = {}
        if self.locks:
            lock = {"ObjectLockMode": "COMPLIANCE", "ObjectLockRetainUntilDate": clock.now() + self._retention}
        try:
            with self._failures():
                self._client.put_object(
                    Bucket=self._bucket,
                    Key=self._prefix + name,
                    Body=content,
                    ChecksumSHA256=base64.b64encode(hashlib.sha256(content).digest()).decode(),
                    IfNoneMatch="*",
                    **lock,
                )
        except _Answered as answered:
            if answered.status == HTTPStatus.PRECONDITION_FAILED:
                return False
            raise PlaceUnavailable(str(answered)) from answered
        return True

    def children(self) -> list[int]:
        """Return the numbers that are names of folders here, in order."""
        return sorted(int(name) for name in self._names(self._prefix) if name.isdecimal())

    def _names(self, folder: str) -> Iterator[str]:
        """Yield the names of what is in a folder."""
        ask = self._client.list_object_versions if self.locks else self._client.list_objects_v2
        try:
            with self._failures():
                found = ask(Bucket=self._bucket, Prefix=folder, Delimiter="/", MaxKeys=LISTED_MAX)
        except _Answered as answered:
            raise PlaceUnavailable(str(answered)) from answered
        folders = [each["Prefix"] for each in found.get("CommonPrefixes", ())]
        objects = [each["Key"] for kind in ("Contents", "Versions", "DeleteMarkers") for each in found.get(kind, ())]
        for name in (*folders, *objects):
            yield name[len(folder) :].rstrip("/")

    @contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code", "")
            at = f"s3://{self._bucket}/{self._prefix}"
            raise _Answered(status_of(error), f"{at}: S3 answers {status_of(error)} {code}") from error
        except (BotoCoreError, OSError) as error:
            raise PlaceUnavailable(f"s3://{self._bucket}: {type(error).__name__}") from error


class _Answered(Exception):  # noqa: N818 - within this module alone
    """S3 has answered that it will not."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status
