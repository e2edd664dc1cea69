"""A second look: a line of the page, enlarged and read by itself, says the same or casts a doubt.

The engine reads a line alone by other paths than within its page, so that two equal readings are worth more than one
with a high confidence. Nothing is repaired: characters count only as they were read.
"""

import re
from collections.abc import Iterable
from itertools import takewhile

from agents.extraction.scan.limits import LINES_AGAIN_MAX
from agents.extraction.scan.pages import ScannedPage
from agents.extraction.scan.port import Recognizer, Token
from agents.extraction.scan.rereading import lines
from agents.extraction.scan.spacing import spaced
from agents.extraction.scan.strips import cut
from agents.extraction.text.accounts.iban import is_valid, length_of
from schemas.evidence import Box

# How much a line is enlarged: once for a second opinion, and once more where the first reading was impossible.
ENLARGED, MORE_ENLARGED = 1.5, 2.2
# What is read of the word IBAN when its first letter is lost.
_IBAN = re.compile(r"^\W*.?.?BAN\b", re.IGNORECASE)
# A line may hold an account where so many of its characters stand in groups of digits.
_DIGITS_MIN = 10
# So many first characters tell an account from others.
_TELLING_LENGTH = 12
# Two letters of a country.
_COUNTRY_LENGTH = 2
_START = re.compile(r"(?=([A-Z]{2}[0-9]{2}[A-Z0-9]+))")


def look(page: ScannedPage, box: Box, enlarged: float, recognizer: Recognizer) -> tuple[Token, ...]:
    """Return what a line of the page says when it is read alone; boxes in pixels of the page's upright picture."""
    left, top, right, bottom = (side * page.scale for side in box)
    strip = cut(page.upright.image, left, top, right, bottom)
    if strip is None:
        return ()
    return tuple(strip.on_page(token, enlarged) for token in recognizer.strip(strip.enlarged(enlarged)))


def accounts_in(tokens: Iterable[Token]) -> frozenset[str]:
    """Return the valid IBANs that a line's characters spell, whatever its blanks."""
    text = compact(" ".join(token.text for token in tokens))
    found = set()
    for start in _START.finditer(text):
        length = length_of(start[1][:2])
        if length is not None and len(start[1]) >= length and is_valid(start[1][:length]):
            found.add(start[1][:length])
    return frozenset(found)


def compact(text: str) -> str:
    """Return letters and digits only, as they stand."""
    return "".join(filter(str.isalnum, text))


def with_accounts(page: ScannedPage, recognizer: Recognizer) -> tuple[ScannedPage, frozenset[str]]:
    """Return the page with lines of accounts as they read alone, and the accounts that only were read so.

    A line is exchanged where it holds no valid account as it was read with its page, and an enlargement reads one that
    no other contradicts. What comes of it is a value for a person to confirm.
    """
    tokens: list[Token] = []
    found: set[str] = set()
    looked = 0
    for line in lines(page.tokens):
        if _claims_account(line) and not accounts_in(line) and looked < LINES_AGAIN_MAX:
            looked += 1
            better = _alone(page, line, recognizer)
            found |= accounts_in(better)
            tokens += better or line
        else:
            tokens += line
    return (_exchanged(page, tokens), frozenset(found)) if found else (page, frozenset())


def _exchanged(page: ScannedPage, tokens: Iterable[Token]) -> ScannedPage:
    return ScannedPage(page.number, page.upright, page.scale, page.width, page.height, tuple(tokens), page.layer)


def unread_accounts(page: ScannedPage, known: frozenset[str]) -> tuple[tuple[Token, ...], ...]:
    """Return each line that looks like an account in which none can be read.

    It may be the payee's while the one that can be read is the buyer's. Of the `known` accounts one may begin in a line
    and end in the next.
    """
    unread = (line for line in lines(page.tokens) if _claims_account(line) and not accounts_in(line))
    return tuple(line for line in unread if not any(value[:_TELLING_LENGTH] in characters(line) for value in known))


def characters(line: Iterable[Token]) -> str:
    """Return the letters and digits of a line."""
    return compact("".join(token.text for token in line))


def _claims_account(line: tuple[Token, ...]) -> bool:
    """Tell whether a line holds what may be an account: called IBAN, begun like one, or printed in groups of four."""
    digits = sum(letter.isdigit() for token in line for letter in token.text)
    return digits >= _DIGITS_MIN and (
        any(_IBAN.match(token.text) for token in line)
        or any(_begins(line, at) for at in range(len(line)))
        or _in_fours(line)
    )


def _begins(line: tuple[Token, ...], at: int) -> bool:
    """Tell whether an account, read with a fault, may begin at a word: a country, and groups of digits after it."""
    country = line[at].text[:2].upper()
    length = length_of(country) if len(line[at].text) > _COUNTRY_LENGTH else None
    if length is None:
        return False
    groups = list(takewhile(_is_group, line[at:]))
    rest = compact("".join(token.text for token in groups))
    return length - 2 <= len(rest) <= length + 2 and sum(map(str.isdigit, rest[2:])) >= _DIGITS_MIN


def _is_group(token: Token) -> bool:
    return any(map(str.isdigit, token.text)) and not any(map(str.islower, token.text))


def _in_fours(line: tuple[Token, ...]) -> bool:
    """Tell whether three words in a row are four characters, nearly all of them digits: nothing else is printed so."""
    fours = [len(token.text) == 4 and sum(map(str.isdigit, token.text)) >= 3 for token in line]
    return any(all(fours[at : at + 3]) for at in range(len(fours) - 2))


def _alone(page: ScannedPage, line: tuple[Token, ...], recognizer: Recognizer) -> tuple[Token, ...]:
    """Return the line as it reads alone, where the enlargements know of one valid account; else nothing."""
    box = page.box(line)
    looks = [spaced(look(page, box, enlarged, recognizer)) for enlarged in (ENLARGED, MORE_ENLARGED)]
    if len(frozenset[str]().union(*map(accounts_in, looks))) != 1:
        return ()
    best = next(tokens for tokens in looks if accounts_in(tokens))
    return tuple(token._replace(line=line[0].line) for token in best)
