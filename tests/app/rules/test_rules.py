"""The rules process: what it finds, and that it fails closed whatever happens to it."""

import os
import signal
from typing import cast

import pytest

from agents.extraction.official.editions import EDITIONS
from agents.extraction.official.submission import RULE_SETS, NotValidated, RuleSet
from app.rules import OfficialRules, RulesLimits
from app.rules.catalogue import STYLESHEETS, OtherEdition, stylesheet
from app.rules.limits import MEBIBYTE
from tests.app.rules.invoices import mutants, plain, submitted

UBL: tuple[RuleSet, ...] = ("en16931-ubl",)
DOCTYPE = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'


def good() -> bytes:
    return submitted(plain("ubl", 1)[0].content).xml


def bad() -> bytes:
    wrong = dict(mutants(plain("ubl", 1)[0].content))
    return submitted(wrong["LegalMonetaryTotal/TaxInclusiveAmount"]).xml


def test_every_rule_set_has_its_stylesheet_in_the_wheel() -> None:
    assert set(STYLESHEETS) == set(RULE_SETS)
    assert all(stylesheet(ruleset).is_file() for ruleset in RULE_SETS)


def test_rules_of_another_edition_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert set(EDITIONS) == set(RULE_SETS)
    monkeypatch.setitem(cast("dict[RuleSet, str]", EDITIONS), "xrechnung-ubl", "0" * 64)
    with pytest.raises(OtherEdition, match="not the edition of this release"):
        stylesheet("xrechnung-ubl")


def test_rules_that_are_not_installed_are_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue = cast("dict[RuleSet, tuple[str, str]]", STYLESHEETS)
    monkeypatch.setitem(catalogue, "xrechnung-ubl", ("no_such_package", "rules/x.xsl"))
    with pytest.raises(FileNotFoundError, match="not installed"):
        stylesheet("xrechnung-ubl")


async def test_every_rule_set_compiles(rules: OfficialRules) -> None:
    assert await rules.prepare(RULE_SETS)


async def test_a_broken_rule_is_told_with_its_place(rules: OfficialRules) -> None:
    verdicts = await rules.check("en16931-ubl", bad())
    assert isinstance(verdicts, tuple)
    found = {failure.rule: failure for failure in verdicts}
    assert found["BR-CO-15"].flag == "fatal"
    assert found["BR-CO-15"].location.startswith("/Invoice[1]")
    assert "Invoice total amount with VAT (BT-112)" in found["BR-CO-15"].text


async def test_an_invoice_without_a_fault_has_no_failure(rules: OfficialRules) -> None:
    assert await rules.check("en16931-ubl", good()) == ()
    assert rules.not_validated == 0


@pytest.mark.parametrize("document", [DOCTYPE, b"<Invoice", b"\xff\xfe", b"no XML"])
async def test_what_is_no_document_is_not_validated(rules: OfficialRules, document: bytes) -> None:
    assert isinstance(await rules.check("en16931-ubl", document), NotValidated)
    assert await rules.check("en16931-ubl", good()) == ()
    assert rules.starts == 1


async def test_a_process_that_was_killed_is_replaced_and_the_document_is_asked_again(rules: OfficialRules) -> None:
    await rules.check("en16931-ubl", good())
    assert rules.pid is not None
    os.kill(rules.pid, signal.SIGKILL)
    assert await rules.check("en16931-ubl", good()) == ()
    assert rules.starts == 2


async def test_a_process_that_hangs_is_ended_and_replaced(rules: OfficialRules) -> None:
    await rules.check("en16931-ubl", good())
    assert rules.pid is not None
    os.kill(rules.pid, signal.SIGSTOP)
    rules.limits = RulesLimits(check_seconds=0.2)
    hung = rules.pid
    verdicts = await rules.check("en16931-ubl", good())
    assert rules.pid != hung
    assert isinstance(verdicts, tuple | NotValidated)  # the second attempt starts anew, and 0.2 s may be too short
    rules.limits = RulesLimits()
    assert await rules.check("en16931-ubl", good()) == ()


async def test_no_answer_in_time_is_no_verdict() -> None:
    async with OfficialRules(RulesLimits(compile_seconds=0.001)) as hasty:
        verdicts = await hasty.check("en16931-ubl", good())
        assert verdicts == NotValidated("no verdict within 0.001 s")
        assert (hasty.checks, hasty.not_validated) == (1, 1)


async def test_a_process_without_memory_is_no_verdict() -> None:
    async with OfficialRules(RulesLimits(memory_bytes=80 * MEBIBYTE)) as poor:
        assert isinstance(await poor.check("factur-x-extended", good()), NotValidated)


async def test_a_process_is_replaced_after_so_many_documents_and_so_much_memory() -> None:
    async with OfficialRules(RulesLimits(documents_per_process=1)) as rules:
        assert await rules.check("en16931-ubl", good()) == ()
        assert await rules.check("en16931-ubl", good()) == ()
        assert rules.starts == 2
    async with OfficialRules(RulesLimits(resident_bytes_max=MEBIBYTE)) as rules:
        assert await rules.check("en16931-ubl", good()) == ()
        assert rules.pid is None


async def test_after_its_end_nothing_is_validated_and_nothing_runs() -> None:
    async with OfficialRules() as rules:
        await rules.check("en16931-ubl", good())
        pid = rules.pid
    assert isinstance(await rules.check("en16931-ubl", good()), NotValidated)
    assert pid is not None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_rules_are_compiled_ahead() -> None:
    async with OfficialRules() as rules:
        assert not rules.is_warm
        rules.warm(UBL)
        assert await rules.check("en16931-ubl", good()) == ()
        await rules.warmed()
        assert rules.is_warm
