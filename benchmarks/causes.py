"""Does `quittance quality causes` name causes rightly? Errors of known kinds, planted over generated papers.

    .venv/bin/python -m benchmarks.causes [--each N] [--seed N] [--out FILE]

Each error begins with a generated paper that the product's own reader has read. Then one thing is spoiled as that kind
of error spoils it: a label that no lexicon has is printed, a date is parsed in another country's order, signs are
confused as Tesseract confuses them, a row of items is taken for a total, a supplier is missing in the reference data
... A clerk who knows the truth reviews what comes of it, through the product's review stage. The classifier sees what
production would see: the lesson, and the record of what was read. It never sees the paper, the truth, or what was
planted.
"""

import argparse
import hashlib
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

from agents.decision.rules import consequence
from agents.extraction.reading import read
from agents.normalization.normalization import normalize
from agents.review.corrections import correct
from agents.review.lessons import lessons
from agents.settlement.settlement import feedback
from agents.validation.reference import validate_against
from app.local.samples import demo_set
from app.quality.causes import explained
from benchmarks.accuracy.papers import drawing
from benchmarks.accuracy.papers.collection import names_of, plan
from benchmarks.accuracy.papers.desk import NEGATIVES, Layout
from benchmarks.accuracy.papers.facts import Paper
from benchmarks.accuracy.papers.invention import invent
from benchmarks.accuracy.papers.language import LANGUAGES
from schemas.cause import CauseClass
from schemas.decision import Decision, ReviewAction, ReviewSubmitted
from schemas.events import DocumentReceived, InvoiceNormalized
from schemas.evidence import ExtractedInvoice, Field, FieldName
from schemas.feedback import FeedbackRecorded
from schemas.identifiers import command_id, document_id, orphan_key
from schemas.money import Amount, plain
from schemas.payment import PaymentIssued, PaymentStatusCode, PaymentStatusReported
from schemas.supplier import Account, Supplier
from tables.suppliers import Directory

