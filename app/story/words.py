"""Dates, money, lists and names of terms as a person writes them."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

from schemas.money import plain

# Of a text from a document so much is quoted; the record has the rest.
QUOTED_CHARACTERS_MAX = 120
# Of a digest so much tells it apart for a reader; `--proof` shows it whole.
SHORT_DIGITS = 12

_SOURCES = {
    "ubl": "the UBL data",
    "cii": "the CII data",
    "fatturapa": "the FatturaPA data",
    "text": "the text of the page",
    "qr": "the payment code on the page",
    "ocr": "the picture, by optical recognition",
    "person": "a person",
}
_TERMS = {
    "payment_account_identifier": "account to pay to",
    "payment_service_provider_identifier": "bank (BIC)",
    "invoice_total_amount_with_vat": "total with VAT",
    "invoice_total_amount_without_vat": "total without VAT",
    "invoice_total_vat_amount": "total VAT",
    "amount_due_for_payment": "amount due",
    "invoice_currency_code": "currency",
    "invoice_issue_date": "date of issue",
    "invoice_type_code": "type of document",
    "payment_due_date": "due date",
    "payment_means_type_code": "means of payment",
    "remittance_information": "payment reference",
}
_ABBREVIATIONS = (("vat", "VAT"), ("iban", "IBAN"))


def day(value: date) -> str:
    """Return a date.

    >>> day(date(2026, 11, 4))
    '4 November 2026'
    """
    return f"{value.day} {value:%B %Y}"


def moment(value: datetime) -> str:
    """Return a moment, to the second and in UTC."""
    utc = value.astimezone(UTC)
    return f"{day(utc.date())} at {utc:%H:%M:%S} UTC"


def millis(value: int) -> str:
    """Return a moment of Kafka's."""
    return moment(datetime.fromtimestamp(max(value, 0) / 1000, tz=UTC))


def money(value: Decimal, currency: str | None) -> str:
    """Return a sum, with the decimals that it has and at least two.

    >>> money(Decimal("1234.5"), "EUR")
    '1,234.50 EUR'
    """
    digits = max(2, -int(value.as_tuple().exponent)) if "." in plain(value) else 2
    return f"{value:,.{digits}f} {currency or '(no currency)'}"


def number(value: int, noun: str, plural: str | None = None) -> str:
    """Return a count of something.

    >>> number(1, "rule"), number(1200, "byte")
    ('1 rule', '1,200 bytes')
    """
    return f"{value:,} {noun if value == 1 else plural or noun + 's'}"


def percent(share: float) -> str:
    """Return a confidence. Nothing is rounded up to certainty.

    >>> percent(1.0), percent(0.9985), percent(0.99999)
    ('100%', '99.85%', 'more than 99.99%')
    """
    if 0.9999 < share < 1:
        return "more than 99.99%"
    return f"{share * 100:.2f}".rstrip("0").rstrip(".") + "%"


def listed(items: Iterable[str]) -> str:
    """Return a list in words.

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    every: Sequence[str] = tuple(items)
    return " and ".join([", ".join(every[:-1]), every[-1]] if len(every) > 1 else every)


def quoted(text: str) -> str:
    """Return words of a document or a person, marked as theirs, on one line."""
    line = " ".join(text.split())
    return f"“{line if len(line) <= QUOTED_CHARACTERS_MAX else line[: QUOTED_CHARACTERS_MAX - 1] + '…'}”"


def short(digest: str) -> str:
    """Return the beginning of a digest or id."""
    head, _, tail = digest.rpartition(":")
    return f"{head}:{tail[:SHORT_DIGITS]}…" if head else f"{tail[:SHORT_DIGITS]}…"


def term(name: str) -> str:
    """Return a field's name in words.

    >>> term("seller_vat_identifier")
    'seller VAT identifier'
    """
    words = _TERMS.get(name, name.replace("_", " "))
    for small, large in _ABBREVIATIONS:
        words = " ".join(large if word == small else word for word in words.split(" "))
    return words


def source(name: str) -> str:
    """Return where a reader found a value."""
    return _SOURCES.get(name, name)
