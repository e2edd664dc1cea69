"""The tables: by lane, by field, by language, by layout, and the list of errors."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence

from app.quality.intervals import interval, upper
from app.quality.judgement import Judged, count
from app.quality.labels import FIELDS, answer

ERRORS_MAX = 200
Key = Callable[[Judged], str]


def _share(part: int, whole: int) -> str:
    if not whole:
        return f"{'–':>22}"
    low, high = interval(part, whole)
    return f"{100 * part / whole:6.1f} [{100 * low:5.1f}, {100 * high:5.1f}]"


def by(found: Sequence[Judged], key: Key) -> dict[str, list[Judged]]:
    """Return the documents in groups, in order, and all of them under ALL."""
    groups: dict[str, list[Judged]] = defaultdict(list)
    for one in found:
        groups[key(one)].append(one)
    return {**dict(sorted(groups.items())), "ALL": list(found)}


def documents(found: Sequence[Judged], key: Key, title: str) -> Iterator[str]:
    """Yield the table of documents: all right, covered, false payable, each with its exact 95 % interval."""
    yield f"## by {title}"
    yield (
        f"{title:<24}{'docs':>6}  {'all right %':<23}{'any wrong':>10}  {'coverage %':<23}{'said payable':>13}"
        f"{'false':>6}{'95 % upper':>12}"
    )
    for name, members in by(found, key).items():
        c = count(members)
        bound = f"{100 * upper(c.false_payable, c.said_payable):.2f} %" if c.said_payable else "–"
        yield (
            f"{name:<24}{c.documents:>6}  {_share(c.all_right, c.scored):<23}{c.any_wrong:>10}  "
            f"{_share(c.covered, c.payable):<23}{c.said_payable:>13}{c.false_payable:>6}{bound:>12}"
        )
    yield ""


def fields(found: Sequence[Judged], title: str) -> Iterator[str]:
    """Yield the table of fields: right of what was said, and of what is there."""
    yield f"## fields, {title}"
    head = f"{'field':<20}{'truth':>7}{'said':>7}  {'right of said %':<23}{'right of truth %':<23}"
    yield f"{head}{'wrong':>7}{'spurious':>9}"
    for field in FIELDS:
        states = Counter(one.states[field] for one in found if field in one.states)
        said = states["right"] + states["wrong"] + states["spurious"]
        true = states["right"] + states["wrong"] + states["missing"]
        right = states["right"]
        yield (
            f"{field:<20}{true:>7}{said:>7}  {_share(right, said):<23}{_share(min(right, true), true):<23}"
            f"{states['wrong']:>7}{states['spurious']:>9}"
        )
    yield ""


def errors(found: Sequence[Judged]) -> Iterator[str]:
    """Yield what went wrong, what money hangs on first."""
    for one in found:
        if one.false_payable:
            reason = ", ".join(one.critical_wrong) or one.expected
            yield f"FALSE PAYABLE  {one.label.name}  {reason}  {one.label.row.get('trap') or ''}"
    for state in ("wrong", "spurious", "missing"):
        for one in found:
            for field, seen in one.critical.items():
                if seen == state:
                    name = one.label.payable_field if field == "payable" else field
                    said = answer(one.label, one.fields, name)
                    if said is None and field == "payable":
                        said = answer(one.label, one.fields, "total_gross")
                    yield f"{state:<9} {field:<15} {one.label.name}  true {one.label.truth.get(name)!r}, said {said!r}"


def reasons(found: Sequence[Judged]) -> Iterator[str]:
    """Yield why documents that could be paid were held."""
    held = [one for one in found if one.expected == "payable" and one.outcome != "payable"]
    tally = Counter(
        reason for one in held for reason in (one.line.get("assessment") or {}).get("reasons") or ["rejected"]
    )
    yield f"## why {len(held)} payable documents were not paid"
    yield from (f"{times:>6}  {reason}" for reason, times in tally.most_common())
    yield ""


def whole(found: Sequence[Judged]) -> Iterator[str]:
    """Yield the whole report."""
    yield from documents(found, lambda one: one.label.lane, "lane")
    yield from documents(found, lambda one: one.label.language, "language")
    yield from documents(found, lambda one: str(one.label.row["split"]), "split")
    for lane, members in by(found, lambda one: one.label.lane).items():
        yield from fields(members, lane)
    yield from reasons(found)
    listed = list(errors(found))
    yield f"## {len(listed)} errors"
    yield from listed[:ERRORS_MAX]
