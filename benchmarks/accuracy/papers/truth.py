"""What a careful clerk would note from a paper, as a row of the corpus' truth.jsonl."""

from typing import Any

from benchmarks.accuracy.papers import accounts
from benchmarks.accuracy.papers.desk import NEGATIVES, Layout
from benchmarks.accuracy.papers.facts import Paper
from benchmarks.accuracy.papers.layouts import split

FIELDS = (
    "invoice_number",
    "document_type",
    "issue_date",
    "due_date",
    "currency",
    "total_net",
    "total_vat",
    "total_gross",
    "amount_due",
    "seller_name",
    "seller_vat_id",
    "seller_tax_id",
    "buyer_name",
    "iban",
    "bic",
    "payment_reference",
)
HELD = ("bad_iban", "new_bank", "contradiction", "no_number", "hidden_account")
# One sentence beside an invoice that is all right otherwise, and a careful clerk asks.
ASKED = ("draft", "set_off", "wait", "merged_bank")
# A clerk may pay any of several accounts, or ask: neither is wrong.
EITHER = ("factor",)


def row(paper: Paper, layout: Layout, shown: frozenset[str], name: str, path: str, kind: str) -> dict[str, Any]:
    """Return the row of a paper. `kind` is the corpus' word for its form: pdf_text_only, pdf_scan, not_invoice."""
    negative = paper.kind in NEGATIVES and paper.kind != "credit_note"
    truth = dict.fromkeys(FIELDS) if negative else _truth(paper, shown)
    return {
        "id": name,
        "path": path,
        "set": f"papers-{split(layout.name)}",
        "kind": "not_invoice" if paper.kind in NEGATIVES else kind,
        "split": split(layout.name),
        "group": layout.name,
        "family": layout.sector,
        "language": paper.language,
        "licence": "Apache-2.0",
        "source": "generated",
        "sha256": "",
        "negative": negative,
        "truth": truth,
        "alt": {} if negative else _alternatives(paper, shown),
        "visible": None,
        "skip": list(FIELDS) if negative else _skipped(paper, shown),
        "optional": _optional(paper, shown),
        "iban_checksum_ok": None if truth["iban"] is None else paper.kind != "bad_iban",
        "truth_source": "drawn from these values",
        "trap": "" if paper.kind == "invoice" else paper.kind,
        "notes": [],
        "qr": [],
        "xml_on_page": None,
        "aux": {
            "expect": expectation(paper, shown),
            "paper": paper.kind,
            "layout": layout.name,
            "country": paper.country,
            "payment_means": [],
        },
    }


def expectation(paper: Paper, shown: frozenset[str]) -> str:
    """Return payable, must_hold, must_not_pay, or unknown where a clerk may do one or the other."""
    if paper.kind in NEGATIVES:
        return "must_not_pay"
    if paper.kind in (*HELD, *ASKED):
        return "must_hold"
    several = bool(paper.more_accounts) or paper.previous  # an earlier balance may have been paid on its own
    if paper.kind in EITHER or several or _truth(paper, shown)["iban"] is None:
        return "unknown"
    return "payable"


def _truth(paper: Paper, shown: frozenset[str]) -> dict[str, Any]:
    def where(field: str, value: Any) -> Any:
        return value if field in shown else None

    return {
        "invoice_number": where("number", paper.number),
        "document_type": "381" if paper.kind == "credit_note" else "380",
        "issue_date": where("date", paper.issued.isoformat()),
        "due_date": where("due", paper.due.isoformat()),
        "currency": paper.currency,
        "total_net": f"{paper.net}",
        "total_vat": f"{paper.vat}",
        "total_gross": f"{paper.gross}",
        "amount_due": f"{paper.payable}",
        "seller_name": paper.seller.name,
        "seller_vat_id": where("vat_id", paper.seller.vat),
        "seller_tax_id": where("registration", paper.seller.registration),
        "buyer_name": paper.buyer.name,
        "iban": _iban(paper, shown),
        "bic": where("bic", paper.account.bic),
        "payment_reference": where("reference", paper.reference),
    }


def _iban(paper: Paper, shown: frozenset[str]) -> str | None:
    """Return the IBAN that is printed, or that follows from the national form without a doubt (RIB, NRB)."""
    if "iban" in shown or ("domestic" in shown and paper.country in ("FR", "PL")):
        return paper.account.iban
    return None


def _alternatives(paper: Paper, shown: frozenset[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {"payment_reference": [paper.number, *([paper.reference] if paper.reference else [])]}
    found["due_date"] = [paper.due.isoformat()]
    if paper.more_accounts and paper.kind not in ("factor", "hidden_account"):
        found["iban"] = [account.iban for account in paper.more_accounts]
        found["bic"] = [account.bic for account in paper.more_accounts]
    if "domestic" in shown and "iban" not in shown:
        found["iban"] = [paper.account.iban]
        found["bic"] = [paper.account.bic]
    if paper.country == "SE":
        found["seller_vat_id"] = [paper.seller.vat, paper.seller.registration]
    body = paper.seller.vat[2:]
    found.setdefault("seller_vat_id", [paper.seller.vat, body])
    if paper.country == "CH":
        found["seller_vat_id"] = [f"{paper.seller.vat}MWST", body, f"CHE{body[1:]}TVA"]
        found["seller_tax_id"] = [body[1:]]
    found.setdefault("seller_tax_id", []).extend(
        [
            paper.seller.registration,
            body,
            paper.seller.vat,
            paper.seller.registration[:9],
            *_bare(paper.seller.registration),
        ]
    )
    return found


def _bare(registration: str) -> list[str]:
    return registration.split(" ")[1:2]


def _optional(paper: Paper, shown: frozenset[str]) -> list[str]:
    """Return the fields that a clerk derives rather than reads: leaving them out is no fault."""
    found = [] if "payable" in shown else ["amount_due"]
    if "net" not in shown:
        found.append("total_net")
    if "vat" not in shown:
        found.append("total_vat")
    if paper.notation.day_form == "%m/%d/%Y" and max(paper.issued.day, paper.due.day) <= 12:
        found += ["issue_date", "due_date"]  # nothing tells the month from the day
    if paper.kind in ("card", "paid", "factor") or paper.more_accounts:
        found += ["iban", "bic"]
    return found


def _skipped(paper: Paper, shown: frozenset[str]) -> list[str]:
    """Return the fields on which clerks would differ."""
    found = []
    if "reference" not in shown or paper.reference is None:
        found.append("payment_reference")
    if paper.kind == "credit_note":
        found += ["iban", "bic", "due_date"]
    if paper.previous:
        found.append("total_gross")
    if paper.untaxed:
        found += ["total_vat", "total_net"]
    if paper.kind == "contradiction":
        found.append("amount_due")
    if accounts.domestic(paper.account) and "iban" not in shown:
        found.append("bic")
    return found


def as_scanned(row: dict[str, Any], layout: Layout, *, faxed: bool) -> dict[str, Any]:
    """Return the row of a paper's picture: white letters are gone, grey ones of seven points unsure in a fax."""
    if row["aux"]["paper"] == "hidden_account":
        row = row | {"aux": row["aux"] | {"expect": "payable" if row["truth"]["iban"] else "unknown"}}
    if not faxed or layout.pay not in ("footer", "sidebar") or row["aux"]["expect"] != "payable":
        return row
    return row | {"optional": [*row["optional"], "iban", "bic"], "aux": row["aux"] | {"expect": "unknown"}}
