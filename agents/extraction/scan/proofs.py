"""How far a recognized value can be believed: its check digits, its sums, and what a second look says.

A misread digit looks as right as a true one. So a confidence that lets money move is given only where something
other than the engine's own word stands behind the value; all else is held at DOUBTED.
"""

import re
from collections.abc import Callable

from agents.extraction.scan.again import ENLARGED, MORE_ENLARGED, accounts_in, look
from agents.extraction.scan.edges import Pixels, has_ink_left, has_ink_right
from agents.extraction.scan.pages import ScannedPage
from agents.extraction.scan.port import Recognizer, Token
from agents.extraction.text.accounts.iban import NATIONALLY_CHECKED
from agents.extraction.text.totals.evidence import STATED
from schemas.evidence import Field, FieldName

# Below what the assessment pays on (0.9): a person looks at the value.
DOUBTED = 0.6
# The engine's confidence in a word, measured on generated scans (docs/decisions/0016): below it one in five is wrong.
WORD_CONFIDENCE_MIN = 0.6
# A sum has no check digits, and a faint 1 is a 4 or a 7 in all the sums alike, so that they still close.
SUM_CONFIDENCE_MIN = 0.7
# A word below it may be anything: where it stands in the line of a sum, it is not known which sum that is.
LINE_CONFIDENCE_MIN, WORD_LETTERS_MIN = 0.3, 3
# No blank is wider than this, in heights of the print's box, and letters of one word stand closer than that.
BLANK_MAX, TOUCH = 0.9, 0.12
# Letters and digits that one glance does not tell apart, side by side in one number: FAO12, 1S0.
_AMBIGUOUS = re.compile(r"(?<=[0-9])[OQDIlSBZG]|[OQDIlSBZG](?=[0-9])")

# Behind them a word goes on.
_LEADS_ON = frozenset("-–/\\.#+")

Proof = Callable[[Field, "Look"], bool]


class Look:
    """What stands behind one field: its words as they were read with the page, and as they read alone."""

    def __init__(self, page: ScannedPage, field: Field, recognizer: Recognizer) -> None:
        """Take the field's box, in points of the upright page."""
        self._page = page
        self._box = field.box or (0.0, 0.0, 0.0, 0.0)
        self._recognizer = recognizer
        self.tokens = page.within(self._box)

    @property
    def confidence(self) -> float:
        """Return the engine's confidence in the least sure of the words; 0 without words."""
        return min((token.confidence for token in self.tokens), default=0.0)

    @property
    def line_confidence(self) -> float:
        """Return the engine's confidence in the least sure word of the lines in which the field stands."""
        rows = {token.line for token in self.tokens}
        line = (token for token in self._page.tokens if token.line in rows)
        words = (token.confidence for token in line if sum(map(str.isalpha, token.text)) >= WORD_LETTERS_MIN)
        return min(words, default=1.0)

    def is_whole(self) -> bool:
        """Tell whether the words are no piece of a longer one: a blank parts them from what was read beside them.

        What was not read may belong to the value, and so may digits and hyphens that the engine read in another column.
        """
        left, top, right, bottom = self._pixels
        reach, image = BLANK_MAX * (bottom - top), self._page.upright.image
        level = [token for token in self._page.tokens if token.top < (top + bottom) / 2 < token.bottom]
        before = [(left - token.right, token) for token in level if -1 <= left - token.right <= reach]
        after = [(token.left - right, token) for token in level if -1 <= token.left - right <= reach]
        touch, rows = TOUCH * (bottom - top), {token.line for token in self.tokens}
        parted = (gap > touch and (token.line in rows or _is_another(token)) for gap, token in (*before, *after))
        return all(parted) and not (
            (not before and has_ink_left(image, self._pixels, reach))
            or (not after and has_ink_right(image, self._pixels, reach))
        )

    @property
    def _pixels(self) -> Pixels:
        """Return the box around the words in pixels of the upright page."""
        return (
            min(token.left for token in self.tokens),
            min(token.top for token in self.tokens),
            max(token.right for token in self.tokens),
            max(token.bottom for token in self.tokens),
        )

    def alone(self, enlarged: float = ENLARGED) -> tuple[Token, ...]:
        """Return the words as they read alone."""
        return look(self._page, self._box, enlarged, self._recognizer)

    def in_line(self) -> tuple[Token, ...]:
        """Return the words as they read with their line: a single sign is too little to read alone."""
        rows = {token.line for token in self.tokens}
        line = [token for token in self._page.tokens if token.line in rows]
        return look(self._page, self._page.box(line), ENLARGED, self._recognizer) if line else ()


