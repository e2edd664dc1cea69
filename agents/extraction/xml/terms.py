"""What the three syntaxes have in common: amounts in one currency, and numbers of lines."""

from collections.abc import Callable, Iterable
from decimal import Decimal

from agents.extraction import values
from agents.extraction.draft import LINES_MAX, Draft
from agents.extraction.xml.tree import Element, content, first, text
from schemas.evidence import FieldName
from schemas.invoice import InvoiceLine
from schemas.money import parse_money

XML_CONFIDENCE = 0.99  # read exactly; what remains is an issuer who fills a field wrongly
UNIT_LENGTH_MAX = 10  # FatturaPA 2.2.1.6; codes of UN/ECE Recommendation 20 have 3
# The scheme of a VAT id (BT-31): VAT in UBL, VA in CII (UNTDID 1153), GST where it is called so. Programs mix them.
VAT_SCHEMES = ("VAT", "VA", "GST")
ITEM_NAME_LENGTH_MAX = 120  # 1,000 of them fit a message


def put_amounts(draft: Draft, name: FieldName, elements: Iterable[Element]) -> None:
    """Take the one amount in the invoice's own currency (BT-5).

    An amount in another currency beside it (BT-111 beside BT-110) is left alone; one that stands alone in another
    currency than BT-5 is a doubt.
    """
    currency = draft.value("invoice_currency_code")
    found = [element for element in elements if content(element)]
    own = [element for element in found if element.get("currencyID", currency or "").upper() in {currency or "", ""}]
    if currency and found and not own:
        draft.find("AMOUNT-AMBIGUOUS", f"the amount is not in {currency}", name, "invoice_currency_code")
    draft.put_one(name, [content(element) or "" for element in own or found], values.decimal, "AMOUNT-AMBIGUOUS")


def put_currency(draft: Draft, raws: list[str], amounts: Iterable[Element]) -> None:
    """Take BT-5; where an issuer left it out, the one currency that all amounts carry."""
    if raws:
        draft.put_one("invoice_currency_code", raws, values.currency, "AMOUNT-AMBIGUOUS")
        return
    carried = {element.get("currencyID", "").upper() for element in amounts} - {""}
    if len(carried) == 1:
        draft.put("invoice_currency_code", carried.pop(), values.currency)


def number(element: Element | None, *paths: str) -> Decimal | None:
    """Return the number at a path, or None where there is none or it cannot be understood."""
    raw = text(element, *paths)
    plain = values.decimal(raw) if raw else None
    return parse_money(plain) if plain else None


def unit_code(element: Element | None, *paths: str) -> str | None:
    """Return the unit that the quantity at a path is counted in (BT-130)."""
    quantity = first(element, *paths)
    return unit(quantity.get("unitCode")) if quantity is not None else None


def unit(raw: str | None) -> str | None:
    """Return a unit, None where it is longer than any: 1,000 of them fit a message."""
    found = canonical(raw)
    return found if found and len(found) <= UNIT_LENGTH_MAX else None


def put_lines(draft: Draft, elements: list[Element], line: Callable[[Element], InvoiceLine]) -> None:
    """Take the lines, unless there are more than an invoice may have."""
    if len(elements) > LINES_MAX:
        draft.find("LINES-OMITTED", f"{len(elements)} lines, at most {LINES_MAX} are read", severity="warning")
        return
    draft.lines.extend(map(line, elements))


def item_name(raw: str | None) -> str | None:
    """Return an item's name at a length that a message of 1,000 lines can carry."""
    name = values.text(raw) if raw else None
    return name[:ITEM_NAME_LENGTH_MAX] if name else None


def canonical(raw: str | None, form: Callable[[str], str | None] = values.code) -> str | None:
    """Return the canonical form of what may be missing."""
    return form(raw) if raw else None
