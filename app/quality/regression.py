"""Two releases on the same documents: what each reads rightly, what got worse, and whether the candidate may go on.

The verdict is a gate. No document may become a false payable; no lane may lose beyond what chance explains; and the
cases that the candidate claims to mend must be mended.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from app.quality.intervals import interval, loss, mcnemar, upper
from app.quality.judgement import Judged
from app.quality.labels import FIELDS, Label
from schemas.base import Code, Record, Text

# A loss is significant where chance alone would show it in less than one of twenty comparisons; fields share that one.
ALPHA = 0.05
# What a person reads through; the counts say how many there are beyond.
WORSE_MAX = 500
_BAD = frozenset({"wrong", "spurious"})
_GOOD = frozenset({"right", "absent", "neutral"})
DOCUMENTS = "documents"
COVERED = "covered"
ALL = "ALL"


@dataclass(frozen=True)
class Pair:
    """One labelled document, as both releases judge it."""

    before: Judged
    after: Judged

    @property
    def label(self) -> Label:
        """Return what is true of it."""
        return self.before.label

    @property
    def lane(self) -> str:
        """Return how it was read, or the folder's word for its form where it was not."""
        return str(self.after.line.get("lane") or self.before.line.get("lane") or self.label.lane)


class Tally(Record):
    """How many were right, wrong (a value that is not the true one, or where there is none) and missing."""

    right: int = 0
    wrong: int = 0
    missing: int = 0

    @property
    def total(self) -> int:
        """Return how many there are."""
        return self.right + self.wrong + self.missing


class Row(Record):
    """One group of documents under both releases. `what` is a field, or `documents` (all that a payment is made of).

    `covered`: payable, and found so without an error. `lost` were right before and are not, `gained` the other way;
    `p` is McNemar's, exact and two-sided. The intervals are those of Clopper and Pearson, 95 %.
    """

    group: Text
    what: Text
    before: Tally
    after: Tally
    lost: int
    gained: int
    p: float
    interval_before: tuple[float, float]
    interval_after: tuple[float, float]


class Payables(Record):
    """How many documents of a lane were said to be payable, falsely so, and the upper bound of that rate (95 %)."""

    group: Text
    said_before: int
    said_after: int
    false_before: int
    false_after: int
    upper_after: float


class Worse(Record):
    """A document that the candidate reads worse; never a value, which would be personal data."""

    document: Text
    lane: Text
    language: Text
    changes: tuple[Text, ...]


class Report(Record):
    """What a comparison came to. `complaints` are why the gate is closed; it is open where there are none."""

    candidate: Code
    baseline: Code
    golden: Text
    documents: int
    seconds: float
    rows: tuple[Row, ...]
    payables: tuple[Payables, ...]
    worse: tuple[Worse, ...]
    worse_in_all: int
    better_in_all: int
    claims: int
    mended: int
    complaints: tuple[Text, ...]

    @property
    def passed(self) -> bool:
        """Tell whether the gate is open."""
        return not self.complaints


def compare(
    pairs: Sequence[Pair], *, candidate: str, baseline: str, golden: str, claims: Sequence[str], seconds: float
) -> Report:
    """Return the report on pairs of judgements."""
    rows = tuple(_rows(pairs))
    worse = [found for pair in pairs if (found := _worse(pair)) is not None]
    mended, unmended = _mended(pairs, claims)
    return Report(
        candidate=candidate,
        baseline=baseline,
        golden=golden,
        documents=len(pairs),
        seconds=round(seconds, 3),
        rows=rows,
        payables=tuple(_payables(name, some) for name, some in _by(pairs, lambda pair: pair.lane).items()),
        worse=tuple(worse[:WORSE_MAX]),
        worse_in_all=len(worse),
        better_in_all=sum(_worse(Pair(pair.after, pair.before)) is not None for pair in pairs),
        claims=len(claims),
        mended=mended,
        complaints=(*_nothing(pairs), *_false(pairs), *_losses(rows), *unmended),
    )


def _nothing(pairs: Sequence[Pair]) -> Iterator[str]:
    if not any(pair.before.states for pair in pairs):
        yield "no labelled document was measured"


def _false(pairs: Sequence[Pair]) -> Iterator[str]:
    for pair in pairs:
        if pair.after.false_payable and not pair.before.false_payable:
            wrong = ", ".join(pair.after.critical_wrong) or pair.after.expected
            yield f"new false payable: {pair.label.name} ({wrong})"


