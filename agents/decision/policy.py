"""The policy that the code brings along. Everything a policy does not allow waits for a person."""

from schemas.policy import Policy

# Scans are read by optical recognition: one digit in thousands is wrong, and a wrong digit is a wrong payment.
DEFAULT_POLICY = Policy(
    name="default/1",
    automatic_lanes=frozenset({"xml", "hybrid", "text"}),
    confidence_min={"xml": 0.9, "hybrid": 0.9, "text": 0.9, "scan": 0.99},
)
