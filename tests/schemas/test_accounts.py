"""Bank accounts: what claims to be an IBAN is judged as one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.accounts import bic_fault, claims_iban, iban_fault, is_iban, is_qr_iban, method_fault

REAL = [
    "AT611904300234573201", "BE68539007547034", "CH9300762011623852957", "CZ6508000000192000145399",
    "DE89370400440532013000", "DK5000400440116243", "EE382200221020145685", "ES9121000418450200051332",
    "FI2112345600000785", "FR7630006000011234567890189", "GB29NWBK60161331926819", "IE29AIBK93115212345678",
    "IT60X0542811101000000123456", "LU280019400644750000", "NL91ABNA0417164300", "NO9386011117947",
    "PL61109010140000071219812874", "PT50000201231234567890154", "SE4550000000058398257466",
]  # fmt: skip


@pytest.mark.parametrize("iban", REAL)
def test_good_ibans(iban: str) -> None:
    assert iban_fault(iban) is None
    assert is_iban(iban)


@pytest.mark.parametrize("iban", REAL)
@given(position=st.integers(min_value=2, max_value=60), change=st.integers(min_value=1, max_value=9))
def test_one_wrong_digit_is_seen(iban: str, position: int, change: int) -> None:
    digits = [place for place, character in enumerate(iban) if character.isdigit()]
    place = digits[position % len(digits)]
    wrong = iban[:place] + str((int(iban[place]) + change) % 10) + iban[place + 1 :]

    assert not is_iban(wrong)
    assert iban_fault(wrong)


@pytest.mark.parametrize("identifier", ["", "12345678", "fr7630006000011234567890189", "FR76 3000", "F17", "DE"])
def test_what_claims_nothing(identifier: str) -> None:
    assert not claims_iban(identifier)
    assert iban_fault(identifier) == "not an IBAN"


def test_national_check_digits_may_be_left_out() -> None:
    assert iban_fault("FR2830006000011234567890180") is not None
    assert iban_fault("FR2830006000011234567890180", national=False) is None
    assert is_iban("FR2830006000011234567890180")


def test_a_banks_own_method_is_no_fault_of_an_iban() -> None:
    assert iban_fault("DE88200800000970375700") is None
    assert method_fault("DE88200800000970375700") == "Invalid national checksum"
    assert method_fault("DE89370400440532013000") is None
    assert method_fault("FR2830006000011234567890180") is None  # a national standard: that is a fault, not a method's


@given(st.text(max_size=40))
def test_nothing_raises(text: str) -> None:
    iban_fault(text)
    bic_fault(text)
    is_qr_iban(text)


@pytest.mark.parametrize(
    ("iban", "qr"),
    [
        ("CH4431999123000889012", True),
        ("LI0830000123456789012", True),
        ("CH9300762011623852957", False),
        ("DE8930000044053201300", False),
        ("CHXX", False),
    ],
)
def test_qr_ibans(iban: str, *, qr: bool) -> None:
    assert is_qr_iban(iban) == qr


@pytest.mark.parametrize(
    ("bic", "good"), [("AGRIFRPP", True), ("DEUTDEFF500", True), ("AGRIXXPP", False), ("AGRIFRPPX", False), ("", False)]
)
def test_bics(bic: str, *, good: bool) -> None:
    assert (bic_fault(bic) is None) == good
