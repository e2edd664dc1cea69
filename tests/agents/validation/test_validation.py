"""All document rules together."""

from itertools import islice, permutations

from agents.validation.rule import Findings
from agents.validation.validation import RULES, validate
from schemas.finding import Finding
from tests.agents.builders import invoice, totals

READ = Finding(rule="XML-PAGE-MISMATCH", severity="error", message="the page says 130.00")


def test_a_good_invoice_has_no_findings() -> None:
    assert validate(invoice(), "xml", ()) == ()


def test_findings_of_the_reader_come_first_and_once() -> None:
    paper = invoice(invoice_type_code="381")

    first = validate(paper, "xml", (READ, READ))

    assert [finding.rule for finding in first] == ["XML-PAGE-MISMATCH", "CREDIT-NOTE"]
    assert validate(paper, "xml", first) == first


def test_the_order_of_the_rules_does_not_matter() -> None:
    paper = invoice(invoice_type_code="381", invoice_currency_code="XXX", totals=totals(amount_due_for_payment="-1"))

    def found(rules: tuple[object, ...]) -> set[Finding]:
        outcome: Findings = ()
        for rule in rules:
            assert callable(rule)
            outcome += rule(paper, "xml")
        return set(outcome)

    assert len({frozenset(found(order)) for order in islice(permutations(RULES), 50)}) == 1


def test_every_rule_explains_itself() -> None:
    assert all((rule.__doc__ or "").strip() for rule in RULES)
    assert len(set(RULES)) == len(RULES)


def test_a_total_of_which_a_part_goes_to_the_state_is_not_the_sum_to_pay() -> None:
    withheld = Finding(rule="WITHHOLDING", severity="info", message="20.00 withheld")
    without_due = invoice(totals=totals(amount_due_for_payment=None))

    assert [finding.rule for finding in validate(without_due, "xml", (withheld,))] == [
        "WITHHOLDING",
        "AMOUNT-AMBIGUOUS",
    ]
    assert validate(invoice(), "xml", (withheld,)) == (withheld,)
    assert validate(without_due, "xml", ()) == ()
