"""The reader that children import: it reads pictures within the sandbox, and does without an engine."""

import pytest
from pydantic import ValidationError

from agents.extraction.answer import parse_reading
from agents.extraction.scan.port import Missing, Picture
from app.extraction import READER
from app.ocr import tesseract
from app.ocr.engine import engine
from app.ocr.reader import learned
from app.sandbox import Sandbox
from schemas.codec import Undecodable, encode
from schemas.evidence import ExtractedInvoice
from schemas.release import LabelLearned, Learned
from tests.agents.extraction.scan.scans import CRAFTSMAN, TEXTS, askew, picture, saved


async def test_a_confined_child_reads_a_scan() -> None:
    async with Sandbox(READER, processes=1) as sandbox:
        answer = await sandbox.read(saved(askew(picture(TEXTS[CRAFTSMAN]), 1.0), "PDF"))
    assert isinstance(answer, bytes), answer
    extracted = parse_reading(answer)
    assert isinstance(extracted, ExtractedInvoice), extracted
    assert extracted.lane == "scan"
    assert extracted.value("payment_account_identifier") == "FR7630006000011234567890189"


def test_a_machine_without_the_model_has_no_engine_and_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tesseract, "_FOLDERS", ())
    engine.cache_clear()
    try:
        found = engine()
    finally:
        engine.cache_clear()
    assert isinstance(found, Missing)
    assert "scripts/setup" in found.detail


def test_the_same_picture_gives_the_same_words_whatever_was_read_before() -> None:
    recognizer = tesseract.Tesseract()
    page = picture(TEXTS[CRAFTSMAN])
    first = Picture(page.tobytes(), page.width, page.height, 150)
    words = recognizer.page(first)
    half = page.resize((page.width // 2, page.height // 2))
    recognizer.page(Picture(half.tobytes(), half.width, half.height, 75))
    assert recognizer.page(first) == words


def test_instructions_are_understood_once_a_change_and_shared_as_they_are() -> None:
    known = Learned(labels=(LabelLearned(language="en", concept="number", phrase="our token"),))
    learned.cache_clear()
    told = [learned(encode(each)) for each in (known, known, known)]
    assert told[0] == known
    assert told[0] is told[1] is told[2]
    assert learned.cache_info().misses == 1
    assert learned(b"") == Learned()


@pytest.mark.parametrize("instructions", [b"junk", b"[]", b'{"labels": [{"language": 7}]}'])
def test_instructions_that_are_none_fail_the_reading_and_change_nothing(instructions: bytes) -> None:
    with pytest.raises(Undecodable):
        learned(instructions)
    assert learned(b"") == Learned()


def test_what_is_shared_by_the_documents_of_a_child_cannot_be_changed() -> None:
    shared = learned(encode(Learned(labels=(LabelLearned(language="en", concept="number", phrase="our token"),))))
    with pytest.raises(ValidationError):
        shared.labels = ()  # type: ignore[misc] # that it is refused is the test
    with pytest.raises(ValidationError):
        shared.labels[0].phrase = "theirs"  # type: ignore[misc] # likewise
    assert isinstance(shared.labels, tuple)
