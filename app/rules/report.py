"""Reading a validation report (SVRL, ISO/IEC 19757-3 annex D)."""

import re

from lxml import etree

_FAILED = "{http://purl.oclc.org/dsdl/svrl}failed-assert"
_TEXT = "{http://purl.oclc.org/dsdl/svrl}text"
# `/*:Invoice[namespace-uri()='urn:...'][1]` of one compiler, `/Q{urn:...}Invoice[1]` of another: the namespace is the
# same all over, and nobody reads it.
_NAMESPACE = re.compile(r"\[namespace-uri\(\)\s*=\s*'[^']*'\]|Q\{[^}]*\}")
_PREFIX = re.compile(r"\*:|\*\[local-name\(\)='([^']*)'\]")
TEXT_CHARACTERS_MAX = 600
LOCATION_CHARACTERS_MAX = 250


def failures(report: str) -> list[list[str]]:
    """Return rule, flag, location and text of each assertion that failed, in the order of the report.

    Raises:
        lxml.etree.XMLSyntaxError: the report is no XML; the stylesheet is broken.
    """
    root = etree.fromstring(report.encode(), etree.XMLParser(huge_tree=True, resolve_entities=False))
    return [
        [
            failed.get("id") or "",
            failed.get("flag") or "fatal",
            location(failed.get("location") or "")[:LOCATION_CHARACTERS_MAX],
            _text(failed)[:TEXT_CHARACTERS_MAX],
        ]
        for failed in root.iter(_FAILED)
    ]


def location(xpath: str) -> str:
    """Return an XPath without the namespaces that the stylesheets spell out.

    >>> location("/*:Invoice[namespace-uri()='urn:x'][1]/*:ID[namespace-uri()='urn:y'][1]")
    '/Invoice[1]/ID[1]'
    >>> location("/Q{urn:x}Invoice[1]/Q{urn:y}ID[1]")
    '/Invoice[1]/ID[1]'
    """
    return _PREFIX.sub(lambda found: found.group(1) or "", _NAMESPACE.sub("", xpath))


def _text(failed: etree._Element) -> str:
    text = failed.find(_TEXT)
    return "" if text is None else " ".join("".join(text.itertext()).split())  # type: ignore[arg-type]  # texts are str
