"""What a payment code asks for, whatever its scheme, and what can be wrong with one."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from schemas.accounts import iban_fault

Scheme = Literal["EPC069-12", "Swiss QR-bill", "SPAYD", "UPN QR", "ZBP 2D", "Finnish bar code", "IBAN in a code"]
# Which part of a code breaks its scheme.
Part = Literal["form", "version", "account", "amount", "currency", "reference"]
# ISO 20022 Max70Text and Max140Text; what is longer is cut, for it is shown and never paid by.
NAME_LENGTH_MAX = 70
TEXT_LENGTH_MAX = 140


@dataclass(frozen=True, slots=True)
class PaymentCode:
    """A code that keeps to its scheme.

    `account` is an IBAN whose check digits hold, compact. `amount` is None where the payer is to fill it in.
    `reference` is structured and its check digits hold. `text` is for the payee's eyes.
    """

    scheme: Scheme
    account: str
    amount: Decimal | None = None
    currency: str | None = None
    reference: str | None = None
    payee: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class BrokenCode:
    """A code that claims a scheme and does not keep to it, so that nothing of it can be believed."""

    scheme: Scheme
    part: Part
    detail: str


class CodeError(Exception):
    """A part of a code breaks its scheme. Raised by the parsers' steps, and a `BrokenCode` outside of them."""

    def __init__(self, part: Part, detail: str) -> None:
        """Name the part, and what is wrong with it in plain words."""
        super().__init__(detail)
        self.part: Part = part
        self.detail = detail


def account(raw: str) -> str:
    """Return an IBAN in compact form, written with or without blanks.

    Raises:
        CodeError: its length or check digits are wrong.
    """
    compact = "".join(raw.split()).upper()
    fault = iban_fault(compact)
    if fault is not None:
        raise CodeError("account", fault)
    return compact


def free_text(raw: str, length_max: int = TEXT_LENGTH_MAX) -> str | None:
    """Return text on one line, or None where there is none."""
    return " ".join(raw.split())[:length_max] or None


def mod_10_recursive(digits: str) -> bool:
    """Tell whether the last digit is the check digit of the Swiss QR reference (SIX IG QR-bill, annex B).

    >>> mod_10_recursive("210000000003139471430009017")
    True
    """
    table, carry = (0, 9, 4, 6, 8, 2, 7, 1, 3, 5), 0
    for digit in digits[:-1]:
        carry = table[(carry + int(digit)) % 10]
    return (10 - carry) % 10 == int(digits[-1])


def is_creditor_reference(raw: str) -> bool:
    """Tell whether it is an RF creditor reference whose check digits hold (ISO 11649).

    >>> is_creditor_reference("RF18539007547034")
    True
    """
    if not (raw.isascii() and raw.isalnum() and raw.startswith("RF") and 5 <= len(raw) <= 25):
        return False
    return int("".join(str(int(character, 36)) for character in raw[4:] + raw[:4])) % 97 == 1


def is_finnish_reference(digits: str) -> bool:
    """Tell whether the last digit is the check digit of a Finnish reference: weights 7, 3, 1 from the right.

    >>> is_finnish_reference("1234561")
    True
    """
    if not (digits.isascii() and digits.isdigit() and 4 <= len(digits) <= 20):
        return False
    total = sum(int(digit) * (7, 3, 1)[at % 3] for at, digit in enumerate(reversed(digits[:-1])))
    return -total % 10 == int(digits[-1])
