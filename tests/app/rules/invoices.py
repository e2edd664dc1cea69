"""Invoices of our own generator, and the same with one amount changed."""

from collections.abc import Iterator
from decimal import Decimal

from lxml import etree

from agents.extraction.official.submission import Submission
from agents.extraction.xml.reading import read_draft
from app.local.samples import Sample, generate
from schemas.evidence import Unreadable

ADDED = Decimal("10.00")  # beyond every slack for rounding
AMOUNTS = (
    # UBL
    "LegalMonetaryTotal/LineExtensionAmount",
    "LegalMonetaryTotal/TaxExclusiveAmount",
    "LegalMonetaryTotal/TaxInclusiveAmount",
    "LegalMonetaryTotal/AllowanceTotalAmount",
    "LegalMonetaryTotal/ChargeTotalAmount",
    "LegalMonetaryTotal/PrepaidAmount",
    "LegalMonetaryTotal/PayableAmount",
    "TaxTotal/TaxAmount",
    "TaxSubtotal/TaxAmount",
    "InvoiceLine/LineExtensionAmount",
    # CII
    "SpecifiedTradeSettlementHeaderMonetarySummation/LineTotalAmount",
    "SpecifiedTradeSettlementHeaderMonetarySummation/TaxBasisTotalAmount",
    "SpecifiedTradeSettlementHeaderMonetarySummation/TaxTotalAmount",
    "SpecifiedTradeSettlementHeaderMonetarySummation/GrandTotalAmount",
    "SpecifiedTradeSettlementHeaderMonetarySummation/AllowanceTotalAmount",
    "SpecifiedTradeSettlementHeaderMonetarySummation/ChargeTotalAmount",
    "SpecifiedTradeSettlementHeaderMonetarySummation/TotalPrepaidAmount",
    "SpecifiedTradeSettlementHeaderMonetarySummation/DuePayableAmount",
    "ApplicableHeaderTradeSettlement/ApplicableTradeTax/CalculatedAmount",
    "SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount",
)


def plain(syntax: str, count: int, seed: int = 11) -> list[Sample]:
    """Return invoices without a fault in the syntax `ubl` or `cii`, of several kinds."""
    ruleset = {"ubl": "en16931-ubl", "cii": "en16931-cii"}[syntax]
    samples = (each for each in generate(60 * count, seed) if each.lane == "xml" and each.scenario == "plain")
    return [each for each in samples if ruleset in submitted(each.content).rulesets][:count]


def submitted(content: bytes) -> Submission:
    """Return what the official rules see of an invoice."""
    draft = read_draft(content)
    if isinstance(draft, Unreadable) or draft.submission is None:
        return Submission((), b"")
    return draft.submission


def mutants(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the invoice once for each kind of amount that it has, with the first of them raised."""
    for path in AMOUNTS:
        root = etree.fromstring(content)
        found = root.find(".//" + "/".join(f"{{*}}{step}" for step in path.split("/")))
        if found is not None:
            found.text = str(Decimal(found.text or 0) + ADDED)
            yield path, etree.tostring(root)
