"""Real documents beside the repository: none may be said payable wrongly. They never enter it."""

import json
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import pytest

from agents.extraction.text.reading import read_text_pdf
from schemas.evidence import ExtractedInvoice, FieldName
from tests.agents.extraction.text.verdict import outcome

CORPUS = Path(__file__).resolve().parents[5] / "shared" / "corpus"
KINDS = {"pdf_text_only", "not_invoice"}
# What was reached when this was written; less is a regression.
PAYABLE_MIN = 38

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not (CORPUS / "truth.jsonl").is_file(), reason="the corpus is not beside the repository"),
]


def documents() -> list[dict[str, Any]]:
    rows = [json.loads(line) for line in (CORPUS / "truth.jsonl").read_text("utf-8").splitlines()]
    return [row for row in rows if row["kind"] in KINDS]


def folded(value: str | None) -> str:
    try:
        return str(Decimal(value or "").normalize())
    except InvalidOperation:
        return "".join(value.split()).casefold() if value else ""


def is_right(row: dict[str, Any], found: ExtractedInvoice) -> bool:
    truth = row["truth"] or {}
    due = "amount_due" if truth.get("amount_due") else "total_gross"
    pairs: dict[str, FieldName] = {
        "iban": "payment_account_identifier", due: "amount_due_for_payment", "currency": "invoice_currency_code",
        "invoice_number": "invoice_number",
    }  # fmt: skip
    accepted = {ours: [truth.get(ours), *row["alt"].get(ours, [])] for ours in pairs}
    return all(
        folded(found.value(theirs)) in {folded(value) for value in accepted[ours]} for ours, theirs in pairs.items()
    )


def test_no_real_document_is_said_payable_wrongly() -> None:
    payable, wrong = 0, []
    for row in documents():
        found = read_text_pdf((CORPUS / row["path"]).read_bytes())
        if isinstance(found, ExtractedInvoice) and outcome(found) == "payable":
            payable += 1
            if row["negative"] or row["iban_checksum_ok"] is False or not is_right(row, found):
                wrong.append(row["id"])
    assert wrong == []
    assert payable >= PAYABLE_MIN
