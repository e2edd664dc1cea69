"""What each answer of S3, and each way of giving none, means for a document: one table."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

import aiohttp
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    FlexibleChecksumError,
    IncompleteReadError,
    NoCredentialsError,
    ReadTimeoutError,
    ResponseStreamingError,
)
from botocore.parsers import ResponseParserError

from app.documents.failures import (
    DocumentFailure,
    DocumentForbidden,
    DocumentNotFound,
    DocumentsTooSlow,
    DocumentsUnavailable,
    DocumentTruncated,
    ReferenceRefused,
)
from app.documents.reference import S3Reference

# 403s and 400s that speak of us, not of the document (S3 API reference, "Error responses"). To take them for the
# document's fault would reject every invoice of an afternoon because a key was rotated.
_OUR_CREDENTIALS = frozenset({
    "AccountProblem",
    "AuthorizationHeaderMalformed",
    "ExpiredToken",
    "InvalidAccessKeyId",
    "InvalidToken",
    "NotSignedUp",
    "RequestExpired",
    "RequestTimeTooSkewed",
    "SignatureDoesNotMatch",
    "TokenRefreshRequired",
})  # fmt: skip
_PASSING_CODES = frozenset({"RequestTimeout", "SlowDown", "Throttling", "ThrottlingException", "InternalError"})
_PASSING_STATUSES = frozenset({
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.CONFLICT,  # ConditionalRequestConflict: another put of the same key is under way
    HTTPStatus.TOO_MANY_REQUESTS,
})  # fmt: skip


@contextmanager
def s3_failures(at: S3Reference, home_bucket: str | None) -> Iterator[None]:
    """Turn what the SDK raises inside into a `DocumentFailure`.

    Args:
        at: What is asked for.
        home_bucket: The bucket of the store itself, None where the store is a folder.
    """
    try:
        yield
    except ClientError as error:
        raise _of_answer(error, at, is_home=at.bucket == home_bucket) from error
    except NoCredentialsError as error:
        if home_bucket is None:  # S3 was never set up here: to wait for it would be to wait for ever
            raise DocumentForbidden(str(at), "this installation has no S3 credentials") from error
        raise DocumentsUnavailable(str(at), "no S3 credentials can be found") from error
    except (BotoCoreError, ResponseParserError, aiohttp.ClientError) as error:
        raise _of_silence(error, at) from error


def status_of(error: ClientError) -> int:
    """Return the HTTP status of an error answer, 0 where there was none."""
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


def _of_answer(error: ClientError, at: S3Reference, *, is_home: bool) -> DocumentFailure:
    code, status = str(error.response.get("Error", {}).get("Code", "")), status_of(error)
    detail = f"S3 answers {status} {code}"
    if code in _OUR_CREDENTIALS or _is_passing(code, status):
        return DocumentsUnavailable(str(at), detail)
    if status == HTTPStatus.NOT_FOUND:
        lost_home = is_home and code == "NoSuchBucket"
        return (DocumentsUnavailable if lost_home else DocumentNotFound)(str(at), detail)
    if status in {HTTPStatus.FORBIDDEN, HTTPStatus.UNAUTHORIZED}:
        return DocumentForbidden(str(at), detail)
    return ReferenceRefused(str(at), detail)


def _is_passing(code: str, status: int) -> bool:
    is_mute = code == str(HTTPStatus.BAD_REQUEST.value)  # HEAD carries no code: it may be an expired token
    is_answer = HTTPStatus.OK < status < HTTPStatus.INTERNAL_SERVER_ERROR
    return code in _PASSING_CODES or status in _PASSING_STATUSES or is_mute or not is_answer


def _of_silence(error: Exception, at: S3Reference) -> DocumentFailure:
    if isinstance(error, ReadTimeoutError):
        return DocumentsTooSlow(str(at), "S3 went silent")
    if isinstance(error, IncompleteReadError | ResponseStreamingError | aiohttp.ClientPayloadError):
        return DocumentTruncated(str(at), "the answer of S3 ended early")
    if isinstance(error, FlexibleChecksumError):
        return DocumentTruncated(str(at), "the answer was damaged: it does not match the checksum that S3 keeps")
    return DocumentsUnavailable(str(at), f"S3 cannot be asked: {type(error).__name__}")
