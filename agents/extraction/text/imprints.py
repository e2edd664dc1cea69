"""Where a company says itself who it is: the line with its register, the domain of its mail and its pages."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from agents.extraction.text.addresses import GUESSED
from agents.extraction.text.labels import Labels
from agents.extraction.text.layout import Cell, Layout
from agents.extraction.text.lexicon import fold
from agents.extraction.text.names import FORM, SEPARATED, Name, key_of, looks_like_name

# A stem that is shorter says nothing: `my`, `the`.
STEM_LETTERS_MIN = 4
# A name and a host are one where the shorter is this much of the longer: `alphatec` of `alphatecde`, not `room` of
# `alpharoom`.
SHARE_OF_HOST = 0.7
# A document that names hosts more often is a list of them, and tells nothing of its sender.
HOSTS_MAX = 60
# Words that spell a host together are no more than these.
NAME_WORDS = 4
# Whose mail says nothing of who writes.
_PUBLIC = frozenset({
    "gmail", "googlemail", "outlook", "hotmail", "live", "yahoo", "icloud", "aol", "gmx", "web", "t-online", "freenet",
    "orange", "wanadoo", "laposte", "sfr", "libero", "virgilio", "alice", "telefonica", "sapo", "wp", "onet", "interia",
    "o2", "seznam", "centrum", "telia", "ziggo", "kpnmail", "planet", "bluewin", "protonmail", "proton", "co", "com",
})  # fmt: skip
# A single word of a name counts only from this length on.
WORD_LETTERS_MIN = 5
_NUMBERS = frozenset({"registration", "siren", "siret", "tax_number", "vat_identifier"})
_IMPRINT = re.compile(
    r"\b(?:au capital|capital social|share capital|cap\. ?soc|sede legale|siège social|registered (?:in|office|n)"
    r"|company n|inscrita|inscrito|registrada|zapsan|vedená|hjemsted|kotipaikka|säte|statutaire zetel|HRA|HRB"
    r"|R\.?C\.?S)",
    re.IGNORECASE,
)
_REGISTERS = re.compile(r"regist|gericht|tribunal|greffe|court|camera di", re.IGNORECASE)
_HOST = re.compile(
    r"(?P<user>[\w.+-]+)@(?P<mail>[\w-]+(?:\.[\w-]+)+)|(?:www\.|https?://(?:www\.)?)(?P<page>[\w-]+(?:\.[\w-]+)+)"
    r"|(?<![\w.@])(?P<bare>[a-z][a-z0-9-]{3,}\.(?:com|net|org|eu|de|fr|nl|be|es|it|pt|pl|fi|se|dk|cz|at|ch|ie|uk|lu))\b"
)


def imprints(layout: Layout, labels: Labels, taken: frozenset[Cell]) -> Iterator[Name]:
    """Yield who stands before a number or a seat of registers: `Free SAS au capital de`, `Alpha Oy, Y-tunnus`."""
    for cell in layout.cells():
        begins = _register_in(labels, cell)
        if cell in taken or begins is None:
            continue
        before = cell.text[:begins].strip(" (–—−-,.|·")
        name = SEPARATED.split(before)[0].strip()
        alone = name == before and _ends_with_mark(cell.text[:begins])
        if looks_like_name(name) and (FORM.search(name) or alone) and not _REGISTERS.search(name):
            yield Name(name, cell, GUESSED)


def _register_in(labels: Labels, cell: Cell) -> int | None:
    """Return where a cell begins to speak of registers, if a name may stand before that."""
    on = [label for label in labels.on(cell.line) if label.cell is cell]
    if any(label.start <= 1 for label in on):
        return None
    found = [label.start for label in on if label.concepts & _NUMBERS]
    match = _IMPRINT.search(cell.text)
    return min([*found, *([match.start()] if match else [])], default=None) or None


def _ends_with_mark(text: str) -> bool:
    return text.rstrip().endswith(("-", "–", "—", "·", "|", "•"))


@dataclass(frozen=True, slots=True)
class Hosts:
    """The letters of the hosts that a document names outside of what is taken, and of the users of its mail."""

    hosts: tuple[str, ...]
    users: frozenset[str]

    @property
    def known(self) -> frozenset[str]:
        """Return both."""
        return self.users.union(self.hosts)

    def leading(self) -> tuple[str, ...]:
        """Return the only host, or those that are named again."""
        counted = Counter(self.hosts)
        return tuple(host for host, times in counted.items() if len(counted) == 1 or times > 1)


def hosts_on(layout: Layout, taken: frozenset[Cell]) -> Hosts:
    """Return what mail and web addresses are called."""
    hosts: list[str] = []
    users: list[str] = []
    for cell in layout.cells():
        if cell in taken or "." not in cell.text:
            continue
        for match in _HOST.finditer(cell.text):
            host = (match["mail"] or match["page"] or match["bare"]).split(".")[-2].casefold()
            users.append(_letters(match["user"] or ""))
            hosts.append(_letters(host) if host not in _PUBLIC else "")
        if len(hosts) > HOSTS_MAX:
            return Hosts((), frozenset())
    kept = [[one for one in found if len(one) >= STEM_LETTERS_MIN] for found in (hosts, users)]
    return Hosts(tuple(kept[0]), frozenset(kept[1]))


def spelled_out(layout: Layout, hosts: Hosts) -> Name | None:
    """Return the words of the page that are a host's letters: `Alpha Telecom` of alphatelecom.fr.

    The last resort where the letterhead is a picture: they must be there twice, written like a name, and of one host.
    """
    found = [[name for cell in layout.cells() for name in _spelling(cell, host)] for host in hosts.leading()]
    spelled = [names for names in found if len(names) > 1]
    return spelled[0][0] if len(spelled) == 1 else None


def _spelling(cell: Cell, host: str) -> Iterator[Name]:
    words = [word.text.strip(",.;:()") for word in cell.words]
    plain = [_letters(word) for word in words]
    for start, word in enumerate(words):
        if not plain[start] or not host.startswith(plain[start]) or not word[:1].isupper():
            continue
        for end in range(start + 1, min(start + NAME_WORDS, len(words)) + 1):
            if "".join(plain[start:end]) == host and words[end - 1][:1].isupper():
                yield Name(" ".join(words[start:end]), cell, GUESSED)


def _fills(part: str, whole: str) -> bool:
    return part in whole and len(part) >= SHARE_OF_HOST * len(whole)


def _letters(text: str) -> str:
    plain = "".join(letter for letter in fold(text) if letter.isalpha())
    return plain.replace("ae", "a").replace("oe", "o").replace("ue", "u")


def fits(name: str, known: frozenset[str]) -> int:
    """Return how well a name fits the hosts of the page: 2 as a whole, 1 by one of its words, 0 not at all.

    >>> fits("Musterlieferant GmbH", frozenset({"musterlieferant"})), fits("Muster & Co. KG", frozenset({"info"}))
    (2, 0)
    """
    words = [_letters(word) for word in key_of(name).words]
    whole = "".join(words)
    if len(whole) >= STEM_LETTERS_MIN and any(_fills(whole, stem) or _fills(stem, whole) for stem in known):
        return 2
    ends = [word for word in (words[0], words[-1]) if len(word) >= WORD_LETTERS_MIN] if words else []
    return 1 if any(word in stem for word in ends for stem in known) else 0
