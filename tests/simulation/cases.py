"""What is sent in a run and what must come of it: the truth, which is known before anything is read."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from agents.extraction.reading import read
from app.local.samples import Sample, SampleSet, load_set, supplier_csv
from app.local.samples.parties import TENANT
from app.suppliers import parse_suppliers
from schemas.evidence import ExtractedInvoice, Unreadable
from schemas.identifiers import command_id, document_id
from schemas.release import Learned
from schemas.supplier import Supplier
from tests.simulation.worker import EPOCH

# Enough that each story of the samples is told by ten invoices.
POOL_SIZE = 800
POOL_SEED = 4

# What the people do with a document that is held.
Act = Literal["pay", "correct", "renumber", "refuse", "leave"]
Lost = Literal["missing", "exchanged"]
ACTS: Mapping[str, tuple[Act, ...]] = {
    "plain": ("pay",),
    "same-bytes": ("pay",),
    "other-amount": ("pay",),
    "quietly-changed-account": ("pay", "correct", "renumber", "refuse", "leave"),
    "wrong-sum": ("pay", "renumber", "refuse", "leave"),
    "broken-account": ("correct", "refuse", "leave"),
    "unknown-supplier": ("refuse", "leave"),
    "credit-note": ("leave",),
    "direct-debit": ("leave",),
}
# How often a story is drawn; plain invoices are the bulk of any day.
WEIGHTS: Mapping[str, int] = {"plain": 8, "same-bytes": 2, "other-amount": 4, "quietly-changed-account": 3}


@dataclass(frozen=True)
class Case:
    """One invoice: the documents that claim to be it, in the order of their sending (an index may come again).

    `must` is the id of the one command that must come of it, None where none may. `favourite` is the document that the
    people approve where several wait. A `lost` document is named by the publisher but is not in the store.
    """

    scenario: str
    documents: tuple[Sample, ...]
    submissions: tuple[int, ...]
    act: Act
    must: str | None
    favourite: int = 0
    late_supplier: bool = False
    lost: Lost | None = None
    captured_by: str | None = None

    @property
    def supplier_id(self) -> str | None:
        return self.documents[0].supplier_id

    def corrections(self) -> dict[str, str | None]:
        """Return the right values, as a clerk would enter them."""
        supplier = known_suppliers()[self.supplier_id or ""]
        account: dict[str, str | None] = {"payment_account_identifier": supplier.accounts[0].identifier}
        return {**account, "invoice_number": self.new_number} if self.act == "renumber" else account

    @property
    def new_number(self) -> str:
        return f"{self.documents[0].truth['invoice_number']}9"


@cache
def pool() -> SampleSet:
    return load_set(POOL_SIZE, POOL_SEED)


@cache
def by_scenario() -> dict[str, list[tuple[Sample, ...]]]:
    """Return the samples by story, those of one invoice together."""
    groups: dict[str, list[Sample]] = {}
    for sample in pool().samples:
        groups.setdefault(sample.duplicates_of or sample.name, []).append(sample)
    stories: dict[str, list[tuple[Sample, ...]]] = {}
    for group in groups.values():
        distinct = {sample.document_id: sample for sample in group}
        stories.setdefault(group[0].scenario, []).append(tuple(distinct.values()))
    return stories


@cache
def known_suppliers() -> dict[str, Supplier]:
    parsed = parse_suppliers(supplier_csv(pool().suppliers).encode(), verified_by="import", verified_at=EPOCH)
    return {supplier.supplier_id: supplier for supplier in parsed}


@cache
def reading(content: bytes) -> ExtractedInvoice | Unreadable:
    """Read a document once for all runs: the cores that follow are what is tested here."""
    return read(content)


class PoolReader:
    """A `Reader` that has read everything before."""

    async def read(self, content: bytes, _learned: Learned) -> ExtractedInvoice | Unreadable:
        return reading(content)


def draw_cases(rng: random.Random, count: int) -> list[Case]:
    names = sorted(ACTS)
    weights = [WEIGHTS.get(name, 1) for name in names]
    taken: set[str] = set()
    cases = list[Case]()
    while len(cases) < count:
        scenario = rng.choices(names, weights)[0]
        documents = rng.choice(by_scenario()[scenario])
        if documents[0].name not in taken:
            taken.add(documents[0].name)
            cases.append(_draw(rng, scenario, documents))
    return cases


def _draw(rng: random.Random, scenario: str, documents: tuple[Sample, ...]) -> Case:
    act = rng.choice(ACTS[scenario])
    order = list(range(len(documents)))
    rng.shuffle(order)
    again = [rng.choice(order) for _ in range(2) if rng.random() < 0.3]
    if scenario == "same-bytes":
        again.append(0)
    ways: tuple[Lost, ...] = ("missing", "exchanged")
    lost = rng.choice(ways) if scenario == "plain" and rng.random() < 0.06 else None
    case = Case(
        scenario,
        documents,
        (*order, *again),
        act,
        must=None,
        favourite=rng.choice(order),
        late_supplier=scenario in {"plain", "other-amount"} and rng.random() < 0.15,
        lost=lost,
        captured_by=rng.choice((None, None, "ann")),
    )
    return Case(**{**vars(case), "must": None if lost else _must(case)})


def _must(case: Case) -> str | None:
    number = case.documents[0].truth.get("invoice_number")
    if case.act not in {"pay", "correct", "renumber"} or case.supplier_id is None or number is None:
        return None
    return command_id(TENANT, case.supplier_id, case.new_number if case.act == "renumber" else number)


def stranger_id(rng: random.Random) -> str:
    """Return the id of a document that nobody sent."""
    return document_id(rng.randbytes(16))
