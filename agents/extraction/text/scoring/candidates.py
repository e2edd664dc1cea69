"""What may be a field's value: each value once, with the names of what is to be seen of it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from statistics import median

from agents.extraction.text.layout import Cell, Layout
from schemas.evidence import Box

# The values of one field that are weighed against each other; an itemised bill has thousands of sums, and its totals
# are among the first and the last.
CANDIDATES_MAX = 120
# Print this much higher than the page's usual one is meant to be seen.
LARGE_HEIGHTS = 1.25
# A cell of more words is a sentence.
PROSE_WORDS = 12


@dataclass(frozen=True, slots=True)
class Sighted:
    """One place that shows a value, and what is to be seen of it there."""

    value: str
    raw: str
    page: int
    box: Box
    features: frozenset[str]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value, the place that speaks most for it, and what is to be seen of it wherever it stands."""

    value: str
    raw: str
    page: int
    box: Box
    features: frozenset[str]


class Surroundings:
    """The pages of a document, as far as a place is judged by them."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        heights = [cell.height for cell in layout.cells()]
        self._usual = median(heights) if heights else 0.0
        self._last = max(layout.sizes, default=1)

    def of(self, cell: Cell) -> Iterator[str]:
        """Yield where a cell stands and how it is printed."""
        width, height = self._layout.sizes[cell.page]
        middle = (cell.top + cell.bottom) / 2
        yield "page:first" if cell.page == 1 else "page:last" if cell.page == self._last else "page:inner"
        if middle < height / 3:
            yield "place:top"
        elif middle > 2 * height / 3:
            yield "place:bottom"
        if cell.left > width / 2:
            yield "place:right"
        if cell.height >= LARGE_HEIGHTS * self._usual:
            yield "print:large"
        if len(cell.words) > PROSE_WORDS:
            yield "prose"


def merged(sightings: Iterable[Sighted], key: Callable[[str], str]) -> tuple[Candidate, ...]:
    """Return each value once, in the order of first sight; a value seen in two places is `repeated`."""
    places: dict[str, list[Sighted]] = {}
    for one in sightings:
        places.setdefault(key(one.value), []).append(one)
    found = list(places.values())
    if len(found) > CANDIDATES_MAX:
        found = found[: CANDIDATES_MAX // 2] + found[-CANDIDATES_MAX // 2 :]
    return tuple(map(_candidate, found))


def _candidate(places: list[Sighted]) -> Candidate:
    best = max(places, key=lambda one: len(one.features))
    features = frozenset().union(*(one.features for one in places))
    if len({one.box for one in places}) > 1:
        features |= {"repeated"}
    return Candidate(best.value, best.raw, best.page, best.box, features | {"any"})
