"""What a domestic account number means: its IBAN, or itself as banks of the country write it, where it proves itself.

Each takes the match of a scheme's pattern over folded text, and returns None where check digits or banks disagree.
"""

import re
from collections.abc import Callable

from schemas.accounts import has_known_bank, iban_of, routing_fault

Meaning = Callable[[re.Match[str]], str | None]


def parts(country: str, *widths: int) -> Meaning:
    """Return the meaning of a number whose groups are the parts of the BBAN, each filled up with zeros."""

    def meaning(match: re.Match[str]) -> str | None:
        parts = [_bare(part or "") for part in match.groups()]
        if any(len(part) > width for part, width in zip(parts, widths, strict=True)):
            return None
        return iban_of(country, "".join(part.zfill(width) for part, width in zip(parts, widths, strict=True)))

    return meaning


def czech_or_slovak(match: re.Match[str]) -> str | None:
    """Return the IBAN of `prefix-number/bank`, where one of the two countries alone has such a bank."""
    prefix, number, bank = (_bare(match[name] or "") for name in ("first", "number", "bank"))
    if not number:
        prefix, number = "", prefix
    found = [iban_of(country, f"{bank}{prefix.zfill(6)}{number.zfill(10)}") for country in ("CZ", "SK")]
    known = [identifier for identifier in found if identifier is not None and has_known_bank(identifier)]
    return known[0] if len(known) == 1 else None


def finnish(match: re.Match[str]) -> str | None:
    """Return the IBAN of `123456-785`: zeros go behind the sixth digit, at groups 4 and 5 behind the seventh."""
    bank, rest = match["first"], match["rest"]
    if bank[0] in "45":
        return iban_of("FI", bank + rest[0] + rest[1:].zfill(7))
    return iban_of("FI", bank + rest.zfill(8))


def polish(match: re.Match[str]) -> str | None:
    """Return the IBAN of an NRB of 26 digits, whose first two are the check digits of the IBAN themselves."""
    digits = _bare(match.group())
    identifier = iban_of("PL", digits[2:])
    return identifier if identifier == f"PL{digits}" else None


def portuguese(match: re.Match[str]) -> str | None:
    """Return the IBAN of a NIB, which is itself proven by mod 97."""
    digits = _bare(match["first"])
    return iban_of("PT", digits) if int(digits) % 97 == 1 else None


def italian(match: re.Match[str]) -> str | None:
    """Return the IBAN of CIN, ABI, CAB and account."""
    cin, abi, cab, account = (_bare(match[name]) for name in ("cin", "first", "cab", "account"))
    return iban_of("IT", f"{cin}{abi}{cab}{account.zfill(12)}")


def giro(match: re.Match[str]) -> str | None:
    """Return a Swedish bankgiro whose last digit is right."""
    digits = _bare(match["first"])
    return f"BG {digits[:-4]}-{digits[-4:]}" if _luhn(digits) else None


def plus(match: re.Match[str]) -> str | None:
    """Return a Swedish plusgiro whose last digit is right."""
    digits = _bare(match["first"])
    return f"PG {digits[:-1]}-{digits[-1]}" if _luhn(digits) else None


def joined(template: str) -> Meaning:
    """Return the meaning of a number that proves nothing: its groups, as the template has them."""
    return lambda match: template.format(*(_bare(part or "") for part in match.groups()))


def routed(match: re.Match[str]) -> str | None:
    """Return an account in the United States whose routing number is right."""
    routing, account = _bare(match["first"]), _bare(match["account"])
    return f"US {routing} {account}" if routing_fault(routing) is None else None


def _luhn(digits: str) -> bool:
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits))]
    return sum(value // 10 + value % 10 for value in doubled) % 10 == 0


def _bare(text: str) -> str:
    return re.sub(r"[^0-9a-z]", "", text).upper()
