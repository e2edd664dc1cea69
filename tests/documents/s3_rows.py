"""The answers that S3 may give to a fetch, each with its one outcome (docs/faults.md)."""

import base64
import hashlib
from dataclasses import replace

import pytest

from app.documents import (
    DocumentForbidden,
    DocumentNotFound,
    DocumentsTooSlow,
    DocumentsUnavailable,
    DocumentTooLarge,
    DocumentTruncated,
    HashMismatch,
    ReferenceRefused,
)
from app.documents.ciphertext import OVERHEAD_BYTES
from schemas.identifiers import document_id
from tests.documents.faulty_s3 import Answer, error
from tests.documents.places import QUICK

CONTENT = b"%PDF-1.7 an invoice\n" * 50
DOCUMENT = document_id(CONTENT)
AT = "s3://publisher/one.pdf"
CHECKSUM = base64.b64encode(hashlib.sha256(CONTENT).digest()).decode()
GOOD = Answer(body=CONTENT)

# one attempt, because asking again gives the same answer
PERMANENT = [
    pytest.param(error(403, "AccessDenied"), DocumentForbidden, id="403"),
    pytest.param(error(403, "InvalidObjectState"), DocumentForbidden, id="403-archived"),
    pytest.param(error(401, "Unauthorized"), DocumentForbidden, id="401"),
    pytest.param(error(404, "NoSuchKey"), DocumentNotFound, id="404"),
    pytest.param(error(404, "NoSuchBucket"), DocumentNotFound, id="404-bucket-of-a-publisher"),
    pytest.param(error(400, "InvalidRequest"), ReferenceRefused, id="400"),
    pytest.param(error(405, "MethodNotAllowed"), ReferenceRefused, id="405-deleted-version"),
    pytest.param(error(412, "PreconditionFailed"), ReferenceRefused, id="412-without-a-condition"),
    pytest.param(Answer(body=CONTENT[::-1]), HashMismatch, id="wrong-bytes"),
    pytest.param(Answer(body=b""), HashMismatch, id="no-bytes"),
    pytest.param(
        Answer(announced=QUICK.document_bytes_max + OVERHEAD_BYTES + 1), DocumentTooLarge, id="announced-too-large"
    ),
]
# every attempt is used, then the caller parks
TRANSIENT = [
    pytest.param(error(500, "InternalError"), DocumentsUnavailable, id="500"),
    pytest.param(error(503, "SlowDown"), DocumentsUnavailable, id="503-slow-down"),
    pytest.param(error(503, "ServiceUnavailable"), DocumentsUnavailable, id="503"),
    pytest.param(error(429, "TooManyRequests"), DocumentsUnavailable, id="429"),
    pytest.param(error(400, "RequestTimeout"), DocumentsUnavailable, id="400-request-timeout"),
    pytest.param(error(400, "ExpiredToken"), DocumentsUnavailable, id="400-our-token-has-expired"),
    pytest.param(error(403, "InvalidAccessKeyId"), DocumentsUnavailable, id="403-our-key-was-rotated"),
    pytest.param(error(403, "SignatureDoesNotMatch"), DocumentsUnavailable, id="403-our-secret-is-wrong"),
    pytest.param(error(403, "RequestTimeTooSkewed"), DocumentsUnavailable, id="403-our-clock-is-wrong"),
    pytest.param(Answer(502, b"<html>a proxy's page"), DocumentsUnavailable, id="502-no-xml"),
    pytest.param(Answer(500, b""), DocumentsUnavailable, id="500-mute"),
    pytest.param(replace(GOOD, announced=len(CONTENT) + 1), DocumentTruncated, id="truncated"),
    pytest.param(replace(GOOD, headers={"x-amz-checksum-crc32": "AAAAAA=="}), DocumentTruncated, id="damaged"),
    pytest.param(replace(GOOD, silence_after=100), DocumentsTooSlow, id="stalls-in-the-body"),
    pytest.param(replace(GOOD, silence_after=0), DocumentsTooSlow, id="stalls-before-the-body"),
]
