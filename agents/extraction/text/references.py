"""What to pay under: references that prove themselves, those that their country's label names, and misprints of them.

A reference whose check digits fail is told as printed, as a guess, and with a finding; nothing is repaired.
"""

import re
from collections.abc import Callable, Iterator

from stdnum import iso11649
from stdnum.be import ogm_vcs
from stdnum.ch import esr

from agents.extraction.text.beside import Beside, beside
from agents.extraction.text.check_digits import SCHEMES, Scheme
from agents.extraction.text.identifiers import CHECKED, FORMED, LABELLED, Identifier, holds, identifier_at
from agents.extraction.text.labels import Label, Labels
from agents.extraction.text.layout import Layout
from agents.extraction.text.lexicon import tokens

_RF = re.compile(r"(?<![A-Z0-9])RF\d{2}(?:\s?[A-Z0-9]){1,21}(?![A-Za-z0-9])")
_OGM = re.compile(r"[+*]{3}\s?(\d{3})\s?/\s?(\d{4})\s?/\s?(\d{5})\s?[+*]{3}")
_QRR = re.compile(r"(?<!\d)\d{2}(?:\s?\d{5}){5}(?!\d)")
_PROVEN: tuple[tuple[re.Pattern[str], Callable[[str], str]], ...] = (
    (_RF, iso11649.validate), (_OGM, ogm_vcs.validate), (_QRR, esr.validate)
)  # fmt: skip
_REFERENCE = re.compile(r"[^\W_][\w./+-]*(?: [\w./+-]*\d[\w./+-]*)*")
_DIGITS = re.compile(r"\d+(?: \d+)*-?(?![\w./-])")
REFERENCE_LENGTH_MAX = 35
MISPRINTED = 0.5


def references(layout: Layout, labels: Labels) -> Iterator[Identifier]:
    """Yield the references to pay under: RF, +++OGM+++ and QRR by their check digits, others by their label."""
    for cell in layout.cells():
        for pattern, validate in _PROVEN:
            for match in pattern.finditer(cell.text):
                value = re.sub(r"[^A-Z0-9]", "", match.group())
                if holds(validate, value):
                    shown = f"+++{value[:3]}/{value[3:7]}/{value[7:]}+++" if pattern is _OGM else value
                    yield identifier_at(cell, match, shown, CHECKED, labelled=True)
    for label in labels.every():
        if "remittance_information" in label.concepts and "document_number" not in label.concepts:
            yield from _labelled(layout, labels, label)


def _labelled(layout: Layout, labels: Labels, label: Label) -> Iterator[Identifier]:
    scheme = _scheme_of(label)
    for place in beside(layout, labels, label):
        found = (_in_scheme(place, scheme) if scheme is not None else None) or _free(place, label)
        if found is not None:
            yield found
            return


def _scheme_of(label: Label) -> Scheme | None:
    """Return the scheme that a label claims: `Viitenumero`, `KID`, `OCR-nummer`."""
    said = set(tokens(label.cell.text[label.start : label.end]))
    return next((scheme for scheme in SCHEMES if said & scheme.names), None)


def _in_scheme(place: Beside, scheme: Scheme) -> Identifier | None:
    """Return the digits that a scheme's label names: proven, or a misprint of a reference."""
    match = _DIGITS.match(place.text)
    if match is None:
        return None
    value = match.group().replace(" ", "")
    if not scheme.length_min <= len(value) <= scheme.length_max:
        return None
    confidence = CHECKED if scheme.is_valid(value) else MISPRINTED
    words = place.words(match.end())
    return Identifier(value, match.group(), place.cell, words, confidence, labelled=True)


def _free(place: Beside, label: Label) -> Identifier | None:
    match = _REFERENCE.match(place.text)
    if match is None or not any(map(str.isdigit, match.group())) or len(match.group()) > REFERENCE_LENGTH_MAX:
        return None
    strong = "other_number" not in label.concepts
    return Identifier(
        match.group().strip(), match.group(), place.cell, place.words(match.end()),
        LABELLED if strong else FORMED, labelled=strong,
    )  # fmt: skip
