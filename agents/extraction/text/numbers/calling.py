"""How strongly a label calls something the invoice number: by its words, and by the title and the day beside it."""

from agents.extraction.text.labels import Label, Labels
from agents.extraction.text.lexicon import tokens
from agents.extraction.text.numbers.number import DOCUMENT, GENERIC, STRONG, TITLE, UNDER_TITLE

_STRENGTH = {"invoice_number": STRONG, "invoice_word": TITLE, "document_number": DOCUMENT}
# Names that every kind of number goes by.
_GENERIC = frozenset(
    {"reference", "ref", "numero", "number", "nummer", "numer", "cislo", "referencia", "doklad", "beleg"}
)
TITLE_LINES_MAX = 3
FLUSH_POINTS = 20.0


def strength_of(labels: Labels, label: Label) -> float:
    """Return what a number with this label is worth; 0.0 where the label names none of this document."""
    strength = max((_STRENGTH.get(concept, 0.0) for concept in label.concepts), default=0.0)
    if strength == TITLE and "other_number" in label.concepts:
        return 0.0
    if strength == DOCUMENT and _is_generic(label):
        return _strength_of_generic(labels, label)
    return strength


def _strength_of_generic(labels: Labels, label: Label) -> float:
    """Return what a mere `Number` is worth: nothing, unless the title or the day of issue stands near."""
    near = _title_near(labels, label)
    if _is_dated(labels, label) or (near is not None and _is_under(near, label)):
        return UNDER_TITLE
    return GENERIC if near is not None else 0.0


def _is_generic(label: Label) -> bool:
    """Tell whether every kind of number goes by this name."""
    named = tokens(label.cell.text[label.start : label.end])
    return "other_number" in label.concepts or (label.words == 1 and named[0] in _GENERIC)


def _title_near(labels: Labels, label: Label) -> Label | None:
    """Return the document's title where it stands near: only there does `Reference` mean the invoice's own."""
    near = (one for line in range(label.line - TITLE_LINES_MAX, label.line + 2) for one in labels.on(line))
    for one in near:
        if one.cell.page == label.cell.page and len(one.cell.words) <= one.words + 2 and "invoice_word" in one.concepts:
            return one
    return None


def _is_dated(labels: Labels, label: Label) -> bool:
    """Tell whether the date of issue stands beside or right below a mere `Number`: they are the document's own two."""
    if "other_number" in label.concepts:
        return False
    beside_it = [one for one in labels.on(label.line) if one is not label]
    below = [one for line in (label.line + 1, label.line + 2) for one in labels.on(line)]
    flush = [one for one in below if _is_over(label, one) and one.cell.page == label.cell.page]
    return any("issue_date" in one.concepts and "other_date" not in one.concepts for one in [*beside_it, *flush])


def _is_over(label: Label, other: Label) -> bool:
    """Tell whether two names are of one column, flush left or flush right."""
    return min(abs(other.left - label.left), abs(other.right - label.right)) <= FLUSH_POINTS


def _is_under(title: Label, label: Label) -> bool:
    """Tell whether a name stands right under the title, flush with it, as its first line."""
    return 0 <= label.line - title.line <= 2 and abs(label.left - title.left) <= FLUSH_POINTS
