"""Phrases in a stream of words that blanks part: one expression for all that one language says for one thing."""

import re
from collections.abc import Iterable, Iterator


class Phrases:
    """As a compiled expression of whole words, and several times as fast where nothing is to be found.

    That is the usual case: a page is searched for what twelve languages say of a dozen things. An expression that
    begins with a blank leaps from blank to blank; one that looks behind each character for one does not.
    """

    def __init__(self, spelled: Iterable[str]) -> None:
        """Take the expressions of the phrases, none of which begins or ends with a blank; the longest comes first."""
        words = "(?:" + "|".join(sorted(set(spelled), key=len, reverse=True)) + r")(?!\S)"
        self._leaping = re.compile(" " + words)
        self._exact = re.compile(r"(?<!\S)" + words)

    def is_in(self, text: str) -> bool:
        """Tell whether a phrase stands in a text."""
        return self._leaping.search(" " + text) is not None

    def search(self, text: str) -> re.Match[str] | None:
        """Return the first phrase in a text."""
        return self._exact.search(text) if self.is_in(text) else None

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Return all phrases in a text, from left to right."""
        return self._exact.finditer(text) if self.is_in(text) else iter(())

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """Return the phrase that the whole text is."""
        return self._exact.fullmatch(text)
