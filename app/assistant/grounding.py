"""Which of a model's values stand in the document and can be true. All others are dropped, one by one.

What is kept takes its place from the words that say it. It is a suggestion: its confidence is below every threshold
that a release may have (schemas/release.py), and the finding ASSISTED holds the document until a person has looked.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from agents.extraction.text.amounts.notation import decimal_mark, parse, written
from app.assistant.prompt import VALUE_LENGTH_MAX
from app.assistant.words import Printed
from schemas.accounts import is_iban
from schemas.evidence import Box, ExtractedInvoice, Field, FieldName
from schemas.finding import ASSISTED, Finding, only_suggested
from schemas.money import parse_money, plain
from schemas.release import CONFIDENCE_FLOOR

# Half as sure as a coin is fair; what matters is that no threshold can be so low.
CONFIDENCE = CONFIDENCE_FLOOR / 2
# A value may be printed as so many words: an IBAN in groups of four has nine, a name seldom more.
WORDS_MAX = 12
_SIGNS: Mapping[str, str] = {"€": "EUR", "£": "GBP", "zł": "PLN", "Kč": "CZK"}
_CODE = re.compile(r"(?<![A-Z])[A-Z]{3}(?![A-Z])")
_DATE = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)|(?<!\d)(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})(?!\d)")
_ALNUM = re.compile(r"[^\W_]")

Place = Sequence[Printed]


def suggested(
    extracted: ExtractedInvoice, names: Sequence[FieldName], values: Mapping[str, Any], words: Sequence[Printed]
) -> ExtractedInvoice:
    """Return the reading with those of the values that are grounded and possible; as it was where none is.

    Args:
        extracted: what the readers had found; of it nothing is ever changed but what is a suggestion itself.
        names: what was asked for; anything else that a model says is not looked at.
        values: what the model says.
        words: the document's own.
    """
    kept: dict[FieldName, Field] = {}
    guessed = only_suggested(extracted.findings)
    for name in names:
        said = values.get(name)
        if extracted.value(name) is not None and name not in guessed:
            continue
        if isinstance(said, str) and 0 < len(said) <= VALUE_LENGTH_MAX and (field := _grounded(name, said, words)):
            kept[name] = field
    kept = {name: field for name, field in kept.items() if _is_possible(name, field, extracted)}
    if not kept:
        return extracted
    finding = Finding(
        rule=ASSISTED,
        severity="warning",
        message="A language model suggests values that the readers did not find; each stands in the document.",
        fields=tuple(kept),
    )
    return extracted.model_copy(
        update={"fields": {**extracted.fields, **kept}, "findings": (*extracted.findings, finding)}
    )


def _grounded(name: FieldName, said: str, words: Sequence[Printed]) -> Field | None:
    """Return a value as a field, with the place of the first words that say it."""
    canonical, says = _FORMS.get(name, _TEXT)
    value = canonical(said)
    if value is None:
        return None
    for place in _runs(words):
        if says(place, value, words):
            raw = " ".join(word.text for word in place)
            return Field(
                value=value, raw=raw, confidence=CONFIDENCE, page=place[0].page, box=_around(place), source="assistant"
            )
    return None


def _runs(words: Sequence[Printed]) -> Iterator[Place]:
    """Yield neighbouring words of one page, short runs first."""
    for count in range(1, WORDS_MAX + 1):
        for start in range(len(words) - count + 1):
            if words[start].page == words[start + count - 1].page:
                yield words[start : start + count]


def _around(place: Place) -> Box:
    lefts, tops, rights, bottoms = zip(*(word.box for word in place), strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _bare(text: str) -> str:
    return "".join(_ALNUM.findall(text.upper()))


def _text(said: str) -> str | None:
    return " ".join(said.split()) if _bare(said) else None


def _says_text(place: Place, value: str, _words: Sequence[Printed]) -> bool:
    return _bare("".join(word.text for word in place)) == _bare(value)


def _iban(said: str) -> str | None:
    compact = _bare(said)
    return compact if is_iban(compact) else None


def _amount(said: str) -> str | None:
    number = parse_money(said.strip())
    return plain(number) if number is not None and number > 0 else None


def _says_amount(place: Place, value: str, words: Sequence[Printed]) -> bool:
    """Tell whether the words write the sum. One that can be read in two ways is decided by the document's own mark."""
    found = list(written(" ".join(word.text for word in place)))
    if len(found) != 1 or found[0].negative:
        return False
    digits = found[0].digits
    number = parse(digits, None)
    if number is None:
        every = (each.digits for word in words for each in written(word.text))
        number = parse(digits, decimal_mark(every))
    return number == Decimal(value)


def _currency(said: str) -> str | None:
    return said.strip() if _CODE.fullmatch(said.strip()) else None


def _says_currency(place: Place, value: str, _words: Sequence[Printed]) -> bool:
    if len(place) > 1:
        return False
    text = place[0].text
    return value in _CODE.findall(text) or any(code == value for sign, code in _SIGNS.items() if sign in text)


def _day(said: str) -> str | None:
    try:
        return date.fromisoformat(said.strip()).isoformat()
    except ValueError:
        return None


def _says_day(place: Place, value: str, _words: Sequence[Printed]) -> bool:
    """Tell whether the words write the day in digits, and no other day by another order of them."""
    if len(place) > 1:
        return False
    days = {day for match in _DATE.finditer(place[0].text) for day in _days(match)}
    return days == {date.fromisoformat(value)}


def _days(match: re.Match[str]) -> Iterator[date]:
    """Yield each day that the digits can mean."""
    if match[1]:
        orders = [(int(match[1]), int(match[2]), int(match[3]))]
    else:
        first, second, year = int(match[4]), int(match[5]), int(match[6])
        year = year + 2000 if len(match[6]) == 2 else year
        orders = [(year, second, first), (year, first, second)]
    for year, month, day in orders:
        try:
            yield date(year, month, day)
        except ValueError:
            continue


def _is_possible(name: FieldName, field: Field, extracted: ExtractedInvoice) -> bool:
    """Tell whether nothing that the readers found speaks against a value."""
    if name == "invoice_number":
        return all(each == name or other.value != field.value for each, other in extracted.fields.items())
    if name != "amount_due_for_payment":
        return True
    net, vat, gross = (
        parse_money(extracted.value(each) or "")
        for each in (
            "invoice_total_amount_without_vat", "invoice_total_vat_amount", "invoice_total_amount_with_vat",
        )
    )  # fmt: skip
    total = gross if gross is not None else net + vat if net is not None and vat is not None else None
    rest = parse_money(extracted.value("paid_amount") or "0") or Decimal()
    return total is None or Decimal(field.value or 0) == total - rest


_Form = tuple[Callable[[str], str | None], Callable[[Place, str, Sequence[Printed]], bool]]
_TEXT: _Form = (_text, _says_text)
_FORMS: Mapping[FieldName, _Form] = {
    "payment_account_identifier": (_iban, _says_text),
    "amount_due_for_payment": (_amount, _says_amount),
    "invoice_currency_code": (_currency, _says_currency),
    "payment_due_date": (_day, _says_day),
    "invoice_issue_date": (_day, _says_day),
}
