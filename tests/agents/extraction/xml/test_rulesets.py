"""Which official rules an invoice is held against, and what they see of it."""

import pytest
from lxml import etree

from agents.extraction.official.submission import XML_BYTES_MAX, Submission
from agents.extraction.xml.reading import read_draft
from schemas.evidence import Unreadable

CII = """<CrossIndustryInvoice xmlns="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100">
<ExchangedDocumentContext><GuidelineSpecifiedDocumentContextParameter><ID>{guideline}</ID>
</GuidelineSpecifiedDocumentContextParameter></ExchangedDocumentContext>
<ExchangedDocument><IssueDateTime><DateTimeString format="102">{day}</DateTimeString></IssueDateTime>
{extra}</ExchangedDocument>
<SupplyChainTradeTransaction><ApplicableHeaderTradeAgreement>
<SellerTradeParty><PostalTradeAddress><CountryID>{seller}</CountryID></PostalTradeAddress></SellerTradeParty>
<BuyerTradeParty><PostalTradeAddress><CountryID>{buyer}</CountryID></PostalTradeAddress></BuyerTradeParty>
</ApplicableHeaderTradeAgreement></SupplyChainTradeTransaction></CrossIndustryInvoice>"""
XRECHNUNG = "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_"
OLD_XRECHNUNG = "urn:cen.eu:en16931:2017#compliant#urn:xoev-de:kosit:standard:xrechnung_"
PEPPOL = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
UBL = """<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2">
<CustomizationID>{guideline}</CustomizationID></Invoice>"""


def submission(document: str) -> Submission:
    draft = read_draft(document.encode())
    assert not isinstance(draft, Unreadable)
    assert draft.submission is not None
    return draft.submission


def cii(guideline: str, day: str = "20260102", seller: str = "DE", buyer: str = "DE", extra: str = "") -> Submission:
    return submission(CII.format(guideline=guideline, day=day, seller=seller, buyer=buyer, extra=extra))


@pytest.mark.parametrize(
    ("guideline", "ruleset"),
    [
        ("urn:cen.eu:en16931:2017", "en16931-cii"),
        ("", "en16931-cii"),
        ("urn:factur-x.eu:1p0:minimum", "factur-x-minimum"),
        ("urn:factur-x.eu:1p0:basicwl", "factur-x-basic-wl"),
        ("urn:cen.eu:en16931:2017#compliant#urn:factur-x.eu:1p0:basic", "factur-x-basic"),
        ("urn:cen.eu:en16931:2017#compliant#urn:zugferd.de:2p0:basic", "factur-x-basic"),
        ("urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended", "factur-x-extended"),
        ("urn:cen.eu:en16931:2017#conformant#urn.cpro.gouv.fr:1p0:extended-ctc-fr", "ctc-fr-extended-cii"),
    ],
)
def test_the_guideline_chooses_the_rules_of_cii(guideline: str, ruleset: str) -> None:
    assert cii(guideline).rulesets == (ruleset,)


def test_ubl_has_the_european_rules_or_the_extended_french_ones() -> None:
    assert submission(UBL.format(guideline="urn:cen.eu:en16931:2017")).rulesets == ("en16931-ubl",)
    assert submission(UBL.format(guideline="x#extended-ctc-fr")).rulesets == ("ctc-fr-extended-ubl",)


@pytest.mark.parametrize(
    "guideline",
    [
        f"{XRECHNUNG}3.0",
        f"{XRECHNUNG}3.0#conformant#urn:xeinkauf.de:kosit:extension:xrechnung_3.0",
        f"{XRECHNUNG}3.0#compliant#urn:xeinkauf.de:kosit:xrechnung:cvd_3.0",
        f"{OLD_XRECHNUNG}3.0",
    ],
)
def test_xrechnung_has_its_own_rules_beside_the_european_ones(guideline: str) -> None:
    assert cii(guideline).rulesets == ("en16931-cii-cen", "xrechnung-cii")
    assert submission(UBL.format(guideline=guideline)).rulesets == ("en16931-ubl", "xrechnung-ubl")
    assert cii(guideline).unheld == ""


@pytest.mark.parametrize("version", ["1.2", "2.2", "2.3", "3.1", "3.01", "30.0", "3.0.9"])
def test_another_version_of_xrechnung_is_not_held_against_the_rules_of_this_one(version: str) -> None:
    seen = submission(UBL.format(guideline=f"{OLD_XRECHNUNG}{version}"))
    assert seen.rulesets == ("en16931-ubl",)
    assert seen.unheld == f"urn:xoev-de:kosit:standard:xrechnung_{version}"


@pytest.mark.parametrize(
    ("guideline", "unheld"),
    [
        (PEPPOL, "urn:fdc:peppol.eu:2017:poacc:billing:3.0"),
        ("urn:cen.eu:en16931:2017#compliant#urn:fdc:nen.nl:nlcius:v1.0", "urn:fdc:nen.nl:nlcius:v1.0"),
        ("urn:cen.eu:en16931:2017", ""),
        ("", ""),
        ("x#extended-ctc-fr", ""),
    ],
)
def test_a_specification_whose_rules_are_not_at_hand_is_named(guideline: str, unheld: str) -> None:
    assert submission(UBL.format(guideline=guideline)).unheld == unheld


def test_a_profile_of_factur_x_is_at_hand() -> None:
    assert cii("urn:cen.eu:en16931:2017#compliant#urn:factur-x.eu:1p0:basic").unheld == ""


@pytest.mark.parametrize(
    ("day", "seller", "buyer", "french"),
    [
        ("20260901", "FR", "FR", True),
        ("20260831", "FR", "FR", False),
        ("20260901", "FR", "DE", False),
        ("20260901", "DE", "FR", False),
        ("soon", "FR", "FR", False),
    ],
)
def test_french_rules_hold_between_french_parties_since_the_reform(
    day: str, seller: str, buyer: str, french: bool
) -> None:  # fmt: skip
    assert ("ctc-fr-cii" in cii("urn:cen.eu:en16931:2017", day, seller, buyer).rulesets) == french


def test_the_french_rules_are_run_beside_what_the_guideline_claims() -> None:
    german = cii(f"{XRECHNUNG}3.0", "20260901", "FR", "FR")
    assert german.rulesets == ("en16931-cii-cen", "xrechnung-cii", "ctc-fr-cii")
    assert german.unheld == ""
    assert cii(PEPPOL, "20260901", "FR", "FR").unheld == "urn:fdc:peppol.eu:2017:poacc:billing:3.0"
    assert cii("urn:cen.eu:en16931:2017#compliant#urn.cpro.gouv.fr:1p0:ctc-fr").unheld == ""


def test_zugferd_1_has_no_rules() -> None:
    assert submission('<CrossIndustryDocument xmlns="urn:ferd:CrossIndustryDocument:invoice:1p0"/>').rulesets == ()


def test_the_rules_see_neither_comments_nor_attached_files() -> None:
    extra = "<!-- no --><AttachmentBinaryObject>QUJDREVGRw==</AttachmentBinaryObject>"
    seen = cii("urn:cen.eu:en16931:2017", extra=extra)
    assert b"no -->" not in seen.xml
    assert b"QUJDREVGRw" not in seen.xml
    assert etree.fromstring(seen.xml) is not None


def test_what_is_too_large_is_withheld_with_its_reason() -> None:
    seen = cii("urn:cen.eu:en16931:2017", extra=f"<Name>{'x' * XML_BYTES_MAX}</Name>")
    assert seen.xml == b""
    assert "at most" in seen.withheld
    assert seen.rulesets
