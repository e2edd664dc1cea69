"""FatturaPA 1.2 (Italy's e-invoice), header terms. Numbers as (2.1.1.4) are those of its specification."""

from agents.extraction import values
from agents.extraction.draft import Draft
from agents.extraction.xml import fatturapa_payment
from agents.extraction.xml.terms import XML_CONFIDENCE, canonical, item_name, number, put_lines, unit
from agents.extraction.xml.tree import Element, every, first, text, texts
from schemas.invoice import InvoiceLine, VatBreakdown

# TipoDocumento to UNTDID 1001. What the buyer issues itself (reverse charge, self-billing) is 389.
_TYPE_CODES = {
    "TD01": "380", "TD02": "386", "TD03": "386", "TD04": "381", "TD05": "383", "TD06": "380", "TD07": "380",
    "TD08": "381", "TD09": "383", "TD16": "389", "TD17": "389", "TD18": "389", "TD19": "389", "TD20": "389",
    "TD21": "389", "TD22": "389", "TD23": "389", "TD24": "380", "TD25": "380", "TD26": "380", "TD27": "389",
    "TD28": "389", "TD29": "389",
}  # fmt: skip
_STANDARD_RATE = "S"


def read(root: Element) -> Draft:
    """Return everything that the first invoice of a FatturaPA file says; more of them are a finding."""
    draft = Draft("fatturapa", XML_CONFIDENCE)
    header, bodies = first(root, "FatturaElettronicaHeader"), every(root, "FatturaElettronicaBody")
    if len(bodies) > 1:
        draft.find("SEVERAL-INVOICES", f"the file holds {len(bodies)} invoices; only the first was read")
    body = next(iter(bodies), None)
    _read_document(draft, first(body, "DatiGenerali"))
    _read_seller(draft, first(header, "CedentePrestatore"))
    _read_buyer(draft, first(header, "CessionarioCommittente"))
    _read_sums(draft, first(body, "DatiBeniServizi"))
    fatturapa_payment.read(draft, body)
    return draft


def _read_document(draft: Draft, general: Element | None) -> None:
    document = first(general, "DatiGeneraliDocumento")
    draft.put_one("invoice_number", texts(document, "Numero"), values.code, "NUMBER-AMBIGUOUS")
    draft.put("invoice_type_code", text(document, "TipoDocumento"), _TYPE_CODES.get)
    draft.put("invoice_issue_date", text(document, "Data"), values.iso_date)
    draft.put_one("invoice_currency_code", texts(document, "Divisa"), values.currency, "AMOUNT-AMBIGUOUS")
    draft.put("rounding_amount", text(document, "Arrotondamento"), values.decimal)
    draft.put("purchase_order_reference", text(general, "DatiOrdineAcquisto/IdDocumento"))
    draft.put("preceding_invoice_reference", text(general, "DatiFattureCollegate/IdDocumento"))


def _read_seller(draft: Draft, seller: Element | None) -> None:
    draft.put("seller_name", _name(seller), values.text)
    draft.put("seller_vat_identifier", _vat_identifier(seller), values.compact)
    draft.put("seller_tax_registration_identifier", text(seller, "DatiAnagrafici/CodiceFiscale"))
    office = first(seller, "Sede")
    street = " ".join(texts(office, "Indirizzo", "NumeroCivico"))
    draft.put("seller_address_line", street or None, values.text)
    draft.put("seller_city", text(office, "Comune"), values.text)
    draft.put("seller_post_code", text(office, "CAP"))
    draft.put("seller_country_code", text(office, "Nazione"), values.country)


def _read_buyer(draft: Draft, buyer: Element | None) -> None:
    draft.put("buyer_name", _name(buyer), values.text)
    draft.put("buyer_vat_identifier", _vat_identifier(buyer), values.compact)
    draft.put("buyer_legal_registration_identifier", text(buyer, "DatiAnagrafici/CodiceFiscale"))


def _name(party: Element | None) -> str | None:
    """Return the company's name, or a person's first and last name (1.2.1.3)."""
    naming = first(party, "DatiAnagrafici/Anagrafica")
    return text(naming, "Denominazione") or " ".join(texts(naming, "Nome", "Cognome")) or None


def _vat_identifier(party: Element | None) -> str | None:
    """Return country and number in one, as EN 16931 writes a VAT id (1.2.1.1)."""
    identity = first(party, "DatiAnagrafici/IdFiscaleIVA")
    country, own = text(identity, "IdPaese"), text(identity, "IdCodice")
    if own is None or country is None:
        return own
    return own if own.upper().startswith(country.upper()) else country + own


def _read_sums(draft: Draft, goods: Element | None) -> None:
    """Take net and VAT: no element holds them, they are the sums of the breakdown (2.2.2)."""
    summaries = every(goods, "DatiRiepilogo")
    draft.vat_breakdown.extend(map(_breakdown, summaries))
    nets, taxes = _texts_of(summaries, "ImponibileImporto"), _texts_of(summaries, "Imposta")
    draft.put("invoice_total_amount_without_vat", " + ".join(nets) or None, values.total)
    draft.put("invoice_total_vat_amount", " + ".join(taxes) or None, values.total)
    put_lines(draft, every(goods, "DettaglioLinee"), _line)


def _texts_of(elements: list[Element], path: str) -> list[str]:
    """Return the texts at the path of all elements."""
    return [found for element in elements for found in texts(element, path)]


def _breakdown(summary: Element) -> VatBreakdown:
    return VatBreakdown(
        vat_category_code=canonical(text(summary, "Natura")) or _STANDARD_RATE,
        vat_category_rate=number(summary, "AliquotaIVA"),
        vat_category_taxable_amount=number(summary, "ImponibileImporto"),
        vat_category_tax_amount=number(summary, "Imposta"),
    )


def _line(line: Element) -> InvoiceLine:
    return InvoiceLine(
        line_identifier=canonical(text(line, "NumeroLinea")),
        item_name=item_name(text(line, "Descrizione")),
        invoiced_quantity=number(line, "Quantita"),
        invoiced_quantity_unit_of_measure_code=unit(text(line, "UnitaMisura")),
        item_net_price=number(line, "PrezzoUnitario"),
        invoiced_item_vat_rate=number(line, "AliquotaIVA"),
        invoice_line_net_amount=number(line, "PrezzoTotale"),
    )
