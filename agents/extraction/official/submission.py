"""What goes to the official rules, and what comes back."""

from dataclasses import dataclass
from typing import Literal, get_args

RuleSet = Literal[
    "en16931-ubl",
    "en16931-cii",
    "en16931-cii-cen",
    "xrechnung-ubl",
    "xrechnung-cii",
    "factur-x-minimum",
    "factur-x-basic-wl",
    "factur-x-basic",
    "factur-x-extended",
    "ctc-fr-ubl",
    "ctc-fr-cii",
    "ctc-fr-extended-ubl",
    "ctc-fr-extended-cii",
]
RULE_SETS: tuple[RuleSet, ...] = get_args(RuleSet)
# A larger invoice than this is not handed on: with its reading it has to fit the answer of the process that reads. One
# of 1,000 lines has 1 MB; attached files are left out first.
XML_BYTES_MAX = 2_000_000
# Failures that are told of one document: a hostile one could fail a rule in each of its 200,000 elements.
FAILURES_MAX = 200


@dataclass(frozen=True)
class Submission:
    """An invoice in XML as our own reader has parsed it (no document type, no entities, UTF-8), and its rule sets.

    No rule set means that none is published for the syntax. `withheld` says why there is no XML although there are
    rules. `unheld` names a specification whose own rules are not at hand, though the document says that it keeps them.
    """

    rulesets: tuple[RuleSet, ...]
    xml: bytes
    withheld: str = ""
    unheld: str = ""


@dataclass(frozen=True)
class Failure:
    """One assertion that does not hold: the rule's id, how grave its authors call it, where, and in their words."""

    rule: str
    flag: str
    location: str
    text: str


@dataclass(frozen=True)
class NotValidated:
    """Why a document was not held against the rules. It is never to be taken for a document that passed."""

    why: str


Verdicts = tuple[Failure, ...] | NotValidated
