"""Which way a payment takes, who bears its charges, and what the way demands."""

from decimal import Decimal

from schemas.accounts import is_iban
from schemas.payment import ChargeBearer, Rail

# The SEPA scheme's countries by the country code of their IBANs (EPC409-09; Gibraltar has its own, French overseas
# territories use FR, Jersey, Guernsey and Man use GB).
SEPA_COUNTRIES = frozenset({
    "AD", "AL", "AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GI", "GR", "HR", "HU",
    "IE", "IS", "IT", "LI", "LT", "LU", "LV", "MC", "MD", "ME", "MK", "MT", "NL", "NO", "PL", "PT", "RO", "RS", "SE",
    "SI", "SK", "SM", "VA",
})  # fmt: skip
CHARGE_BEARERS: dict[Rail, ChargeBearer] = {"SCT": "SLEV", "SCT_INST": "SLEV", "CROSS_BORDER": "SHAR"}
# The largest sum of a SEPA Credit Transfer (EPC125-05, AT-04).
SCT_AMOUNT_MAX = Decimal("999999999.99")


def choose_rail(currency: str, *accounts: str) -> Rail:
    """Return SCT for euros between IBANs of SEPA countries, else the cross-border way."""
    within = all(account[:2] in SEPA_COUNTRIES and is_iban(account) for account in accounts)
    return "SCT" if currency == "EUR" and within else "CROSS_BORDER"
