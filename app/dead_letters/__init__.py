"""Dead letters: what they say, which of them wait, and how they go back to where they came from."""

from app.dead_letters.letter import Foreign, Kind, Letter, Place, Replayed, parse
from app.dead_letters.reading import Selection, Standing, find_letter, original_of, read_letters
from app.dead_letters.replay import ORIGINAL_GONE, Replayer, Unconfirmed, Unreplayable

__all__ = [
    "ORIGINAL_GONE",
    "Foreign",
    "Kind",
    "Letter",
    "Place",
    "Replayed",
    "Replayer",
    "Selection",
    "Standing",
    "Unconfirmed",
    "Unreplayable",
    "find_letter",
    "original_of",
    "parse",
    "read_letters",
]
