"""XRechnung's own rules, one by one: a valid invoice in each syntax, and the same with one thing wrong."""

from pathlib import Path

import pytest
from lxml import etree

from agents.extraction.official.submission import NotValidated, RuleSet
from agents.extraction.official.verdicts import judge
from agents.extraction.official.xrechnung import GERMAN
from app.rules import OfficialRules
from app.rules.catalogue import stylesheet
from schemas.finding import Finding
from tests.app.rules.invoices import submitted

INVOICES = {syntax: (Path(__file__).parent / f"xrechnung/{syntax}.xml").read_bytes() for syntax in ("ubl", "cii")}
RULE_SETS_OF: dict[str, tuple[RuleSet, ...]] = {
    "ubl": ("en16931-ubl", "xrechnung-ubl"),
    "cii": ("en16931-cii-cen", "xrechnung-cii"),
}
SELLER = {"ubl": "AccountingSupplierParty/Party", "cii": "SellerTradeParty"}
BUYER = {"ubl": "AccountingCustomerParty/Party", "cii": "BuyerTradeParty"}
SHIP_TO = {"ubl": "DeliveryLocation/Address", "cii": "ShipToTradeParty/PostalTradeAddress"}
ADDRESS = {"ubl": "PostalAddress", "cii": "PostalTradeAddress"}
MEANS = {"ubl": "PaymentMeans", "cii": "SpecifiedTradeSettlementPaymentMeans"}
TERMS = {"ubl": "PaymentTerms/Note", "cii": "SpecifiedTradePaymentTerms/Description"}
TYPE = {"ubl": "InvoiceTypeCode", "cii": "ExchangedDocument/TypeCode"}
TOWN, POST_CODE = {"ubl": "CityName", "cii": "CityName"}, {"ubl": "PostalZone", "cii": "PostcodeCode"}
CONTACT = {"ubl": "Contact", "cii": "DefinedTradeContact"}
NAME = {"ubl": "Name", "cii": "PersonName"}
PHONE = {"ubl": "Telephone", "cii": "TelephoneUniversalCommunication/CompleteNumber"}
MAIL = {"ubl": "ElectronicMail", "cii": "EmailURIUniversalCommunication/URIID"}
ACCOUNT = {"ubl": "PayeeFinancialAccount", "cii": "PayeePartyCreditorFinancialAccount"}
ACCOUNT_ID = {"ubl": "PayeeFinancialAccount/ID", "cii": "PayeePartyCreditorFinancialAccount/IBANID"}
GUIDELINE = {"ubl": "CustomizationID", "cii": "GuidelineSpecifiedDocumentContextParameter/ID"}
PROCESS = {"ubl": "ProfileID", "cii": "BusinessProcessSpecifiedDocumentContextParameter"}
REFERENCE = {"ubl": "BuyerReference", "cii": "BuyerReference"}
ENDPOINT = {"ubl": "EndpointID", "cii": "URIUniversalCommunication"}
RATE = {
    "ubl": "TaxSubtotal/TaxCategory/Percent",
    "cii": "ApplicableHeaderTradeSettlement/ApplicableTradeTax/RateApplicablePercent",
}
TAX_NUMBER = {"ubl": "PartyTaxScheme", "cii": "SpecifiedTaxRegistration"}
REBATE = {"ubl": "AllowanceCharge/Amount", "cii": "SpecifiedTradeAllowanceCharge/ActualAmount"}
PERCENT = {"ubl": "AllowanceCharge/MultiplierFactorNumeric", "cii": "SpecifiedTradeAllowanceCharge/CalculationPercent"}
Steps = tuple[dict[str, str], ...]
Wrong = tuple[str, Steps, str | None]

# Rule, where, and what stands there instead: nothing where the element is taken away.
WRONG: tuple[Wrong, ...] = (
    ("BR-DE-1", (MEANS,), None),
    ("BR-DE-2", (SELLER, CONTACT), None),
    ("BR-DE-3", (SELLER, ADDRESS, TOWN), None),
    ("BR-DE-4", (SELLER, ADDRESS, POST_CODE), None),
    ("BR-DE-5", (SELLER, CONTACT, NAME), None),
    ("BR-DE-6", (SELLER, CONTACT, PHONE), None),
    ("BR-DE-7", (SELLER, CONTACT, MAIL), None),
    ("BR-DE-8", (BUYER, ADDRESS, TOWN), None),
    ("BR-DE-9", (BUYER, ADDRESS, POST_CODE), None),
    ("BR-DE-10", (SHIP_TO, TOWN), None),
    ("BR-DE-11", (SHIP_TO, POST_CODE), None),
    ("BR-DE-14", (RATE,), None),
    ("BR-DE-15", (REFERENCE,), None),
    ("BR-DE-16", (SELLER, TAX_NUMBER), None),
    ("BR-DE-17", (TYPE,), "751"),
    ("BR-DE-18", (TERMS,), "#SKONTO#TAGE=10#PROZENT=2,00#\n"),
    ("BR-DE-19", (ACCOUNT_ID,), "DE88370400440532013000"),
    ("BR-DE-21", (GUIDELINE,), "urn:cen.eu:en16931:2017#compliant#urn:xoev-de:kosit:standard:xrechnung_3.0"),
    ("BR-DE-23-a", (ACCOUNT,), None),
    ("BR-DE-26", (TYPE,), "384"),
    ("BR-DE-27", (SELLER, CONTACT, PHONE), "on request"),
    ("BR-DE-28", (SELLER, CONTACT, MAIL), "falk"),
    ("PEPPOL-EN16931-R001", (PROCESS,), None),
    ("PEPPOL-EN16931-R010", (BUYER, ENDPOINT), None),
    ("PEPPOL-EN16931-R020", (SELLER, ENDPOINT), None),
    ("PEPPOL-EN16931-R040", (PERCENT,), "7"),
)  # fmt: skip
THEIR_WARNINGS = frozenset({"BR-DE-17", "BR-DE-19", "BR-DE-21", "BR-DE-26", "BR-DE-27", "BR-DE-28"})
ABOUT_MONEY = frozenset({"PEPPOL-EN16931-R040"})


