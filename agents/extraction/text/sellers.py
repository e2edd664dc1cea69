"""Whose paper it is: every sign by which a page tells its sender, weighed together.

Few signs are believed alone: a letterhead is often a picture, a footer names the bank, an account's holder may be a
factor. Who is named by most signs, and by clearly more than the next, is the seller; where two are named alike, nobody.
"""

from dataclasses import dataclass, field, replace

from agents.extraction.text.addresses import GUESSED
from agents.extraction.text.imprints import hosts_on, spelled_out
from agents.extraction.text.names import FORM, Key, Name, are_alike, key_of
from agents.extraction.text.signs import MERE_PRINT, Found, Sign, strong_signs, weak_signs

# The least weight of a seller, and how much more than the next it must be.
WEIGHT_MIN, MARGIN_MIN = 2, 1
# From these weights on a name is as good as one with a legal form in a letterhead, and as one that is headed.
FORMED_WEIGHT, SURE_WEIGHT = 4, 7
FORMED, SURE = 0.75, 0.85


@dataclass(slots=True)
class _Candidate:
    key: Key
    signs: list[Sign] = field(default_factory=list)

    @property
    def weight(self) -> int:
        """Return the sum over the kinds of sign, each counted once at its best."""
        best: dict[str, int] = {}
        for sign in self.signs:
            best[sign.kind] = max(best.get(sign.kind, 0), sign.weight)
        return sum(best.values())

    def is_mere_print(self) -> bool:
        """Tell whether nothing speaks for it but where and how large it is printed, as for a greeting."""
        return {sign.kind for sign in self.signs} <= MERE_PRINT

    def name(self) -> Name:
        """Return the name with its legal form where it is told, as its best sign has it."""
        best = max(self.signs, key=lambda sign: (FORM.search(sign.name.value) is not None, sign.weight))
        sure = SURE if self.weight >= SURE_WEIGHT else FORMED if self.weight >= FORMED_WEIGHT else GUESSED
        return replace(best.name, confidence=sure)


_NOBODY = _Candidate(Key((), ""))


def seller_of(found: Found) -> Name | None:
    """Return who is named as the sender by clearly the most signs, or spelled by the host where these are few."""
    first, second, *_ = (*_candidates(found), _NOBODY, _NOBODY)
    if first.weight <= WEIGHT_MIN or first.is_mere_print():
        spelled = spelled_out(found.layout, hosts_on(found.layout, found.taken))
        if spelled is not None:
            return spelled
    if first.weight < WEIGHT_MIN or first.is_mere_print() or first.weight - second.weight < MARGIN_MIN:
        return None
    return first.name()


def _candidates(found: Found) -> list[_Candidate]:
    """Return all that any sign names but the buyer, the weightiest first; spellings of one name are one."""
    candidates: list[_Candidate] = []
    buyer = key_of(found.buyer.value) if found.buyer is not None else None
    signs = [(sign, key_of(sign.name.value)) for sign in (*strong_signs(found), *weak_signs(found))]
    for sign, key in sorted(signs, key=lambda one: len(one[1].words)):
        if buyer is not None and are_alike(key, buyer):
            continue
        same = next((one for one in candidates if are_alike(one.key, key)), None)
        if same is None:
            candidates.append(same := _Candidate(key))
        same.signs.append(sign)
    return sorted(candidates, key=lambda one: -one.weight)
