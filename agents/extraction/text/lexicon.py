"""What invoices call things, in twelve languages: versioned data files, folded into one phrase tree.

Languages are not guessed first. A phrase means the same wherever it stands; where two languages disagree, the phrase
carries both concepts and the proof decides.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from agents.extraction.text.phrases import Phrases

LANGUAGES = ("fr", "en", "de", "nl", "es", "it", "pt", "pl", "fi", "sv", "da", "cs")
# Words that end a title in the languages that write compounds: Mietrechnung, Energiefactuur, Sähkölasku.
_COMPOUND_ENDS = ("rechnung", "factuur", "faktura", "fakturaen", "lasku", "regning", "nota")
_COMPOUND_LENGTH_MIN = 9
_NO_COMPOUNDS = frozenset({"berechnung", "verrechnung", "umrechnung", "vorausberechnung", "xrechnung", "dinota"})
_UNFOLDED = str.maketrans({"ß": "ss", "ł": "l", "ø": "o", "æ": "ae", "đ": "d", "œ": "oe", "ı": "i", "’": "'"})
_TOKEN = re.compile(r"[^\W_]+|#")
# `Number` at the head of a name; its sign may be read as one word or two.
_ROMANCE = frozenset({"fr", "es", "it", "pt"})
_NUMBER_HEADS = ("numero", "n", "no", "n o", "num", "nro", "nr")
# Between the parts of a gapped phrase ("wird * eingezogen") at most this many words may stand.
GAP_WORDS_MAX = 14
# A word of more languages than these tells nothing about the language of a page.
SPEAKERS_MAX = 3
# A page may be in two languages; a language with fewer words of its own than this part of the most is not there.
SHARE_OF_MOST = 0.6

# The concepts that name sums of money.
MONEY = frozenset({
    "payable", "gross", "total", "net", "subtotal", "vat", "tax_base", "prepaid", "previous", "discount",
    "cash_discount", "charge", "rounding", "withholding", "carry", "ignore_amount",
})  # fmt: skip

Tree = dict[str, Any]
STOP = "|"  # stands for the end of a sentence in a stream of tokens
END = ""  # the key under which a node keeps its concepts; no token is empty


def fold(text: str) -> str:
    """Return the text without case, accents and ligatures.

    >>> fold("Numéro de FACTURE Nº")
    'numero de facture no'
    """
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_UNFOLDED)
    return "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))


@cache
def tokens(text: str) -> tuple[str, ...]:
    """Return the folded words of a text, punctuation left out.

    >>> tokens("USt.-Id.-Nr.:")
    ('ust', 'id', 'nr')
    """
    return tuple(_TOKEN.findall(fold(text)))


@dataclass(frozen=True)
class Saying:
    """What one language says for a rule, and the words before it that take it back, in that language alone."""

    language: str
    pattern: Phrases
    guards: Phrases
    paid_guards: Phrases


@dataclass(frozen=True)
class Lexicon:
    """All languages as one. `tree` finds labels, `titles` document kinds, `phrases` sentences by rule."""

    tree: Tree
    titles: Tree
    methods: Tree
    phrases: Mapping[str, tuple[Saying, ...]]
    every: Mapping[str, Phrases]  # rule -> what any language says for it
    marks: frozenset[str]  # words that say `number`
    spoken_by: Mapping[str, tuple[str, ...]]  # word -> the languages whose labels hold it
    months: Mapping[str, int]
    currencies: Tree
    version: str


@cache
def lexicon() -> Lexicon:
    """Return the lexicon of this release; its files are part of the code."""
    files = [_file(language) for language in LANGUAGES]
    return Lexicon(
        tree=tree_of(pair for file in files for pair in _labels(file)),
        titles=tree_of(pair for file in files for pair in _titles(file)),
        methods=tree_of((phrase, kind) for file in files for kind, said in file["methods"].items() for phrase in said),
        phrases=_phrases(files),
        every={
            rule: phrases_of(one for file in files for one in file["phrases"].get(rule, ())) for rule in _rules(files)
        },
        marks=_words(files, "number_marks"),
        spoken_by=_spoken_by(files),
        months={fold(name): number for file in files for name, number in file["months"].items()},
        currencies=tree_of(pair for file in files for pair in file["currency_words"].items()),
        version="+".join(f"{file['language']}{file['version']}" for file in files),
    )


def languages_of(words: Iterable[str]) -> frozenset[str]:
    """Return the languages that folded words are likely of, by the words of labels that few languages share."""
    found: dict[str, float] = dict.fromkeys(LANGUAGES, 0.0)
    for word in set(words):
        speakers = lexicon().spoken_by.get(word, ())
        for language in speakers if len(speakers) <= SPEAKERS_MAX else ():
            found[language] += 1 / len(speakers)
    most = max(found.values())
    return frozenset(language for language in LANGUAGES if found[language] >= SHARE_OF_MOST * most)


def compound_title(token: str) -> bool:
    """Tell whether a word is a compound that ends in a word for invoice."""
    return len(token) >= _COMPOUND_LENGTH_MIN and token.endswith(_COMPOUND_ENDS) and token not in _NO_COMPOUNDS


def longest(tree: Tree, words: list[str], start: int) -> tuple[int, frozenset[str]] | None:
    """Return where the longest phrase that begins at `start` ends, and its concepts."""
    node, found = tree, None
    for index in range(start, len(words)):
        step = node.get(words[index])
        if step is None:
            break
        node = step
        if END in node:
            found = (index + 1, node[END])
    return found


def _file(language: str) -> dict[str, Any]:
    text = resources.files("agents.extraction.text").joinpath("lexicons", f"{language}.json").read_text("utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def _labels(file: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield phrase and concept. A word for invoice with a mark for number behind it labels the invoice number."""
    for concept, said in file["labels"].items():
        yield from ((one, concept) for phrase in said for one in _numbered(file["language"], phrase))
    for word in (*file["invoice_words"], *file["credit_words"]):
        yield from ((f"{word} {mark}", "invoice_number") for mark in file["number_marks"])
        yield word, "invoice_word"
    for kind in ("quote", "order", "proforma", "reminder", "statement", "delivery_note", "receipt"):
        for word in file["titles"][kind]:
            yield from ((f"{word} {mark}", "other_number") for mark in file["number_marks"])


