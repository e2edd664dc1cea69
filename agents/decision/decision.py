"""Approve, hold or reject: the one place where an invoice becomes a payment, or does not.

A decision is a function of the event, what is known of its InvoiceKey, the policy and the paying party. It only ever
gets stricter: one more finding never makes an approval out of anything.
"""

from agents.decision.payee import choose_account, compose
from agents.decision.people import weigh
from agents.decision.rules import Consequence, consequence, explain
from schemas.base import TEXT_LENGTH_MAX
from schemas.codec import encode
from schemas.decision import ApprovedPayment, Decision, DecisionOutcome
from schemas.events import InvoiceNormalized, InvoiceValidated
from schemas.evidence import PAYMENT_CRITICAL
from schemas.finding import Assessment, Finding, only_suggested
from schemas.identifiers import digest
from schemas.payment import Debtor
from schemas.policy import Policy
from tables.invoices import InvoiceRecord
from tables.releases import drawn

# Nothing speaks against paying, and a person looks all the same (Policy.audit_share).
AUDIT_SAMPLE = "AUDIT-SAMPLE"


def decide(
    validated: InvoiceValidated,
    record: InvoiceRecord,
    *,
    policy: Policy,
    debtor: Debtor | None,
    release: str,
    is_withdrawn: bool = False,
) -> Decision:
    """Return the decision on one validated invoice.

    An event that was answered before gets that answer again, byte by byte. An approval stands, and so does a
    person's refusal: whatever comes later for the same document leads back to it. The caller keeps the answer by
    `record.with_answer` before the event is acknowledged.

    Args:
        validated: the event.
        record: what is known of its InvoiceKey.
        policy: what may be approved without a person.
        debtor: who pays; None where the tenant has none, and then nothing is approved.
        release: the rules that decide, for the record.
        is_withdrawn: the release was taken back since it read the document: it approves nothing any more.
    """
    normalized = validated.normalized
    review_id = normalized.review.review_id if normalized.review else None
    recorded = record.answer(normalized.document_id, normalized.received.analysis, review_id)
    settled = recorded or record.standing(normalized.document_id)
    withdrawn = (_error("RELEASE-WITHDRAWN", release),) if is_withdrawn else ()
    return settled or _judge(validated, record, policy, debtor, release, withdrawn)


def _judge(
    validated: InvoiceValidated,
    record: InvoiceRecord,
    policy: Policy,
    debtor: Debtor | None,
    release: str,
    more: tuple[Finding, ...],
) -> Decision:
    normalized = validated.normalized
    act = weigh(normalized, record.latest(normalized.document_id))
    payment = compose(validated, debtor, record.revision)
    obstacles = payment if isinstance(payment, tuple) else ()
    findings = _unique(
        *_document_findings(validated),
        *_policy_findings(validated, policy),
        *_history_findings(validated, record),
        *more,
        *act.findings,
        *obstacles,
    )
    outcome, reasons = _outcome(findings, frozenset(obstacle.rule for obstacle in obstacles), act.lifts)
    if outcome == "approve" and _is_sampled(normalized, policy):
        sampled = _error(AUDIT_SAMPLE, f"one of {policy.audit_share:.1%}")
        findings, outcome, reasons = (*findings, sampled), "hold", (AUDIT_SAMPLE,)
    return Decision(
        document_id=normalized.document_id,
        invoice_key=normalized.invoice_key,
        tenant=normalized.received.tenant,
        outcome=outcome,
        reasons=reasons,
        explanation=explain(reasons, findings),
        findings=findings,
        policy=policy.name,
        release=release,
        lane=normalized.lane,
        decided_by=act.persons,
        review_id=normalized.review.review_id if normalized.review else None,
        payment=payment if outcome == "approve" and isinstance(payment, ApprovedPayment) else None,
        evidence_digest=digest(encode(validated)),
        decided_at=normalized.review.submitted_at if normalized.review else normalized.event_time,
    )


def _outcome(
    findings: tuple[Finding, ...], obstacles: frozenset[str], lifts: frozenset[str]
) -> tuple[DecisionOutcome, tuple[str, ...]]:
    """Return the outcome and the rules that led to it, sorted, so that the order of findings does not matter.

    An approval that does not lift everything lifts nothing: the next person is shown all there is.
    """
    rules: dict[Consequence, set[str]] = {"reject": set(), "bar": set(obstacles), "hold": set(), "note": set()}
    for finding in findings:
        rules[consequence(finding)].add(finding.rule)
    if rules["reject"]:
        return "reject", tuple(sorted(rules["reject"]))
    left = rules["bar"] | (rules["hold"] - lifts)
    return ("hold", tuple(sorted(rules["bar"] | rules["hold"]))) if left else ("approve", ())


