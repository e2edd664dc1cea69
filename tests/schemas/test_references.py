"""Structured references: one only where the account takes it, and told when it is broken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.references import reference_fault, structured_reference

BELGIAN, FRENCH, QR = "BE68539007547034", "FR7630006000011234567890189", "CH4431999123000889012"


@pytest.mark.parametrize(
    ("text", "account", "kind", "reference"),
    [
        ("RF18 5390 0754 7034", FRENCH, "SCOR", "RF18539007547034"),
        ("RF18539007547034", BELGIAN, "SCOR", "RF18539007547034"),
        ("+++090/9337/55493+++", BELGIAN, "BBA", "090933755493"),
        ("***090/9337/55493***", BELGIAN, "BBA", "090933755493"),
        ("090 9337 55493", BELGIAN, "BBA", "090933755493"),
        ("21 00000 00003 13947 14300 09017", QR, "QRR", "210000000003139471430009017"),
    ],
)
def test_structured(text: str, account: str, kind: str, reference: str) -> None:
    assert structured_reference(text, account) == (kind, reference)
    assert reference_fault(text, account) is None


@pytest.mark.parametrize(
    ("text", "account"),
    [
        ("", FRENCH),
        ("RF", FRENCH),
        ("RF18", FRENCH),
        ("RF19539007547034", FRENCH),
        ("invoice RF18539007547034", FRENCH),
        ("+++090/9337/55493+++", FRENCH),
        ("+++090/9337/55494+++", BELGIAN),
        ("210000000003139471430009017", FRENCH),
        ("210000000003139471430009018", QR),
        ("٢١٠", QR),
    ],
)
def test_free_text(text: str, account: str) -> None:
    assert structured_reference(text, account) is None


@given(st.text(max_size=60), st.sampled_from((BELGIAN, FRENCH, QR, "")))
def test_nothing_raises(text: str, account: str) -> None:
    structured_reference(text, account)
    reference_fault(text, account)
