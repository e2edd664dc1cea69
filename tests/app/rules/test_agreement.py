"""H5: our own pure rules say what the official Schematron says, rule by rule, on invoices with one wrong amount each.

The unit files of ConnectingEurope are not in the wheel, and tests fetch nothing: so we break our own invoices.
"""

import pytest

from agents.extraction.official.verdicts import judge
from agents.extraction.reading import read
from agents.normalization.normalization import normalize
from agents.validation.validation import validate
from app.rules import OfficialRules
from schemas.evidence import Unreadable
from tests.app.rules.invoices import mutants, plain, submitted

# Those of the official rules that are ours as well.
SHARED = frozenset({"BR-CO-10", "BR-CO-13", "BR-CO-14", "BR-CO-15", "BR-CO-16", "BR-CO-17"})
SAMPLES = 6


async def official(rules: OfficialRules, content: bytes) -> set[str]:
    submission = submitted(content)
    verdicts = {ruleset: await rules.check(ruleset, submission.xml) for ruleset in submission.rulesets}
    return {finding.rule for finding in judge(verdicts, required=True) if finding.severity == "error"}


def own(content: bytes) -> set[str]:
    reading = read(content)
    assert not isinstance(reading, Unreadable)
    invoice, doubts = normalize(reading)
    return {finding.rule for finding in validate(invoice, reading.lane, doubts)}


@pytest.mark.parametrize("syntax", ["ubl", "cii"])
async def test_what_our_generator_writes_breaks_no_rule(rules: OfficialRules, syntax: str) -> None:
    samples = plain(syntax, SAMPLES)
    assert len(samples) == SAMPLES
    for sample in samples:
        assert await official(rules, sample.content) == set(), sample.name


@pytest.mark.parametrize("syntax", ["ubl", "cii"])
async def test_our_rules_and_the_official_ones_agree_on_each_wrong_amount(rules: OfficialRules, syntax: str) -> None:
    broken = set[str]()
    for sample in plain(syntax, SAMPLES):
        for path, content in mutants(sample.content):
            theirs = await official(rules, content)
            assert theirs, f"{sample.name}: no official rule minds a wrong {path}"
            assert own(content) & SHARED == theirs & SHARED, f"{sample.name}: {path}"
            broken |= theirs
    assert broken >= SHARED
