"""Writes FatturaPA 1.2 (FPR12, Agenzia delle Entrate, "Specifiche tecniche" 1.8): names and order as there."""

from decimal import Decimal

from app.local.samples.bill import Adjustment, Bill, BillLine, VatLine, cents
from app.local.samples.markup import Element, Markup
from app.local.samples.parties import Company
from app.local.samples.places import language

NAMESPACE = "http://ivaservizi.agenziaentrate.gov.it/docs/xsd/fatture/v1.2"
DOCUMENT_TYPES = {"invoice": "TD01", "credit_note": "TD04"}
# 2.4.2.2 ModalitaPagamento, by UNTDID 4461: credit transfer, card, SEPA direct debit.
METHODS = {"30": "MP05", "58": "MP05", "48": "MP08", "59": "MP19"}
FOREIGN_RECIPIENT = "XXXXXXX"  # 1.1.4: the code of a buyer outside Italy
ITALIAN_RECIPIENT = "0000000"
REVERSE_CHARGE = "N2.1"  # 2.2.1.14: not taxable by place of supply (art. 7-ter)

tag = Markup({"p": NAMESPACE})


def render(bill: Bill) -> bytes:
    """Return the bill as FatturaPA; only the root element has a namespace."""
    return tag.document("p:FatturaElettronica", (_header(bill), _body(bill)), versione="FPR12")


def _header(bill: Bill) -> Element:
    return tag(
        "FatturaElettronicaHeader",
        tag(
            "DatiTrasmissione",
            _fiscal_id("IdTrasmittente", bill.seller),
            tag("ProgressivoInvio", "".join(sign for sign in bill.number if sign.isalnum())[-10:]),
            tag("FormatoTrasmissione", "FPR12"),
            tag("CodiceDestinatario", ITALIAN_RECIPIENT if bill.buyer.country == "IT" else FOREIGN_RECIPIENT),
        ),
        tag("CedentePrestatore", _register(bill.seller, regime=True), _seat(bill.seller)),
        tag("CessionarioCommittente", _register(bill.buyer, regime=False), _seat(bill.buyer)),
    )


def _fiscal_id(name: str, company: Company) -> Element:
    return tag(name, tag("IdPaese", company.country), tag("IdCodice", company.vat_identifier[2:]))


def _register(company: Company, *, regime: bool) -> Element:
    return tag(
        "DatiAnagrafici",
        _fiscal_id("IdFiscaleIVA", company),
        tag("Anagrafica", tag("Denominazione", company.name)),
        tag("RegimeFiscale", "RF01") if regime else None,
    )


def _seat(company: Company) -> Element:
    italian = company.country == "IT"
    return tag(
        "Sede",
        tag("Indirizzo", company.street),
        tag("CAP", company.post_code if italian else "00000"),
        tag("Comune", company.town),
        tag("Nazione", company.country),
    )


def _body(bill: Bill) -> Element:
    return tag(
        "FatturaElettronicaBody",
        tag("DatiGenerali", _document(bill), _order(bill)),
        tag(
            "DatiBeniServizi",
            *(_line(index, line, bill) for index, line in enumerate(_all_lines(bill), start=1)),
            *(_summary(line, bill) for line in bill.vat_lines()),
        ),
        _payment(bill),
    )


def _document(bill: Bill) -> Element:
    return tag(
        "DatiGeneraliDocumento",
        tag("TipoDocumento", DOCUMENT_TYPES[bill.kind]),
        tag("Divisa", bill.currency),
        tag("Data", bill.issue_date.isoformat()),
        tag("Numero", bill.number),
        tag("ImportoTotaleDocumento", bill.totals().gross),
        tag.optional("Causale", bill.note),
    )


def _order(bill: Bill) -> Element | None:
    if bill.purchase_order is None:
        return None
    return tag("DatiOrdineAcquisto", tag("IdDocumento", bill.purchase_order))


def _all_lines(bill: Bill) -> tuple[BillLine, ...]:
    """Return the lines, and each allowance or charge as a line of its own: the format sums nothing but lines."""
    return bill.lines + tuple(_adjustment_line(each) for each in bill.adjustments)


def _adjustment_line(adjustment: Adjustment) -> BillLine:
    return BillLine(adjustment.reason, Decimal(1), "C62", adjustment.signed, adjustment.vat_rate)


def _line(index: int, line: BillLine, bill: Bill) -> Element:
    return tag(
        "DettaglioLinee",
        tag("NumeroLinea", str(index)),
        tag("Descrizione", line.name),
        tag("Quantita", cents(line.quantity)),
        tag("UnitaMisura", language(bill.language).units[line.unit]),
        tag("PrezzoUnitario", line.unit_price),
        _line_discount(line),
        tag("PrezzoTotale", line.net_amount),
        tag("AliquotaIVA", cents(line.vat_rate)),
        tag("Natura", REVERSE_CHARGE) if bill.exemption else None,
    )


def _line_discount(line: BillLine) -> Element | None:
    """Return the discount. 2.2.1.10.3 is per unit, so that only one that divides evenly can be written there."""
    if not line.allowance:
        return None
    per_unit = (line.allowance / line.quantity).quantize(Decimal("0.00000001"))
    return tag("ScontoMaggiorazione", tag("Tipo", "SC"), tag("Importo", per_unit))


def _summary(line: VatLine, bill: Bill) -> Element:
    return tag(
        "DatiRiepilogo",
        tag("AliquotaIVA", cents(line.rate)),
        tag("Natura", REVERSE_CHARGE) if bill.exemption else None,
        tag("ImponibileImporto", line.base),
        tag("Imposta", line.tax),
        None if bill.exemption else tag("EsigibilitaIVA", "I"),
        tag.optional("RiferimentoNormativo", bill.exemption),
    )


def _payment(bill: Bill) -> Element:
    account = bill.account
    return tag(
        "DatiPagamento",
        tag("CondizioniPagamento", "TP02"),
        tag(
            "DettaglioPagamento",
            tag("ModalitaPagamento", METHODS[bill.means]),
            tag("DataScadenzaPagamento", bill.due_date.isoformat()),
            tag("ImportoPagamento", bill.totals().payable),
            tag("IBAN", account.iban) if account else None,
            tag("BIC", account.bic) if account else None,
        ),
    )
