"""Pages must look like invoices: everything that truth claims is on them, and nothing overlaps the edge."""

from decimal import Decimal

import pypdfium2 as pdfium
import pytest

from app.local.samples import forms
from app.local.samples.pages.layouts import LAYOUTS, Layout
from app.local.samples.pages.sheet import PAGES_MAX, Sheet, Theme
from app.local.samples.pages.wording import Wording
from app.local.samples.places import language
from app.local.samples.sample import Sample
from app.local.samples.seeds import seeded
from app.local.samples.sets import demo_set
from schemas.evidence import FieldName

PAGES = [sample for sample in demo_set().samples if sample.lane in {"text", "hybrid"} and sample.truth]


def text_of(content: bytes) -> str:
    document = pdfium.PdfDocument(content)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


PRINTED: tuple[FieldName, ...] = (
    "invoice_number",
    "payment_account_identifier",
    "payment_service_provider_identifier",
    "remittance_information",
    "seller_name",
    "seller_vat_identifier",
    "buyer_name",
)
SUMS: tuple[FieldName, ...] = ("invoice_total_amount_with_vat", "amount_due_for_payment")


@pytest.mark.parametrize("sample", [it for it in PAGES if it.scenario == "plain"], ids=lambda sample: sample.name)
def test_a_page_says_what_its_truth_claims(sample: Sample) -> None:
    said = "".join(text_of(sample.content).split())
    for term in PRINTED:
        value = sample.truth[term]
        assert value is None or "".join(value.split()) in said, term
    for term in SUMS:
        digits = "".join(sign for sign in sample.truth[term] or "" if sign.isdigit())
        assert digits in "".join(sign for sign in said if sign not in ",. \u00a0"), term


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
@pytest.mark.parametrize("code", forms.PAGE_LANGUAGES)
def test_nothing_is_written_outside_the_paper(layout: Layout, code: str) -> None:
    bills = [it for it in demo_set().samples if it.lane == "text" and it.layout == layout.name and it.language == code]
    for sample in bills:
        document = pdfium.PdfDocument(sample.content)
        for page in document:
            width, height = page.get_size()
            text = page.get_textpage()
            boxes = [text.get_charbox(index) for index in range(text.count_chars())]
            assert all(left >= 0 and right <= width and low >= 0 and high <= height for left, low, right, high in boxes)
        document.close()


def test_every_page_language_has_every_label_and_sentence() -> None:
    english = language("en")
    for code in forms.PAGE_LANGUAGES:
        spoken = language(code)
        assert spoken.writes_pages()
        assert english.labels.keys() <= spoken.labels.keys()
        assert english.sentences.keys() == spoken.sentences.keys()
        assert english.countries.keys() == spoken.countries.keys()
        assert len(spoken.months) == 12


@pytest.mark.parametrize(("code", "written"), [("fr", "1 234,50"), ("de", "1.234,50"), ("en", "1,234.50")])
def test_amounts_are_written_as_the_language_does(code: str, written: str) -> None:
    notations = {Wording(seeded(str(n)), language(code)).amount(Decimal("1234.5")) for n in range(30)}
    assert written in notations
    assert all(notation[-3] == written[-3] for notation in notations)


def test_a_long_invoice_runs_over_several_pages_and_carries_its_sum_over() -> None:
    sample = next(it for it in demo_set().samples if it.scenario == "long")
    document = pdfium.PdfDocument(sample.content)
    assert len(document) > 1
    document.close()


def test_a_document_never_grows_without_end() -> None:
    sheet = Sheet(Theme(), "title", "author")
    for _ in range(PAGES_MAX - 1):
        sheet.new_page()
    with pytest.raises(OverflowError):
        sheet.new_page()
