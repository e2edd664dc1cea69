"""What a sample truly says is what the readers read, or at least nothing else."""

import pytest

from agents.extraction.reading import read
from app.local.samples import Sample, demo_set, generate
from schemas.evidence import PAYMENT_CRITICAL, ExtractedInvoice, Unreadable

SAMPLES = [*demo_set().samples, *generate(150, 11)]
MISMATCHED = "page-mismatch"


def of_lanes(*lanes: str) -> list[Sample]:
    return [sample for sample in SAMPLES if sample.lane in lanes and sample.truth]


@pytest.mark.parametrize("sample", of_lanes("xml", "hybrid"), ids=lambda sample: sample.name)
def test_xml_reads_back_exactly(sample: Sample) -> None:
    extracted = read(sample.content)
    assert isinstance(extracted, ExtractedInvoice)
    assert extracted.lane == sample.lane
    assert {name: extracted.value(name) for name in sample.truth} == sample.truth


@pytest.mark.parametrize("sample", of_lanes("text"), ids=lambda sample: sample.name)
def test_a_page_reads_back_right_or_not_at_all(sample: Sample) -> None:
    """A payment-critical value that is missing costs a clerk a minute; one that is wrong costs the money."""
    extracted = read(sample.content)
    if isinstance(extracted, ExtractedInvoice):
        assert extracted.lane == "text"
        said = {name: extracted.value(name) for name in PAYMENT_CRITICAL}
        assert {name: value for name, value in said.items() if value not in {None, sample.truth[name]}} == {}


@pytest.mark.parametrize("sample", [it for it in SAMPLES if not it.truth], ids=lambda sample: sample.name)
def test_what_is_no_invoice_is_refused_with_a_reason(sample: Sample) -> None:
    refused = read(sample.content)
    assert isinstance(refused, Unreadable)
    assert refused.reason
