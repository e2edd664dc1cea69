"""Every identifier of a sample must pass the checks that we put real ones through."""

import warnings

import pytest
from schwifty import BIC, IBAN
from stdnum import iso11649
from stdnum.be import ogm_vcs
from stdnum.eu import vat
from stdnum.fr import siren
from stdnum.gb import vat as gb_vat

from app.local.samples import identifiers
from app.local.samples.parties import COUNTRIES, STRANGERS, Company, demo_debtor, stranger, suppliers
from app.local.samples.places import country
from app.local.samples.seeds import seeded


def companies() -> list[Company]:
    known = [supplier.company for supplier in suppliers(seeded("test"), 6)]
    return [*known, demo_debtor(), *(stranger(seeded(code), code) for code in COUNTRIES)]


@pytest.mark.parametrize("company", companies(), ids=lambda company: company.name)
def test_a_company_has_valid_identifiers_and_a_full_address(company: Company) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # some countries have no national check digits
        account = IBAN(company.account.iban, validate_bban=True)
    assert account.country_code == company.country
    assert BIC(company.account.bic).country_code == company.country
    check = gb_vat if company.country == "GB" else vat
    assert check.is_valid(company.vat_identifier)
    assert company.vat_identifier.startswith(company.country)
    assert all((company.street, company.post_code, company.town))
    if company.country == "FR":
        assert siren.is_valid(company.registration_identifier)


def test_no_two_suppliers_share_an_identifier_or_a_name() -> None:
    known = suppliers(seeded("test"), 6)
    for term in ("name", "vat_identifier", "registration_identifier", "account"):
        values = [getattr(supplier.company, term) for supplier in known]
        assert len(values) == len(set(values)), term


def test_suppliers_of_one_country_share_no_word_but_the_legal_form() -> None:
    """A name match must never take one supplier for another."""
    for code in COUNTRIES:
        place = country(code)
        assert len(set(place.trades)) == len(place.trades)
        assert not {word for name in STRANGERS for word in name.split()} & {*place.trades, *place.families}


def test_references_have_right_check_digits() -> None:
    assert iso11649.is_valid(identifiers.creditor_reference("F2026-0042"))
    assert ogm_vcs.is_valid(identifiers.ogm(seeded("test")))


@pytest.mark.parametrize("code", COUNTRIES)
def test_a_broken_iban_fails_its_check_digits(code: str) -> None:
    rng = seeded(code)
    for _ in range(20):
        account, _ = identifiers.iban(rng, code)
        broken = identifiers.broken_iban(rng, account)
        assert len(broken) == len(account)
        assert not IBAN(broken, allow_invalid=True).is_valid


def test_a_template_that_no_check_accepts_is_an_error() -> None:
    with pytest.raises(identifiers.ExhaustedError):
        identifiers.draw(seeded("test"), "#", lambda _: False)
