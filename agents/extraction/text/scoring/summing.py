"""What may be the sum to pay: every sum above zero that the reader has found."""

from collections.abc import Iterator
from decimal import Decimal

from agents.extraction.text.amounts.amount import Amount
from agents.extraction.text.anchored import Readings
from agents.extraction.text.scoring.candidates import Candidate, Sighted, Surroundings, merged
from agents.extraction.text.totals.closures import best_closure, by_role
from agents.extraction.text.totals.roles import role, row_role
from schemas.evidence import FieldName
from schemas.money import plain

FIELD: FieldName = "amount_due_for_payment"
CENT = Decimal("0.01")
# Two sums make a third where all stand in the same block of totals: so many sums before it at most.
BLOCK_SUMS = 8
_OWN_NAME = frozenset({"payable", "gross", "total", "net", "subtotal", "vat", "tax_base", "boxed", "ignored"})
_TOTALS = frozenset({"total", "gross"})


def sums(readings: Readings, around: Surroundings) -> tuple[Candidate, ...]:
    """Return the candidates."""
    amounts = readings.amounts
    positive = [amount for amount in amounts if amount.value > 0]
    closure = best_closure(by_role(amounts))
    closing = closure.gross if closure is not None else None
    largest = max((amount.value for amount in positive), default=None)
    last = {amount.page: id(amount) for amount in amounts}
    stepped = _stepped(amounts)
    return merged(
        (
            _sighted(
                amount,
                around,
                {
                    "sum:last": last[amount.page] == id(amount),
                    "sum:largest": amount.value == largest,
                    "sum:closes": amount.value == closing,
                    "sum:steps": id(amount) in stepped,
                },
            )
            for amount in positive
        ),
        str,
    )


def _stepped(amounts: tuple[Amount, ...]) -> set[int]:
    """Return the sums that two different ones right before them add up to."""
    found = set()
    for at, amount in enumerate(amounts):
        before = {one.value for one in amounts[max(at - BLOCK_SUMS, 0) : at] if 0 < one.value < amount.value}
        if any(amount.value - value in before for value in before if 2 * value != amount.value):
            found.add(id(amount))
    return found


def _sighted(amount: Amount, around: Surroundings, noted: dict[str, bool]) -> Sighted:
    features = {*_names(amount), *around.of(amount.cell), *(name for name, is_so in noted.items() if is_so)}
    value = plain(amount.value.quantize(CENT))
    return Sighted(value, amount.raw, amount.page, amount.box, frozenset(features))


def _names(amount: Amount) -> Iterator[str]:
    own, headed = row_role(amount), role(amount.column)
    if own is None:
        yield "sum:item"
    else:
        yield f"sum:{own}" if own in _OWN_NAME else "sum:taken"
    if "payable" in amount.row:
        yield "named:payable"
    if headed == "payable" or headed in _TOTALS:
        yield "under:payable" if headed == "payable" else "under:total"
    flags = {
        "pure": own is not None and amount.pure,
        "stacked": amount.stacked,
        "bare": amount.bare,
        "by_day": amount.dated,
        "currency": amount.currency is not None,
    }
    yield from (name for name, is_so in flags.items() if is_so)
