"""What is a name, a street, a town; and when two names are one."""

import doctest

import pytest

from agents.extraction.text import imprints, names, places
from agents.extraction.text.names import are_alike, key_of, looks_like_name, names_bank
from agents.extraction.text.places import is_place, is_street


@pytest.mark.parametrize("module", [imprints, names, places])
def test_the_examples_in_the_docstrings_hold(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Max Bauer GmbH", True),
        ("MUSTER-KUNDE GMBH", True),
        ("Contoso, Ltd.", True),
        ("3M Deutschland GmbH", True),
        ("95 rue des Tanneurs", False),
        ("Rua das Flores, 146", False),
        ("1100-053 Lisboa", False),
        ("GLN 4304171000002", False),
        ("14.05.2026", False),
        ("1.234,56 EUR", False),
        ("info@alpha.example", False),
        ("GmbH", False),
    ],
)
def test_names_are_told_from_streets_numbers_and_sums(text: str, expected: bool) -> None:
    assert looks_like_name(text) is expected


@pytest.mark.parametrize(
    "line",
    [
        "75001 Paris", "D-63571 Gelnhausen", "DE 80333 München", "88802Spielkreis", "111 29 Stockholm",
        "00-024 Warszawa", "1100-053 Lisboa", "1012 AB Amsterdam",
        "602 00 Brno", "T12 W8KP Cork", "London SW1A 2AA",
        "Redmond WA, 98052",
        "SEATTLE WASHINGTON 98115", "GB SW1B 3BN London",
    ],
)  # fmt: skip
def test_lines_with_the_town(line: str) -> None:
    assert is_place(line)
    assert not looks_like_name(line) or "SW1" in line or "W8KP" in line


@pytest.mark.parametrize("line", ["Rechnung", "Max Bauer GmbH", "Tel. +49 6051 916 44 10", "HRB 13302"])
def test_lines_without_a_town(line: str) -> None:
    assert not is_place(line)


@pytest.mark.parametrize("line", ["Goethestraße 13", "14 Harcourt Street", "ul. Długa 109", "Uferweg 40-42"])
def test_streets(line: str) -> None:
    assert is_street(line)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("MUSTER SUPPLIES LTD", "Muster Supplies Limited", True),
        ("Microsoft Corp", "MICROSOFT CORPORATION", True),
        ("Kunden AG", "Kunden AG Mitte", True),
        ("Zieliński & Dąbrowa sp.", "Zieliński & Dąbrowa sp. j.", True),
        ("Muster Supplies GmbH", "Muster Supplies AG", False),  # two companies of one group
        ("Musterlieferant GmbH", "Muster-Kunde GmbH", False),
        ("Alpha Digital Ltd", "Alpha Energy Ltd", False),
        ("AB", "AB Volt", False),
    ],
)
def test_two_spellings_of_one_name(one: str, other: str, expected: bool) -> None:
    assert are_alike(key_of(one), key_of(other)) is expected
    assert are_alike(key_of(other), key_of(one)) is expected


@pytest.mark.parametrize("name", ["mBank S.A.", "Kreissparkasse Gelnhausen", "Banque Populaire", "Česká spořitelna"])
def test_banks_are_known(name: str) -> None:
    assert names_bank(name)
    assert not names_bank("Banks & Sons Ltd")
