"""A payment command of the builders' good invoice."""

from agents.decision.decision import decide
from agents.decision.policy import DEFAULT_POLICY
from agents.payment.command import command
from schemas.payment import PaymentInitiated
from tables.invoices import InvoiceRecord
from tests.agents.builders import DEBTOR, validated


def initiated() -> PaymentInitiated:
    """Return the command, without a signature."""
    decided = decide(validated(), InvoiceRecord(), policy=DEFAULT_POLICY, debtor=DEBTOR, release="r1")
    made = command(decided, DEBTOR, lambda _content: None)
    assert isinstance(made, PaymentInitiated)
    return made
