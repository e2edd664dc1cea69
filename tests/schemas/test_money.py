"""Money is Decimal, whole in its currency's minor units, and never a float."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from schemas.codec import encode
from schemas.money import AMOUNT_DECIMALS_MAX, AMOUNT_DIGITS_MAX, Amount, minor_units, parse_money, plain
from tests.schemas.strategies import amounts, texts


class TestAmount:
    @given(st.floats())
    def test_a_float_is_refused(self, number: float) -> None:
        with pytest.raises(ValidationError):
            Amount.model_validate({"value": number, "currency": "EUR"})

    @pytest.mark.parametrize("text", ["1.5", "1.0", "1e2", "1E400"])
    def test_a_json_number_with_a_point_is_refused(self, text: str) -> None:
        with pytest.raises(ValidationError):
            Amount.model_validate_json(f'{{"value": {text}, "currency": "EUR"}}')

    @pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "sNaN", "", "ten", None, "1,50", "0.0000001"])
    def test_what_is_no_sum_is_refused(self, value: str | None) -> None:
        with pytest.raises(ValidationError):
            Amount.model_validate({"value": value, "currency": "EUR"})

    @pytest.mark.parametrize("currency", ["eur", "EURO", "", "€", "EU1"])
    def test_what_is_no_currency_is_refused(self, currency: str) -> None:
        with pytest.raises(ValidationError):
            Amount(value=Decimal(1), currency=currency)

    @given(amounts)
    def test_it_is_written_as_a_plain_decimal_string(self, value: Decimal) -> None:
        written = json.loads(encode(Amount(value=value, currency="EUR")))["value"]
        assert isinstance(written, str)
        assert Decimal(written) == value
        assert "E" not in written

    @given(amounts, st.sampled_from(["EUR", "JPY", "KWD", "CLF", "XYZ"]))
    def test_payable_is_above_zero_and_whole_in_minor_units(self, value: Decimal, currency: str) -> None:
        whole = value.scaleb(minor_units(currency)) % 1 == 0
        assert Amount(value=value, currency=currency).is_payable() == (value > 0 and whole)

    def test_the_currency_decides_how_it_is_written(self) -> None:
        written = {
            currency: str(Amount(value=Decimal(10), currency=currency).in_minor_units())
            for currency in ("EUR", "JPY", "KWD")
        }
        assert written == {"EUR": "10.00", "JPY": "10", "KWD": "10.000"}


class TestParseMoney:
    @given(amounts)
    def test_every_amount_that_can_be_carried_is_parsed_as_itself(self, value: Decimal) -> None:
        assert parse_money(plain(value)) == value

    @given(texts)
    def test_any_text_is_a_number_that_a_record_can_carry_or_none(self, text: str) -> None:
        value = parse_money(text)
        assert value is None or Amount(value=value, currency="EUR").value == value

    @given(st.from_regex(r"\A[+-]?[0-9]{1,40}(\.[0-9]{1,40})?\Z"))
    def test_a_plain_number_is_carried_rounded_or_refused_never_changed_more(self, text: str) -> None:
        value = parse_money(text)
        if value is None:
            assert abs(Decimal(text)) >= Decimal(10) ** (AMOUNT_DIGITS_MAX - AMOUNT_DECIMALS_MAX) - 1
        else:
            assert abs(value - Decimal(text)) <= Decimal("0.5").scaleb(-AMOUNT_DECIMALS_MAX)
            assert Amount(value=value, currency="EUR").value == value
