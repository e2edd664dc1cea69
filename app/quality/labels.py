"""Labelled folders: truth.jsonl in the form of the corpus', and when a value is the same as the true one."""

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Literal

from rapidfuzz import fuzz

Expectation = Literal["payable", "must_hold", "must_not_pay", "unknown"]
# Names of the truth, and of the reader.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "invoice_number": ("invoice_number",),
    "document_type": ("invoice_type_code",),
    "issue_date": ("invoice_issue_date",),
    "due_date": ("payment_due_date",),
    "currency": ("invoice_currency_code",),
    "total_net": ("invoice_total_amount_without_vat",),
    "total_vat": ("invoice_total_vat_amount",),
    "total_gross": ("invoice_total_amount_with_vat",),
    "amount_due": ("amount_due_for_payment",),
    "seller_name": ("seller_name",),
    "seller_vat_id": ("seller_vat_identifier",),
    "seller_tax_id": ("seller_legal_registration_identifier", "seller_tax_registration_identifier"),
    "buyer_name": ("buyer_name",),
    "iban": ("payment_account_identifier",),
    "bic": ("payment_service_provider_identifier",),
    "payment_reference": ("remittance_information",),
}
AMOUNTS = frozenset({"total_net", "total_vat", "total_gross", "amount_due"})
NAMES = frozenset({"seller_name", "buyer_name"})
COMPACT = frozenset({"iban", "seller_vat_id", "seller_tax_id", "payment_reference"})
CREDIT_TYPES = frozenset({"81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "532"})
EITHER_TYPE = "384"
# By these a document of the corpus asks for a transfer, where it names its means.
TRANSFERS = frozenset({"1", "30", "31", "42", "58", "ZZZ", "MP05"})
PAGE_FIELDS = ("iban", "amount_due", "total_gross", "currency", "invoice_number")
# Names of companies are the same where this much of their words is.
NAME_ALIKE_MIN = 90


@dataclass(frozen=True)
class Label:
    """One document with what is true of it."""

    name: str
    path: Path
    row: Mapping[str, Any]

    @property
    def truth(self) -> Mapping[str, Any]:
        """Return the true values by the folder's names of fields; none where it is no invoice."""
        return self.row["truth"] or {}

    @property
    def lane(self) -> str:
        """Return the folder's word for the form: cii, facturx_pdf, pdf_text_only, pdf_scan, not_invoice."""
        return str(self.row["kind"])

    @property
    def language(self) -> str:
        """Return the document's language."""
        return str(self.row.get("language") or "–")

    @property
    def group(self) -> str:
        """Return the issuer or layout."""
        return str(self.row["group"])

    @property
    def is_credit(self) -> bool:
        """Tell whether it is a credit note."""
        return str(self.truth.get("document_type") or "380") in CREDIT_TYPES

    def is_scored(self, field: str) -> bool:
        """Tell whether the field counts: its truth is known, and visible."""
        if not self.truth or field in self.row["skip"]:
            return False
        return (self.row.get("visible") or {}).get(field) is not False

    def accepted(self, field: str) -> list[Any]:
        """Return the values that count as right: the true one and those that are as good."""
        return [value for value in (self.truth.get(field), *self.row["alt"].get(field, ())) if value is not None]

    def matches(self, field: str, value: str) -> bool:
        """Tell whether a value counts as right."""
        return any(same(field, true, value, credit=self.is_credit) for true in self.accepted(field))

    @property
    def payable_field(self) -> str:
        """Return the field that says what is to be paid."""
        return "amount_due" if self.truth.get("amount_due") else "total_gross"


def read(folder: Path) -> list[Label]:
    """Return the labels of a folder, by its truth.jsonl."""
    lines = (folder / "truth.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return [Label(row["id"], folder / row["path"], row) for row in rows]


def answer(label: Label, fields: Mapping[str, Any], field: str) -> str | None:
    """Return what the reader says of a field; of several fields that may hold it, the one that is right, if one is."""
    said = [value for name in FIELDS[field] if (value := (fields.get(name) or {}).get("value"))]
    return next((value for value in said if label.matches(field, value)), said[0] if said else None)


def expectation(label: Label) -> Expectation:
    """Return what a careful clerk would do, from the labels alone."""
    stated = (label.row.get("aux") or {}).get("expect")
    if stated:
        return "unknown" if label.row["aux"].get("debatable") else stated
    if label.row["truth"] is None:
        return "must_hold"
    if _asks_for_nothing(label):
        return "must_not_pay"
    if _is_suspect(label):
        return "must_hold"
    needed = ("iban", "invoice_number", "currency")
    return "payable" if label.row["set"] != "robust" and all(label.truth.get(name) for name in needed) else "unknown"


def _asks_for_nothing(label: Label) -> bool:
    means = {str(code) for code in (label.row.get("aux") or {}).get("payment_means") or ()}
    due = amount(label.truth.get("amount_due") or label.truth.get("total_gross") or "0")
    nothing = due is not None and due <= 0
    return bool(label.row.get("negative") or label.is_credit or (means and not means & TRANSFERS) or nothing)


def _is_suspect(label: Label) -> bool:
    page = label.row.get("xml_on_page") or {}
    broken = bool(label.truth.get("iban")) and label.row.get("iban_checksum_ok") is False
    return broken or any(page.get(name) is False for name in PAGE_FIELDS)


def amount(value: Any) -> Decimal | None:
    """Return a number from its text; None where it is none."""
    try:
        return Decimal(re.sub(r"[\s']", "", str(value)))
    except InvalidOperation:
        return None


def _plain(value: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", unicodedata.normalize("NFKD", value).upper())


def _name(value: str) -> str:
    return re.sub(r"[^\w ]+", " ", unicodedata.normalize("NFKC", value).casefold()).strip()


def same(field: str, true: Any, said: Any, *, credit: bool = False) -> bool:
    """Tell whether a value is the true one, in the field's own sense; of credit notes the sign is not looked at."""
    true, said = str(true), str(said)
    if field in AMOUNTS:
        left, right = amount(true), amount(said)
        return left is not None and right is not None and (abs(left) == abs(right) if credit else left == right)
    if field in NAMES:
        return fuzz.token_set_ratio(_name(true), _name(said)) >= NAME_ALIKE_MIN
    if field in COMPACT:
        return _plain(true) == _plain(said)
    return _same_code(field, true, said)


def _same_code(field: str, true: str, said: str) -> bool:
    match field:
        case "issue_date" | "due_date":
            return true[:10] == said[:10]
        case "bic":
            return _plain(true).removesuffix("XXX") == _plain(said).removesuffix("XXX")
        case "document_type":
            return EITHER_TYPE in (true, said) or (true in CREDIT_TYPES) == (said in CREDIT_TYPES)
    return re.sub(r"\s", "", true).casefold() == re.sub(r"\s", "", said).casefold()


def languages(labels: Sequence[Label]) -> list[str]:
    """Return the languages of some documents, sorted."""
    return sorted({label.language for label in labels})
