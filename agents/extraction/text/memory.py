"""What a release has learned, applied to one document: more labels, and anchors of the layout that it is in.

An anchor only ever says where to look. What stands there has to be of the field's kind, be visible, and hold its own
check digits; every finding of the ordinary reading stays, and codes, words and arithmetic are asked as before. For what
a payment is made of, an anchor fills a gap; where the ordinary reading says another value, the anchor's is put down as
doubted, and a person decides: two readings that contradict each other prove nothing. Only an invoice's number is taken
from an anchor that many corrections have agreed on, and only over a number that no label names: a wrong one moves no
money to anybody else, and otherwise papers that number themselves in their own way would wait for a person for ever.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from agents.extraction.text.anchored import Readings, Value, values
from agents.extraction.text.in_words import SpelledOut
from agents.extraction.text.lexicon import END, Tree, lexicon, tokens
from agents.extraction.text.sheet import Sheet
from agents.extraction.text.sketch import alike
from schemas.evidence import PAYMENT_CRITICAL, CreditTransfer, FieldName
from schemas.release import Anchor, LabelLearned, Learned

NOTHING = Learned()
# As sure as a value that the page names by a label of the lexicon.
ANCHORED = 0.95
# Below what any lane pays on (schemas/release.py, CONFIDENCE_FLOOR): the ordinary reading says another value.
DISPUTED = 0.85
# So many documents' corrections are more than the slips of one afternoon.
TRUSTED_MIN = 5
TRUSTED: frozenset[FieldName] = frozenset({"invoice_number"})
# Says which values were found by an anchor.
USED = "ANCHOR-USED"
ACCOUNT: FieldName = "payment_account_identifier"
PAYABLE: FieldName = "amount_due_for_payment"
# The total stands in for the sum to pay where none is called so.
CRITICAL: frozenset[FieldName] = frozenset({*PAYMENT_CRITICAL, "invoice_total_amount_with_vat"})


def with_labels(labels: Iterable[LabelLearned]) -> Tree:
    """Return the lexicon's phrase tree with more phrases in it; the lexicon itself stays as it is."""
    tree = dict(lexicon().tree)
    for label in labels:
        head, *rest = tokens(label.phrase) or ("",)
        if head:
            tree[head] = _with(tree.get(head, {}), rest, label.concept)
    return tree


def _with(node: Tree, rest: Sequence[str], concept: str) -> Tree:
    """Return a node that shares all with the old one but the path of the new phrase."""
    if not rest:
        return {**node, END: node.get(END, frozenset()) | {concept}}
    return {**node, rest[0]: _with(node.get(rest[0], {}), rest[1:], concept)}


def anchors_of(learned: Learned, layout: str | None) -> tuple[Anchor, ...]:
    """Return the anchors of the layouts that a document's sketch is alike to."""
    if layout is None or not learned.anchors:
        return ()
    known = {one for one in {anchor.layout for anchor in learned.anchors} if alike(one, layout)}
    return tuple(anchor for anchor in learned.anchors if anchor.layout in known)


def recall(sheet: Sheet, readings: Readings, anchors: Iterable[Anchor]) -> None:
    """Write down what the anchors find; where those of one field find different values, nothing."""
    found: dict[FieldName, dict[str, Value]] = {}
    trusted: set[FieldName] = set()
    for anchor in anchors:
        said = {one.value: one for one in values(readings, anchor)}
        found.setdefault(anchor.field, {}).update(said)
        if said and anchor.field in TRUSTED and anchor.agreed >= TRUSTED_MIN:
            trusted.add(anchor.field)
    told = [
        _put(sheet, field, next(iter(said.values())), trusted=field in trusted)
        for field, said in found.items()
        if len(said) == 1
    ]
    fields = [field for field in told if field is not None]
    if fields:
        sheet.find(USED, f"read by anchors of the layout: {', '.join(fields)}", *fields, severity="info")


def _put(sheet: Sheet, field: FieldName, value: Value, *, trusted: bool) -> FieldName | None:
    """Write down a value where it says something new; return its field then."""
    ordinary = sheet.value(field)
    if ordinary == value.value:
        return None
    is_weaker = trusted and sheet.confidence(field) < ANCHORED
    is_disputed = field in CRITICAL and ordinary is not None and not is_weaker
    confidence = DISPUTED if is_disputed else ANCHORED
    if field == ACCOUNT:
        _weigh_account(sheet, value)
    sheet.correct(field, value.value, value.raw, value.page, value.box, confidence)
    return field


def _weigh_account(sheet: Sheet, value: Value) -> None:
    """Offer the account, and doubt it where the page calls it the buyer's."""
    if value.value == sheet.value("debited_account_identifier"):
        sheet.find("ACCOUNT-AMBIGUOUS", "the page calls the anchor's account the buyer's own", ACCOUNT)
    sheet.offer_also(CreditTransfer(account_identifier=value.value))


def hear(sheet: Sheet, said: tuple[SpelledOut, ...]) -> None:
    """Doubt a sum to pay that the page tells otherwise in words."""
    payable = sheet.value(PAYABLE)
    total = sheet.value("invoice_total_amount_with_vat")
    known = [Decimal(value) for value in (payable, total) if value is not None]
    if payable is not None and said and not any(one.agrees(value) for one in said for value in known):
        sheet.find("AMOUNT-AMBIGUOUS", f"in words {said[0].value}, in figures {payable}", PAYABLE)
