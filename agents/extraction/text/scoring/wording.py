"""Each feature's name, and how it is said to a clerk. A feature that is not listed here does not exist."""

from collections.abc import Mapping

# Common to all candidates, so no reason for one of them.
UNSPOKEN = frozenset({"any"})

PHRASES: Mapping[str, str] = {
    "any": "is a candidate",
    "repeated": "stands in several places",
    # Where it stands, and how it is printed.
    "page:first": "stands on the first page",
    "page:inner": "stands on a page in the middle",
    "page:last": "stands on the last page",
    "place:top": "stands in the upper third",
    "place:bottom": "stands in the lower third",
    "place:right": "stands in the right half",
    "print:large": "is printed large",
    "prose": "stands in a sentence",
    # How it stands to its name.
    "behind": "stands right behind its name",
    "right": "stands to the right of its name",
    "below": "stands below its name",
    "worded": "is named by words that no language of ours knows",
    "alone": "is named by nothing",
    "row": "stands in a row of sums",
    # What a number is called.
    "called:invoice_number": "is called the invoice number",
    "called:document_number": "is called the document's number",
    "called:invoice_word": "stands beside the word for invoice",
    "called:other_number": "is called another number, as a customer's or an order's",
    "called:remittance_information": "is called the reference to pay under",
    "called:identifier": "is called a tax, VAT or register number",
    "called:else": "is called something else",
    "title": "stands near the document's title",
    "dated": "has the date of issue beside it",
    "shape:digits": "is made of digits alone",
    "shape:lettered": "begins with letters",
    "shape:parted": "is parted by strokes or points",
    "shape:year": "holds a year",
    "shape:short": "has fewer than four signs",
    "shape:long": "has more than twelve signs",
    "shape:phone": "looks like a telephone number",
    "shape:month": "looks like a month",
    # What a sum is called.
    "sum:payable": "is called the sum to pay",
    "sum:gross": "is called the total with VAT",
    "sum:total": "is called a total",
    "sum:net": "is called the total without VAT",
    "sum:subtotal": "is called a subtotal",
    "sum:vat": "is called VAT",
    "sum:tax_base": "is called a base for tax",
    "sum:boxed": "stands in the box of a payment slip",
    "sum:taken": "is called paid, discounted, withheld or carried over",
    "sum:item": "belongs to an item",
    "sum:ignored": "is called a price or something else that nobody asks for",
    "named:payable": "has a word for `to pay` beside it",
    "under:payable": "stands under a heading for `to pay`",
    "under:total": "stands under a heading for a total",
    "pure": "is called so and nothing else",
    "stacked": "stands right below its heading",
    "bare": "stands on a line without words",
    "by_day": "is to be paid by a day that stands beside it",
    "currency": "has its currency beside it",
    "sum:last": "is the last sum of its page",
    "sum:largest": "is the largest sum",
    "sum:closes": "is what net and VAT add up to",
    "sum:steps": "is the sum of two that stand above it",
    # What a day is called.
    "day:issue_date": "is called the date of issue",
    "day:due_date": "is called the day to pay by",
    "day:other_date": "is called another day, as of delivery or order",
    "day:on": "follows a mere `of` or `on`",
    "day:else": "is called something else",
    "day:unnamed": "is called nothing",
    "day:long": "is called so by several words",
    "day:invoice": "has the word for invoice before it",
    "day:letter": "stands at the head of the letter",
}


def phrase(name: str) -> str:
    """Return a feature in plain words; one of another version of the code by its name."""
    return PHRASES.get(name, name)
