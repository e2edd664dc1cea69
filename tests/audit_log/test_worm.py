"""A4: on a real S3 server nobody removes, replaces or frees what was sealed before its time is over."""

from datetime import UTC, datetime, timedelta

import botocore.exceptions
import pytest

from app.audit_log.log import LogBroken, SealedLog
from app.audit_log.offline.segment import segment_name
from app.audit_log.place_s3 import BucketPlace, s3_client
from tests.audit_log.logs import KEY, ORIGIN, leaves, walked
from tests.audit_log.test_places import config
from tests.servers.s3 import S3Server

pytestmark = pytest.mark.s3
NAME = segment_name(0)
RETENTION_DAYS = 10


@pytest.fixture
def locked(s3_server: S3Server, request: pytest.FixtureRequest) -> tuple[S3Server, str]:
    if s3_server.kind != "versitygw":
        pytest.skip("moto lets a retention be shortened; Object Lock is seen on versitygw")
    return s3_server, s3_server.create_bucket(f"worm-{abs(hash(request.node.name)) % 10**9}", object_lock=True)


def place_of(server: S3Server, bucket: str) -> BucketPlace:
    return BucketPlace(s3_client(config(server)), bucket, "log/", RETENTION_DAYS)


def sealed_in(place: BucketPlace) -> SealedLog:
    log = SealedLog(place, None, ORIGIN, KEY)
    log.open()
    log.append(leaves(0, 5))
    return log


def test_a_segment_is_locked_in_compliance_mode_for_the_time_that_the_settings_say(
    locked: tuple[S3Server, str],
) -> None:
    server, bucket = locked
    sealed_in(place_of(server, bucket))
    found = server.client().get_object_retention(Bucket=bucket, Key=f"log/{NAME}")["Retention"]
    assert found["Mode"] == "COMPLIANCE"
    due = datetime.now(UTC) + timedelta(days=RETENTION_DAYS)
    assert abs(found["RetainUntilDate"] - due) < timedelta(hours=1)


def test_a_locked_segment_cannot_be_deleted(locked: tuple[S3Server, str]) -> None:
    server, bucket = locked
    sealed_in(place_of(server, bucket))
    version = server.client().head_object(Bucket=bucket, Key=f"log/{NAME}")["VersionId"]
    for more in ({}, {"BypassGovernanceRetention": True}):
        with pytest.raises(botocore.exceptions.ClientError, match=r"AccessDenied|InvalidRequest|ObjectLocked"):
            server.client().delete_object(Bucket=bucket, Key=f"log/{NAME}", VersionId=version, **more)
    assert walked(place_of(server, bucket)).is_intact


def test_its_retention_can_be_neither_shortened_nor_weakened_only_prolonged(locked: tuple[S3Server, str]) -> None:
    server, bucket = locked
    sealed_in(place_of(server, bucket))
    client, key = server.client(), f"log/{NAME}"
    for mode, days in (("COMPLIANCE", 1), ("GOVERNANCE", RETENTION_DAYS)):
        until = datetime.now(UTC) + timedelta(days=days)
        with pytest.raises(botocore.exceptions.ClientError):
            client.put_object_retention(
                Bucket=bucket,
                Key=key,
                Retention={"Mode": mode, "RetainUntilDate": until},
                BypassGovernanceRetention=True,
            )
    longer = datetime.now(UTC) + timedelta(days=2 * RETENTION_DAYS)
    client.put_object_retention(Bucket=bucket, Key=key, Retention={"Mode": "COMPLIANCE", "RetainUntilDate": longer})


def test_what_is_written_over_it_is_another_version_and_the_sealed_one_stays(locked: tuple[S3Server, str]) -> None:
    server, bucket = locked
    place = place_of(server, bucket)
    sealed_in(place)
    client, key = server.client(), f"log/{NAME}"
    first = client.head_object(Bucket=bucket, Key=key)["VersionId"]
    assert not place.put_if_absent(NAME, b"other"), "the sealer itself never writes over"
    try:
        client.put_object(Bucket=bucket, Key=key, Body=b"other")
    except botocore.exceptions.ClientError:
        return  # a server may refuse it outright
    kept = client.get_object(Bucket=bucket, Key=key, VersionId=first)["Body"].read()
    assert kept.startswith(b'{"count":5')
    assert {finding.kind for finding in walked(place).findings} == {"checkpoint invalid"}


def test_a_segment_that_somebody_hides_is_missed_and_never_sealed_anew(locked: tuple[S3Server, str]) -> None:
    server, bucket = locked
    sealed_in(place_of(server, bucket))
    try:
        server.client().delete_object(Bucket=bucket, Key=f"log/{NAME}")
    except botocore.exceptions.ClientError:
        return  # a server may refuse it outright
    assert "segment missing" in {finding.kind for finding in walked(place_of(server, bucket)).findings}
    with pytest.raises(LogBroken):
        SealedLog(place_of(server, bucket), None, ORIGIN, KEY).open()
