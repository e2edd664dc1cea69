"""Predicted probability against observed correctness, and the threshold that an exact bound allows."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from app.quality.intervals import upper
from app.quality.judgement import Judged
from app.quality.labels import FIELDS, answer

BINS = 10
# Of a hundred payments that the reader proves, so many may be wrong at the most (issue 5), and how sure of it we are.
RISK, ALPHA = 0.005, 0.05
# No threshold goes below it, whatever the numbers say: below, a value is a guess (see docs/decisions/0019).
FLOOR = 0.9
# What a lane gets whose bound is not below the risk: elsewhere the floor, of scans a threshold that no value reaches,
# for a misread digit looks as right as a true one (docs/decisions/0028).
UNSHOWN: Mapping[str, float] = {"scan": 1.0}
_CRITICAL = ("iban", "amount_due", "currency", "invoice_number")


@dataclass(frozen=True)
class Bin:
    """Values that were said with about the same confidence."""

    low: float
    count: int
    right: int
    predicted: float

    @property
    def observed(self) -> float:
        return self.right / self.count


def pairs(found: Sequence[Judged], fields: Sequence[str] = _CRITICAL) -> list[tuple[float, bool]]:
    """Return confidence and rightness of every value that was said and is scored."""
    seen = []
    for one in found:
        for field in fields:
            state = one.states.get(field)
            if state in ("right", "wrong", "spurious"):
                seen.append((_confidence(one, field), state == "right"))
    return seen


def _confidence(one: Judged, field: str) -> float:
    said = answer(one.label, one.fields, field)
    held = (one.fields.get(name) or {} for name in FIELDS[field])
    return next((float(field["confidence"]) for field in held if field.get("value") == said), 0.0)


def bins(seen: Sequence[tuple[float, bool]]) -> list[Bin]:
    """Return the values in bins of equal width."""
    groups: dict[int, list[tuple[float, bool]]] = {}
    for confidence, right in seen:
        groups.setdefault(min(int(confidence * BINS), BINS - 1), []).append((confidence, right))
    return [
        Bin(place / BINS, len(group), sum(right for _, right in group), sum(sure for sure, _ in group) / len(group))
        for place, group in sorted(groups.items())
    ]


def expected_error(seen: Sequence[tuple[float, bool]]) -> float:
    """Return the ECE: the mean distance of predicted and observed, weighted by the bins' sizes."""
    return sum(one.count * abs(one.predicted - one.observed) for one in bins(seen)) / len(seen) if seen else 0.0


@dataclass(frozen=True)
class Threshold:
    """The least confidence at which a lane may pay, and the numbers that it rests on.

    `shown` tells whether the bound is below the risk. Where the labelled documents are too few or too wrong for that,
    the lane's risk is not shown: the threshold is what `UNSHOWN` says or the floor, the numbers are those of the floor.
    """

    threshold: float
    documents: int
    false: int
    upper: float
    shown: bool


def threshold(
    found: Sequence[Judged], risk: float = RISK, alpha: float = ALPHA, *, unshown: float = FLOOR
) -> Threshold:
    """Return the lowest threshold from the floor up whose false payables stay under the risk.

    Only documents count that nothing but their confidence would hold: the others are held at any threshold.
    """
    open_ones = sorted((one for one in found if _only_confidence(one)), key=lambda one: -one.confidence)
    levels = sorted({max(FLOOR, round(one.confidence, 4)) for one in open_ones if one.confidence >= FLOOR} | {FLOOR})
    for level in levels:
        chosen = [one for one in open_ones if one.confidence >= level]
        false = sum(_wrong(one) for one in chosen)
        bound = upper(false, len(chosen), alpha)
        if bound <= risk:
            return Threshold(level, len(chosen), false, round(bound, 6), shown=True)
    chosen = [one for one in open_ones if one.confidence >= FLOOR]
    false = sum(_wrong(one) for one in chosen)
    return Threshold(unshown, len(chosen), false, round(upper(false, len(chosen), alpha), 6), shown=False)


def _only_confidence(one: Judged) -> bool:
    reasons = set((one.line.get("assessment") or {}).get("reasons") or ())
    return one.outcome == "payable" or (one.outcome == "doubtful" and reasons == {"CONFIDENCE-LOW"})


def _wrong(one: Judged) -> bool:
    return bool(one.critical_wrong) or one.expected in ("must_hold", "must_not_pay")


def by_lane(found: Sequence[Judged]) -> dict[str, list[Judged]]:
    """Return the documents by the lane that the reader itself chose: the threshold is applied by that."""
    lanes: dict[str, list[Judged]] = {}
    for one in found:
        lanes.setdefault(str(one.line.get("lane") or "rejected"), []).append(one)
    lanes.pop("rejected", None)
    return dict(sorted(lanes.items()))


def summary(found: Sequence[Judged]) -> dict[str, Any]:
    """Return ECE, bins and threshold of each lane, for the result and the thresholds' file."""
    lanes = {}
    for lane, members in by_lane(found).items():
        seen = pairs(members)
        lanes[lane] = {
            "values": len(seen),
            "ece": round(expected_error(seen), 5),
            "bins": [{**asdict(one), "observed": round(one.observed, 5)} for one in bins(seen)],
            "payable": asdict(threshold(members, unshown=UNSHOWN.get(lane, FLOOR))),
        }
    return lanes


_SIDE, _MARGIN = 220, 36


def diagram(lanes: dict[str, Any]) -> str:
    """Return the reliability diagrams of all lanes side by side, as SVG: observed over predicted, size by count."""
    width = len(lanes) * (_SIDE + _MARGIN * 2)
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{_SIDE + 80}" font-family="sans-serif">']
    for place, (lane, figures) in enumerate(lanes.items()):
        parts += _panel(place * (_SIDE + _MARGIN * 2) + _MARGIN, lane, figures)
    return "\n".join([*parts, "</svg>\n"])


def _panel(x: float, lane: str, figures: dict[str, Any]) -> list[str]:
    foot = _SIDE + 30
    found = [
        f'<rect x="{x}" y="30" width="{_SIDE}" height="{_SIDE}" fill="none" stroke="#888"/>',
        f'<line x1="{x}" y1="{foot}" x2="{x + _SIDE}" y2="30" stroke="#bbb" stroke-dasharray="4"/>',
        f'<text x="{x}" y="20" font-size="13">{lane}: ECE {figures["ece"]:.4f}, {figures["values"]} values</text>',
        f'<text x="{x}" y="{foot + 18}" font-size="11">predicted → (0 to 1), observed ↑ (0 to 1)</text>',
    ]
    for one in figures["bins"]:
        size = 2 + 9 * (one["count"] / max(figures["values"], 1)) ** 0.5
        cx, cy = x + one["predicted"] * _SIDE, foot - one["observed"] * _SIDE
        found.append(f'<circle cx="{cx:.1f}" cy="{cy:.1f}" r="{size:.1f}" fill="#1f4e79" fill-opacity="0.7"/>')
    return found