def with_wrong(syntax: str, path: Steps, value: str | None) -> bytes:
    """Return the valid invoice with one element taken away, or with another text in it."""
    root = etree.fromstring(INVOICES[syntax])
    steps = "/".join(part[syntax] for part in path).split("/")
    found = root.find(".//" + "/".join(f"{{*}}{step}" for step in steps))
    assert found is not None, steps
    if value is not None:
        found.text = value
    else:
        parent = found.getparent()
        assert parent is not None
        parent.remove(found)
    return etree.tostring(root)


async def findings(rules: OfficialRules, content: bytes) -> dict[str, Finding]:
    submission = submitted(content)
    verdicts = {ruleset: await rules.check(ruleset, submission.xml) for ruleset in submission.rulesets}
    assert not any(isinstance(verdict, NotValidated) for verdict in verdicts.values())
    return {finding.rule: finding for finding in judge(verdicts, required=True)}


@pytest.mark.parametrize("syntax", INVOICES)
async def test_a_valid_invoice_breaks_no_rule_of_either_set(rules: OfficialRules, syntax: str) -> None:
    submission = submitted(INVOICES[syntax])
    assert submission.rulesets == RULE_SETS_OF[syntax]
    assert submission.unheld == ""
    for ruleset in submission.rulesets:
        assert await rules.check(ruleset, submission.xml) == ()


@pytest.mark.parametrize("syntax", INVOICES)
async def test_each_rule_finds_its_own_fault_and_says_where_and_what(rules: OfficialRules, syntax: str) -> None:
    for rule, path, value in WRONG:
        found = await findings(rules, with_wrong(syntax, path, value))
        assert rule in found, f"{syntax}: {rule} did not fail; {sorted(found)} did"
        root = "/Invoice[1]" if syntax == "ubl" else "/CrossIndustryInvoice[1]"
        assert (found[rule].location or "").startswith(root), rule
        grave = "info" if rule in THEIR_WARNINGS else "error" if rule in ABOUT_MONEY else "warning"
        assert found[rule].severity == grave, rule
        if rule in GERMAN:
            assert found[rule].message.startswith(GERMAN[rule] + ": "), rule


@pytest.mark.parametrize("syntax", INVOICES)
async def test_a_wrong_sum_holds_an_xrechnung_whatever_else_is_right(rules: OfficialRules, syntax: str) -> None:
    payable = {"ubl": "LegalMonetaryTotal/PayableAmount", "cii": "DuePayableAmount"}
    found = await findings(rules, with_wrong(syntax, (payable,), "236.10"))
    assert {rule for rule, finding in found.items() if finding.severity == "error"} == {"BR-CO-16"}


async def test_a_sum_that_third_parties_share_is_checked_in_the_extension(rules: OfficialRules) -> None:
    extended = INVOICES["ubl"].replace(
        b"xrechnung_3.0<", b"xrechnung_3.0#conformant#urn:xeinkauf.de:kosit:extension:xrechnung_3.0<"
    )
    assert submitted(extended).rulesets == RULE_SETS_OF["ubl"]
    assert {rule for rule in await findings(rules, extended) if rule != "OFFICIAL-RULES"} == set()
    wrong = extended.replace(b'EUR">226.10</cbc:Pay', b'EUR">236.10</cbc:Pay')
    assert (await findings(rules, wrong))["BR-DEX-09"].severity == "error"


@pytest.mark.parametrize("ruleset", ["xrechnung-ubl", "xrechnung-cii"])
def test_every_german_rule_has_plain_words(ruleset: RuleSet) -> None:
    svrl = "{http://purl.oclc.org/dsdl/svrl}failed-assert"
    ids = {each.get("id", "") for each in etree.parse(stylesheet(ruleset)).iter(svrl)}
    ids |= {
        (attribute.text or "").strip()
        for each in etree.parse(stylesheet(ruleset)).iter(svrl)
        for attribute in each.findall("{http://www.w3.org/1999/XSL/Transform}attribute[@name='id']")
    }
    german = {rule for rule in ids if rule.startswith("BR-")}
    assert len(german) > 40
    assert german - GERMAN.keys() <= {"BR-DEX-09"}  # a rule about a sum, whose words stand with those of EN 16931
