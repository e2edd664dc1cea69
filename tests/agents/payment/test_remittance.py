"""Remittance information: structured where the reference is one on this account, else plain text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.payment.remittance import remittance
from schemas.payment import RemittanceInformation
from tests.agents.builders import BELGIAN_IBAN, IBAN, QR_IBAN

RF = "RF18 5390 0754 7034"
OGM = "+++010/8068/17183+++"
QRR = "21 00000 00003 13947 14300 09017"


@pytest.mark.parametrize(
    ("reference", "account", "kind", "said"),
    [
        (RF, IBAN, "SCOR", "RF18539007547034"),
        ("rf18539007547034", IBAN, "SCOR", "RF18539007547034"),
        ("RF19539007547034", IBAN, None, "RF19539007547034"),
        (OGM, BELGIAN_IBAN, "BBA", "010806817183"),
        ("010806817183", BELGIAN_IBAN, "BBA", "010806817183"),
        ("010806817184", BELGIAN_IBAN, None, "010806817184"),
        ("010806817183", IBAN, None, "010806817183"),
        (QRR, QR_IBAN, "QRR", "210000000003139471430009017"),
        (QRR, "CH9300762011623852957", None, QRR),
        (None, IBAN, None, "F2026-0042"),
        ("", IBAN, None, "F2026-0042"),
        ("  ", IBAN, None, "F2026-0042"),
        ("Kunde Nr. 7 / Müller", IBAN, None, "Kunde Nr. 7 / Muller"),
    ],
)
def test_what_the_creditor_sees(reference: str | None, account: str, kind: str | None, said: str) -> None:
    information = remittance(reference, "F2026-0042", account)

    assert information.structured_type == kind
    assert (information.structured_reference if kind else information.unstructured) == said


def test_nothing_that_can_be_written_is_nothing() -> None:
    assert remittance(None, "//", IBAN) == RemittanceInformation()


@given(reference=st.text(max_size=400), number=st.text(max_size=100))
def test_is_one_kind_or_the_other_and_fits(reference: str, number: str) -> None:
    information = remittance(reference, number, IBAN)

    assert (information.structured_type is None) == (information.structured_reference is None)
    assert information.structured_type is None or information.unstructured is None
    assert len(information.unstructured or "") <= 140
