"""Structured references of payments with right check digits."""

import random

from benchmarks.accuracy.papers.accounts import digits


def luhn(body: str) -> str:
    """Return the mod 10 check digit of Bankgirot and FIK: weights 2, 1 from the right, sum of digits."""
    products = (int(sign) * (2 if place % 2 == 0 else 1) for place, sign in enumerate(reversed(body)))
    return str(-sum(sum(map(int, str(product))) for product in products) % 10)


def finnish(rng: random.Random) -> str:
    """Return a viite: weights 7, 3, 1 from the right."""
    body = str(rng.randrange(1, 10)) + digits(rng, rng.randrange(4, 12))
    total = sum(int(sign) * (7, 3, 1)[place % 3] for place, sign in enumerate(reversed(body)))
    return body + str(-total % 10)


def swedish(rng: random.Random) -> str:
    """Return an OCR number with length digit and check digit."""
    body = str(rng.randrange(1, 10)) + digits(rng, rng.randrange(6, 12))
    body += str((len(body) + 2) % 10)
    return body + luhn(body)


def danish(rng: random.Random) -> str:
    """Return the 15 digits of a +71 card."""
    body = digits(rng, 14)
    return body + luhn(body)


def belgian(rng: random.Random) -> str:
    """Return the 12 digits of an OGM/VCS."""
    body = digits(rng, 10)
    return body + f"{int(body) % 97 or 97:02}"


def creditor(body: str) -> str:
    """Return an ISO 11649 reference over letters and digits."""
    plain = "".join(sign for sign in body.upper() if sign.isascii() and sign.isalnum())[-18:]
    value = int("".join(str(int(sign, 36)) for sign in plain + "RF00"))
    return f"RF{98 - value % 97:02}{plain}"


def swiss(rng: random.Random) -> str:
    """Return the 27 digits of a QR reference: modulo 10 recursive."""
    body, carry = digits(rng, 26), 0
    for sign in body:
        carry = (0, 9, 4, 6, 8, 2, 7, 1, 3, 5)[(carry + int(sign)) % 10]
    return body + str((10 - carry) % 10)


def finnish_barcode(iban: str, cents: int, reference: str, due: str) -> str:
    """Return a virtuaaliviivakoodi, version 4 (Finance Finland): 54 digits. `due` is YYMMDD."""
    return "4" + iban[2:] + f"{cents:08}" + "000" + reference.zfill(20) + due


def dutch(rng: random.Random) -> str:
    """Return a betalingskenmerk of 16 digits: check digit first, weights 2, 4, 8, 5, 10, 9, 7, 3, 6, 1."""
    body = digits(rng, 15)
    weights = (2, 4, 8, 5, 10, 9, 7, 3, 6, 1)
    total = sum(int(sign) * weights[place % 10] for place, sign in enumerate(reversed(body)))
    check = 11 - total % 11
    return {10: "1", 11: "0"}.get(check, str(check)) + body