def _is_sampled(normalized: InvoiceNormalized, policy: Policy) -> bool:
    """Tell whether a person is to look at what could be paid. Whoever has looked already is not asked again.

    Drawn by the document alone: nobody can send it in again until it is not drawn, and every release draws the same.
    """
    return normalized.review is None and drawn(AUDIT_SAMPLE, normalized.document_id) < policy.audit_share


def _document_findings(validated: InvoiceValidated) -> tuple[Finding, ...]:
    """Return the findings of the stages before, and the assessment's own reasons.

    That a document offers several accounts is no doubt any more where exactly one of them is verified.
    """
    told = {finding.rule for finding in validated.findings}
    reasons = (_error(reason, "by the assessment") for reason in validated.assessment.reasons if reason not in told)
    findings = (*validated.findings, *reasons)
    findings = (*findings, *_worth(validated.assessment, findings))
    if not _prefers_one(validated):
        return findings
    chosen = Finding(rule="ACCOUNT-CHOSEN", severity="info", message="the only verified one of those offered")
    return (*(finding for finding in findings if finding.rule != "ACCOUNT-AMBIGUOUS"), chosen)


def _prefers_one(validated: InvoiceValidated) -> bool:
    invoice, match = validated.normalized.invoice, validated.match
    if match is None or len(invoice.payee_accounts()) < 2:
        return False
    account = choose_account(invoice, match.supplier)
    return account is not None and match.supplier.account(account) is not None


def _worth(assessment: Assessment, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return what an assessment says beyond its reasons: the decision is never milder than it."""
    led_to = {consequence(finding) for finding in findings}
    if assessment.outcome == "not_payable" and "reject" not in led_to:
        return (_error("DOCUMENT-NOT-PAYABLE", "by the assessment"),)
    if assessment.outcome == "doubtful" and led_to <= {"note"}:
        return (_error("DOCUMENT-DOUBTFUL", "by the assessment"),)
    return ()


def _policy_findings(validated: InvoiceValidated, policy: Policy) -> tuple[Finding, ...]:
    normalized = validated.normalized
    invoice, lane = normalized.invoice, normalized.lane
    found = []
    if lane not in policy.automatic_lanes:
        found.append(_error("LANE-REVIEW", f"lane {lane}"))
    enough = policy.confidence_min.get(lane, 1.0)
    weak = [
        name for name in PAYMENT_CRITICAL if (said := normalized.confidence.get(name)) is not None and said < enough
    ]
    if weak:
        found.append(Finding(rule="CONFIDENCE-LOW", severity="error", message=f"below {enough}", fields=tuple(weak)))
    limit = policy.amount_limits.get(invoice.invoice_currency_code or "")
    amount = invoice.amount_payable()
    if limit is not None and amount is not None and amount > limit:
        found.append(_error("AMOUNT-LIMIT", f"{amount} is above {limit} {invoice.invoice_currency_code}"))
    return tuple(found)


def _history_findings(validated: InvoiceValidated, record: InvoiceRecord) -> tuple[Finding, ...]:
    normalized = validated.normalized
    found = []
    others = [other for other in record.others(normalized.document_id) if other.reasons != ("NOT-AN-INVOICE",)]
    approved = [other.document_id for other in others if other.outcome == "approve"]
    if approved and "invoice_number" in only_suggested(validated.findings):
        found.append(_error("DUPLICATE-SUGGESTED", f"the suggested number was approved as {approved[0]}"))
    elif approved:
        found.append(_error("DUPLICATE", f"approved as {approved[0]}"))
    elif others:
        found.append(_error("DUPLICATE-POSSIBLE", f"also {others[0].document_id}"))
    if record.departed(normalized.document_id) and not _corrects(validated):
        found.append(_error("MOVED", "corrected to another invoice"))
    if normalized.received.analysis and normalized.review is None and not record.knows(normalized.document_id):
        found.append(_error("REANALYSED", f"reading {normalized.received.analysis}"))
    return tuple(found)


def _corrects(validated: InvoiceValidated) -> bool:
    review = validated.normalized.review
    return review is not None and review.action == "correct"


def _unique(*findings: Finding) -> tuple[Finding, ...]:
    return tuple(dict.fromkeys(findings))


def _error(rule: str, message: str) -> Finding:
    return Finding(rule=rule, severity="error", message=message[:TEXT_LENGTH_MAX])
