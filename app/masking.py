"""Account numbers in texts that are kept: logs, and attributes of spans. Country and last four characters stay.

That is enough to talk about an account, and too little to pay to it. Texts hold numbers as people write them, in groups
and in any case; so a long number that is none is masked as well, unless it has the form of something that a log needs:
a time, an address, a UUID, a trace id, a record's place. A masked number costs a look elsewhere; a leaked one cannot
be taken back.
"""

import re

SHOWN = 4
# Below this an IBAN-like text is words; the shortest IBAN (Norway) has thirteen digits.
IBAN_DIGITS_MIN = 8

_FORMS = (
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?)?",  # ISO 8601
    r"(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(?:\.(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])){3}(?::[0-9]{1,5})?",  # IPv4
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",  # UUID, so also a UETR
    r"[0-9a-f]{32}|[0-9a-f]{64}",  # trace id, digest
    r"[a-z]+(?:\.[a-z]+)+[/@ ][0-9]+/[0-9]+",  # topic/partition/offset
)  # fmt: skip
_KEPT = "|".join(_FORMS)
_IBAN = r"[A-Za-z]{2}[0-9]{2}(?:[ -]?[A-Za-z0-9]{4}){2,7}(?:[ -]?[A-Za-z0-9]{1,4})?"
# Domestic: eight digits or more (British accounts are the shortest), with the signs between that banks write. Letters
# stand within or behind digits in French and Maltese ones. A dot parts groups, or it is a decimal point.
_DOMESTIC = r"[0-9](?:[ /-]?[0-9]|(?<=[0-9]{2})\.(?=[0-9]{2})|[A-Z]{1,3}(?=[0-9])|[A-Z](?=[ -][0-9])){7,39}"
_NUMBER = re.compile(
    rf"(?<![A-Za-z0-9])(?<![0-9]\.)(?:(?P<kept>{_KEPT})|(?P<iban>{_IBAN})|(?P<domestic>{_DOMESTIC}))(?![A-Za-z0-9])"
)


def mask(text: str) -> str:
    """Return the text with account numbers masked.

    >>> mask("pay DE89370400440532013000 or de89 3704 0044 0532 0130 00 now")
    'pay DE**3000 or de**3000 now'
    >>> mask("sort code 20-00-00 account 12345678 on 2026-11-24 at 10.0.0.1:9092")
    'sort code 20-00-00 account **5678 on 2026-11-24 at 10.0.0.1:9092'
    """
    return _NUMBER.sub(_masked, text)


def shortened(account: str, country: str) -> str:
    """Return what is shown of an account, of its compact form; `country` is empty where it names none."""
    return f"{country}**{account[-SHOWN:]}"


def _masked(found: re.Match[str]) -> str:
    text = found[0]
    if found["kept"]:
        return text
    number, words = _without_words(text)
    digits = sum(sign.isdigit() for sign in number)
    if digits < IBAN_DIGITS_MIN:
        return text
    compact = re.sub(r"[ ./-]", "", number)
    country = compact[:2] if found["iban"] else ""
    return shortened(compact, country) + words


def _without_words(text: str) -> tuple[str, str]:
    """Part what follows in a text of groups and is no group of a number: "BE68 5390 0754 7034 paid"."""
    number = text
    while (head := re.fullmatch(r"(.*)[ -][A-Za-z]+", number)) is not None:
        number = head[1]
    return number, text[len(number) :]
