"""A misread account is a suggestion where one reading of its look-alikes holds, and else nothing."""

import pytest

from agents.extraction.scan.suggestions import suggestion, suggestion_among, suggestion_in

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


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        ("CHOS30190309652584726", "CH0530190309652584726"),  # two look-alikes where the structure has digits
        ("IT551106318623998429892367" + "9", "IT55I1063186239984298923679"),  # and one where it has a letter
        ("PLG3102011692498740771266130", "PL63102011692498740771266130"),
    ],
)
def test_the_structure_of_the_country_tells_letters_from_digits(read: str, expected: str) -> None:
    assert suggestion(read) == expected


def test_an_account_may_begin_with_any_word_of_its_line() -> None:
    assert suggestion_among(["OP", "Tampere", "F121", "2729", "2339", "6607", "24", "NDEAFIHH"]) == "FI2127292339660724"
    assert suggestion_among(["OP", "Tampere", "2729", "2339"]) is None
