"""What a rule is: a function of the invoice that returns what it has to say, nothing where all is well."""

from collections.abc import Callable, Iterable, Mapping

from schemas.evidence import Lane
from schemas.finding import Finding, Severity
from schemas.invoice import Invoice

Findings = tuple[Finding, ...]
Rule = Callable[[Invoice, Lane], Findings]

CLEAN: Findings = ()
# A hostile document may have thousands of accounts, or one of thousands of letters: what is said of it stays short.
MESSAGE_LENGTH_MAX = 500
FINDINGS_MAX = 20
# In these lanes the standard speaks: a sum that is not stated does not exist (EN 16931-1, 6.5.12). On a page it may
# only have been overlooked.
STRUCTURED_LANES: frozenset[Lane] = frozenset({"xml", "hybrid"})


def finding(rule: str, severity: Severity, message: str, *fields: str) -> Findings:
    """Return the one finding of a rule."""
    return (Finding(rule=rule, severity=severity, message=message[:MESSAGE_LENGTH_MAX], fields=fields),)


def each(rule: str, severity: Severity, faults: Mapping[str, str | None], *fields: str) -> Findings:
    """Return a finding for each value that has a fault, naming the value; of very many the first."""
    wrong = [f"{value[:MESSAGE_LENGTH_MAX]}: {fault}" for value, fault in faults.items() if fault is not None]
    return tuple(
        Finding(rule=rule, severity=severity, message=message[-MESSAGE_LENGTH_MAX:], fields=fields)
        for message in wrong[:FINDINGS_MAX]
    )


def distinct(values: Iterable[str | None]) -> tuple[str, ...]:
    """Return the values that are there, each once, in their order."""
    return tuple(dict.fromkeys(value for value in values if value))
