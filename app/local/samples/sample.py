"""What a sample is: bytes, what they truly say, and what is to become of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.local.samples.parties import TENANT, Company, Supplier
from schemas import identifiers
from schemas.decision import DecisionOutcome
from schemas.evidence import FieldName, Lane

Truth = dict[FieldName, str | None]
NO_REASONS: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Expected:
    """The decision that is right. `reasons` are codes that must be among those given; there may be more."""

    outcome: DecisionOutcome
    reasons: frozenset[str] = NO_REASONS


APPROVE = Expected("approve")
HOLD = Expected("hold")
REJECT = Expected("reject")


@dataclass(frozen=True)
class Sample:
    """One document. `truth` has a key for each term that the document could say; None where it does not.

    `lane` is the one that its content asks for. `duplicates_of` names the sample whose invoice this one repeats: of all
    that share it exactly one is paid, whichever comes first; `expect` says what is right in the order of the set.
    """

    name: str
    content: bytes = field(repr=False)
    media_type: str
    lane: Lane
    language: str
    layout: str
    scenario: str
    truth: Truth = field(repr=False)
    expect: Expected
    supplier_id: str | None = None
    duplicates_of: str | None = None

    @property
    def document_id(self) -> str:
        """Return the id of its bytes."""
        return identifiers.document_id(self.content)

    @property
    def command_id(self) -> str | None:
        """Return the id of the one payment that may come of its invoice, or None where none may."""
        number = self.truth.get("invoice_number")
        if self.expect.outcome != "approve" or self.supplier_id is None or number is None:
            return None
        return identifiers.command_id(TENANT, self.supplier_id, number)


@dataclass(frozen=True)
class SampleSet:
    """Samples with the reference data they need: who is known, and who pays."""

    samples: tuple[Sample, ...]
    suppliers: tuple[Supplier, ...]
    debtor: Company

    def command_ids(self) -> frozenset[str]:
        """Return the ids of all commands that must come of the set, in whatever order it is read."""
        return frozenset(sample.command_id for sample in self.samples if sample.command_id)

    def document_ids(self) -> frozenset[str]:
        """Return the ids of all its documents; fewer than samples, where the same bytes come twice."""
        return frozenset(sample.document_id for sample in self.samples)

    def complaints(self, outcomes: Mapping[str, DecisionOutcome]) -> list[str]:
        """Return a sentence for each document whose outcome is wrong or missing.

        Args:
            outcomes: what was decided, by document id.
        """
        said = [(sample, outcomes.get(sample.document_id)) for sample in self.samples]
        wrong = [
            f"{sample.name}: {outcome or 'no decision'}, expected {sample.expect.outcome}"
            for sample, outcome in said
            if sample.name not in self._repeated() and outcome != sample.expect.outcome
        ]
        return wrong + [sentence for root in sorted(self._roots()) if (sentence := self._repeats(root, outcomes))]

    def _roots(self) -> frozenset[str]:
        return frozenset(sample.duplicates_of for sample in self.samples if sample.duplicates_of)

    def _repeated(self) -> frozenset[str]:
        return self._roots() | {sample.name for sample in self.samples if sample.duplicates_of}

    def _repeats(self, root: str, outcomes: Mapping[str, DecisionOutcome]) -> str | None:
        """Judge one invoice that was sent several times: documents may overtake each other, payments may not."""
        group = {sample.document_id: sample for sample in self.samples if root in (sample.name, sample.duplicates_of)}
        expected = sorted(sample.expect.outcome for sample in group.values())
        actual = sorted(outcomes.get(document, "no decision") for document in group)
        return None if actual == expected else f"{root} and its repetitions: {actual}, expected {expected}"
