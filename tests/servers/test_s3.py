import pytest

from tests.servers.s3 import S3Server

pytestmark = pytest.mark.s3


def test_the_bucket_keeps_what_is_put(s3_server: S3Server) -> None:
    client = s3_server.client()
    client.put_object(Bucket=s3_server.bucket, Key="servers/one", Body=b"1")
    assert client.get_object(Bucket=s3_server.bucket, Key="servers/one")["Body"].read() == b"1"
    client.close()


def test_a_second_conditional_put_is_refused(s3_server: S3Server) -> None:
    client = s3_server.client()
    client.put_object(Bucket=s3_server.bucket, Key="servers/once", Body=b"1", IfNoneMatch="*")
    with pytest.raises(client.exceptions.ClientError, match="PreconditionFailed"):
        client.put_object(Bucket=s3_server.bucket, Key="servers/once", Body=b"2", IfNoneMatch="*")
    client.close()
