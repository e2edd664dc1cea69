"""The forms that an invoice comes in: how a bill becomes bytes, and what those bytes truly say."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

from app.local.samples import cii, fatturapa, hybrid, truth, ubl, zugferd
from app.local.samples.bill import ZERO, Bill
from app.local.samples.pages.layouts import BY_NAME, LAYOUTS, draw
from app.local.samples.sample import Truth
from schemas.evidence import Lane

XML, PDF = "application/xml", "application/pdf"
# Languages that have labels enough for a page.
PAGE_LANGUAGES = ("fr", "en", "de")


@dataclass(frozen=True)
class Form:
    """One form. `layout` names the page where there is one; `write` takes a seed for the page's wording."""

    name: str
    lane: Lane
    media_type: str
    layout: str
    write: Callable[[Bill, str], bytes]
    truth: Callable[[Bill], Truth]

    @property
    def suffix(self) -> str:
        """Return the file name's ending."""
        return ".pdf" if self.media_type == PDF else ".xml"


UBL = Form("ubl", "xml", XML, "ubl", lambda bill, _: ubl.render(bill), truth.structured)
CII = Form("cii", "xml", XML, "cii", lambda bill, _: cii.render(bill), truth.structured)
FATTURAPA = Form(
    "fatturapa", "xml", XML, "fatturapa", lambda bill, _: fatturapa.render(without_prepayment(bill)),
    lambda bill: truth.fatturapa(without_prepayment(bill)),
)  # fmt: skip
ZUGFERD_1 = Form("zugferd1-xml", "xml", XML, "zugferd1", lambda bill, _: zugferd.render(bill), truth.zugferd)


def without_prepayment(bill: Bill) -> Bill:
    """Return the bill with nothing paid yet: FatturaPA has no term for it (it would send a second document)."""
    return replace(bill, prepaid=ZERO)


def page(layout: str) -> Form:
    """Return the form of a PDF with a text layer and nothing else."""
    return Form(
        f"text-{layout}", "text", PDF, layout, lambda bill, seed: draw(BY_NAME[layout], bill, seed), truth.header
    )


def factur_x(layout: str) -> Form:
    """Return the form of a PDF that carries its CII."""

    def write(bill: Bill, seed: str) -> bytes:
        return hybrid.attach(draw(BY_NAME[layout], bill, seed), cii.render(bill))

    return Form(f"facturx-{layout}", "hybrid", PDF, layout, write, truth.structured)


def zugferd_1(layout: str) -> Form:
    """Return the form of a PDF that carries its ZUGFeRD 1.0."""

    def write(bill: Bill, seed: str) -> bytes:
        return hybrid.attach(draw(BY_NAME[layout], bill, seed), zugferd.render(bill), hybrid.ZUGFERD_1)

    return Form(f"zugferd1-{layout}", "hybrid", PDF, layout, write, truth.zugferd)


STRUCTURED = (UBL, CII)
PAGES = tuple(page(layout.name) for layout in LAYOUTS)
HYBRIDS = tuple(factur_x(layout.name) for layout in LAYOUTS)


def spoken(form: Form, country_language: str) -> str | None:
    """Return the language to draw a page in: the country's own where it has labels, else English; None for XML."""
    if form.media_type == XML:
        return None
    return country_language if country_language in PAGE_LANGUAGES else "en"


def pick(rng: random.Random) -> Form:
    """Return any form, each lane about as often as in the post of a mid-size company."""
    return rng.choice((UBL, UBL, CII, FATTURAPA, rng.choice(HYBRIDS), rng.choice(PAGES), rng.choice(PAGES)))


def mismatched(layout: str, shown: Bill, attached: Bill, seed: str) -> bytes:
    """Return a hybrid whose page shows one bill while its XML is another."""
    return hybrid.attach(draw(BY_NAME[layout], shown, seed), cii.render(attached))
