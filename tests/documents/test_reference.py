import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.documents import FileReference, ReferenceRefused, S3Reference, parse_reference, reference
from app.documents.store import parse_location

REFUSED = [
    "",
    "invoice.pdf",
    "/in/one.pdf",
    "http://publisher/one.pdf",
    "S3://bucket/key",
    "s3:bucket/key",
    "s3://",
    "s3://bucket",
    "s3://bucket/",
    "s3:///key",
    "s3://Bucket/key",
    "s3://a/key",
    "s3://bu..cket/key",
    "s3://-bucket/key",
    "s3://user@bucket/key",
    "s3://bucket:9000/key",
    "s3://arn:aws:s3:eu-west-1:123456789012:accesspoint/evil/object/key",
    "s3://bucket/../other/key",
    "s3://bucket/a/./b",
    "s3://bucket/a\nb",
    "s3://bucket/\ud800",
    "s3://bucket/" + "é" * 513,
    "s3://bucket/" + "k" * 5000,
    "file:/in/one.pdf",
    "file://in/one.pdf",
    "file://localhost/in/one.pdf",
    "file://./in/one.pdf",
    "file://",
    "file:///in/../etc/passwd",
    "file:///in/%2e%2e/etc/passwd",
    "file:///in/%2E%2E%2Fetc/passwd",
    "file:///in/one.pdf%00.txt",
    "file:///in/one.pdf\x00",
    "file:///in/one.pdf?version=1",
    "file:///in/one.pdf#page=1",
    "FILE:///in/one.pdf",
]


@pytest.mark.parametrize("text", REFUSED, ids=ascii)
def test_refused(text: str) -> None:
    with pytest.raises(ReferenceRefused) as caught:
        parse_reference(text)
    assert str(caught.value).isascii()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("s3://bucket/key", S3Reference("bucket", "key")),
        ("s3://b.u-c.ket/a//b c/%2F#1?x.pdf", S3Reference("b.u-c.ket", "a//b c/%2F#1?x.pdf")),
        ("file:///in/one.pdf", FileReference("/in/one.pdf")),
        ("file:///in/a%20b%23c%3Fd%25.pdf", FileReference("/in/a b#c?d%.pdf")),
        ("file:///in/a b é.pdf", FileReference("/in/a b é.pdf")),
        ("file:///in/latin-%E9.pdf", FileReference("/in/latin-\udce9.pdf")),
        ("file:///in/...pdf/..a", FileReference("/in/...pdf/..a")),
    ],
)
def test_read(text: str, expected: object) -> None:
    assert parse_reference(text) == expected
    assert parse_reference(str(expected)) == expected


@given(st.text(max_size=60).map(lambda tail: "file:///" + tail) | st.text(max_size=60).map("s3://bucket/{}".format))
def test_whatever_comes_is_read_the_same_again_or_refused(text: str) -> None:
    try:
        read = parse_reference(text)
    except ReferenceRefused:
        return
    assert parse_reference(str(read)) == read


@pytest.mark.parametrize("text", ["", "var", "file://var", "file:var", "s3://", "s3://B/x", "file://.var"])
def test_a_location_that_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="documents are kept at"):
        parse_location(text)


def test_the_examples_of_the_docstrings() -> None:
    assert doctest.testmod(reference, optionflags=doctest.ELLIPSIS).failed == 0
