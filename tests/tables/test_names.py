"""Two spellings of one company's name meet; two companies do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tables.names import LEGAL_FORMS, fold_name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Müller & Söhne GmbH", "MULLER SOHNE G.m.b.H."),
        ("S.A.R.L. Dupont", "Dupont SARL"),
        ("S. A. Dupont", "Dupont, S.A."),
        ("Société Générale SA", "societe generale"),
        ("Bäckerei Groß KG", "Backerei Gross"),
        ("Ødegård AS", "odegard"),
        ("Kowalski Sp. z o.o.", "KOWALSKI"),
        ("ACME  Inc.", "Acme, Inc"),
        ("Ⓐcme Ltd", "acme"),
    ],
)
def test_spellings_of_one_name(one: str, other: str) -> None:
    assert fold_name(one) == fold_name(other)


@pytest.mark.parametrize(("one", "other"), [("Dupont Nord", "Dupont Sud"), ("Alpha 1", "Alpha 2"), ("A", "B")])
def test_different_names_stay_different(one: str, other: str) -> None:
    assert fold_name(one) != fold_name(other)


def test_a_name_of_legal_forms_keeps_them() -> None:
    assert fold_name("SE AG") == "ag se"
    assert fold_name(" .,- ") == ""


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(name: str) -> None:
    assert fold_name(fold_name(name)) == fold_name(name)


def test_legal_forms_are_written_as_they_are_compared() -> None:
    assert all(form == fold_name(form) for form in LEGAL_FORMS)
