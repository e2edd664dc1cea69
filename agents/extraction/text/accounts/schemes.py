"""How each country writes accounts: a pattern over folded text, and what its groups mean.

A scheme is `derived` where the number's own check digits make an IBAN of it (docs/decisions/0020).
"""

import re
from dataclasses import dataclass

from agents.extraction.text.accounts.meanings import (
    Meaning,
    czech_or_slovak,
    finnish,
    giro,
    italian,
    joined,
    parts,
    plus,
    polish,
    portuguese,
    routed,
)

_GAP = r"[^\d\n]{0,24}"


@dataclass(frozen=True, slots=True)
class Scheme:
    """How one country writes accounts: a pattern over folded text, and what it means."""

    name: str
    pattern: re.Pattern[str]
    meaning: Meaning
    derived: bool = True


def _scheme(name: str, pattern: str, meaning: Meaning, *, derived: bool = True) -> Scheme:
    return Scheme(name, re.compile(pattern), meaning, derived)


_NOT_IN = r"(?<![\w./-])"
_END = r"(?![\w/-])(?!\.\d)"
SCHEMES = (
    # Code banque, code guichet, numéro de compte, clé RIB: in a row, as cells under their names, or named one by one.
    _scheme("RIB", rf"{_NOT_IN}(?P<first>\d{{5}})[ -]+(\d{{5}})[ -]+([0-9a-z]{{11}})[ -]+(\d{{2}}){_END}",
            parts("FR", 5, 5, 11, 2)),
    _scheme("RIB", rf"banque\b[^\d\n]{{0,12}}(?P<first>\d{{5}})\b\s*{_GAP}guichet\b[^\d\n]{{0,12}}(\d{{5}})\b\s*"
            rf"{_GAP}compte\b[^\d\n]{{0,8}}([0-9a-z]{{11}})\b\s*{_GAP}cle\b[^\d\n]{{0,8}}(\d{{2}}){_END}",
            parts("FR", 5, 5, 11, 2)),
    _scheme("NRB", rf"{_NOT_IN}(?P<first>\d{{2}})(?:[ -]?\d{{4}}){{6}}{_END}", polish),
    _scheme("BE", rf"{_NOT_IN}(?P<first>\d{{3}})-(\d{{7}})-(\d{{2}}){_END}", parts("BE", 3, 7, 2)),
    _scheme("CZ", r"(?:\b(?:ucet|uctu|ucte|ucty|spojeni|platbu na)\b|\bc ?\. ?u ?\.)[^\d\n]{0,60}"
            r"(?:\n[^\d\n]{0,60})?(?P<first>\d{1,10})(?: ?- ?(?P<number>\d{2,10}))? ?/ ?(?P<bank>\d{4})" + _END,
            czech_or_slovak),
    _scheme("CCC", rf"{_NOT_IN}(?P<first>\d{{4}})[ -]?(\d{{4}})[ -]?(\d{{2}})[ -]?(\d{{10}}){_END}",
            parts("ES", 4, 4, 2, 10)),
    _scheme("ABI", r"\bcin\W{0,3}(?P<cin>[a-z])\b\W{0,3}abi\W{0,3}(?P<first>\d{5})\b\W{0,3}cab\W{0,3}(?P<cab>\d{5})\b"
            r"\W{0,3}(?:c ?/ ?c|conto|cc)[^\d\n]{0,12}(?P<account>[0-9]{5,12})" + _END, italian),
    _scheme("ABI", r"\babi\W{0,3}(?P<first>\d{5})\b\W{0,3}cab\W{0,3}(?P<cab>\d{5})\b\W{0,3}(?:c ?/ ?c|conto|cc)"
            r"[^\d\n]{0,12}(?P<account>[0-9]{5,12})\b\W{0,3}cin\W{0,3}(?P<cin>[a-z])\b", italian),
    _scheme("FI", rf"(?:tili\w*|pankki\w*|pankit)\b[^\d\n]{{0,40}}(?:\n[^\d\n]{{0,40}})?(?P<first>\d{{6}})-"
            rf"(?P<rest>\d{{2,8}}){_END}", finnish),
    _scheme("NO", rf"(?:konto\w*|bank\w*)\b[^\d\n]{{0,24}}(?P<first>\d{{4}}[ .]?\d{{2}}[ .]?\d{{5}}){_END}",
            parts("NO", 11)),
    _scheme("NIB", rf"\bnib\b[^\d\n]{{0,12}}(?P<first>\d{{4}}[ .]?\d{{4}}[ .]?\d{{11}}[ .]?\d{{2}}){_END}",
            portuguese),
    # What no IBAN can be made of, because no check digit of the number proves the account.
    _scheme("BG", rf"\b(?:bankgiro\w*|bg|bg-?nr)\b[^\d\n]{{0,12}}(?P<first>\d{{3,4}}-\d{{4}}){_END}",
            giro, derived=False),
    _scheme("PG", rf"\b(?:plusgiro\w*|postgiro\w*|pg)\b[^\d\n]{{0,12}}"
            rf"(?P<first>\d{{1,3}}(?: ?\d{{2}}){{0,3}}-\d){_END}", plus, derived=False),
    _scheme("FIK", r"(?P<first>\+7[135] ?<) ?(\d{15,16})? ?\+ ?(\d{8}) ?<",
            joined("FIK {0} {1} {2}"), derived=False),
    _scheme("DK", r"\breg\b[^\d\n]{0,8}(?P<first>\d{4})\b\W{0,3}(?:konto\w*|kto)\b[^\d\n]{0,8}(\d{6,10})"
            + _END, joined("DK {0} {1}"), derived=False),
    _scheme("GB", rf"\bsort ?code\b[^\d\n]{{0,12}}(?P<first>\d{{2}}[ -]?\d{{2}}[ -]?\d{{2}})\b\s*{_GAP}"
            rf"(?:account|a/c|acc)\b{_GAP}(\d{{8}}){_END}", joined("GB {0} {1}"), derived=False),
    _scheme("GB", rf"\b(?:account|a/c|acc)\b{_GAP}(\d{{8}})\b\s*{_GAP}sort ?code\b[^\d\n]{{0,12}}"
            rf"(?P<first>\d{{2}}[ -]?\d{{2}}[ -]?\d{{2}}){_END}", joined("GB {1} {0}"), derived=False),
    _scheme("US", rf"\b(?:routing|aba)\b{_GAP}(?P<first>\d{{9}})\b\s*{_GAP}(?:account|acct|a/c)\b{_GAP}"
            rf"(?P<account>\d{{4,17}}){_END}", routed, derived=False),
    _scheme("BLZ", rf"\b(?:konto|kto)\b[^\d\n]{{0,12}}(?P<first>\d[\d ]{{2,12}}\d)\b\s*{_GAP}(?:blz|bankleitzahl)\b"
            rf"[^\d\n]{{0,6}}(\d{{3}} ?\d{{3}} ?\d{{2}}){_END}", joined("DE {1} {0}"), derived=False),
)  # fmt: skip
