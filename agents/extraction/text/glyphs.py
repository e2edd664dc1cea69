"""One PDF page through pypdfium2: its visible words, and those that only a machine would see."""

import math
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium

from agents.extraction.inventory import Inventory
from agents.extraction.opened import OpenedPage
from agents.extraction.text.geometry import Word
from agents.extraction.text.ink import Ink
from agents.extraction.text.runs import find_runs, stacked
from agents.extraction.text.visibility import Visibility

# Smaller print cannot be read on paper; whoever sets it speaks to machines only.
HEIGHT_POINTS_MIN = 3.0
# A word is looked at character by character: the first may be shown and the rest hidden. So much of it has to be seen;
# equal slices of a word in proportional print may miss a thin letter, of which a short word has fewer to spare.
LONG_WORD_MIN = 5
SEEN_SHARE_MIN, SEEN_SHARE_MIN_OF_SHORT = 0.75, 0.6
# So many of the words without ink must lie on a picture for them to be the text of that picture.
ON_PICTURE_SHARE_MIN = 0.9
# Text turned by more than this many radians is a margin note, not part of a line.
ANGLE_RADIANS_MAX = 0.1
QUARTER = math.pi / 2


@dataclass(frozen=True, slots=True)
class PageGlyphs:
    """What a page's text layer holds. `invisible` words are drawn in no ink over a picture: most likely its text."""

    width: float
    height: float
    words: tuple[Word, ...]
    invisible: tuple[Word, ...]
    hidden: tuple[Word, ...]  # what nobody sees: tiny, off the page, covered, white on white
    characters: int


def read_page(opened: OpenedPage, characters_max: int) -> PageGlyphs:
    """Return the words of a page, at most `characters_max` characters of it."""
    text_page = opened.page.get_textpage()
    try:
        total = max(pdfium.FPDFText_CountChars(text_page.raw), 0)
        runs = find_runs(text_page.raw, min(total, characters_max), opened.to_page)
        visibility = Visibility(opened.page, opened.size, opened.inventory, [run.box for run in runs])
        shelves: dict[str, list[Word]] = {"seen": [], "inkless": [], "hidden": [], "turned": []}
        ink, rotation = Ink(), opened.page.get_rotation()
        on_top = stacked(runs)
        for run in runs:
            word = run.word()
            shelf = _shelf(text_page.raw, run.first, word, ink, visibility, opened.size, rotation)
            if shelf == "seen" and run in on_top:
                text_object = pdfium.FPDFText_GetTextObject(text_page.raw, run.first)
                shelf = "seen" if visibility.shows_alone(text_object, run.box) else "hidden"
            shelves[shelf].append(word)
    finally:
        text_page.close()
    seen, inkless, hidden = (tuple(dict.fromkeys(shelves[name])) for name in ("seen", "inkless", "hidden"))
    if not _lie_on_pictures(inkless, opened.inventory):
        inkless, hidden = (), inkless + hidden
    return PageGlyphs(*opened.size, seen, inkless, hidden, total)


def _lie_on_pictures(words: tuple[Word, ...], inventory: Inventory) -> bool:
    """Tell whether a picture is behind or before nearly all of the words."""
    areas = [area for _, area in inventory.pictures]
    count = sum(any(a[0] <= w.left and w.right <= a[2] and a[1] <= w.middle <= a[3] for a in areas) for w in words)
    return count >= ON_PICTURE_SHARE_MIN * len(words)


def _shelf(
    text_page: Any,
    index: int,
    word: Word,
    ink: Ink,
    visibility: Visibility,
    size: tuple[float, float],
    rotation: int,
) -> str:
    """Return where a word belongs: seen, inkless, hidden (a trick), turned (a margin note)."""
    angle = (pdfium.FPDFText_GetCharAngle(text_page, index) + rotation * QUARTER / 90) % (4 * QUARTER)
    if min(angle, 4 * QUARTER - angle) > ANGLE_RADIANS_MAX:
        return "turned"
    x, y = (word.left + word.right) / 2, word.middle
    if not (0 <= x <= size[0] and 0 <= y <= size[1]) or word.height < HEIGHT_POINTS_MIN:
        return "hidden"
    if ink.is_missing(pdfium.FPDFText_GetTextObject(text_page, index)):
        return "inkless"
    return "seen" if _is_seen(word, visibility) else "hidden"


def _is_seen(word: Word, visibility: Visibility) -> bool:
    """Tell whether the word leaves a trace nearly everywhere along it."""
    if not any(map(str.isalnum, word.text)):
        return True  # a dot or a dash may be fainter than any letter, and says nothing
    count = len(word.text)
    least = SEEN_SHARE_MIN if count >= LONG_WORD_MIN else SEEN_SHARE_MIN_OF_SHORT
    return visibility.shows(word[1:], count, least)
