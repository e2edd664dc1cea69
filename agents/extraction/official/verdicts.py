"""What the official rules' verdicts mean for a payment.

Their authors call most rules fatal, also one about the spelling of a contact's telephone. A document is held only for a
rule that speaks of what is paid: that a sum is wrong or missing, or that an amount has no currency. The others inform
(docs/decisions/0017). A document that could not be held against its rules is never taken for one that passed.
"""

import re
from collections import Counter
from collections.abc import Mapping

from agents.extraction.official.submission import Failure, NotValidated, RuleSet, Verdicts
from agents.extraction.official.xrechnung import GERMAN
from schemas.finding import Finding, Severity

NOT_VALIDATED = "NOT-VALIDATED"
# What was held against which rules, so that silence is not all that tells a valid document from an unchecked one.
OFFICIAL_RULES = "OFFICIAL-RULES"
FINDINGS_MAX = 40  # rules that are told; an invoice that breaks more is told to have done so
MESSAGE_LENGTH_MAX = 400

# Factur-X EXTENDED and the French rules have their own numbers for the same rules, and a "rev" for revised ones.
_RULE = re.compile(r"BR-(?:FXEXT-|FREXT-)?(?P<own>[A-Z]+-[0-9]{1,2}|[0-9]{2})(?:rev)?")
# Rules by which a payment would be of a wrong sum, in plain words. CO are sums of the whole document; the letters are
# VAT categories, of which 08 is the taxable amount and 09 the tax.
_SUMS: Mapping[str, str] = {
    "CO-10": "the lines do not add up to the stated sum of the lines",
    "CO-11": "the allowances do not add up to their stated sum",
    "CO-12": "the charges do not add up to their stated sum",
    "CO-13": "the total without VAT is not the lines less allowances plus charges",
    "CO-14": "the VAT amounts do not add up to the stated VAT",
    "CO-15": "the total with VAT is not the total without VAT plus the VAT",
    "CO-16": "the sum to pay is not the total less what was paid plus the rounding",
    "CO-17": "a VAT amount is not its taxable amount times its rate",
    "DEX-09": "the sum to pay is not the total less what was paid plus the rounding and what is collected for others",
    "PEPPOL-EN16931-R040": "an allowance or charge is not its percentage of its base amount",
}
_CATEGORIES = ("S", "Z", "E", "AE", "IC", "G", "O", "AF", "AG", "IG", "IP")
_SUMS_OF_CATEGORY: Mapping[str, str] = {
    "08": "a taxable amount is not what its lines, allowances and charges add up to",
    "09": "a VAT amount does not follow from its taxable amount",
}
_MISSING: Mapping[str, str] = {
    "02": "the invoice has no number",
    "05": "the invoice has no currency",
    "13": "the total without VAT is missing",
    "14": "the total with VAT is missing",
    "15": "the sum to pay is missing",
    "45": "a VAT rate has no taxable amount",
    "46": "a VAT rate has no VAT amount",
    "CL-03": "an amount's currency is none of ISO 4217",
    "CL-04": "the invoice's currency is none of ISO 4217",
    "CL-16": "the payment means code is none of UNTDID 4461",
}
PLAIN: Mapping[str, str] = {
    **_SUMS,
    **_MISSING,
    **{f"{category}-{end}": words for category in _CATEGORIES for end, words in _SUMS_OF_CATEGORY.items()},
}
_FIELDS: Mapping[str, tuple[str, ...]] = {
    "02": ("invoice_number",),
    "05": ("invoice_currency_code",),
    "13": ("invoice_total_amount_without_vat",),
    "14": ("invoice_total_amount_with_vat",),
    "15": ("amount_due_for_payment",),
    "CL-03": ("invoice_currency_code",),
    "CL-04": ("invoice_currency_code",),
    "CL-16": ("payment_means_type_code",),
    "CO-10": ("sum_of_invoice_line_net_amount",),
    "CO-11": ("sum_of_allowances_on_document_level",),
    "CO-12": ("sum_of_charges_on_document_level",),
    "CO-13": ("invoice_total_amount_without_vat",),
    "CO-14": ("invoice_total_vat_amount",),
    "CO-15": ("invoice_total_amount_with_vat",),
    "CO-16": ("amount_due_for_payment",),
    "CO-17": ("invoice_total_vat_amount",),
    "DEX-09": ("amount_due_for_payment",),
}
_RATE_FROM_NOWHERE = "CO-17"
_RATE_MISSING = "48"
_FATAL = frozenset({"fatal", "error"})