def _numbered(language: str, phrase: str) -> Iterator[str]:
    """Yield a phrase in every spelling of a number at its head: `numéro de facture`, `n° de facture`."""
    head, *rest = tokens(phrase) or ("",)
    yield phrase
    if language in _ROMANCE and rest and head in _NUMBER_HEADS:
        yield from (" ".join((other, *rest)) for other in _NUMBER_HEADS)


def _titles(file: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from ((word, "invoice") for word in file["invoice_words"])
    yield from ((word, "credit_note") for word in file["credit_words"])
    yield from ((phrase, kind) for kind, said in file["titles"].items() for phrase in said)


def _words(files: list[dict[str, Any]], name: str) -> frozenset[str]:
    return frozenset(token for file in files for phrase in file[name] for token in tokens(phrase))


def _spoken_by(files: list[dict[str, Any]]) -> dict[str, tuple[str, ...]]:
    spoken: dict[str, dict[str, None]] = {}
    for file in files:
        for phrase in (*file["invoice_words"], *(one for said in file["labels"].values() for one in said)):
            for word in tokens(phrase):
                spoken.setdefault(word, {})[file["language"]] = None
    return {word: tuple(languages) for word, languages in spoken.items()}


def tree_of(pairs: Iterable[tuple[str, str]]) -> Tree:
    """Return phrases as a tree of their words, with the concepts at their ends."""
    root: Tree = {}
    for phrase, concept in pairs:
        node = root
        for token in tokens(phrase):
            node = node.setdefault(token, {})
        node[END] = node.get(END, frozenset()) | {concept}
    root.pop(END, None)
    return root


def _phrases(files: list[dict[str, Any]]) -> dict[str, tuple[Saying, ...]]:
    guards = [(phrases_of(file["guards"]), phrases_of(file["paid_guards"])) for file in files]
    return {
        rule: tuple(
            Saying(file["language"], phrases_of(file["phrases"][rule]), *taken_back)
            for file, taken_back in zip(files, guards, strict=True)
            if file["phrases"].get(rule)
        )
        for rule in _rules(files)
    }


def _rules(files: list[dict[str, Any]]) -> list[str]:
    return sorted({rule for file in files for rule in file["phrases"]})


def phrases_of(said: Iterable[str]) -> Phrases:
    """Return what finds phrases: `*` is a gap of some words, `~` at the end of a word any ending of it."""
    gap = rf"(?: [^\s{STOP}]+){{0,{GAP_WORDS_MAX}}}? "
    return Phrases(gap.join(" ".join(map(_word, part.split())) for part in phrase.split("*")) for phrase in said)


def _word(printed: str) -> str:
    return " ".join(tokens(printed)) + (r"[^\s|]*" if printed.endswith("~") else "")