def _losses(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the significant losses in a lane: of documents at the full level, of fields with it shared among them."""
    lanes = [row for row in rows if row.group.startswith("lane ") and row.lost]
    fields = sum(row.what not in (DOCUMENTS, COVERED) for row in lanes)
    for row in lanes:
        level = ALPHA if row.what in (DOCUMENTS, COVERED) else ALPHA / fields
        chance = loss(row.lost, row.gained)
        if chance < level:
            yield f"{row.group}, {row.what}: {row.lost} lost, {row.gained} gained (p = {chance:.4f})"


def _mended(pairs: Sequence[Pair], claims: Sequence[str]) -> tuple[int, list[str]]:
    """Return how many claims hold, and a sentence for each that does not."""
    known = {pair.label.name: pair.after for pair in pairs}
    said = []
    for claim in claims:
        after = known.get(claim)
        if after is None:
            said.append(f"claimed case {claim} is not among the documents")
        elif after.false_payable or not set(after.states.values()) <= _GOOD:
            left = ", ".join(field for field, state in after.states.items() if state not in _GOOD)
            said.append(f"claimed case {claim} is not mended ({left or 'false payable'})")
    return len(claims) - len(said), said


def _by(pairs: Sequence[Pair], key: Callable[[Pair], str]) -> dict[str, list[Pair]]:
    groups: dict[str, list[Pair]] = {}
    for pair in pairs:
        groups.setdefault(key(pair), []).append(pair)
    return {**dict(sorted(groups.items())), ALL: list(pairs)}


def _rows(pairs: Sequence[Pair]) -> Iterator[Row]:
    for lane, some in _by(pairs, lambda pair: pair.lane).items():
        yield from _of_documents(f"lane {lane}", some)
        for field in FIELDS:
            states = [
                (pair.before.states[field], pair.after.states[field]) for pair in some if field in pair.before.states
            ]
            if states:
                yield _row(f"lane {lane}", field, [(_kind(one), _kind(other)) for one, other in states])
    for language, some in _by(pairs, lambda pair: pair.label.language).items():
        if language != ALL:
            yield from _of_documents(f"language {language}", some)


def _of_documents(group: str, pairs: Sequence[Pair]) -> Iterator[Row]:
    scored = [pair for pair in pairs if pair.before.critical]
    yield _row(group, DOCUMENTS, [(_whole(pair.before), _whole(pair.after)) for pair in scored])
    payable = [pair for pair in pairs if pair.before.expected == "payable"]
    covered = {True: "right", False: "missing"}
    yield _row(group, COVERED, [(covered[pair.before.covered], covered[pair.after.covered]) for pair in payable])


def _row(group: str, what: str, kinds: Sequence[tuple[str, str]]) -> Row:
    before, after = Counter(one for one, _ in kinds), Counter(other for _, other in kinds)
    lost = sum(one == "right" != other for one, other in kinds)
    gained = sum(one != "right" == other for one, other in kinds)
    return Row(
        group=group,
        what=what,
        before=Tally(**before),
        after=Tally(**after),
        lost=lost,
        gained=gained,
        p=round(mcnemar(lost, gained), 6),
        interval_before=_interval(before["right"], len(kinds)),
        interval_after=_interval(after["right"], len(kinds)),
    )


def _interval(right: int, total: int) -> tuple[float, float]:
    low, high = interval(right, total) if total else (0.0, 1.0)
    return round(low, 5), round(high, 5)


def _kind(state: str) -> str:
    """Return right, wrong or missing; what is rightly absent is right."""
    return "right" if state in _GOOD else "wrong" if state in _BAD else "missing"


def _whole(judged: Judged) -> str:
    return "right" if judged.all_right else "wrong" if judged.critical_wrong else "missing"


def _payables(name: str, pairs: Sequence[Pair]) -> Payables:
    said = [sum(side.outcome == "payable" for side in sides) for sides in _sides(pairs)]
    false = [sum(side.false_payable for side in sides) for sides in _sides(pairs)]
    return Payables(
        group=name,
        said_before=said[0],
        said_after=said[1],
        false_before=false[0],
        false_after=false[1],
        upper_after=round(upper(false[1], said[1]), 6),
    )


def _sides(pairs: Sequence[Pair]) -> tuple[list[Judged], list[Judged]]:
    return [pair.before for pair in pairs], [pair.after for pair in pairs]


def _worse(pair: Pair) -> Worse | None:
    changes = tuple(_changes(pair))
    if not changes:
        return None
    return Worse(document=pair.label.name, lane=pair.lane, language=pair.label.language, changes=changes)


def _changes(pair: Pair) -> Iterator[str]:
    """Yield what got worse of one document."""
    order = {"right": 0, "missing": 1, "wrong": 2}
    for field, before in pair.before.states.items():
        after = pair.after.states[field]
        if order[_kind(after)] > order[_kind(before)]:
            yield f"{field}: {before} -> {after}"
    if pair.before.covered and not pair.after.covered:
        yield f"payable -> {pair.after.outcome}"
    if pair.after.false_payable and not pair.before.false_payable:
        yield "false payable"
