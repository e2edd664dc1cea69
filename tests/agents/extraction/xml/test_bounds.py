"""However long or many the values are, a reading comes out that the next stages can carry."""

import pytest

from agents.extraction.answer import parse_reading, render_reading
from agents.extraction.xml.reading import read_xml
from agents.normalization.normalization import normalize
from schemas.codec import VALUE_SIZE_BYTES_MAX, encode
from schemas.evidence import ExtractedInvoice
from tests.agents.extraction.xml_invoices import CII, FATTURAPA, UBL, swap

LONG = "€" * 9_000


@pytest.mark.parametrize("document", [UBL, CII, FATTURAPA])
def test_every_text_may_be_endless(document: str) -> None:
    parts = document.split(">")
    texts = [at for at, part in enumerate(parts) if part.split("<")[0].strip()]
    for at in texts:
        endless = [LONG + part if place == at else part for place, part in enumerate(parts)]
        extracted = read_xml(">".join(endless).encode())
        assert isinstance(extracted, ExtractedInvoice)
        assert parse_reading(render_reading(extracted)) == extracted
        normalize(extracted)


def test_a_thousand_long_lines_and_many_accounts_fit_a_message() -> None:
    start, end = UBL.index("<cac:InvoiceLine>"), UBL.index("</ubl:Invoice>")
    lines = swap(UBL[start:end], (">Oar<", f">{LONG[:2_000]}<")) * 1_000
    means_start, means_end = UBL.index("<cac:PaymentMeans>"), UBL.index("<cac:PaymentTerms>")
    means = swap(UBL[means_start:means_end], ("<cbc:ID>DE02 1203 0000 0000 2020 51<", f"<cbc:ID>{'A' * 300}<")) * 500
    document = UBL[:means_start] + means + UBL[means_end:start] + lines + UBL[end:]
    extracted = read_xml(document.encode())
    assert isinstance(extracted, ExtractedInvoice)
    assert len(extracted.lines) == 1_000
    assert len(encode(extracted)) < VALUE_SIZE_BYTES_MAX