def judge(verdicts: Mapping[RuleSet, Verdicts], *, required: bool) -> tuple[Finding, ...]:
    """Return a finding for each rule that failed, and what was or could not be held against the document.

    Args:
        verdicts: of each rule set that the document is to be held against.
        required: whether a document that could not be held against its rules is held for a person.
    """
    found = _first_of_each([each for verdict in verdicts.values() if isinstance(verdict, tuple) for each in verdict])
    told = tuple(found[:FINDINGS_MAX])
    return (*told, *(_summary(ruleset, verdict, required=required) for ruleset, verdict in verdicts.items()))


def unruled() -> Finding:
    """Return what is said of an invoice in XML for whose syntax no rules are published that could be run."""
    return Finding(rule=NOT_VALIDATED, severity="info", message="no official rules are at hand for this syntax")


def unheld(specification: str) -> Finding:
    """Return what is said of an invoice that claims to keep to more than EN 16931, by rules that are not at hand."""
    why = f"the rules of {specification} are not at hand: held against those of EN 16931 alone"
    return Finding(rule=NOT_VALIDATED, severity="info", message=why)


def _first_of_each(failures: list[Failure]) -> list[Finding]:
    """Return one finding a rule, with its first place and the number of places; what matters for paying first."""
    count = Counter(failure.rule for failure in failures)
    own = {_own(failure.rule) for failure in failures}
    firsts: dict[str, Failure] = {}
    for failure in failures:
        firsts.setdefault(failure.rule, failure)
    found = [_finding(failure, count[rule], _severity(failure, own)) for rule, failure in firsts.items()]
    return sorted(found, key=lambda finding: ("error", "warning", "info").index(finding.severity))


def _own(rule: str) -> str:
    """Return a rule's number without what differs between the publications: `CO-15`, `S-08`, `02`; else nothing.

    A rule of Peppol, which has numbers of its own, is told by its whole name where it is known here.
    """
    if rule in PLAIN:
        return rule
    match = _RULE.fullmatch(rule)
    return match["own"] if match else ""


def _severity(failure: Failure, failed: set[str]) -> Severity:
    """Tell whether a failure makes the document doubtful (error), or only informs."""
    if failure.flag not in _FATAL:
        return "info"
    own = _own(failure.rule)
    if own == _RATE_FROM_NOWHERE and _RATE_MISSING in failed:
        return "warning"  # without a rate (BT-119) nothing can be multiplied; BR-48 says that it is missing
    return "error" if own in PLAIN else "warning"


def _finding(failure: Failure, places: int, severity: Severity) -> Finding:
    own, official = _own(failure.rule), re.sub(r"^\[[^\]]{1,40}\]\s*[-:]?\s*", "", failure.text)
    plain = PLAIN.get(own) or GERMAN.get(failure.rule)
    words = f"{plain}: {official}" if plain else official
    more = f" ({places} places)" if places > 1 else ""
    return Finding(
        rule=failure.rule[:100] or "RULE-UNNAMED",
        severity=severity,
        message=words[:MESSAGE_LENGTH_MAX] + more,
        fields=_FIELDS.get(own, ()),
        location=failure.location or None,
    )


def _summary(ruleset: RuleSet, verdict: Verdicts, *, required: bool) -> Finding:
    if isinstance(verdict, NotValidated):
        severity: Severity = "error" if required else "warning"
        return Finding(rule=NOT_VALIDATED, severity=severity, message=f"not held against {ruleset}: {verdict.why}")
    rules = len({failure.rule for failure in verdict})
    said = "no rule failed" if not rules else f"{rules} rules failed"
    return Finding(rule=OFFICIAL_RULES, severity="info", message=f"held against {ruleset}: {said}")
