"""Which way a payment takes."""

import pytest
from schwifty import registry

from schemas.payment import Rail
from schemas.rails import CHARGE_BEARERS, SEPA_COUNTRIES, choose_rail

FRENCH, GERMAN, AMERICAN = "FR7630006000011234567890189", "DE89370400440532013000", "AE070331234567890123456"


@pytest.mark.parametrize(
    ("currency", "accounts", "rail"),
    [
        ("EUR", (FRENCH, GERMAN), "SCT"),
        ("EUR", (FRENCH, "NO9386011117947"), "SCT"),
        ("USD", (FRENCH, GERMAN), "CROSS_BORDER"),
        ("EUR", (FRENCH, AMERICAN), "CROSS_BORDER"),
        ("EUR", (AMERICAN, GERMAN), "CROSS_BORDER"),
        ("EUR", (FRENCH, "12345678"), "CROSS_BORDER"),
        ("EUR", (FRENCH, "DE00370400440532013000"), "CROSS_BORDER"),
    ],
)
def test_rail(currency: str, accounts: tuple[str, ...], rail: Rail) -> None:
    assert choose_rail(currency, *accounts) == rail


def test_charges_are_shared() -> None:
    assert CHARGE_BEARERS == {"SCT": "SLEV", "SCT_INST": "SLEV", "CROSS_BORDER": "SHAR"}


def test_whatever_the_iban_registry_has_within_sepa_is_within() -> None:
    registered = {country for country in registry.get_countries() if registry.get_iban_spec(country).in_sepa_zone}

    assert registered <= SEPA_COUNTRIES
