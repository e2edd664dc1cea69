import pytest

from agents.extraction.detection import Kind, detect

SIGNED = b"\x30\x82\x12\x34\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "empty"),
        (b" \n\x00", "empty"),
        (b"%PDF-1.7\n", "pdf"),
        (b"junk of a mail gateway\n" * 20 + b"%PDF-1.4", "pdf"),
        (b"x" * 1100 + b"%PDF-1.4", "unknown"),
        (b"<?xml version='1.0'?><a/>", "xml"),
        (b"\xef\xbb\xbf\n<Invoice xmlns='x'/>", "xml"),
        ("<?xml version='1.0'?><a/>".encode("utf-16"), "xml"),
        ("<Invoice/>".encode("utf-16-be"), "xml"),
        (b"<!DOCTYPE html><html/>", "xml"),
        (b"<a>%PDF-1.4</a>", "xml"),
        (b"\x89PNG\r\n\x1a\n", "image"),
        (b"\xff\xd8\xff\xe0", "image"),
        (SIGNED, "signed"),
        (b"Dear Sir or Madam", "unknown"),
        (b"< 5 apples", "unknown"),
    ],
)
def test_kind_follows_from_the_bytes(content: bytes, kind: Kind) -> None:
    assert detect(content) == kind
