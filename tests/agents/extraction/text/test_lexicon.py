import json
from importlib import resources
from typing import Any

import pytest

from agents.extraction.text.lexicon import LANGUAGES, compound_title, fold, lexicon, longest, tokens

FILES: dict[str, Any] = {
    language: json.loads(
        resources.files("agents.extraction.text").joinpath("lexicons", f"{language}.json").read_text("utf-8")
    )
    for language in LANGUAGES
}
SECTIONS = (
    "language", "version", "invoice_words", "credit_words", "number_marks", "labels", "titles", "phrases", "guards",
    "paid_guards", "methods", "months", "currency_words",
)  # fmt: skip
NEEDED = {
    "invoice_number", "issue_date", "due_date", "other_number", "iban", "bic", "vat_identifier", "payable", "gross",
    "total", "net", "vat", "prepaid", "buyer", "seller", "payment_method",
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_lexicon_is_complete(language: str) -> None:
    file = FILES[language]
    assert set(SECTIONS) <= set(file)
    assert file["language"] == language
    assert set(file["labels"]) >= NEEDED
    assert set(file["months"].values()) >= set(range(1, 13)) - ({11} if language == "pl" else set())
    assert set(file["phrases"]) == set(FILES["en"]["phrases"])
    assert set(file["methods"]) == {"transfer", "direct_debit", "card", "cash", "cheque"}


def test_no_month_has_two_numbers() -> None:
    numbers: dict[str, set[int]] = {}
    for file in FILES.values():
        for name, number in file["months"].items():
            numbers.setdefault(fold(name), set()).add(number)
    assert {name: found for name, found in numbers.items() if len(found) > 1} == {}


def test_no_phrase_asks_for_money_in_one_language_and_takes_it_off_in_another() -> None:
    apart = ("payable", {"prepaid", "discount", "cash_discount", "withholding", "net", "vat", "tax_base"})
    said: dict[tuple[str, ...], set[str]] = {}
    for file in FILES.values():
        for concept, phrases in file["labels"].items():
            for phrase in phrases:
                said.setdefault(tokens(phrase), set()).add(concept)
    assert [phrase for phrase, concepts in said.items() if apart[0] in concepts and concepts & apart[1]] == []


def test_case_accents_and_ligatures_do_not_matter() -> None:
    assert tokens("À PAYER") == tokens("a payer")
    assert tokens("Straße") == ("strasse",)
    assert tokens("Nº") == ("no",)
    assert tokens("Číslo účtu") == ("cislo", "uctu")
    assert tokens("Beløb") == ("belob",)


def test_the_longest_phrase_wins() -> None:
    words = list(tokens("Total TTC à payer"))
    found = longest(lexicon().tree, words, 0)
    assert found is not None
    assert found[0] >= 2
    assert "gross" in found[1] or "payable" in found[1]


@pytest.mark.parametrize("word", ["mietrechnung", "energiefactuur", "sahkolasku", "kundefaktura"])
def test_a_compound_is_an_invoice(word: str) -> None:
    assert compound_title(word)


@pytest.mark.parametrize("word", ["berechnung", "xrechnung", "rechnung"])
def test_a_look_alike_is_no_compound(word: str) -> None:
    assert not compound_title(word)
