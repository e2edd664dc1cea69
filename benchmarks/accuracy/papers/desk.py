"""What the parts of a layout share: the paper, the sheet, where to go on, and what has been printed so far."""

from collections.abc import Callable
from dataclasses import dataclass, field

from benchmarks.accuracy.papers.facts import Paper
from benchmarks.accuracy.papers.surface import HEIGHT, WIDTH, Sheet


@dataclass(frozen=True)
class Layout:
    """A way to lay out a paper: one choice for each part. `traits` are things that only some suppliers do."""

    name: str
    sector: str
    head: str
    meta: str
    table: str
    sums: str
    pay: str
    foot: str
    font: str = "helvetica"
    size: float = 9
    colour: str = "#1f4e79"
    traits: frozenset[str] = frozenset()

    @property
    def language(self) -> str | None:
        """Return the one language in which this layout is used (the trait `only_en`), or None for all."""
        return next((trait.removeprefix("only_") for trait in self.traits if trait.startswith("only_")), None)

    def speaks(self, language: str) -> bool:
        return self.language in (None, language)


@dataclass
class Desk:
    """Where one paper is being drawn. `shown` names the fields that are on it: the truth is taken from there."""

    paper: Paper
    layout: Layout
    sheet: Sheet
    y: float = 50
    left: float = 50
    right: float = WIDTH - 50
    bottom: float = HEIGHT - 110
    shown: set[str] = field(default_factory=set)

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2

    def show(self, *fields: str) -> None:
        self.shown.update(fields)

    def has(self, trait: str) -> bool:
        return trait in self.layout.traits

    def step(self, lines: float = 1) -> None:
        self.y += lines * self.sheet.size * 1.35

    def room(self, height: float) -> bool:
        """Go on to the next page where so much does not fit; tell whether that was needed."""
        if self.y + height <= self.bottom:
            return False
        self.sheet.next_page()
        self.y = 60
        return True

    def label(self, key: str) -> str:
        """Return the label of a value; what is not an invoice calls its number by its own name."""
        if key == "number" and self.paper.kind in NEGATIVES:
            return str(self.paper.words.negative(self.paper.kind)["number"])
        return self.paper.words(key)

    def title(self) -> str:
        if self.paper.kind in NEGATIVES:
            return str(self.paper.rng.choice(self.paper.words.negative(self.paper.kind)["title"]))
        return self.paper.words("title")

    def value(self, key: str) -> str:
        """Return the text of a value, and note that it is printed."""
        self.show(key)
        reads = _VALUES.get(key)
        return reads(self) if reads else self.paper.extras[key]


NEGATIVES = ("credit_note", "quote", "order", "proforma", "reminder", "statement", "delivery_note", "receipt", "paid",
             "direct_debit", "card")  # fmt: skip


def iban_text(desk: Desk) -> str:
    """Return the IBAN as this layout writes it: in groups, closed up, with other spaces."""
    if desk.has("compact"):
        return desk.paper.account.iban
    return desk.paper.account.grouped("\u00a0" if desk.has("nbsp") else " ")


_VALUES: dict[str, Callable[[Desk], str]] = {
    "number": lambda desk: desk.paper.number,
    "date": lambda desk: desk.paper.notation.day(desk.paper.issued),
    "due": lambda desk: desk.paper.notation.day(desk.paper.due),
    "vat_id": lambda desk: desk.paper.seller.vat_printed,
    "registration": lambda desk: desk.paper.seller.registration,
    "phone": lambda desk: desk.paper.seller.phone,
    "reference": lambda desk: desk.paper.reference_printed or desk.paper.number,
    "iban": iban_text,
    "bic": lambda desk: desk.paper.account.bic,
    "bank": lambda desk: desk.paper.account.bank,
    "holder": lambda desk: desk.paper.account.holder,
}
