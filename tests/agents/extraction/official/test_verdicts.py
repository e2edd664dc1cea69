"""Which official rules hold an invoice, and which inform."""

import pytest

from agents.extraction.official.submission import Failure, NotValidated
from agents.extraction.official.verdicts import FINDINGS_MAX, judge, unheld, unruled
from schemas.finding import Finding


def failure(rule: str, flag: str = "fatal", text: str = "words", location: str = "/Invoice[1]") -> Failure:
    return Failure(rule, flag, location, text)


def judged(*failures: Failure) -> dict[str, Finding]:
    return {finding.rule: finding for finding in judge({"en16931-ubl": failures}, required=True)}


@pytest.mark.parametrize(
    "rule",
    [
        *("BR-CO-10", "BR-CO-16", "BR-FXEXT-CO-15", "BR-CO-17", "BR-S-08", "BR-AE-09", "BR-FXEXT-S-08rev"),
        *("BR-02", "BR-05", "BR-13", "BR-15", "BR-45", "BR-CL-03", "BR-CL-16", "BR-DEX-09"),
        "PEPPOL-EN16931-R040",
    ],
)
def test_a_rule_about_what_is_paid_makes_doubtful(rule: str) -> None:
    assert judged(failure(rule))[rule].severity == "error"


@pytest.mark.parametrize(
    "rule",
    [
        *("BR-CO-09", "BR-CO-25", "BR-CO-26", "BR-CL-23", "BR-S-05", "UBL-SR-48", "FX-SCH-A-000556", "BR-FR-08_BT-23"),
        *("BR-DE-2", "BR-DE-16", "BR-DE-23-a", "BR-DEX-02", "PEPPOL-EN16931-R010"),
    ],
)
def test_a_rule_about_anything_else_informs(rule: str) -> None:
    assert judged(failure(rule))[rule].severity == "warning"


def test_what_its_authors_call_a_warning_informs() -> None:
    assert judged(failure("BR-FXEXT-S-08rev", "warning"))["BR-FXEXT-S-08rev"].severity == "info"


def test_a_missing_rate_is_not_a_wrong_tax() -> None:
    found = judged(failure("BR-CO-17"), failure("BR-48"))
    assert {found["BR-CO-17"].severity, found["BR-48"].severity} == {"warning"}


def test_a_finding_tells_place_field_and_plain_words() -> None:
    found = judged(failure("BR-CO-15", text="[BR-CO-15]-Invoice total amount with VAT (BT-112) = ..."))["BR-CO-15"]
    assert found.location == "/Invoice[1]"
    assert found.fields == ("invoice_total_amount_with_vat",)
    assert found.message == (
        "the total with VAT is not the total without VAT plus the VAT: Invoice total amount with VAT (BT-112) = ..."
    )


def test_a_german_rule_is_told_in_plain_words_before_its_own() -> None:
    found = judged(failure("BR-DE-15", text='[BR-DE-15] Das Element "Buyer reference" (BT-10) muss ...'))["BR-DE-15"]
    assert found.message == (
        'the buyer\'s reference, or Leitweg-ID, is missing (BT-10): Das Element "Buyer reference" (BT-10) muss ...'
    )


def test_rules_that_are_not_at_hand_are_told_and_hold_nothing() -> None:
    told = unheld("urn:fdc:peppol.eu:2017:poacc:billing:3.0")
    assert (told.rule, told.severity) == ("NOT-VALIDATED", "info")
    assert "poacc:billing:3.0 are not at hand" in told.message


def test_a_rule_that_fails_in_many_places_is_told_once() -> None:
    found = judge({"en16931-ubl": (failure("BR-CL-10"), failure("BR-CL-10", location="/x"))}, required=True)
    assert [finding.rule for finding in found] == ["BR-CL-10", "OFFICIAL-RULES"]
    assert found[0].message == "words (2 places)"
    assert found[0].location == "/Invoice[1]"


def test_of_very_many_those_about_money_are_told_first() -> None:
    failures = (*(failure(f"UBL-CR-{number}", "warning") for number in range(100)), failure("BR-CO-16"))
    found = judge({"en16931-ubl": failures}, required=True)
    assert len(found) == FINDINGS_MAX + 1
    assert found[0].rule == "BR-CO-16"


def test_what_passed_says_so() -> None:
    (told,) = judge({"en16931-cii": ()}, required=True)
    assert (told.rule, told.severity, told.message) == (
        "OFFICIAL-RULES", "info", "held against en16931-cii: no rule failed"
    )  # fmt: skip


@pytest.mark.parametrize(("required", "severity"), [(True, "error"), (False, "warning")])
def test_not_validated_is_never_valid(required: bool, severity: str) -> None:
    (told,) = judge({"en16931-cii": NotValidated("no verdict within 10 s")}, required=required)
    assert (told.rule, told.severity) == ("NOT-VALIDATED", severity)
    assert "no verdict within 10 s" in told.message


def test_a_syntax_without_rules_is_named_as_such() -> None:
    assert (unruled().rule, unruled().severity) == ("NOT-VALIDATED", "info")
