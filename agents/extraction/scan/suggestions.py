"""What an account could be if a letter was misread. A suggestion for a person to confirm, never what the page says."""

import re
from collections.abc import Sequence
from itertools import combinations

from schwifty.registry import get_iban_spec

from agents.extraction.text.accounts.iban import is_valid, length_of

# Digits that OCR takes for letters. An IBAN has letters where its country stands, and elsewhere nearly none.
_DIGITS = {"O": "0", "Q": "0", "D": "0", "I": "1", "L": "1", "T": "7", "S": "5", "B": "8", "Z": "2", "G": "6"}
_LETTERS = {"0": "O", "1": "I", "5": "S", "8": "B", "2": "Z", "6": "G"}
_COUNTRY_LENGTH = 2
_LABEL = "BAN"  # its I is a stroke that is often lost
# More misread characters than two leave so many ways that the check digits prove nothing.
CHANGES_MAX = 2
# Characters that look like others, in one account: bounds the combinations to some hundred.
PLACES_MAX = 14


# Structure of an account in the registry of ISO 13616: 1!a5!n5!n12!c, its letters, digits and what may be either.
_PART = re.compile(r"([0-9]+)!?([nac])")


def suggestion(read: str) -> str | None:
    """Return the one valid IBAN that an invalid one becomes by exchanging at most two look-alikes, or None.

    Where the country's structure has a digit, a letter stands for the digit that it looks like, and the other way
    round; what it leaves open is tried.

    >>> suggestion("FR76300060000112345678901B9")
    'FR7630006000011234567890189'
    """
    structured = _structured(read)
    if structured != read and len(structured) == length_of(structured[:2]) and is_valid(structured):
        return structured
    others = [(at, _other(at, letter)) for at, letter in enumerate(read)]
    places = [(at, other) for at, other in others if other is not None][:PLACES_MAX]
    for count in range(1, CHANGES_MAX + 1):
        found = {_changed(read, chosen) for chosen in combinations(places, count)}
        valid = {value for value in found if len(value) == length_of(value[:2]) and is_valid(value)}
        if valid:
            return valid.pop() if len(valid) == 1 else None
    return None


def _structured(read: str) -> str:
    """Return an account as its country's structure would have it; of an unknown country as it is."""
    country = "".join(_LETTERS.get(letter, letter) for letter in read[:_COUNTRY_LENGTH])
    if length_of(country) is None:
        return read
    classes = "".join(int(count) * kind for count, kind in _PART.findall(get_iban_spec(country).iban_spec[2:]))
    turned = ({"n": _DIGITS, "a": _LETTERS}.get(kind, {}) for kind in classes)
    return country + "".join(
        other.get(letter, letter) for other, letter in zip(turned, read[_COUNTRY_LENGTH:], strict=False)
    )


def suggestion_in(line: str) -> str | None:
    """Return the suggestion for an account within the characters of a line, behind the word IBAN or at the start.

    >>> suggestion_in("IBANF190487513910872 61".replace(" ", ""))
    'FI9048751391087261'
    """
    _, label, behind = line.upper().partition(_LABEL)
    read = behind if label else line.upper()
    length = length_of("".join(_LETTERS.get(letter, letter) for letter in read[:_COUNTRY_LENGTH]))
    return suggestion(read[:length]) if length is not None else None


def suggestion_among(words: Sequence[str]) -> str | None:
    """Return the one suggestion for an account that begins with any of a line's words, compacted, or None.

    >>> suggestion_among(["UBS", "CHOS", "3019", "0309", "6525", "8472", "6", "UBSWCHZH"])
    'CH0530190309652584726'
    """
    found = {suggestion_in("".join(words[at:])) for at in range(len(words))} - {None}
    return found.pop() if len(found) == 1 else None


def _other(at: int, letter: str) -> str | None:
    return _LETTERS.get(letter) if at < _COUNTRY_LENGTH else _DIGITS.get(letter.upper())


def _changed(read: str, changes: tuple[tuple[int, str], ...]) -> str:
    letters = list(read)
    for at, other in changes:
        letters[at] = other
    return "".join(letters)
