"""A misread account is a suggestion where one reading of its look-alikes holds, and else nothing."""

import pytest

from agents.extraction.scan.suggestions import suggestion, suggestion_in

IBAN = "FR7630006000011234567890189"


@pytest.mark.parametrize("read", [IBAN.replace("0001", "OO01"), IBAN[:-2] + "B9", "FR763O006000011234567890189"])
def test_look_alikes_are_suggested_where_the_check_digits_hold(read: str) -> None:
    assert suggestion(read) == IBAN


def test_a_country_is_letters() -> None:
    assert suggestion("F19048751391087261") == "FI9048751391087261"


@pytest.mark.parametrize("read", ["", "FR76", "XX00OOOO", "FR7630006000011234567890184", "OOOOOOOOOOOOOOOOOOOO"])
def test_nothing_is_suggested_for_what_no_look_alike_mends(read: str) -> None:
    assert suggestion(read) is None


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("IBANF19048751391087261", "FI9048751391087261"),
        ("BAN" + IBAN.replace("0001", "OO01"), IBAN),
        ("F19048751391087261BIC", "FI9048751391087261"),
        ("Telefon0123456789", None),
        ("", None),
    ],
)
def test_an_account_is_suggested_from_its_line(line: str, expected: str | None) -> None:
    assert suggestion_in(line) == expected
