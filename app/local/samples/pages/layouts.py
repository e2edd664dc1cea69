"""Layouts as data: a head, an addressee, references, a table, sums and a payment part under one theme."""

from collections.abc import Callable
from dataclasses import dataclass

from app.local.samples.bill import Bill
from app.local.samples.pages import heads, metas, payments, tables, totals
from app.local.samples.pages.draft import Draft
from app.local.samples.pages.sheet import Sheet, Theme
from app.local.samples.pages.wording import Wording
from app.local.samples.places import language
from app.local.samples.seeds import seeded

Part = Callable[[Draft], None]

SERIF = Theme("Times-Roman", "Times-Bold", "#5a1f1f", 10)
SANS = Theme()
GREEN = Theme("Helvetica", "Helvetica-Bold", "#2d5d3a", 9, 46, 46)
TYPED = Theme("Courier", "Courier-Bold", "#1c1c1c", 8.5, 42, 42)
EMBEDDED = Theme("Vera", "VeraBd", "#33475b", 8, 48, 48)
WIDE_LEFT = Theme("Helvetica", "Helvetica-Bold", "#39553a", 8.5, 168, 40)


@dataclass(frozen=True)
class Layout:
    """One look. Its parts are drawn in this order, each where the one before it ended."""

    name: str
    theme: Theme
    parts: tuple[Part, ...]


LAYOUTS: tuple[Layout, ...] = (
    Layout("totals-box", SANS, (
        heads.letterhead_left, heads.addressee_left, metas.list_right,
        tables.Table(tables.FULL, ruled=True), totals.box_right, payments.below,
    )),
    Layout("reference-grid", EMBEDDED, (
        heads.letterhead_left, heads.addressee_right, metas.grid,
        tables.Table(tables.RATED, zebra=True, tinted_head=True), totals.lines_right, payments.framed,
    )),
    Layout("letter", SERIF, (
        heads.centred, heads.addressee_right, metas.letter_opening,
        tables.Table(tables.SHORT), totals.lines_right, payments.letter_closing,
    )),
    Layout("two-columns", SANS, (
        heads.side_by_side, heads.no_addressee, metas.grid,
        tables.Table(tables.FULL, tinted_head=True), totals.with_breakdown, payments.framed,
    )),
    Layout("bank-footer", GREEN, (
        heads.letterhead_right, heads.addressee_window, metas.list_right,
        tables.Table(tables.FULL), totals.lines_right, payments.footer,
    )),
    Layout("payment-slip", EMBEDDED, (
        heads.letterhead_left, heads.addressee_right, metas.list_left,
        tables.Table(tables.QUANTITY_FIRST, ruled=True), totals.box_right, payments.slip,
    )),
    Layout("banner", SANS, (
        heads.banner, heads.addressee_left, metas.list_right,
        tables.Table(tables.RATED, tinted_head=True), totals.row, payments.below,
    )),
    Layout("sidebar", WIDE_LEFT, (
        heads.sidebar, heads.addressee_left, metas.heading,
        tables.Table(tables.SHORT, ruled=True), totals.lines_right, payments.sidebar,
    )),
    Layout("typewriter", TYPED, (
        heads.letterhead_left, heads.addressee_left, metas.heading,
        tables.Table(tables.FULL), totals.with_breakdown, payments.below,
    )),
    Layout("spread", SERIF, (
        heads.letterhead_left, heads.addressee_left, metas.list_right,
        tables.Table(tables.RATED, ruled=True), totals.row_apart, payments.below,
    )),
)  # fmt: skip
BY_NAME = {layout.name: layout for layout in LAYOUTS}


def draw(layout: Layout, bill: Bill, seed: str) -> bytes:
    """Return the bill as a PDF. The same seed gives the same wording and the same bytes.

    It is drawn twice: only after the first time is it known how many pages there are.
    """
    pages = _draw(layout, bill, seed, 1).pages
    return _draw(layout, bill, seed, pages).finish()


def _draw(layout: Layout, bill: Bill, seed: str, pages: int) -> Sheet:
    rng = seeded(seed)
    words = Wording(rng, language(bill.language))

    def foot(page: int) -> str:
        place = words.label("page").format(page=page, pages=pages)
        return f"{words.label('title', bill.kind)} {bill.number} - {place}"

    sheet = Sheet(layout.theme, bill.number, bill.seller.name, foot if pages > 1 else None)
    draft = Draft(sheet, bill, words, rng)
    for part in layout.parts:
        part(draft)
    return sheet
