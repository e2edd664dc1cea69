"""What an account could be if one letter was misread. A suggestion for a person, never a value."""

from itertools import combinations

from agents.extraction.text.accounts import is_valid, length_of

# Shapes that OCR takes for one another, each for each.
_ALIKE = ("O0QD", "I1lT7", "S5", "B8", "Z2", "G6")
# More misread characters than two leave so many ways that the check digits prove nothing.
CHANGES_MAX = 2
# Characters that look like others, in one account: bounds the combinations to some hundred.
PLACES_MAX = 14


def suggestion(read: str) -> str | None:
    """Return the one valid IBAN that an invalid one becomes by exchanging at most two look-alikes, or None.

    >>> suggestion("FR76300060000112345678901B9")
    'FR7630006000011234567890189'
    """
    places = [(at, other) for at, letter in enumerate(read) for other in _others(letter)][:PLACES_MAX]
    for count in range(1, CHANGES_MAX + 1):
        found = {_changed(read, chosen) for chosen in combinations(places, count)}
        valid = {value for value in found if len(value) == length_of(value[:2]) and is_valid(value)}
        if valid:
            return valid.pop() if len(valid) == 1 else None
    return None


def _others(letter: str) -> list[str]:
    return [other for shapes in _ALIKE if letter in shapes for other in shapes if other != letter]


def _changed(read: str, changes: tuple[tuple[int, str], ...]) -> str:
    letters = list(read)
    for at, other in changes:
        letters[at] = other.upper()
    return "".join(letters)
