"""Pictures of pages through the real engine: what is right is read, what is not proven is left to a person."""

import pytest
from PIL import Image

from agents.extraction.reading import read
from agents.extraction.scan.port import Missing, Recognizer
from agents.normalization.normalization import normalize
from agents.validation.assessment import assess
from agents.validation.validation import validate
from app.ocr.tesseract import Tesseract
from schemas.evidence import FIELD_NAMES, ExtractedInvoice, Lane, Unreadable
from tests.agents.extraction import pdfs
from tests.agents.extraction.scan.scans import CRAFTSMAN, TEXTS, askew, faxed, picture, saved
from tests.agents.extraction.text.drawing import draw
from tests.agents.extraction.xml_invoices import CII, swap

ACCOUNT = "FR7630006000011234567890189"
CRITICAL = ("payment_account_identifier", "amount_due_for_payment", "invoice_currency_code", "invoice_number")
TRUTH = (ACCOUNT, "1440.00", "EUR", "FA-2026-0187")


@pytest.fixture(scope="module")
def engine() -> Recognizer:
    return Tesseract()


@pytest.fixture(scope="module")
def page() -> Image.Image:
    return picture(TEXTS[CRAFTSMAN])


def extract(content: bytes, engine: Recognizer) -> ExtractedInvoice:
    extracted = read(content, engine)
    assert isinstance(extracted, ExtractedInvoice), extracted
    return extracted


def outcome(extracted: ExtractedInvoice, lane: Lane = "text") -> str:
    """Return the assessment as if the lane paid from the floor on, as text does: as it is, all scans are held."""
    invoice, doubts = normalize(extracted)
    findings = validate(invoice, extracted.lane, doubts)
    sure = {name: extracted.field(name).confidence for name in FIELD_NAMES if extracted.value(name)}
    return assess(invoice, lane, sure, findings).outcome


def critical(extracted: ExtractedInvoice) -> tuple[str | None, ...]:
    return tuple(extracted.value(name) for name in CRITICAL)  # type: ignore[arg-type]  # names of fields, all of them


def test_a_clean_scan_is_proven_and_held_until_the_risk_of_scans_is_shown(
    engine: Recognizer, page: Image.Image
) -> None:
    extracted = extract(saved(page, "PDF"), engine)
    assert extracted.lane == "scan"
    assert critical(extracted) == TRUTH
    assert {extracted.field(name).source for name in CRITICAL} == {"ocr"}  # type: ignore[arg-type]  # as above
    assert outcome(extracted) == "payable"
    assert outcome(extracted, "scan") == "doubtful"


@pytest.mark.parametrize("degrees", [-3.0, 1.2])
def test_a_sheet_askew_reads_the_same(engine: Recognizer, page: Image.Image, degrees: float) -> None:
    assert critical(extract(saved(askew(page, degrees), "PDF"), engine)) == TRUTH


@pytest.mark.parametrize("turn", [Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270])
def test_a_turned_page_is_read_and_its_boxes_are_those_of_the_page(
    engine: Recognizer, page: Image.Image, turn: Image.Transpose
) -> None:
    extracted = extract(saved(page.transpose(turn), "PDF"), engine)
    assert critical(extracted) == TRUTH
    box = extracted.field("payment_account_identifier").box
    assert box is not None
    across, down = box[2] - box[0], box[3] - box[1]
    assert (across > down) is (turn is Image.Transpose.ROTATE_180)


def test_the_box_is_where_the_text_layer_has_it(engine: Recognizer, page: Image.Image) -> None:
    text = read(draw(TEXTS[CRAFTSMAN]))
    assert isinstance(text, ExtractedInvoice)
    extracted = extract(saved(page, "PDF"), engine)
    for name in ("payment_account_identifier", "invoice_number"):
        expected, found = text.field(name).box, extracted.field(name).box
        assert expected is not None
        assert found is not None
        assert found == pytest.approx(expected, abs=6)


def test_a_fax_is_read_right_or_left_to_a_person(engine: Recognizer, page: Image.Image) -> None:
    extracted = extract(saved(faxed(askew(page, 0.8)), "PDF"), engine)
    assert critical(extracted) == TRUTH or outcome(extracted) == "doubtful"


@pytest.mark.parametrize(("form", "media_type"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("TIFF", "image/tiff")])
def test_picture_files_are_documents(engine: Recognizer, page: Image.Image, form: str, media_type: str) -> None:
    extracted = extract(saved(page, form), engine)
    assert (extracted.lane, extracted.media_type) == ("scan", media_type)
    assert critical(extracted) == TRUTH


def test_wrong_check_digits_are_never_mended(engine: Recognizer) -> None:
    wrong = TEXTS[CRAFTSMAN].replace("FR76 3000 6000", "FR76 3000 6008")
    extracted = extract(saved(picture(wrong), "PDF"), engine)
    assert outcome(extracted) == "doubtful"


def test_an_account_beside_one_that_cannot_be_read_is_doubtful(engine: Recognizer) -> None:
    both = TEXTS[CRAFTSMAN].replace("IBAN : ", "IBAN : FR76 1234 5678 9012 3456 7890 123\nIBAN : ")
    extracted = extract(saved(picture(both), "PDF"), engine)
    assert "ACCOUNT-INVALID" in {finding.rule for finding in extracted.findings}
    assert outcome(extracted) == "doubtful"


def test_sums_that_do_not_close_are_doubtful(engine: Recognizer) -> None:
    wrong = TEXTS[CRAFTSMAN].replace("Net à payer     1 440,00", "Net à payer     1 640,00")
    assert outcome(extract(saved(picture(wrong), "PDF"), engine)) == "doubtful"


def test_white_paper_has_no_words(engine: Recognizer) -> None:
    refused = read(saved(Image.new("L", (1240, 1754), 255), "PDF"), engine)
    assert isinstance(refused, Unreadable)
    assert refused.reason == "SCAN-NO-TEXT"


def test_the_xml_of_a_hybrid_is_held_against_the_picture_of_its_page(engine: Recognizer) -> None:
    scanned = saved(picture("\n".join(pdfs.CII_PAGE)), "PDF")
    agreeing = extract(pdfs.attach(scanned, {"factur-x.xml": CII}), engine)
    assert agreeing.lane == "hybrid"
    assert {finding.rule for finding in agreeing.findings} == set()
    assert agreeing.field("payment_account_identifier").agrees == ("ocr",)
    other = extract(pdfs.attach(scanned, {"factur-x.xml": swap(CII, ("F-77", "F-78"))}), engine)
    assert {finding.rule for finding in other.findings} == {"XML-PAGE-MISMATCH"}


@pytest.mark.parametrize("form", ["PDF", "PNG"])
def test_a_machine_without_an_engine_says_so(page: Image.Image, form: str) -> None:
    refused = read(saved(page, form), Missing("run scripts/setup"))
    assert isinstance(refused, Unreadable)
    assert (refused.reason, refused.detail) == ("OCR-UNAVAILABLE", "run scripts/setup")
