"""Each hostile document has its expected reason; an honest one is the same tree in each encoding that is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.extraction.xml import guard
from agents.extraction.xml.guard import parse
from agents.extraction.xml.tree import Element
from schemas.evidence import Unreadable

BOMB = '<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>'
EXTERNAL = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'

HOSTILE = {
    "doctype alone": ("<!DOCTYPE a><a/>", "XML-DOCTYPE"),
    "entity expansion": (BOMB, "XML-DOCTYPE"),
    "external entity": (EXTERNAL, "XML-DOCTYPE"),
    "doctype behind a declaration": ('<?xml version="1.0"?>' + EXTERNAL, "XML-DOCTYPE"),
    "doctype behind a comment": ("<!-- <a> -->\n<?pi x?>" + EXTERNAL, "XML-DOCTYPE"),
    "undefined entity": ("<a>&x;</a>", "XML-MALFORMED"),
    "not closed": ("<a><b></a>", "XML-MALFORMED"),
    "two roots": ("<a/><b/>", "XML-MALFORMED"),
    "endless comment": ("<!-- a", "XML-MALFORMED"),
    "nothing": ("", "XML-MALFORMED"),
    "too deep": ("<a>" * 65 + "</a>" * 65, "XML-TOO-DEEP"),
    "deeper than libxml2 goes": ("<a>" * 5_000, "XML-TOO-DEEP"),
    "too many elements": ("<a>" + "<b/>" * 200_000 + "</a>", "XML-TOO-LARGE"),
    "too many attributes": ("<a " + " ".join(f'a{i}="1"' for i in range(65)) + "/>", "XML-TOO-LARGE"),
    "too many bytes": ("<a>" + "b" * 10_000_000 + "</a>", "XML-TOO-LARGE"),
    "another encoding": ('<?xml version="1.0" encoding="UTF-7"?><a>ä</a>', "XML-ENCODING"),
}


@pytest.mark.parametrize(("document", "reason"), HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_document_has_its_reason(document: str, reason: str) -> None:
    refused = parse(document.encode())
    assert isinstance(refused, Unreadable)
    assert refused.reason == reason


@pytest.mark.parametrize(
    "content",
    [
        "<a>ä</a>".encode(),
        "\ufeff<a>ä</a>".encode(),
        "\n <a>ä</a>".encode(),
        "<a>ä</a>".encode("utf-16"),
        "<a>ä</a>".encode("utf-16-le"),
        "<a>ä</a>".encode("utf-16-be"),
        '<?xml version="1.0" encoding="UTF-16"?><a>ä</a>'.encode("utf-16"),
        '<?xml version="1.0" encoding="utf-16"?><a>ä</a>'.encode(),  # what a .NET StringWriter leaves behind
        b'<?xml version="1.0" encoding="ISO-8859-1"?><a>&#228;</a>',  # ASCII: every encoding agrees
        '<?xml version="1.0" encoding="ISO-8859-1"?><a>ä</a>'.encode(),  # declared as one thing, written as another
        '<?xml version="1.0" encoding="iso-8859-1"?><a>ä</a>'.encode("iso-8859-1"),
        '<?xml version="1.0" encoding="ISO-8859-15"?><a>ä</a>'.encode("iso-8859-15"),
        '<?xml version="1.0" encoding="windows-1252"?>\n<a>ä</a>'.encode("windows-1252"),
    ],
)
def test_honest_encodings_give_the_same_text(content: bytes) -> None:
    root = parse(content)
    assert isinstance(root, Element)
    assert root.text == "ä"


def test_bytes_that_are_not_in_the_encoding_are_refused() -> None:
    refused = parse(b"<a>\xe4</a>")
    assert isinstance(refused, Unreadable)
    assert refused.reason == "XML-ENCODING"


def test_comment_does_not_split_a_number() -> None:
    root = parse(b"<a>12<!-- x -->34<?y?>5</a>")
    assert isinstance(root, Element)
    assert root.text == "12345"


def test_limits_are_counted_over_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "CHUNK_CHARACTERS", 3)
    assert isinstance(parse(b"<a><b c='1'>d</b></a>"), Element)
    refused = parse(b"<a>" * 65 + b"</a>" * 65)
    assert isinstance(refused, Unreadable)
    assert refused.reason == "XML-TOO-DEEP"


@given(st.binary(max_size=400))
def test_never_raises(content: bytes) -> None:
    parse(content)
    parse(b"<?xml version='1.0'?><a>" + content)
