"""Which official rules an invoice in XML is held against, and the text that is handed to them.

The text is our own parser's tree written anew: the rules see exactly what was read, no document type, no entity and no
comment, and none of the attached files, of which no rule says anything.
"""

import re
from copy import deepcopy
from datetime import date

from lxml import etree

from agents.extraction.draft import Draft
from agents.extraction.official.submission import XML_BYTES_MAX, RuleSet, Submission
from agents.extraction.xml.tree import Element, namespace, text

# Guidelines (BT-24) of Factur-X and ZUGFeRD 2: the profile, and its rule set. All others are EN 16931 or built on it.
_PROFILES: tuple[tuple[str, RuleSet], ...] = (
    ("minimum", "factur-x-minimum"),
    ("basicwl", "factur-x-basic-wl"),
    ("basic", "factur-x-basic"),
    ("extended", "factur-x-extended"),
)
_FACTUR_X = re.compile(r"urn:(?:factur-x\.eu|zugferd\.de):(?:1p0|2p[0-9]):(minimum|basicwl|basic|extended)")
# XRechnung names its version, also in the longer guideline of its extension and of its rules for clean vehicles.
_XRECHNUNG = re.compile(r"kosit:(?:standard:)?xrechnung_([0-9]{1,2}\.[0-9]{1,2})(?![0-9.])")
_XRECHNUNG_VERSION = "3.0"  # the one that the rules at hand are of; 3.0.1 and 3.0.2 have the same guideline
# A guideline built on EN 16931 names what it adds after this; the first such part is the one that has rules of its own.
_BUILT_ON = re.compile(r"#(?:compliant|conformant)#([a-z0-9:._-]{1,100})")
_FRENCH_EXTENDED = "extended-ctc-fr"
_FRENCH = re.compile(r"ctc-fr|cpro\.gouv\.fr")
# From this day French companies exchange invoices under the rules of the reform (decree 2022-1299, as postponed).
FRENCH_RULES_FROM = date(2026, 9, 1)
_ATTACHMENTS = ("{*}EmbeddedDocumentBinaryObject", "{*}AttachmentBinaryObject")
_NOTHING_ATTACHED = "AA=="
_CII = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:"
_BUYER_COUNTRY = {
    "ubl": "AccountingCustomerParty/Party/PostalAddress/Country/IdentificationCode",
    "cii": "SupplyChainTradeTransaction/ApplicableHeaderTradeAgreement/BuyerTradeParty/PostalTradeAddress/CountryID",
}
_GUIDELINE = {
    "ubl": "CustomizationID",
    "cii": "ExchangedDocumentContext/GuidelineSpecifiedDocumentContextParameter/ID",
}
_Syntax = str


def submission(root: Element, draft: Draft) -> Submission:
    """Return what is to be held against the official rules.

    Args:
        root: the invoice's own root, out of its envelope.
        draft: what was read of it.
    """
    syntax = _syntax(root)
    if syntax is None:
        return Submission((), b"")
    guideline = (text(root, _GUIDELINE[syntax]) or "").lower()
    rulesets = _rulesets(syntax, guideline, root, draft)
    unheld = _unheld(guideline, rulesets)
    xml = _written(root)
    if len(xml) > XML_BYTES_MAX:
        return Submission(rulesets, b"", f"{len(xml)} bytes, at most {XML_BYTES_MAX} are held against rules", unheld)
    return Submission(rulesets, xml, unheld=unheld)


def _syntax(root: Element) -> _Syntax | None:
    """Return the syntax that rules are published for; ZUGFeRD 1.0 and FatturaPA are none."""
    space = namespace(root)
    if space.startswith(_CII):
        return "cii"
    return "ubl" if space.startswith("urn:oasis:names:specification:ubl:") else None


def _rulesets(syntax: _Syntax, guideline: str, root: Element, draft: Draft) -> tuple[RuleSet, ...]:
    if _FRENCH_EXTENDED in guideline:
        return ("ctc-fr-extended-ubl",) if syntax == "ubl" else ("ctc-fr-extended-cii",)
    rulesets: list[RuleSet] = ["en16931-ubl" if syntax == "ubl" else _cii_profile(guideline)]
    xrechnung = _XRECHNUNG.search(guideline)
    if xrechnung and xrechnung.group(1) == _XRECHNUNG_VERSION:
        rulesets.append("xrechnung-ubl" if syntax == "ubl" else "xrechnung-cii")
    if _is_french(syntax, guideline, root, draft):
        rulesets.append("ctc-fr-ubl" if syntax == "ubl" else "ctc-fr-cii")
    return tuple(rulesets)


def _cii_profile(guideline: str) -> RuleSet:
    """Return the European rules in CII: Factur-X's edition minds every guideline but its own, CEN's minds none."""
    profile = _FACTUR_X.search(guideline)
    if profile:
        return dict(_PROFILES)[profile.group(1)]
    return "en16931-cii-cen" if _XRECHNUNG.search(guideline) else "en16931-cii"


def _unheld(guideline: str, rulesets: tuple[RuleSet, ...]) -> str:
    """Return the name of a specification that is kept by the document's word alone; nothing where its rules are run."""
    built = _BUILT_ON.search(guideline)
    french = _FRENCH.search(guideline)  # else the French rules are run for the parties, whatever the document claims
    others = {ruleset for ruleset in rulesets if not ruleset.startswith(("en16931-", "ctc-fr-"))}
    return built.group(1) if built and not others and not french else ""


def _is_french(syntax: _Syntax, guideline: str, root: Element, draft: Draft) -> bool:
    """Tell whether the French rules apply: it says so, or both parties sit in France and the reform had begun."""
    if _FRENCH.search(guideline):
        return True
    issued = draft.value("invoice_issue_date")
    countries = {draft.value("seller_country_code"), (text(root, _BUYER_COUNTRY[syntax]) or "").upper()}
    return countries == {"FR"} and issued is not None and date.fromisoformat(issued) >= FRENCH_RULES_FROM


def _written(root: Element) -> bytes:
    """Return the tree as UTF-8, each attached file replaced by the shortest that is one."""
    if any(True for _ in root.iter(*_ATTACHMENTS)):
        root = deepcopy(root)
        for element in root.iter(*_ATTACHMENTS):
            element.text = _NOTHING_ATTACHED
    return etree.tostring(root, encoding="utf-8", xml_declaration=False)
