"""Saxon, and what it says of a document. Lives in the rules process only."""

import re
from typing import Any

from saxonche import PySaxonApiError, PySaxonProcessor

from agents.extraction.official.submission import FAILURES_MAX
from app.rules.catalogue import stylesheet
from app.rules.report import failures

# A document type is the door of entities, and our reader lets none through: what has one did not come from there.
_DOCTYPE = re.compile(rb"<!DOCTYPE", re.IGNORECASE)
# Code lists beside a stylesheet are read when it is compiled, not for each document: 8 ms instead of 17.
_PRE_EVALUATE = "http://saxon.sf.net/feature/preEvaluateDocFunction"
DETAIL_CHARACTERS_MAX = 200


class Engine:
    """Compiled rule sets, each made when it is first asked for."""

    def __init__(self) -> None:
        """Start Saxon; its threads are started here."""
        self._processor = PySaxonProcessor(license=False)
        self._processor.set_configuration_property(_PRE_EVALUATE, "true")
        self._compiler = self._processor.new_xslt30_processor()
        self._compiled: dict[str, Any] = {}

    def prepare(self, ruleset: str) -> dict[str, Any]:
        """Compile a rule set; return `{"ready": true}`, or `{"error": why}`."""
        try:
            if ruleset not in self._compiled:
                path = str(stylesheet(ruleset))  # type: ignore[arg-type]  # an unknown name is a KeyError below
                self._compiled[ruleset] = self._compiler.compile_stylesheet(stylesheet_file=path)
        except (PySaxonApiError, OSError, KeyError) as failed:
            return {"error": _detail(failed)}
        return {"ready": True}

    def check(self, ruleset: str, document: bytes) -> dict[str, Any]:
        """Hold a document against a rule set.

        Returns:
            `{"failures": [[rule, flag, location, text], ...]}`, or `{"error": why}`.
        """
        if _DOCTYPE.search(document):
            return {"error": "a document type declaration is not accepted"}
        if "error" in (answer := self.prepare(ruleset)):
            return answer
        try:
            node = self._processor.parse_xml(xml_text=document.decode())
            report = self._compiled[ruleset].transform_to_string(xdm_node=node)
        except (PySaxonApiError, UnicodeDecodeError) as failed:
            return {"error": _detail(failed)}
        return {"failures": failures(report)[:FAILURES_MAX]} if report else {"error": "no report came out"}


def _detail(failed: Exception) -> str:
    return " ".join(f"{type(failed).__name__}: {failed}".split())[:DETAIL_CHARACTERS_MAX]
