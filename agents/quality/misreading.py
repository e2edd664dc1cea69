"""How a value came to be read wrongly: by what the wrong value has to do with the right one and with the others."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations

from agents.quality.alike import (
    is_close,
    is_cut_at_separator,
    is_misread,
    is_same_digits,
    is_turned_date,
    number_of,
)
from schemas.cause import Cause, CauseClass
from schemas.evidence import ABSENT, FIELD_NAMES, ExtractedInvoice, Field
from schemas.feedback import FeedbackRecorded

# Data, not pictures of data: what they say is what whoever wrote them has written.
WRITTEN = frozenset({"cii", "ubl", "fatturapa"})
DATES = frozenset({"invoice_issue_date", "payment_due_date"})
# A type code that a person sets in place of an invoice's.
INVOICE_TYPES = frozenset({"380", "326", "384", "389", "751", "875", "876", "877"})
# What is reckoned with to come from one total to another.
_REST = (
    "paid_amount", "rounding_amount", "invoice_total_vat_amount", "sum_of_allowances_on_document_level",
    "sum_of_charges_on_document_level",
)  # fmt: skip
_TOTALS = (
    "invoice_total_amount_with_vat", "invoice_total_amount_without_vat", "amount_due_for_payment",
    "sum_of_invoice_line_net_amount",
)  # fmt: skip


def misread(lesson: FeedbackRecorded, extracted: ExtractedInvoice | None) -> Cause:
    """Return why a corrected field held what it held."""
    name, wrong, right = lesson.field or "", lesson.wrong, lesson.right
    read = _field(extracted, name)
    if wrong is not None and read.value != wrong:
        read = ABSENT  # the document was read again since: where the wrong value stood is not known any more

    def found(kind: CauseClass, evidence: str) -> Cause:
        return Cause(kind=kind, evidence=evidence[:1000], page=read.page or lesson.page, box=read.box or lesson.box)

    if name == "invoice_type_code" and right not in INVOICE_TYPES:
        return found("not_an_invoice", f"A person says that it is of type {right}, which asks for no payment.")
    if read.source in WRITTEN and wrong is not None and read.value == wrong:
        return found("publisher", f"The document's own data say {wrong} for {name}.")
    if wrong is None:
        return _missed(lesson, extracted, found_at=read)
    if right is None:
        return found("wrong_candidate", f"{wrong} was taken for {name}, which the document does not state.")
    kind, evidence = _compared(name, wrong, right, extracted)
    if kind == "ocr" and (extracted is not None and extracted.lane != "scan" and not is_misread(wrong, right)):
        kind, evidence = "wrong_candidate", f"{wrong} was taken for {name}; {right} stands there too."
    return found(kind, evidence)


def _missed(lesson: FeedbackRecorded, extracted: ExtractedInvoice | None, *, found_at: Field) -> Cause:
    """Return why there was no value: it was seen and not understood, or nothing led to it."""
    name = lesson.field or ""
    unparsed = extracted is not None and any(
        finding.rule in {"VALUE-UNPARSABLE", "VALUE-IGNORED"} and name in finding.fields
        for finding in extracted.findings
    )
    kind: CauseClass = "label_missed"
    evidence = f"Nothing was found for {name}; a person reads {lesson.right}."
    if extracted is not None and _written(extracted):
        kind, evidence = "publisher", f"The document's own data hold no {name}."
    elif unparsed:
        kind = "date_format" if name in DATES else "number_format" if number_of(lesson.right) is not None else "ocr"
        evidence = f"What stands for {name} could not be understood; a person reads {lesson.right}."
    return Cause(kind=kind, evidence=evidence, page=found_at.page or lesson.page, box=found_at.box or lesson.box)


def _written(extracted: ExtractedInvoice) -> bool:
    return any(field.source in WRITTEN for field in extracted.fields.values())


def _compared(name: str, wrong: str, right: str, extracted: ExtractedInvoice | None) -> tuple[CauseClass, str]:
    """Return what the two values have to do with each other. What is certain comes first."""
    if name in DATES and is_turned_date(wrong, right):
        return "date_format", f"{wrong} and {right} are the same numbers in another order."
    one, other = number_of(wrong), number_of(right)
    if one is not None and other is not None and _is_sum(name):
        return _sums(name, wrong, right, extracted)
    taken = _named(extracted, wrong, name) or _named(extracted, right, name)
    if is_misread(wrong, right):
        return "ocr", f"{wrong} and {right} differ by signs that look alike."
    if taken is None and is_close(wrong, right):
        return "ocr", f"{wrong} is {right} with a sign or two read wrongly."
    if taken is not None:
        return "wrong_candidate", f"{wrong} was taken for {name}; {taken} has the same value."
    return "wrong_candidate", f"{wrong} was taken for {name} in place of {right}."


def _is_sum(name: str) -> bool:
    return name in _TOTALS or name in _REST


def _sums(name: str, wrong: str, right: str, extracted: ExtractedInvoice | None) -> tuple[CauseClass, str]:
    """Return what explains a wrong sum, by the first thing that does."""
    return next(_explanations(name, wrong, right, extracted))


def _explanations(
    name: str, wrong: str, right: str, extracted: ExtractedInvoice | None
) -> Iterator[tuple[CauseClass, str]]:
    one, other = number_of(wrong) or Decimal(), number_of(right) or Decimal()
    is_scan = extracted is None or extracted.lane == "scan"
    # The sum to pay and the total are mostly the same: that the right sum was read elsewhere says little, that the
    # wrong one belongs elsewhere says much.
    taken, known = _named(extracted, wrong, name), _named(extracted, right, name)
    way, row = _reckoned(extracted, name, one, other), _row(extracted, one)
    if is_same_digits(wrong, right) or is_cut_at_separator(wrong, right):
        yield "number_format", f"{wrong} and {right} have the same digits, with the separators read otherwise."
    if is_scan and taken is None and row is None and is_misread(wrong, right):
        yield "ocr", f"{wrong} and {right} differ by signs that look alike."
    if taken is not None and (known is not None or way is None):
        yield "wrong_candidate", f"{wrong} was taken for {name}; {taken} has the same value."
    if row is not None:
        yield "table", f"{wrong} stands in {row}."
    if way is not None:
        yield "arithmetic", f"{right} follows from {wrong} by {way}, which was reckoned wrongly or not at all."
    if is_scan and is_close(wrong, right):
        yield "ocr", f"{wrong} is {right} with a sign or two read wrongly."
    yield "wrong_candidate", f"{wrong} was taken for {name} in place of {right}."


def _named(extracted: ExtractedInvoice | None, value: str, but: str) -> str | None:
    """Return another field that holds the value. Sums are compared as numbers."""
    if extracted is None:
        return None
    number = number_of(value)
    for name, field in extracted.fields.items():
        same = field.value == value or (number is not None and _is_sum(name) and number_of(field.value) == number)
        if name != but and same:
            return name
    return None


def _reckoned(extracted: ExtractedInvoice | None, name: str, wrong: Decimal, right: Decimal) -> str | None:
    """Return what has to be added or taken away, once or on the wrong side, to come from the wrong sum to the right."""
    if extracted is None:
        return None
    rest = [(other, value) for other, value in _numbers(extracted, _REST) if other != name and value]
    for count in (1, 2):
        for parts in combinations(rest, count):
            together = abs(sum((value for _, value in parts), Decimal()))
            if abs(right - wrong) in {together, 2 * together}:
                return " and ".join(other for other, _ in parts)
    return None


def _numbers(extracted: ExtractedInvoice, names: tuple[str, ...]) -> Iterator[tuple[str, Decimal]]:
    for name in names:
        value = number_of(_field(extracted, name).value)
        if value is not None:
            yield name, value


def _row(extracted: ExtractedInvoice | None, number: Decimal) -> str | None:
    """Return the row of items or of VAT in which a sum stands."""
    if extracted is None:
        return None
    for at, line in enumerate(extracted.lines, start=1):
        if number in {line.invoice_line_net_amount, line.item_net_price, line.invoiced_quantity}:
            return f"item {at}"
    for at, row in enumerate(extracted.vat_breakdown, start=1):
        if number in {row.vat_category_taxable_amount, row.vat_category_tax_amount}:
            return f"row {at} of the VAT"
    return None


def _field(extracted: ExtractedInvoice | None, name: str) -> Field:
    known = next((each for each in FIELD_NAMES if each == name), None)
    return ABSENT if extracted is None or known is None else extracted.field(known)
