import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.extraction import values

CANONICAL = (
    values.text, values.code, values.compact, values.account, values.decimal, values.iso_date, values.currency,
    values.country, values.total,
)  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("100", "100"), ("+100.50", "100.50"), ("-0.05", "-0.05"), (".5", "0.5"), ("5.", "5"), (" 7 ", "7"),
        ("1.234,56", None), ("1,5", None), ("1E3", None), ("1_000", None), ("NaN", None), ("١٢", None), ("", None),
        ("9" * 31, None),
    ],
)  # fmt: skip
def test_decimal_is_taken_as_it_is_or_not_at_all(raw: str, value: str | None) -> None:
    assert values.decimal(raw) == value


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("2026-09-30", "2026-09-30"), ("2026-09-30Z", "2026-09-30"), ("2026-09-30+02:00", "2026-09-30"),
        ("2026-09-30T10:00:00", "2026-09-30"), ("20260930", "2026-09-30"), ("202609301200", "2026-09-30"),
        ("2026-02-31", None), ("30.09.2026", None), ("260930", None), ("", None),
    ],
)  # fmt: skip
def test_dates(raw: str, value: str | None) -> None:
    assert values.iso_date(raw) == value


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("IBAN: de02-1203 0000 0000 2020 51", "DE02120300000000202051"),
        ("DE02120300000000202051", "DE02120300000000202051"),
        ("12-34-56 12345678", "12-34-5612345678"),
        ("IBAN", "IBAN"),
        ("x" * 300, None),
    ],
)
def test_accounts(raw: str, value: str | None) -> None:
    assert values.account(raw) == value


def test_sum_of_parts() -> None:
    assert values.total("1.00 + 2.5") == "3.50"
    assert values.total("1.00 + x") is None


@given(st.text(max_size=60), st.sampled_from(CANONICAL))
def test_canonical_forms_never_raise_and_are_their_own_canonical_form(raw: str, form: values.Canonical) -> None:
    value = form(raw)
    if value is not None:
        assert form(value) == value


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**12), max_value=10**12))
def test_decimals_keep_their_value(number: object) -> None:
    assert values.decimal(f"{number:f}") is not None
