"""What two corrections teach: an anchor of their layout, a phrase of two suppliers. Proposed, never put in force.

One correction can be a slip of the hand. Two that agree, of two documents, say where papers of a layout print a value.
Corrections that contradict each other teach nothing; that is said, for a person to look at.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from schemas.evidence import FieldName
from schemas.release import ANCHORS_MAX, CLAIMS_MAX, LABELS_MAX, Anchor, Bundle, Direction, LabelLearned, Learned, Zone
from tables.releases import Running

# How many corrections, each of another document, have to agree.
AGREEING_MIN = 2
# How many suppliers have to use a phrase before it is language and no longer somebody's own word.
SUPPLIERS_MIN = 2
# A value is looked for so far around where it was seen, as a share of the page: the print of another machine is off
# by less.
MARGIN = 0.1
# Values that stood further apart than this, as a share of the height, move with the table: they may be anywhere below.
FIXED_MAX = 0.02
PHRASE_WORDS_MAX = 4
# `No`, `Nr`, `To` alone are no phrase.
PHRASE_LETTERS_MIN = 4

# The concept of the lexicon that names a field.
CONCEPTS: Mapping[FieldName, str] = {
    "invoice_number": "invoice_number",
    "invoice_issue_date": "issue_date",
    "payment_due_date": "due_date",
    "amount_due_for_payment": "payable",
    "invoice_total_amount_with_vat": "gross",
    "invoice_total_amount_without_vat": "net",
    "invoice_total_vat_amount": "vat",
    "payment_account_identifier": "iban",
    "payment_service_provider_identifier": "bic",
    "seller_vat_identifier": "vat_identifier",
    "remittance_information": "remittance_information",
}
Alike = Callable[[str, str], bool]


@dataclass(frozen=True)
class Shown:
    """A label that leads to the right value on one page, and the value's middle as shares of the page.

    `is_new`: no language of the lexicon has the phrase.
    """

    label: str
    direction: Direction
    x: float
    y: float
    is_new: bool = False


@dataclass(frozen=True)
class Correction:
    """One right value of one document, and every label by which it can be found there."""

    case_id: str
    document_id: str
    layout: str
    field: FieldName
    right: str | None
    shown: tuple[Shown, ...] = ()
    supplier_id: str | None = None
    language: str | None = None


@dataclass(frozen=True)
class Note:
    """Why corrections of a field teach nothing.

    `CONTRADICTORY`: two say different things of one document. `ONE-ALONE`: nobody has said it twice. `NO-PLACE`: no
    label leads to all the right values. `FULL`: a bundle holds no more.
    """

    reason: str
    field: FieldName
    layout: str
    documents: tuple[str, ...]


@dataclass(frozen=True)
class Proposal:
    """A draft that nobody has decided on, or None where there is nothing new; and what could not be learned."""

    bundle: Bundle | None
    notes: tuple[Note, ...]


def propose(corrections: Iterable[Correction], parent: Running, *, alike: Alike, author: str) -> Proposal:
    """Return the parent with what the corrections teach.

    Args:
        corrections: of any layouts and fields, in any order.
        parent: the release in force.
        alike: tells whether two sketches are of one layout.
        author: who asks for it.
    """
    notes: list[Note] = []
    anchors: list[Anchor] = []
    claims: set[str] = set()
    sound = _sound(corrections, notes)
    for group in _groups(sound, alike):
        anchor = _anchor(group, notes)
        if anchor is not None:
            anchors.append(anchor)
            claims.update(one.case_id for one in group)
    labels = _labels(sound, alike)
    claims.update(case_id for _, case_ids in labels for case_id in case_ids)
    learned = _learned(parent.bundle.learned, anchors, [label for label, _ in labels], alike)
    if learned is None:
        notes.append(Note("FULL", "invoice_number", "", ()))
    if learned is None or learned == parent.bundle.learned:
        return Proposal(None, tuple(notes))
    return Proposal(_bundle(parent, learned, claims, author), tuple(notes))


def _bundle(parent: Running, learned: Learned, claims: set[str], author: str) -> Bundle:
    held = parent.bundle.learned
    new = len(learned.anchors) - len(held.anchors), len(learned.labels) - len(held.labels)
    return Bundle(
        code=parent.bundle.code,
        learned=learned,
        confidence_min=parent.bundle.confidence_min,
        policy=parent.bundle.policy,
        assistant=parent.bundle.assistant,
        parent=parent.name,
        author=author,
        reason=f"learned from {len(claims)} corrections: {new[0]} more anchors, {new[1]} more labels",
        claims=tuple(sorted(claims))[:CLAIMS_MAX],
    )


def _sound(corrections: Iterable[Correction], notes: list[Note]) -> list[Correction]:
    """Return one correction a document and field, without those that contradict each other."""
    by_value: dict[tuple[str, FieldName], dict[str | None, Correction]] = {}
    for one in sorted(corrections, key=lambda it: (it.document_id, it.field, it.case_id)):
        by_value.setdefault((one.document_id, one.field), {}).setdefault(one.right, one)
    for (document_id, field), said in by_value.items():
        if len(said) > 1:
            notes.append(Note("CONTRADICTORY", field, next(iter(said.values())).layout, (document_id,)))
    return [next(iter(said.values())) for said in by_value.values() if len(said) == 1]


def _groups(corrections: Sequence[Correction], alike: Alike) -> list[list[Correction]]:
    """Return the corrections by field and layout; the first of a layout stands for it."""
    groups: list[list[Correction]] = []
    for one in corrections:
        home = (group for group in groups if group[0].field == one.field and alike(group[0].layout, one.layout))
        group = next(home, None)
        if group is None:
            groups.append([one])
        else:
            group.append(one)
    return groups


def _anchor(group: list[Correction], notes: list[Note]) -> Anchor | None:
    """Return the anchor by which every right value of the group is found, or None and why."""
    first, documents = group[0], tuple(one.document_id for one in group)
    placed = [one for one in group if one.shown]  # a poor scan, or a value that is only meant, says nothing of places
    if len(group) < AGREEING_MIN:
        notes.append(Note("ONE-ALONE", first.field, first.layout, documents))
        return None
    names = [{(shown.label, shown.direction) for shown in one.shown} for one in placed]
    common = set.intersection(*names) if len(placed) >= AGREEING_MIN else set()
    if not common:
        notes.append(Note("NO-PLACE", first.field, first.layout, documents))
        return None
    label, direction = min(common, key=lambda it: (it[1] == "below", -it[0].count(" "), it))
    places = [shown for one in placed for shown in one.shown if (shown.label, shown.direction) == (label, direction)]
    return Anchor(
        layout=first.layout,
        field=first.field,
        label=label,
        direction=direction,
        zone=_zone(places),
        agreed=len(placed),
    )


def _zone(places: Sequence[Shown]) -> Zone:
    """Return where the values may be looked for."""
    left, right = min(one.x for one in places) - MARGIN, max(one.x for one in places) + MARGIN
    top, bottom = min(one.y for one in places), max(one.y for one in places)
    moves = bottom - top > FIXED_MAX
    low, high = (0.0, 1.0) if moves else (top - MARGIN, bottom + MARGIN)
    return max(left, 0.0), max(low, 0.0), min(right, 1.0), min(high, 1.0)


def _labels(corrections: Iterable[Correction], alike: Alike) -> list[tuple[LabelLearned, set[str]]]:
    """Return the phrases that papers of two suppliers have for a field and no language has yet, with their cases."""
    seen: dict[tuple[str, str, str], list[Correction]] = {}
    for one in corrections:
        for phrase in sorted({shown.label for shown in one.shown if _is_phrase(shown)}):
            if one.field in CONCEPTS and one.language and one.supplier_id:
                seen.setdefault((one.language, CONCEPTS[one.field], phrase), []).append(one)
    return [
        (LabelLearned(language=language, concept=concept, phrase=phrase), {one.case_id for one in said})
        for (language, concept, phrase), said in sorted(seen.items(), key=lambda it: it[0])
        if _is_shared(said, alike)
    ]


def _is_phrase(shown: Shown) -> bool:
    words = shown.label.split(" ")
    long = max(map(len, words)) >= PHRASE_LETTERS_MIN
    return shown.is_new and shown.direction != "below" and long and len(words) <= PHRASE_WORDS_MAX


def _is_shared(said: Sequence[Correction], alike: Alike) -> bool:
    """Tell whether two suppliers use the phrase, on papers that look different."""
    return any(
        one.supplier_id != other.supplier_id and not alike(one.layout, other.layout)
        for one, other in combinations(said, SUPPLIERS_MIN)
    )


def _learned(held: Learned, anchors: list[Anchor], labels: list[LabelLearned], alike: Alike) -> Learned | None:
    """Return what is held with what is new; a new anchor takes the place of the old one of its layout and field."""
    kept = [one for one in held.anchors if not any(_replaces(new, one, alike) for new in anchors)]
    all_anchors = (*kept, *sorted(anchors, key=_order))
    all_labels = (*held.labels, *(label for label in labels if label not in held.labels))
    if len(all_anchors) > ANCHORS_MAX or len(all_labels) > LABELS_MAX:
        return None
    same = set(all_anchors) == set(held.anchors)
    return held.model_copy(update={"labels": all_labels, "anchors": held.anchors if same else all_anchors})


def _replaces(new: Anchor, old: Anchor, alike: Alike) -> bool:
    return new.field == old.field and alike(new.layout, old.layout)


def _order(anchor: Anchor) -> tuple[str, str, str]:
    return anchor.layout, anchor.field, anchor.label
