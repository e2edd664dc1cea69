"""Sets of samples for the demo, for system tests and for measuring, each a function of its seed."""

from collections.abc import Iterable, Iterator
from itertools import cycle

from app.local.samples import broken, forms, scenarios
from app.local.samples.forms import CII, FATTURAPA, UBL, Form, factur_x, page, zugferd_1
from app.local.samples.parties import Company, Supplier, demo_debtor, suppliers
from app.local.samples.sample import Sample, SampleSet
from app.local.samples.scenarios import Scenario, Scene
from app.local.samples.seeds import seeded

# Company names of a country run out at six or more (see the country files).
SUPPLIERS_PER_COUNTRY = 5
# More would need longer invoice numbers (see invent.NUMBER_PATTERNS).
COUNT_MAX = 90_000
# In a load set every so many-th place tells another story than a plain invoice.
STORY_EVERY = 10

Casting = tuple[Scenario, str, Form]  # what happens, in which country, in which form

_DEMO: tuple[Casting, ...] = (
    *((scenarios.plain, code, UBL) for code in ("FR", "DE", "BE", "NL", "ES", "IE", "AT", "GB")),
    *((scenarios.plain, code, CII) for code in ("FR", "DE", "IT", "AT", "BE")),
    *((scenarios.plain, "IT", FATTURAPA) for _ in range(4)),
    *(
        (scenarios.plain, code, factur_x(layout))
        for code, layout in (
            ("FR", "totals-box"), ("DE", "bank-footer"), ("FR", "two-columns"), ("BE", "reference-grid"),
            ("IE", "banner"), ("AT", "payment-slip"),
        )
    ),
    (scenarios.plain, "DE", zugferd_1("reference-grid")),
    *(
        (scenarios.plain, code, page(layout))
        for code, layout in (
            ("FR", "totals-box"), ("DE", "reference-grid"), ("IE", "letter"), ("BE", "two-columns"),
            ("AT", "bank-footer"), ("FR", "payment-slip"), ("NL", "banner"), ("DE", "sidebar"), ("FR", "typewriter"),
        )
    ),
    (scenarios.reverse_charge, "DE", UBL),
    (scenarios.reverse_charge, "IE", page("totals-box")),
    (scenarios.long, "FR", page("two-columns")),
    (scenarios.changed_account, "FR", page("totals-box")),
    (scenarios.quietly_changed_account, "DE", UBL),
    (scenarios.quietly_changed_account, "FR", factur_x("banner")),
    (scenarios.unknown_supplier, "NL", UBL),
    (scenarios.unknown_supplier, "DE", page("letter")),
    (scenarios.same_bytes, "FR", CII),
    (scenarios.other_bytes, "BE", UBL),
    (scenarios.other_amount, "ES", CII),
    (scenarios.wrong_sum, "DE", UBL),
    (scenarios.wrong_sum, "FR", page("totals-box")),
    (scenarios.broken_account, "NL", CII),
    (scenarios.broken_account, "AT", page("reference-grid")),
    (scenarios.no_account, "IE", UBL),
    (scenarios.factor, "ES", UBL),
    (scenarios.factor, "DE", CII),
    (scenarios.own_account, "NL", CII),
    (scenarios.credit_note, "BE", UBL),
    (scenarios.credit_note, "DE", CII),
    (scenarios.credit_note, "IT", FATTURAPA),
    (scenarios.credit_note, "FR", page("banner")),
    (scenarios.direct_debit, "DE", UBL),
    (scenarios.direct_debit, "FR", CII),
    (scenarios.paid_by_card, "GB", UBL),
    (scenarios.nothing_due, "FR", UBL),
    (scenarios.quote, "FR", page("totals-box")),
    (scenarios.page_mismatch, "DE", factur_x("totals-box")),
    (broken.truncated_pdf, "FR", UBL),
    (broken.doctype, "FR", UBL),
    (broken.noise, "FR", UBL),
    (broken.cut_xml, "DE", UBL),
    (broken.foreign_xml, "FR", UBL),
    (broken.empty, "FR", UBL),
)  # fmt: skip

