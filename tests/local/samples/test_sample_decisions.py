"""What is expected of a sample is what the pure cores of the chain decide, in a row."""

import pytest

from app.local.samples import any_set, demo_set, load_set
from app.local.samples.sample import Sample
from tests.local.samples.chain import Chain

CHAINS = [Chain(demo_set(seed)).run() for seed in (1, 2, 3)]
DECIDED = [(chain, sample) for chain in CHAINS for sample in chain.samples.samples]


@pytest.mark.parametrize("seed", range(3))
def test_every_document_of_the_demo_is_decided_as_expected(seed: int) -> None:
    chain = CHAINS[seed]
    assert chain.samples.complaints(chain.outcomes) == []


def test_every_document_of_a_load_is_decided_as_expected() -> None:
    samples = load_set(200)
    assert samples.complaints(Chain(samples).run().outcomes) == []


@pytest.mark.parametrize(("chain", "sample"), DECIDED, ids=lambda value: getattr(value, "name", ""))
def test_a_decision_names_the_reasons_that_are_expected(chain: Chain, sample: Sample) -> None:
    if sample.expect.outcome == chain.outcomes[sample.document_id]:
        assert sample.expect.reasons <= set(chain.reasons[sample.document_id])


@pytest.mark.parametrize("chain", [*CHAINS, pytest.param(None, id="any")])
def test_nothing_is_paid_that_must_not_be(chain: Chain | None) -> None:
    judged = chain or Chain(any_set(200)).run()
    approved = {document for document, outcome in judged.outcomes.items() if outcome == "approve"}
    refused = [sample for sample in judged.samples.samples if sample.expect.outcome != "approve"]
    assert [sample.name for sample in refused if sample.document_id in approved and not sample.duplicates_of] == []
