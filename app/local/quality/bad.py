"""Two releases that nobody should want: one that reads wrongly, and one that lets nothing through."""

from agents.decision.policy import DEFAULT_POLICY
from schemas.release import Bundle, LabelLearned, Learned

# Every second invoice states a customer's number; taken for the invoice's it is wrong, and looks quite right.
_CUSTOMERS = (("de", "Kundennummer"), ("de", "Kunden-Nr."), ("fr", "N° client"), ("fr", "Code client"),
              ("en", "Customer number"), ("en", "Customer no."), ("nl", "Klantnummer"))  # fmt: skip


def misreading(code: str) -> Bundle:
    """Return a release that takes the customer's number for the invoice's."""
    labels = tuple(
        LabelLearned(language=language, concept="invoice_number", phrase=phrase) for language, phrase in _CUSTOMERS
    )
    return Bundle(code=code, learned=Learned(labels=labels), author="mallory", reason="planted: customer numbers")


def timid(code: str) -> Bundle:
    """Return a release that approves nothing by itself."""
    nothing = DEFAULT_POLICY.model_copy(update={"name": "timid/1", "automatic_lanes": frozenset()})
    return Bundle(code=code, policy=nothing, author="mallory", reason="planted: everything is reviewed")
