"""What an account could be if one letter was misread. A suggestion for a person, never a value."""

from itertools import combinations

from agents.extraction.text.accounts import is_valid, length_of

# Digits that OCR takes for letters. An IBAN has letters where its country stands, and elsewhere nearly none.
_DIGITS = {"O": "0", "Q": "0", "D": "0", "I": "1", "L": "1", "T": "7", "S": "5", "B": "8", "Z": "2", "G": "6"}
_LETTERS = {"0": "O", "1": "I", "5": "S", "8": "B", "2": "Z", "6": "G"}
_COUNTRY_LENGTH = 2
_LABEL = "BAN"  # its I is a stroke that is often lost
# More misread characters than two leave so many ways that the check digits prove nothing.
CHANGES_MAX = 2
# Characters that look like others, in one account: bounds the combinations to some hundred.
PLACES_MAX = 14


def suggestion(read: str) -> str | None:
    """Return the one valid IBAN that an invalid one becomes by exchanging at most two look-alikes, or None.

    >>> suggestion("FR76300060000112345678901B9")
    'FR7630006000011234567890189'
    """
    others = [(at, _other(at, letter)) for at, letter in enumerate(read)]
    places = [(at, other) for at, other in others if other is not None][:PLACES_MAX]
    for count in range(1, CHANGES_MAX + 1):
        found = {_changed(read, chosen) for chosen in combinations(places, count)}
        valid = {value for value in found if len(value) == length_of(value[:2]) and is_valid(value)}
        if valid:
            return valid.pop() if len(valid) == 1 else None
    return None


def suggestion_in(line: str) -> str | None:
    """Return the suggestion for an account within the characters of a line, behind the word IBAN or at the start.

    >>> suggestion_in("IBANF190487513910872 61".replace(" ", ""))
    'FI9048751391087261'
    """
    _, label, behind = line.upper().partition(_LABEL)
    read = behind if label else line.upper()
    length = length_of("".join(_LETTERS.get(letter, letter) for letter in read[:_COUNTRY_LENGTH]))
    return suggestion(read[:length]) if length is not None else None


def _other(at: int, letter: str) -> str | None:
    return _LETTERS.get(letter) if at < _COUNTRY_LENGTH else _DIGITS.get(letter.upper())


def _changed(read: str, changes: tuple[tuple[int, str], ...]) -> str:
    letters = list(read)
    for at, other in changes:
        letters[at] = other
    return "".join(letters)