_STORIES: tuple[Scenario, ...] = (
    scenarios.quietly_changed_account, scenarios.same_bytes, scenarios.other_amount, scenarios.wrong_sum,
    scenarios.credit_note, scenarios.unknown_supplier, scenarios.broken_account, scenarios.direct_debit,
)  # fmt: skip
_PAGE_STORIES: tuple[Scenario, ...] = (
    scenarios.quote, scenarios.reminder, scenarios.credit_note, scenarios.changed_account, scenarios.broken_account,
    scenarios.direct_debit, scenarios.paid_by_card, scenarios.wrong_sum, scenarios.reverse_charge, scenarios.long,
)  # fmt: skip


def demo_set(seed: int = 1) -> SampleSet:
    """Return about sixty documents: every lane, every layout, and every reason to hold or refuse."""
    known, debtor = _reference_data(seed)
    by_country = {code: cycle(_of(known, code)) for code in sorted({it.company.country for it in known})}
    samples = [
        sample
        for sequence, (scenario, code, form) in enumerate(_DEMO, start=1)
        for sample in scenario(_scene(f"demo/{seed}", sequence, next(by_country[code]), debtor, form, scenario))
    ]
    return SampleSet(tuple(samples), known, debtor)


def load_set(count: int, seed: int = 1) -> SampleSet:
    """Return that many UBL and CII documents with unique numbers, most of them to be paid, in a fixed order.

    Every tenth place holds a duplicate, a changed account, a credit note or the like. Fast: no page is drawn.
    """
    known, debtor = _reference_data(seed)
    rng = seeded(f"load/{seed}")
    stories, samples = cycle(_STORIES), list[Sample]()
    for sequence in _sequences(count):
        scenario = next(stories) if sequence % STORY_EVERY == 0 else scenarios.plain
        scene = _scene(f"load/{seed}", sequence, rng.choice(known), debtor, rng.choice((UBL, CII)), scenario)
        samples += scenario(scene)
        if len(samples) >= count:
            break
    return SampleSet(_whole(samples, count), known, debtor)


def generate(count: int, seed: int) -> list[Sample]:
    """Return the samples of `any_set` without their reference data: enough for who only reads."""
    return list(any_set(count, seed).samples)


def any_set(count: int, seed: int = 1) -> SampleSet:
    """Return that many samples of all forms, layouts and languages: one in five is to be held or refused."""
    known, debtor = _reference_data(seed)
    rng = seeded(f"any/{seed}")
    samples = list[Sample]()
    for sequence in _sequences(count):
        form = forms.pick(rng)
        stories = _PAGE_STORIES if form.lane == "text" else _STORIES
        scenario = rng.choice(stories) if rng.randrange(5) == 0 else scenarios.plain
        supplier = rng.choice(_of(known, "IT") if form is FATTURAPA else known)
        samples += scenario(_scene(f"any/{seed}", sequence, supplier, debtor, form, scenario))
        if len(samples) >= count:
            break
    return SampleSet(_whole(samples, count), known, debtor)


def _reference_data(seed: int) -> tuple[tuple[Supplier, ...], Company]:
    return suppliers(seeded(f"suppliers/{seed}"), SUPPLIERS_PER_COUNTRY), demo_debtor()


def _of(known: Iterable[Supplier], code: str) -> list[Supplier]:
    return [supplier for supplier in known if supplier.company.country == code]


def _sequences(count: int) -> Iterator[int]:
    if not 0 <= count <= COUNT_MAX:
        raise ValueError(f"{count} samples: the limit is {COUNT_MAX}")
    return iter(range(1, count + 1))


def _whole(samples: list[Sample], count: int) -> tuple[Sample, ...]:
    """Return the first so many samples."""
    return tuple(samples[:count])


def _scene(seed: str, sequence: int, supplier: Supplier, debtor: Company, form: Form, scenario: Scenario) -> Scene:
    return Scene(seed, sequence, supplier, debtor, form, scenario.__name__.replace("_", "-"))
