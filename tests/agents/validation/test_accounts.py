"""Accounts, banks and references: what the document alone can prove."""

from typing import Any

import pytest

from agents.validation.accounts import (
    account_ambiguous,
    account_check_method,
    account_invalid,
    account_not_iban,
    account_own,
    bic_invalid,
    bic_mismatch,
    reference_invalid,
)
from agents.validation.rule import Rule
from schemas.invoice import PaymentInstruction
from tests.agents.builders import BELGIAN_IBAN, IBAN, OTHER_IBAN, QR_IBAN, invoice, transfer


def rules(rule: Rule, *ways: PaymentInstruction, **changes: Any) -> list[tuple[str, str]]:
    found = rule(invoice(payment_instructions=ways, **changes), "xml")
    return [(finding.rule, finding.severity) for finding in found]


@pytest.mark.parametrize(
    "account",
    [
        IBAN,
        OTHER_IBAN,
        BELGIAN_IBAN,
        "NL91ABNA0417164300",
        "GB29NWBK60161331926819",
        "NO9386011117947",
        "12345678",
        None,
    ],
)
def test_account_invalid_is_silent_for_good_ibans_and_for_what_is_none(account: str | None) -> None:
    assert rules(account_invalid, transfer(account)) == []


@pytest.mark.parametrize(
    "account",
    [
        "NL00RABO9999999999",  # passes the official validator
        "FR7630006000011234567890188",  # one digit
        "FR763000600001123456789018",  # one short
        "FR76300060000112345678901899",  # one long
        "XX7630006000011234567890189",  # no such country
        "FR2830006000011234567890180",  # mod 97 right, the French key wrong
        "BE69539007547034",
    ],
)
def test_account_invalid(account: str) -> None:
    assert rules(account_invalid, transfer(account)) == [("ACCOUNT-INVALID", "error")]


def test_account_check_method_informs_of_german_accounts() -> None:
    assert rules(account_check_method, transfer("DE88200800000970375700")) == [("ACCOUNT-CHECK-METHOD", "info")]
    assert rules(account_check_method, transfer(IBAN)) == []


def test_account_invalid_names_each_account_once() -> None:
    broken = transfer("NL00RABO9999999999")

    assert len(rules(account_invalid, broken, broken, transfer(IBAN))) == 1


def test_account_not_iban() -> None:
    assert rules(account_not_iban, transfer("12345678"), transfer(IBAN)) == [("ACCOUNT-NOT-IBAN", "warning")]
    assert rules(account_not_iban, transfer(None), transfer(IBAN)) == []


def test_account_ambiguous() -> None:
    assert rules(account_ambiguous, transfer(IBAN), transfer(OTHER_IBAN)) == [("ACCOUNT-AMBIGUOUS", "error")]


@pytest.mark.parametrize(
    "ways",
    [
        (),
        (transfer(IBAN),),
        (transfer(IBAN), transfer(IBAN, "30")),
        (transfer(IBAN), transfer(None)),
        (transfer(IBAN), transfer(OTHER_IBAN, "59")),
    ],
)
def test_account_ambiguous_counts_accounts_to_pay_to(ways: tuple[PaymentInstruction, ...]) -> None:
    assert rules(account_ambiguous, *ways) == []


def test_account_own() -> None:
    assert rules(account_own, transfer(), debited_account_identifier=IBAN) == [("ACCOUNT-OWN", "error")]
    assert rules(account_own, transfer(), debited_account_identifier=OTHER_IBAN) == []
    assert rules(account_own, transfer()) == []
    assert rules(account_own, transfer(None)) == []


@pytest.mark.parametrize(
    ("bic", "said"),
    [
        ("AGRIFRPP", []),
        ("AGRIFRPPXXX", []),
        (None, []),
        ("AGRIFRP", [("BIC-INVALID", "warning")]),
        ("AGRIXXPP", [("BIC-INVALID", "warning")]),
        ("agrifrpp", [("BIC-INVALID", "warning")]),
        ("12345678", [("BIC-INVALID", "warning")]),
        ("NOT A BIC", [("BIC-INVALID", "warning")]),
    ],
)
def test_bic_invalid(bic: str | None, said: list[tuple[str, str]]) -> None:
    assert rules(bic_invalid, transfer(payment_service_provider_identifier=bic)) == said


@pytest.mark.parametrize(
    ("account", "bic", "said"),
    [
        (IBAN, "AGRIFRPP", []),
        (IBAN, "COBADEFF", [("BIC-MISMATCH", "warning")]),
        (IBAN, "BREDREP1", []),  # Réunion banks with French IBANs
        ("GB29NWBK60161331926819", "NWBKJEST", []),
        (IBAN, "NOBIC", []),
        (IBAN, None, []),
        ("12345678", "COBADEFF", []),
        (None, "COBADEFF", []),
    ],
)
def test_bic_mismatch(account: str | None, bic: str | None, said: list[tuple[str, str]]) -> None:
    assert rules(bic_mismatch, transfer(account, payment_service_provider_identifier=bic)) == said


@pytest.mark.parametrize(
    ("reference", "account", "said"),
    [
        ("RF18539007547034", IBAN, []),
        ("RF19539007547034", IBAN, [("REFERENCE-INVALID", "warning")]),
        ("+++010/8068/17183+++", BELGIAN_IBAN, []),
        ("+++010/8068/17184+++", BELGIAN_IBAN, [("REFERENCE-INVALID", "warning")]),
        ("***010/8068/17184***", IBAN, [("REFERENCE-INVALID", "warning")]),
        ("+++010/8068/17183+++", IBAN, []),
        ("010806817184", BELGIAN_IBAN, []),
        ("210000000003139471430009017", QR_IBAN, []),
        ("210000000003139471430009018", QR_IBAN, [("REFERENCE-INVALID", "warning")]),
        ("Invoice 12", QR_IBAN, [("REFERENCE-INVALID", "warning")]),
        ("Invoice 12", IBAN, []),
        ("Invoice 12", None, []),
        (None, IBAN, []),
    ],
)
def test_reference_invalid(reference: str | None, account: str | None, said: list[tuple[str, str]]) -> None:
    assert rules(reference_invalid, transfer(account, remittance_information=reference)) == said
