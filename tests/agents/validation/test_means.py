"""The payment-means gate."""

from typing import Any

import pytest

from agents.validation import means
from schemas.means import is_movable, means_kind
from tests.agents.builders import IBAN, invoice, transfer

NEVER = ["10", "20", "48", "49", "54", "55", "57", "59", "97"]
FATTURAPA_NEVER = [f"MP{number:02}" for number in range(1, 24) if number != 5]


def rules(*codes: str | None, **changes: Any) -> dict[str, str]:
    """Return what the gate's rules say of a document with these means, each on the one account."""
    paper = invoice(payment_instructions=tuple(transfer(IBAN, code) for code in codes), **changes)
    gate = (
        means.payment_means,
        means.payment_means_unknown,
        means.payment_means_mixed,
        means.payment_means_review,
        means.payment_means_vague,
        means.payment_means_unstated,
    )
    return {finding.rule: finding.severity for rule in gate for finding in rule(paper, "xml")}


@pytest.mark.parametrize("code", ["30", "42", "58", "MP05", " mp05 "])
def test_money_moves_on_credit_transfers(code: str) -> None:
    assert rules(code) == {}
    assert is_movable(code)


@pytest.mark.parametrize("code", [*NEVER, *FATTURAPA_NEVER])
def test_money_never_moves_on_these(code: str) -> None:
    said = rules(code)

    assert len(said) == 1
    assert said.popitem()[0] in {"PAYMENT-MEANS", "DIRECT-DEBIT", "CARD-PAYMENT"}
    assert not is_movable(code)


@pytest.mark.parametrize(
    ("codes", "rule"),
    [
        (("59",), "DIRECT-DEBIT"),
        (("49", "59"), "DIRECT-DEBIT"),
        (("MP19",), "DIRECT-DEBIT"),
        (("48", "55"), "CARD-PAYMENT"),
        (("MP08",), "CARD-PAYMENT"),
        (("48", "59"), "PAYMENT-MEANS"),
        (("20",), "PAYMENT-MEANS"),
        (("MP23",), "PAYMENT-MEANS"),
    ],
)
def test_says_how_else_the_sum_is_settled(codes: tuple[str, ...], rule: str) -> None:
    assert rules(*codes) == {rule: "error"}


def test_a_debit_transfer_is_for_a_person() -> None:
    assert rules("31") == {"PAYMENT-MEANS-REVIEW": "warning"}


@pytest.mark.parametrize("code", ["1", "ZZZ", "zzz"])
def test_what_an_agreement_says_is_vague(code: str) -> None:
    assert rules(code) == {"PAYMENT-MEANS-VAGUE": "warning"}


def test_no_code_is_told() -> None:
    assert rules(None) == {"PAYMENT-MEANS-UNSTATED": "info"}
    assert rules() == {"PAYMENT-MEANS-UNSTATED": "info"}
    assert rules("") == {"PAYMENT-MEANS-UNSTATED": "info"}


@pytest.mark.parametrize("codes", [("58", "59"), ("30", "48"), ("MP05", "MP08"), ("1", "20")])
def test_a_transfer_beside_another_means_is_a_doubt(codes: tuple[str, ...]) -> None:
    assert rules(*codes)["PAYMENT-MEANS-MIXED"] == "warning"
    assert "DIRECT-DEBIT" not in rules(*codes)


def test_a_transfer_beside_an_account_to_debit_is_a_doubt() -> None:
    assert rules("58", debited_account_identifier="DE89370400440532013000") == {"PAYMENT-MEANS-MIXED": "warning"}


def test_a_direct_debit_with_its_account_is_one() -> None:
    assert rules("59", debited_account_identifier="DE89370400440532013000") == {"DIRECT-DEBIT": "error"}


@pytest.mark.parametrize("codes", [("XX",), ("99",), ("0",), ("MP24",), ("58", "XX"), ("59", "XX")])
def test_a_code_of_no_list_is_a_doubt(codes: tuple[str, ...]) -> None:
    assert rules(*codes) == {"PAYMENT-MEANS-UNKNOWN": "error"}
    assert means_kind(codes[-1]) == "unknown"
