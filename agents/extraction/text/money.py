"""The currency that a document asks for."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from agents.extraction.text.amounts.amount import Amount
from agents.extraction.text.currencies import CODES, SHARED_SIGNS, SIGNS, code_of
from agents.extraction.text.geometry import Word
from agents.extraction.text.labels import Labels, spelled
from agents.extraction.text.layout import Cell, Layout, box_of
from agents.extraction.text.lexicon import languages_of
from schemas.evidence import Box

PROVEN, STATED, UNNAMED, SHARED, DISPUTED = 0.98, 0.95, 0.92, 0.75, 0.5
# What the krona sign means where the account is held, and the language that is written there; Norwegian reads as
# Danish.
_CROWNS = {"SE": "SEK", "NO": "NOK", "DK": "DKK", "IS": "ISK", "CZ": "CZK"}
_SPOKEN = {"SE": "sv", "DK": "da", "NO": "da", "CZ": "cs"}
# Where nothing names a currency, a bill in a language of the country where the account is held is in its own one. Only
# the euro: at home nothing else is paid in, and abroad the language differs. Ireland's is that of the pound.
_EURO = {
    "DE": {"de"}, "AT": {"de"}, "FR": {"fr"}, "BE": {"fr", "nl"}, "NL": {"nl"}, "ES": {"es"}, "IT": {"it"},
    "PT": {"pt"}, "FI": {"fi"}, "LU": {"fr", "de"},
}  # fmt: skip
_CAPITAL = frozenset({"ignore_amount"})


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency, the place that names it, and how sure it is."""

    code: str
    raw: str
    page: int
    box: Box
    confidence: float


@dataclass(frozen=True, slots=True)
class _Mention:
    code: str
    raw: str
    cell: Cell
    word: Word
    beside_sum: bool
    shared: bool

    def currency(self, confidence: float) -> Currency:
        return Currency(self.code, self.raw, self.cell.page, box_of([self.word]), confidence)


def find_currency(
    layout: Layout, labels: Labels, amounts: Iterable[Amount], payable: Amount | None, country: str | None
) -> Currency | None:
    """Return the currency of what is asked for.

    Args:
        layout: the document.
        labels: its labels.
        amounts: its sums, with the signs printed beside them.
        payable: the sum that is asked for, if known; its own sign decides among several.
        country: where the payee's account is held, to read `kr`.
    """
    known = list(amounts)
    spoken = languages_of(_tokens(layout))
    at_home = country in _EURO and not _EURO[country].isdisjoint(spoken)
    if country is not None and _SPOKEN.get(country) not in spoken:
        country = None  # a crown of one country on an account of another
    ignored = {amount.cell for amount in known if amount.row & _CAPITAL}
    mentions = [m for cell in layout.cells() if cell not in ignored for m in _in_cell(cell, known, country)]
    own = _own(mentions, payable)
    named = {mention.code for mention in mentions if not mention.shared}
    if own is not None and (named <= {own.code} or not own.shared):
        return own.currency(_worth(own, mentions, named, spelled_out=_is_spelled_out(own, mentions, labels)))
    stated = next((m for m in mentions if _is_labelled(m, labels)), None)
    if stated is not None and not stated.shared:
        return stated.currency(PROVEN if named == {stated.code} else STATED)
    if not mentions and at_home and payable is not None and _speaks_of_no_other(layout):
        return Currency("EUR", payable.raw, payable.page, payable.box, UNNAMED)
    return _commonest(mentions, named)


def _speaks_of_no_other(layout: Layout) -> bool:
    """Tell whether no currency but the euro is named anywhere, be it in the small print."""
    words = (word.text.strip("()[].,:;") for cell in layout.cells() for word in cell.words)
    return all(code_of(word) in (None, "EUR") and word not in SHARED_SIGNS for word in words)


def _is_spelled_out(own: _Mention, mentions: list[_Mention], labels: Labels) -> bool:
    """Tell whether the code of a shared sign stands in the sum's own row, or is called the currency: `USD $ 100`."""
    same = [one for one in mentions if one.code == own.code and not one.shared]
    return any(one.cell.line == own.cell.line or _is_labelled(one, labels) for one in same)


def _worth(own: _Mention, mentions: list[_Mention], named: set[str], *, spelled_out: bool) -> float:
    """Return how sure the currency beside the sum is: less, where most other sums are in another one."""
    if own.shared:
        return STATED if spelled_out else SHARED
    if named == {own.code}:
        return PROVEN
    counted = Counter(mention.code for mention in mentions if mention.beside_sum)
    return STATED if all(counted[code] <= counted[own.code] for code in named) else DISPUTED


def _commonest(mentions: list[_Mention], named: set[str]) -> Currency | None:
    if not mentions:
        return None
    counted = Counter(mention.code for mention in mentions if mention.beside_sum or not mention.shared)
    code = max(counted, key=counted.__getitem__, default=mentions[0].code)
    shown = next(mention for mention in mentions if mention.code == code)
    if shown.shared:
        return shown.currency(SHARED if len(named) == 0 else DISPUTED)
    return shown.currency(STATED if named == {code} else DISPUTED)


def _own(mentions: list[_Mention], payable: Amount | None) -> _Mention | None:
    """Return the mention in the cell, or the row, of the sum that is asked for."""
    if payable is None:
        return None
    if payable.currency is not None:
        return next(
            (m for m in mentions if m.cell is payable.cell and m.raw.strip("()[].,:") == payable.currency), None
        )
    return next((m for m in mentions if m.cell.line == payable.line), None)


def _is_labelled(mention: _Mention, labels: Labels) -> bool:
    return any("currency" in label.concepts for label in labels.before(mention.cell.line, mention.word.left + 1))


def _in_cell(cell: Cell, amounts: list[Amount], country: str | None) -> Iterable[_Mention]:
    glued = {amount.currency: amount for amount in amounts if amount.cell is cell and amount.currency}
    for sign, amount in glued.items():
        code = _code(sign, country)
        if code:
            shared = sign in SHARED_SIGNS and code not in _CROWNS.values()
            yield _Mention(code, sign, cell, amount.words[0], beside_sum=True, shared=shared)
    for word in cell.words:
        bare = word.text.strip("()[].,:;")
        if bare in glued or (bare not in CODES and bare not in SIGNS):
            continue
        yield _Mention(code_of(bare) or bare, word.text, cell, word, beside_sum=False, shared=False)


def _tokens(layout: Layout) -> Iterator[str]:
    for cell in layout.cells():
        for word in cell.words:
            yield from (token for token, _, _ in spelled(word.text))


def _code(sign: str, country: str | None) -> str | None:
    if sign.rstrip(".").lower() == "kr":
        return _CROWNS.get(country or "")
    return code_of(sign) or SHARED_SIGNS.get(sign) or None
