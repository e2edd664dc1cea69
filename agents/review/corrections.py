"""A person's right values, put where the normalized invoice keeps them."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from schemas.events import InvoiceNormalized
from schemas.evidence import PAYMENT_CRITICAL
from schemas.invoice import Invoice

_TOTALS = (
    "sum_of_invoice_line_net_amount",
    "sum_of_allowances_on_document_level",
    "sum_of_charges_on_document_level",
    "invoice_total_amount_without_vat",
    "invoice_total_vat_amount",
    "invoice_total_amount_with_vat",
    "paid_amount",
    "rounding_amount",
    "amount_due_for_payment",
)
_INSTRUCTION = {
    "payment_account_identifier": "payment_account_identifier",
    "payment_account_name": "payment_account_name",
    "payment_service_provider_identifier": "payment_service_provider_identifier",
    "payment_means_type_code": "payment_means_type_code",
    "remittance_information": "remittance_information",
}
_PARTY = ("name", "vat_identifier", "legal_registration_identifier")
# Where each correctable field lies in the tree of an Invoice.
PLACES: Mapping[str, tuple[str, ...]] = {
    **{
        name: (name,)
        for name in (
            "invoice_number",
            "invoice_issue_date",
            "invoice_type_code",
            "invoice_currency_code",
            "payment_due_date",
            "purchase_order_reference",
        )
    },
    **{name: ("totals", name) for name in _TOTALS},
    **{f"{party}_{part}": (party, part) for party in ("seller", "buyer") for part in _PARTY},
    "debited_account_identifier": ("debited_account_identifier",),
}


class Uncorrectable(Exception):  # noqa: N818 - it says what is wrong
    """A correction names an unknown field, or a value that the field cannot have; the message says which."""


def correct(normalized: InvoiceNormalized, corrections: Mapping[str, str | None], person: str) -> InvoiceNormalized:
    """Return the invoice with the person's values, and the person among those who corrected it.

    A corrected way to pay becomes the only one: whoever names an account means that one.

    Raises:
        Uncorrectable: nothing is changed.
    """
    tree = normalized.invoice.model_dump(mode="json")
    for name, value in corrections.items():
        _put(tree, name, value)
    try:
        invoice = Invoice.model_validate(tree)
    except ValidationError as wrong:
        first = wrong.errors(include_url=False, include_input=False)[0]
        raise Uncorrectable(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    sure = {name: 1.0 for name in PAYMENT_CRITICAL if name in corrections}
    return normalized.model_copy(
        update={
            "invoice": invoice,
            "confidence": {**normalized.confidence, **sure},
            "corrected_by": tuple(dict.fromkeys((*normalized.corrected_by, person))),
        }
    )


def value_of(invoice: Invoice, name: str) -> str | None:
    """Return what the invoice says in a correctable field, in canonical form; None where it says nothing."""
    tree = invoice.model_dump(mode="json")
    if name in _INSTRUCTION:
        instructions = tree["payment_instructions"]
        said = instructions[0][_INSTRUCTION[name]] if instructions else None
    else:
        said = tree
        for step in PLACES[name]:
            said = said[step]
    return None if said is None else str(said)


def _put(tree: dict[str, Any], name: str, value: str | None) -> None:
    if name in _INSTRUCTION:
        first = {**(tree["payment_instructions"] or [{}])[0], _INSTRUCTION[name]: value}
        tree["payment_instructions"] = [first]
    elif name in PLACES:
        *way, last = PLACES[name]
        branch = tree
        for step in way:
            branch = branch[step]
        branch[last] = value
    else:
        raise Uncorrectable(f"{name} is no field that can be corrected")
