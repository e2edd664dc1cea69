"""The SEPA character set, reached the same way every time."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.characters import transliterate

SEPA = re.compile(r"[a-zA-Z0-9/\-?:().,'+ ]*")


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("Müller & Söhne GmbH", "Muller + Sohne GmbH"),
        ("Straße", "Strasse"),
        ("Ægir Øster Łódź", "Aegir Oster Lodz"),
        ("Αθήνα Θεσσαλονίκη", "Athina Thessaloniki"),
        ("София Щерев", "Sofiya Shterev"),
        ("Љубљана", "Ljubljana"),
        ("l’été", "l'ete"),
        ("A_B|C\\D", "A-B/C/D"),
        ("100 €", "100 EUR"),
        ("東京", ".."),
        ("a\t b\n\n c", "a b c"),
        ("//12//34//", "12/34"),
        ("½", "1.2"),
        ("   ", ""),
        ("", ""),
    ],
)
def test_becomes(text: str, sent: str) -> None:
    assert transliterate(text, 70) == sent


def test_is_cut_without_leaving_a_slash_or_space_at_the_end() -> None:
    assert transliterate("abcd/efgh", 5) == "abcd"
    assert transliterate("abcd efgh", 5) == "abcd"


@given(text=st.text(max_size=300), length=st.integers(min_value=1, max_value=140))
def test_every_text_fits(text: str, length: int) -> None:
    sent = transliterate(text, length)

    assert SEPA.fullmatch(sent)
    assert len(sent) <= length
    assert "//" not in sent
    assert sent == sent.strip("/ ")
    assert transliterate(sent, length) == sent
