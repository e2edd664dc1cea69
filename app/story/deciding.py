"""What was decided, why, and by which policy."""

from collections.abc import Iterator, Mapping

from agents.decision.policy import DEFAULT_POLICY
from agents.decision.rules import RULES, consequence
from agents.validation.thresholds import thresholds
from app.dossier import Dossier, Event
from app.story import words
from app.story.judging import said
from app.story.masking import Mask
from app.story.story import Chapter, Sentence, of_event, of_record, plain, point
from schemas.decision import ApprovedPayment, Decision
from schemas.events import InvoiceValidated, PaymentDecided
from schemas.evidence import PAYMENT_CRITICAL
from schemas.finding import Finding
from tables.releases import Running

_OUTCOMES = {
    "approve": "It was approved for payment by the policy alone; no person was asked.",
    "hold": "It was held: a person has to look at it.",
    "reject": "It was rejected: no payment comes of it.",
}
# How the sentence on the policy's limits begins: it is told once.
POLICY_BEGINS = "The policy "


def decision_on(dossier: Dossier, event: Event) -> Decision | None:
    """Return the decision that this event led to; of an event told anew, the one that it names."""
    for name in event.testimony.entry.written:
        stands = dossier.of_digest(name)
        if stands is not None and isinstance(stands.event, PaymentDecided):
            return stands.event.decision
    return None


def deciding(event: Event, decision: Decision, mask: Mask, release: Running | None) -> Chapter:
    """Tell what was decided and why; `release` is the one that decided, None where its limits are not known here."""
    validated = event.exhibit.event
    assert isinstance(validated, InvoiceValidated), "the decision stage reads nothing else"
    sentences = [
        plain(_outcome(decision, validated), *of_event(event)),
        *_reasons(decision, validated, mask, event),
        *_policy(decision, validated, event, release),
        *(_released(decision.payment, mask, event) if decision.payment else ()),
    ]
    return Chapter(
        title="What was decided",
        at=words.millis(event.testimony.exhibit.read.timestamp_ms),
        sentences=tuple(sentences),
    )


def _outcome(decision: Decision, validated: InvoiceValidated) -> str:
    """Tell who decided: the policy alone, or a person whose act the policy could follow."""
    review = validated.normalized.review
    if review is None or not decision.decided_by:
        return _OUTCOMES[decision.outcome]
    if decision.outcome == "approve":
        return f"With {review.reviewer}'s approval it was approved for payment."
    if decision.outcome == "reject" and review.action == "reject":
        return f"It was rejected, as {review.reviewer} wanted it: no payment comes of it."
    still = "still held" if decision.outcome == "hold" else "rejected"
    return f"After what {review.reviewer} did it was {still}."


def _reasons(decision: Decision, validated: InvoiceValidated, mask: Mask, event: Event) -> Iterator[Sentence]:
    """Yield why; of a held one also what a person can lift, and what has to be put right before.

    What the rules said stands in the chapter before this one; here only what came up in deciding is told in full.
    """
    proof = of_record(event.exhibit)
    if not decision.reasons:
        return
    counted = {code: [f for f in decision.findings if f.rule == code] for code in decision.reasons}
    told = {finding.rule for finding in validated.findings}
    yield plain(f"The {'reason is' if len(counted) == 1 else 'reasons are'} {words.listed(counted)}.", proof)
    for code, findings in counted.items():
        if code not in told:
            text = said(findings[-1], mask) if findings else f"{code}: {RULES[code].sentence if code in RULES else ''}"
            yield point(text, proof)
    if decision.outcome == "hold":
        yield plain(_liftable(counted), proof)


def _liftable(counted: Mapping[str, list[Finding]]) -> str:
    barred = [code for code, found in counted.items() if any(consequence(finding) == "bar" for finding in found)]
    if barred:
        return f"No approval lifts {words.listed(barred)}: that has to be put right first."
    return "A person's approval can lift this." if len(counted) == 1 else "A person's approval can lift all of them."


def _policy(
    decision: Decision, validated: InvoiceValidated, event: Event, release: Running | None
) -> Iterator[Sentence]:
    proof, normalized = of_record(event.exhibit), validated.normalized
    policy = (release.bundle.policy or DEFAULT_POLICY) if release else None
    if release is None or policy is None or decision.policy != policy.name:
        whose = f"{decision.policy} of release {decision.release}"
        yield plain(f"{POLICY_BEGINS}was {whose}; its limits are not known here.", proof)
        return
    lane = normalized.lane
    alone = lane in policy.automatic_lanes
    enough = max(policy.confidence_min.get(lane, 1.0), thresholds(release.bundle.confidence_min)[lane])
    known = [
        f"{words.term(name)} {words.percent(normalized.confidence[name])}"
        for name in PAYMENT_CRITICAL
        if name in normalized.confidence
    ]
    way = "be paid without a person" if alone else "never be paid without a person, even"
    yield plain(
        f"{POLICY_BEGINS}{decision.policy} lets documents of the lane {lane} {way} "
        f"where each of the four values is at least {words.percent(enough)} certain. "
        + (f"Here they are: {words.listed(known)}." if known else "Here none of them was read."),
        proof,
    )


def _released(payment: ApprovedPayment, mask: Mask, event: Event) -> Iterator[Sentence]:
    amount = payment.instructed_amount
    yield plain(
        f"The approval releases {words.money(amount.value, amount.currency)} to {payment.creditor_name} "
        f"on {mask(payment.creditor_account)}.",
        of_record(event.exhibit),
    )
