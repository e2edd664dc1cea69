"""The reader that the worker uses: the sandbox and the official rules in a row."""

from collections.abc import AsyncIterator

import pytest

from agents.extraction.agent import Unavailable
from agents.extraction.official.submission import NotValidated, RuleSet, Verdicts
from app.extraction import NOTHING, READER, RELEASES_TOLD, Instructions, SandboxedReader
from app.local.samples import generate
from app.rules import OfficialRules
from app.sandbox import Sandbox, Starved
from schemas.codec import encode
from schemas.evidence import ExtractedInvoice
from schemas.release import LabelLearned, Learned
from tests.app.rules.invoices import mutants, plain

LEARNED = Learned(labels=(LabelLearned(language="en", concept="number", phrase="our token"),))


class AwayRules:
    pid = None
    """The rules where their process cannot be had."""

    async def check(self, ruleset: RuleSet, xml: bytes) -> Verdicts:
        del ruleset, xml
        return NotValidated("away")


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(READER, processes=1) as opened:
        yield opened


async def read(reader: SandboxedReader, content: bytes) -> ExtractedInvoice:
    reading = await reader.read(content)
    assert isinstance(reading, ExtractedInvoice)
    return reading


async def test_an_invoice_in_xml_is_held_against_its_rules(sandbox: Sandbox) -> None:
    async with OfficialRules() as rules:
        reader = SandboxedReader(sandbox, rules)
        sample = plain("cii", 1)[0]
        good = await read(reader, sample.content)
        assert [finding.rule for finding in good.findings] == ["OFFICIAL-RULES"]
        wrong = dict(mutants(sample.content))["SpecifiedTradeSettlementHeaderMonetarySummation/GrandTotalAmount"]
        bad = {finding.rule: finding for finding in (await read(reader, wrong)).findings}
        assert bad["BR-CO-15"].severity == "error"
        assert bad["BR-CO-15"].location


async def test_what_is_built_on_en_16931_by_rules_that_are_not_at_hand_says_so(sandbox: Sandbox) -> None:
    async with OfficialRules() as rules:
        told = (await read(SandboxedReader(sandbox, rules), plain("ubl", 1)[0].content)).findings
    assert [(finding.rule, finding.severity) for finding in told] == [
        ("NOT-VALIDATED", "info"),  # Peppol BIS Billing 3
        ("OFFICIAL-RULES", "info"),  # EN 16931
    ]


@pytest.mark.parametrize(("required", "severity"), [(True, "error"), (False, "warning")])
async def test_without_its_rules_an_invoice_is_not_validated(
    sandbox: Sandbox, required: bool, severity: str
) -> None:  # fmt: skip
    reader = SandboxedReader(sandbox, AwayRules(), rules_required=required)
    told = (await read(reader, plain("ubl", 1)[0].content)).findings[-1]
    assert (told.rule, told.severity) == ("NOT-VALIDATED", severity)


async def test_a_syntax_without_rules_says_so_and_a_page_says_nothing(sandbox: Sandbox) -> None:
    reader, samples = SandboxedReader(sandbox, AwayRules()), generate(80, 5)
    italian = next(each for each in samples if b"FatturaElettronica" in each.content)
    told = (await read(reader, italian.content)).findings[-1]
    assert (told.rule, told.severity) == ("NOT-VALIDATED", "info")
    page = next(each for each in samples if each.lane == "text")
    assert not {f.rule for f in (await read(reader, page.content)).findings} & {"NOT-VALIDATED", "OFFICIAL-RULES"}


class Noting:
    """A sandbox that keeps what it was told, and reads nothing."""

    def __init__(self) -> None:
        self.told: list[bytes] = []

    async def read(self, _content: bytes, instructions: bytes = b"") -> Starved:
        self.told.append(instructions)
        return Starved("no time")


async def test_a_reader_is_told_what_its_release_has_learned_and_nothing_where_that_is_nothing() -> None:
    sandbox = Noting()
    reader = SandboxedReader(sandbox, AwayRules())  # type: ignore[arg-type] # all of it that a reader uses
    for each in (Learned(), LEARNED, NOTHING, LEARNED):
        assert isinstance(await reader.read(b"", each), Unavailable)
    await reader.read(b"")
    assert sandbox.told == [b"", encode(LEARNED), b"", encode(LEARNED), b""]


def test_instructions_are_written_once_for_each_release() -> None:
    instructions, others = Instructions(), [LEARNED.model_copy() for _ in range(RELEASES_TOLD)]
    first = instructions.of(LEARNED)
    assert instructions.of(LEARNED) is first
    for other in others:
        assert instructions.of(other) == first
    assert len(instructions._written) == RELEASES_TOLD  # what is told of no more is forgotten
    assert instructions.of(LEARNED) == first


async def test_a_child_reads_with_what_it_is_told(sandbox: Sandbox) -> None:
    """The real reader takes the instructions; of XML they change nothing."""
    reader, sample = SandboxedReader(sandbox, AwayRules()), plain("cii", 1)[0]
    readings = [await reader.read(sample.content, learned) for learned in (NOTHING, LEARNED, NOTHING)]
    assert isinstance(readings[0], ExtractedInvoice)
    assert readings[0] == readings[1] == readings[2]
    assert sandbox.deaths == {}