AT = datetime(2026, 11, 24, 10, tzinfo=UTC)
EACH, SEED = 22, 40
# What is right of all that was planted, and the least of a single kind: below it a kind is a coin toss.
RIGHT_MIN = 0.9
TENANT, RELEASE = "default", "planted"
ISO_DAY = "%Y-%m-%d"
# Pairs that Tesseract mixes up on worn prints; written down from its documentation of confusable glyphs.
CONFUSED = (
    ("0", "O"), ("O", "0"), ("1", "l"), ("1", "I"), ("1", "7"), ("7", "1"), ("5", "S"), ("S", "5"), ("8", "B"),
    ("B", "8"), ("8", "3"), ("3", "8"), ("6", "8"), ("0", "8"), ("2", "Z"), ("5", "6"), ("4", "9"), ("9", "4"),
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One planted error as production sees it, and what was planted."""

    planted: CauseClass
    lesson: FeedbackRecorded
    extracted: ExtractedInvoice | None = None


@dataclass(frozen=True)
class Sheet:
    """A paper, and what the product has read of it."""

    paper: Paper
    layout: Layout
    extracted: ExtractedInvoice
    rng: random.Random


Plant = Callable[[Sheet], Case | None]


def sheets(seed: int, kinds: frozenset[str] = frozenset({"invoice"})) -> Iterator[Sheet]:
    """Yield papers of tuning layouts in a fixed mixed order, without end."""
    for turn in range(1_000):
        planned = [each for each in plan(LANGUAGES, names_of("tuning"), every=1) if each[2] in kinds]
        random.Random(f"{seed}/{turn}").shuffle(planned)
        for language, layout, kind in planned:
            sheet = drawn(invent(seed + turn, language, layout, kind), layout)
            if sheet is not None:
                yield sheet


def drawn(paper: Paper, layout: Layout) -> Sheet | None:
    """Return a paper as the product reads it, None where it cannot be."""
    content, _ = drawing.draw(paper, layout)
    extracted = read(content)
    if not isinstance(extracted, ExtractedInvoice):
        return None
    seed = hashlib.sha256(content).hexdigest()
    return Sheet(paper, layout, extracted, random.Random(seed))


def label_missed(sheet: Sheet) -> Case | None:
    """A supplier's own word in place of the label: nobody's lexicon has it."""
    field, key, right = sheet.rng.choice(
        (
            ("payment_due_date", "due", sheet.paper.due.isoformat()),
            ("invoice_number", "number", sheet.paper.number),
            ("invoice_issue_date", "date", sheet.paper.issued.isoformat()),
        )
    )
    if sheet.extracted.value(field) != right:  # type: ignore[arg-type]
        return None
    paper = invent(int(sheet.rng.random() * 10**6), sheet.paper.language, sheet.layout, "invoice")
    right = {"due": paper.due.isoformat(), "number": paper.number, "date": paper.issued.isoformat()}[key]
    paper.words._chosen[key] = sheet.rng.choice(("Qw zzt", "Xolvar", "Brm-Kz", "Vuntra"))  # noqa: SLF001
    spoiled = drawn(paper, sheet.layout)
    if spoiled is None or spoiled.extracted.value(field) is not None:  # type: ignore[arg-type]
        return None
    return corrected("label_missed", spoiled, spoiled.extracted, field, right)  # type: ignore[arg-type]


def wrong_candidate(sheet: Sheet) -> Case | None:
    """Another value of the same form, that stands on the paper."""
    paper = sheet.paper
    field, wrong, right = sheet.rng.choice(
        (
            ("invoice_number", paper.extras.get("order"), paper.number),
            ("invoice_number", paper.extras.get("customer"), paper.number),
            ("payment_due_date", paper.issued.isoformat(), paper.due.isoformat()),
            ("payment_due_date", paper.extras_day.isoformat(), paper.due.isoformat()),
            ("amount_due_for_payment", plain(paper.net), plain(paper.payable)),
            ("invoice_total_amount_with_vat", plain(paper.net), plain(paper.gross)),
            ("seller_name", paper.buyer.name, paper.seller.name),
        )
    )
    return misread(sheet, "wrong_candidate", field, wrong, right)  # type: ignore[arg-type]


def number_format(sheet: Sheet) -> Case | None:
    """A sum parsed by another country's habit, or cut where its thousands part."""
    name: FieldName = sheet.rng.choice(("amount_due_for_payment", "invoice_total_amount_with_vat"))
    right = sheet.extracted.value(name)
    if right is None or Decimal(right) < 1000:
        return None
    whole, _, cents = right.partition(".")
    wrong = sheet.rng.choice((whole + cents, f"{whole[:-3]}.{whole[-3:]}", whole[:-3], f"{whole[-3:]}.{cents}"))
    return misread(sheet, "number_format", name, plain(Decimal(wrong)), right)


def date_format(sheet: Sheet) -> Case | None:
    """A date as printed, parsed in another order."""
    name: FieldName = sheet.rng.choice(("payment_due_date", "invoice_issue_date"))
    right = sheet.extracted.value(name)
    if right is None:
        return None
    day = datetime.strptime(right, ISO_DAY).replace(tzinfo=UTC)
    printed = day.strftime(sheet.rng.choice(("%d/%m/%y", "%d.%m.%Y", "%y-%m-%d")))
    for form in ("%m/%d/%y", "%y/%m/%d", "%m.%d.%Y", "%d-%m-%y"):
        try:
            wrong = datetime.strptime(printed, form).replace(tzinfo=UTC).strftime(ISO_DAY)
        except ValueError:
            continue
        if wrong != right:
            return misread(sheet, "date_format", name, wrong, right)
    return None


def ocr(sheet: Sheet) -> Case | None:
    """A sign or two confused in a picture."""
    name: FieldName = sheet.rng.choice(("invoice_number", "amount_due_for_payment", "remittance_information"))
    right = sheet.extracted.value(name)
    places = [
        (at, new) for at, sign in enumerate(right or "") for old, new in CONFUSED
        if sign == old and (name == "invoice_number" or new.isdigit())
    ]  # fmt: skip
    if not places or right is None:
        return None
    at, new = sheet.rng.choice(places)
    wrong = right[:at] + new + right[at + 1 :]
    scanned = {
        each: field.model_copy(update={"source": "ocr"}) for each, field in sheet.extracted.fields.items()
    }  # fmt: skip
    seen = replace(sheet, extracted=sheet.extracted.model_copy(update={"lane": "scan", "fields": scanned}))
    return misread(seen, "ocr", name, wrong, right)


def table(sheet: Sheet) -> Case | None:
    """A row of items, or of VAT, taken for a total."""
    rows = [item.amount for item in sheet.paper.items]
    rows += [base for _, base, _ in sheet.paper.breakdown()] if len(sheet.paper.breakdown()) > 1 else []
    others = {sheet.paper.net, sheet.paper.gross, sheet.paper.payable, sheet.paper.vat}
    chosen = [row for row in rows if row not in others]
    name: FieldName = sheet.rng.choice(("amount_due_for_payment", "invoice_total_amount_without_vat"))
    right = sheet.paper.payable if name == "amount_due_for_payment" else sheet.paper.net
    if not chosen or not sheet.extracted.lines:
        return None
    return misread(sheet, "table", name, plain(sheet.rng.choice(chosen)), plain(right))


def arithmetic(sheet: Sheet) -> Case | None:
    """What was paid before is left out of account, or reckoned the wrong way round."""
    paid = Decimal(int(sheet.paper.gross / 3))
    paper = replace(sheet.paper, prepaid=paid)
    spoiled = drawn(paper, sheet.layout)
    name: FieldName = "amount_due_for_payment"
    if spoiled is None or Decimal(spoiled.extracted.value("paid_amount") or 0) != paid or not paid:
        return None
    wrong = spoiled.rng.choice((paper.payable + paid, paper.payable + 2 * paid))
    return misread(spoiled, "arithmetic", name, plain(wrong), plain(paper.payable))


def supplier_match(sheet: Sheet) -> Case | None:
    """The reference data have the supplier under another spelling, and without its VAT id, or not at all."""
    known = supplier_of(sheet)
    if known is None:
        return None
    twin = known.model_copy(update={"supplier_id": "S2", "vat_identifier": None})
    spoiled = sheet.rng.choice(((), (known.model_copy(update={"vat_identifier": None}),), (twin,)))
    reasons = doubts(sheet, spoiled)
    if not set(reasons) & {"SUPPLIER-UNKNOWN", "SUPPLIER-BY-NAME", "SUPPLIER-MISMATCH"}:
        return None
    vat = sheet.extracted.value("seller_vat_identifier")
    if sheet.rng.random() < 1 / 2 or vat is None:
        return reviewed("supplier_match", sheet, sheet.extracted, "approve", reasons)
    spelled = vat[:-1] + str((int(vat[-1]) + 1) % 10) if vat[-1].isdigit() else None
    return misread(sheet, "supplier_match", "seller_vat_identifier", spelled, vat, reasons)


def reference_stale(sheet: Sheet) -> Case | None:
    """The account has changed, and the reference data have not; a clerk confirms it, or the bank says no."""
    known = supplier_of(sheet)
    if known is None:
        return None
    if sheet.rng.random() < 1 / 2:
        return settled("reference_stale", sheet, "RJCT", sheet.rng.choice(("AC01", "AC04", "AC06", "RC01")))
    if sheet.rng.random() < 1 / 3:
        return settled("reference_stale", sheet, sheet.rng.choice(("RVNM", "RVMC")), None)
    old = Account(identifier="DE89370400440532013000", verified_by="owner")
    reasons = doubts(sheet, (known.model_copy(update={"accounts": (old,)}),))
    if "ACCOUNT-NEW" not in reasons or any(reason.startswith("SUPPLIER") for reason in reasons):
        return None
    return reviewed("reference_stale", sheet, sheet.extracted, "approve", reasons)


def rule_too_strict(sheet: Sheet) -> Case | None:
    """A rule of the document alone holds a sound paper: a threshold too high, a limit too narrow."""
    rule = sheet.rng.choice(("CONFIDENCE-LOW", "DUE-DATE-IMPLAUSIBLE", "NUMBER-AMBIGUOUS", "AMOUNT-AMBIGUOUS"))
    return reviewed("rule_too_strict", sheet, sheet.extracted, "approve", ("DOCUMENT-DOUBTFUL", rule))


def rule_too_loose(sheet: Sheet) -> Case | None:
    """What no rule doubted is refused by whoever samples, or by the bank that has seen it before."""
    if sheet.rng.random() < 1 / 2:
        return settled("rule_too_loose", sheet, "RJCT", "AM05")
    return reviewed("rule_too_loose", sheet, sheet.extracted, "reject", (), "never ordered")


def not_an_invoice(sheet: Sheet) -> Case | None:
    """A paper of another kind was taken for an invoice, and a clerk says so in the paper's language."""
    if sheet.paper.kind in {"credit_note", "paid", "direct_debit", "card"}:
        return None
    title = str(sheet.paper.words.negative(sheet.paper.kind)["title"][0])
    return reviewed("not_an_invoice", sheet, sheet.extracted, "reject", ("DOCUMENT-DOUBTFUL",), title)


def publisher(sheet: Sheet) -> Case | None:
    """The data inside the file are wrong themselves."""
    sample = sheet.rng.choice(_samples())
    extracted = read(sample)
    name: FieldName = sheet.rng.choice(("payment_due_date", "invoice_number", "payment_account_identifier"))
    if not isinstance(extracted, ExtractedInvoice) or extracted.value(name) is None:
        return None
    rights = {
        "payment_due_date": "2026-12-31",
        "invoice_number": "F-77",
        "payment_account_identifier": "BE68539007547034",
    }
    return corrected("publisher", replace(sheet, extracted=extracted), extracted, name, rights[name])


def bank(sheet: Sheet) -> Case | None:
    """A refusal without a reason."""
    said: tuple[tuple[PaymentStatusCode, str | None], ...] = (("RJCT", "MS03"), ("RJCT", None), ("RTRN", None))
    status, reason = sheet.rng.choice(said)
    return settled("bank", sheet, status, reason)


PLANTS: Mapping[CauseClass, Plant] = {
    "label_missed": label_missed,
    "wrong_candidate": wrong_candidate,
    "number_format": number_format,
    "date_format": date_format,
    "ocr": ocr,
    "table": table,
    "arithmetic": arithmetic,
    "supplier_match": supplier_match,
    "reference_stale": reference_stale,
    "rule_too_strict": rule_too_strict,
    "rule_too_loose": rule_too_loose,
    "not_an_invoice": not_an_invoice,
    "publisher": publisher,
    "bank": bank,
}


@cache
def _samples() -> tuple[bytes, ...]:
    return tuple(sample.content for sample in demo_set(seed=4).samples if sample.lane == "xml")


def supplier_of(sheet: Sheet) -> Supplier | None:
    """Return the reference data of a paper's seller, where the reader names it."""
    name, account = sheet.extracted.value("seller_name"), sheet.extracted.value("payment_account_identifier")
    if name is None or account is None:
        return None
    return Supplier(
        supplier_id="S1",
        name=name,
        vat_identifier=sheet.extracted.value("seller_vat_identifier"),
        accounts=(Account(identifier=account, verified_by="owner"),),
    )


def doubts(sheet: Sheet, known: tuple[Supplier, ...]) -> tuple[str, ...]:
    """Return the reasons for which the product would hold a paper, beside such reference data."""
    directory = Directory()
    for each in known:
        directory.apply(each)
    invoice, _ = normalize(sheet.extracted)
    match = directory.match(invoice, TENANT)
    found = validate_against(invoice, match, directory, tenant=TENANT, own_accounts=frozenset())
    return tuple(dict.fromkeys(finding.rule for finding in found if consequence(finding) != "note"))


def misread(
    sheet: Sheet,
    kind: CauseClass,
    name: FieldName,
    wrong: str | None,
    right: str,
    reasons: tuple[str, ...] = ("DOCUMENT-DOUBTFUL",),
) -> Case | None:
    """Return the case of a field that holds a wrong value, None where it would hold the right one."""
    if wrong is None or wrong == right or sheet.extracted.value(name) != right:
        return None
    was = sheet.extracted.field(name)
    field = Field(**{**was.model_dump(), "value": wrong, "raw": wrong})
    spoiled = sheet.extracted.model_copy(update={"fields": {**sheet.extracted.fields, name: field}})
    return corrected(kind, sheet, spoiled, name, right, reasons)


def corrected(
    kind: CauseClass,
    sheet: Sheet,
    extracted: ExtractedInvoice,
    name: FieldName,
    right: str,
    reasons: tuple[str, ...] = ("DOCUMENT-DOUBTFUL",),
) -> Case | None:
    """Return the case of a clerk who writes the right value."""
    return reviewed(kind, sheet, extracted, "correct", reasons, corrections={name: right})


def reviewed(
    kind: CauseClass,
    sheet: Sheet,
    extracted: ExtractedInvoice,
    action: ReviewAction,
    reasons: tuple[str, ...],
    said: str = "",
    corrections: Mapping[str, str] | None = None,
) -> Case | None:
    """Return the case as the product's review stage teaches it."""
    document = document_id(sheet.paper.number.encode())
    invoice, findings = normalize(extracted)
    held = InvoiceNormalized(
        received=DocumentReceived(document_id=document, reference="s3://planted/paper"),
        invoice_key=orphan_key(TENANT, document),
        invoice=invoice,
        lane=extracted.lane,
        findings=findings,
        evidence_digest="planted",
        release=RELEASE,
        event_time=AT,
    )
    act = ReviewSubmitted(
        review_id=f"{kind}-{document}",
        document_id=document,
        invoice_key=held.invoice_key,
        action=action,
        reviewer="clerk",
        reason=said,
        corrections=dict(corrections or {}),
        submitted_at=AT,
    )
    after = correct(held, act.corrections, "clerk") if act.corrections else held
    decision = Decision(
        document_id=document,
        invoice_key=held.invoice_key,
        tenant=TENANT,
        outcome="hold",
        reasons=reasons,
        policy="planted",
        release=RELEASE,
        evidence_digest="planted",
        decided_at=AT,
    )
    learned = lessons(act, held, after, decision)
    return Case(kind, learned[0], extracted) if learned else None


def settled(kind: CauseClass, sheet: Sheet, status: PaymentStatusCode, reason: str | None) -> Case | None:
    """Return the case as the product's settlement stage teaches it."""
    paper, document = sheet.paper, document_id(sheet.paper.number.encode())
    command = command_id(TENANT, "S1", paper.number)
    issued = PaymentIssued(
        command_id=command,
        tenant=TENANT,
        document_id=document,
        invoice_key=orphan_key(TENANT, document),
        release=RELEASE,
        issued_at=AT,
        correlation_id="planted",
        supplier_id="S1",
        instructed_amount=Amount(value=paper.payable, currency=paper.currency),
    )
    report = PaymentStatusReported(command_id=command, status=status, reason_code=reason, at=AT)
    learned = feedback(issued, report, "changed")
    return Case(kind, learned, sheet.extracted) if learned else None


def planted(each: int, seed: int) -> Iterator[Case]:
    """Yield so many cases of each kind."""
    for kind, plant in PLANTS.items():
        kinds = frozenset(NEGATIVES) if kind == "not_an_invoice" else frozenset({"invoice"})
        cases = (plant(sheet) for sheet in sheets(seed, kinds))
        made = (case for case in cases if case is not None)
        for _ in range(each):
            yield next(made)


def measured(each: int = EACH, seed: int = SEED) -> Counter[tuple[str, str]]:
    """Return how often each planted kind was named as which."""
    return Counter((case.planted, explained(case.lesson, case.extracted).cause.kind) for case in planted(each, seed))


def right_share(found: Counter[tuple[str, str]]) -> float:
    """Return the share of the cases that were named rightly."""
    return sum(count for (was, said), count in found.items() if was == said) / found.total()


def matrix(found: Counter[tuple[str, str]]) -> str:
    """Return the confusion matrix as a table of Markdown: a row what was planted, a column what it was named."""
    said = sorted({named for _, named in found})
    lines = [f"| planted | right | {' | '.join(said)} |", f"|---|---|{'---|' * len(said)}"]
    for kind in PLANTS:
        total = sum(count for (was, _), count in found.items() if was == kind)
        row = " | ".join(str(found[kind, named] or "") for named in said)
        lines.append(f"| {kind} | {found[kind, kind]} of {total} | {row} |")
    return "\n".join(lines)


def main() -> int:
    """Plant, classify, print; 1 where too few are named rightly."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--each", type=int, default=EACH)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    found = measured(arguments.each, arguments.seed)
    share = right_share(found)
    print(matrix(found))
    print(f"{share:.1%} of {found.total()} are named rightly")
    if arguments.out is not None:
        rows = [{"planted": was, "named": said, "count": count} for (was, said), count in sorted(found.items())]
        result = {"each": arguments.each, "seed": arguments.seed, "right": round(share, 4), "matrix": rows}
        arguments.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    return 0 if share >= RIGHT_MIN else 1


if __name__ == "__main__":
    raise SystemExit(main())
