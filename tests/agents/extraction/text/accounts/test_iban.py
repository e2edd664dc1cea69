from agents.extraction.text.accounts.iban import is_valid, length_of


def test_national_check_digits_count_where_one_rule_holds_for_all_banks() -> None:
    assert is_valid("FR7630006000011234567890189")
    assert not is_valid("NL00RABO9999999999")
    assert is_valid("DE88200800000970375700")  # its bank's own method was merged away
    assert not is_valid("BE71096123456768")


def test_lengths_are_those_of_the_registry() -> None:
    assert (length_of("NO"), length_of("DE"), length_of("MT"), length_of("US")) == (15, 22, 31, None)
