"""What was read, as a table that a person likes to read: three columns, so that it fits a narrow terminal."""

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path

from rich import box
from rich.table import Table
from rich.text import Text

from app.reading import DocumentRead
from schemas.evidence import FieldName

_WORDS = {
    "payable": ("payable", "green"),
    "doubtful": ("doubtful", "yellow"),
    "not_payable": ("nothing to pay", "cyan"),
}
_NOT_READ = ("not read", "red")
REASONS_SHOWN_MAX = 4
IBAN_GROUP = 4


def table(documents: Sequence[DocumentRead]) -> Table:
    """Return a row for each document, and below how many there are of each verdict."""
    counts = Counter(_verdict(document)[0] for document in documents)
    words = [word for word, _ in (*_WORDS.values(), _NOT_READ) if counts[word]]
    caption = " · ".join(f"{counts[word]} {word}" for word in words)
    result = Table(box=box.SIMPLE_HEAD, header_style="bold", leading=1, caption=caption, caption_justify="left")
    result.add_column("Document", overflow="fold")
    result.add_column("To pay", justify="right", no_wrap=True)
    result.add_column("Verdict", overflow="fold")
    for document in documents:
        result.add_row(_lines(_document(document)), _lines(_to_pay(document)), _lines(_reasons(document)))
    return result


def _lines(parts: Iterator[Text]) -> Text:
    return Text("\n").join(parts)


def _document(document: DocumentRead) -> Iterator[Text]:
    yield Text(Path(document.path).name or document.path, style="bold")
    for name in ("seller_name", "invoice_number"):
        if value := _value(document, name):
            yield Text(value)


def _to_pay(document: DocumentRead) -> Iterator[Text]:
    amount = _value(document, "amount_due_for_payment") or _value(document, "invoice_total_amount_with_vat")
    if amount:
        yield Text(f"{_grouped_number(amount)} {_value(document, 'invoice_currency_code') or ''}".strip(), style="bold")
    if due := _value(document, "payment_due_date"):
        yield Text(f"by {due}")
    if account := _value(document, "payment_account_identifier"):
        yield Text(" ".join(account[at : at + IBAN_GROUP] for at in range(0, len(account), IBAN_GROUP)))


def _reasons(document: DocumentRead) -> Iterator[Text]:
    word, style = _verdict(document)
    yield Text(word, style=style)
    reasons = document.assessment.reasons if document.assessment else (document.reason or "", document.detail or "")
    for reason in filter(None, reasons[:REASONS_SHOWN_MAX]):
        yield Text(reason, style="dim")
    if len(reasons) > REASONS_SHOWN_MAX:
        yield Text(f"and {len(reasons) - REASONS_SHOWN_MAX} more", style="dim")


def _verdict(document: DocumentRead) -> tuple[str, str]:
    return _WORDS[document.assessment.outcome] if document.assessment else _NOT_READ


def _value(document: DocumentRead, name: FieldName) -> str | None:
    return document.fields[name].value


def _grouped_number(amount: str) -> str:
    try:
        return f"{Decimal(amount):,}"
    except InvalidOperation:
        return amount
