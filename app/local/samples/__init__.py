"""The project's own invoices: realistic, of known truth, a pure function of a seed."""

from app.local.samples.parties import debtor_environment, demo_debtor, supplier_csv
from app.local.samples.sample import Expected, Sample, SampleSet
from app.local.samples.sets import any_set, demo_set, generate, load_set

__all__ = [
    "Expected", "Sample", "SampleSet",
    "any_set", "debtor_environment", "demo_debtor", "demo_set", "generate", "load_set",
    "supplier_csv",
]  # fmt: skip