def weighed(
    name: FieldName, field: Field, page: ScannedPage, recognizer: Recognizer, exchanged: frozenset[str]
) -> Field:
    """Return a field of a scanned page with the confidence that it deserves, its box on the page itself.

    Args:
        name: which field.
        field: as the text reader filled it, the box in points of the upright page.
        page: where it stands.
        recognizer: for the second look.
        exchanged: accounts that were not read with their page, but only in lines by themselves.
    """
    found = Look(page, field, recognizer)
    proven = (
        name not in _PROOFS or field.value is None or (field.value not in exchanged and _PROOFS[name](field, found))
    )
    sure = field.confidence if proven else min(field.confidence, DOUBTED)
    if name not in _PROOFS:
        sure = min(sure, round(found.confidence, 3))
    box = page.page_box(field.box) if field.box is not None else None
    return field.model_copy(update={"confidence": sure, "box": box, "source": "ocr"})


def _account(field: Field, found: Look) -> bool:
    """It is printed as it is, not derived; and national check digits or a second reading stand beside mod 97."""
    printed = field.value in accounts_in(found.tokens)
    looks = (accounts_in(found.alone(enlarged)) for enlarged in (ENLARGED, MORE_ENLARGED))
    return printed and (_is_nationally_checked(field) or any(field.value in accounts for accounts in looks))


def _is_nationally_checked(field: Field) -> bool:
    return (field.value or "")[:2] in NATIONALLY_CHECKED


def _sum(field: Field, found: Look) -> bool:
    """The sum follows from others or is seen twice (the text reader says so), is sharp, and reads the same alone."""
    return (
        field.confidence >= STATED
        and found.confidence >= SUM_CONFIDENCE_MIN
        and found.line_confidence >= LINE_CONFIDENCE_MIN
        and _reads_same(field, found)
    )


def _number(field: Field, found: Look) -> bool:
    """No check digits prove a number: it must be sharp, unambiguous, and read the same alone."""
    return _AMBIGUOUS.search(field.raw or "") is None and _reads_same(field, found)


def _currency(field: Field, found: Look) -> bool:
    """A pound is soon taken for a euro."""
    return _holds(found.in_line(), field)


def _is_another(token: Token) -> bool:
    """Tell whether a word beside a value is none of its parts: letters, that no hyphen or stroke leads on from."""
    return not any(map(str.isdigit, token.text)) and token.text[-1:] not in _LEADS_ON


def _reads_same(field: Field, found: Look) -> bool:
    return found.confidence >= WORD_CONFIDENCE_MIN and found.is_whole() and _is_among(found.alone(), field)


def _is_among(tokens: tuple[Token, ...], field: Field) -> bool:
    """Tell whether words that follow each other are the field's, from the first to the last letter."""
    words = [inked for token in tokens if (inked := _inked(token.text))]
    raw = _inked(field.raw or "")
    return any(raw == "".join(words[start:end]) for start in range(len(words)) for end in range(start, len(words) + 1))


def _holds(tokens: tuple[Token, ...], field: Field) -> bool:
    return _inked(field.raw or "") in _inked("".join(token.text for token in tokens))


def _inked(text: str) -> str:
    """Return letters, digits and currency signs: what is left of a reading without its blanks and dots."""
    return "".join(letter for letter in text if letter.isalnum() or letter in "€$£")


_PROOFS: dict[FieldName, Proof] = {
    "payment_account_identifier": _account,
    "amount_due_for_payment": _sum,
    "invoice_total_amount_with_vat": _sum,
    "invoice_number": _number,
    "invoice_currency_code": _currency,
}
