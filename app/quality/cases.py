"""Labelled cases: added, found again, dropped when their time is over; and what reviewers' corrections make of them."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from app.documents import DocumentErased
from app.quality.shelf import Shelf
from schemas.case import Case
from schemas.codec import decode, encode
from schemas.evidence import FIELD_NAMES, FieldName
from schemas.feedback import FeedbackRecorded

# So many hex digits tell cases apart for a person who copies one from a list.
PREFIX_MIN = 8
CORRECTION = "correction"


class CaseUnknown(Exception):  # noqa: N818 - it names what is wrong
    """There is no such case, or there are several that begin so, or it was erased."""


class CaseBook:
    """The cases on a shelf. A case lies under its document's key, where the document has one, and ends with it."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def add(self, case: Case) -> str:
        """Keep a case and return its id; the same case again is the same.

        Raises:
            DocumentErased: nothing is kept any more of what is known of its document.
        """
        return self._shelf.put("cases", encode(case), of=case.document_id)

    def get(self, case_id: str) -> Case | None:
        """Return a case, None where it was dropped, erased or never was."""
        try:
            content = self._shelf.get("cases", case_id)
        except DocumentErased:
            return None
        return None if content is None else decode(content, Case)

    def erased(self) -> list[str]:
        """Return the ids of the cases that nobody can read any more, for their document's key was destroyed."""
        return [case_id for case_id in self._shelf.every("cases") if self._is_erased(case_id)]

    def enclose(self) -> list[str]:
        """Put the cases that lie in clear under the key that their document has by now; return their ids."""
        clear = [(case_id, case) for case_id, case in self.every().items() if self._document(case_id) is None]
        for _, case in clear:
            self.add(case)
        return [case_id for case_id, _ in clear if self._document(case_id) is not None]

    def end(self, supplier_id: str, documents: Collection[str]) -> list[str]:
        """Drop what can still be read of a supplier whose key was destroyed; return all cases that have ended.

        Args:
            supplier_id: whose key it was.
            documents: its documents. A case of one of them that names no supplier is its own, too.
        """
        own = [
            case_id
            for case_id, case in self.every().items()
            if case.supplier_id == supplier_id or (case.supplier_id is None and case.document_id in documents)
        ]
        unreadable = [case_id for case_id in self.erased() if self._document(case_id) in documents]
        return sorted({*self.drop(own), *unreadable})

    def every(self) -> dict[str, Case]:
        """Return all cases by their ids, in the order of the ids."""
        found = ((case_id, self.get(case_id)) for case_id in self._shelf.every("cases"))
        return {case_id: case for case_id, case in found if case is not None}

    def find(self, beginning: str) -> tuple[str, Case]:
        """Return the one case whose id begins so.

        Raises:
            CaseUnknown: none does, or several do, or too little is given.
        """
        wanted = beginning.removeprefix("sha256:")
        known = [one for one in self._shelf.every("cases") if one.removeprefix("sha256:").startswith(wanted)]
        case = self.get(known[0]) if len(known) == 1 and len(wanted) >= PREFIX_MIN else None
        if case is None:
            if len(known) == 1 and self._is_erased(known[0]):
                raise CaseUnknown(f"{known[0]} was erased with its document")
            raise CaseUnknown(f"{len(known)} cases begin with {beginning}; give {PREFIX_MIN} digits of one, or more")
        return known[0], case

    def expire(self, now: datetime) -> list[str]:
        """Drop the cases whose time is over, with their truth; return their ids."""
        return self.drop([case_id for case_id, case in self.every().items() if case.is_expired(now)])

    def drop(self, case_ids: list[str]) -> list[str]:
        """Drop cases, with their truth; return their ids."""
        for case_id in case_ids:
            self._shelf.drop("cases", case_id)
        return case_ids

    def _document(self, case_id: str) -> str | None:
        """Return the document under whose key a case lies."""
        return self._shelf.document_of("cases", case_id)

    def _is_erased(self, case_id: str) -> bool:
        try:
            self._shelf.get("cases", case_id)
        except DocumentErased:
            return True
        return False


def of_feedback(
    feedback: Iterable[FeedbackRecorded], references: Mapping[str, str], consent: str, retain_until: datetime
) -> list[Case]:
    """Return a case for each document that reviewers corrected: the last word on each field counts.

    Args:
        feedback: in the order of the topic; what is no correction of a known field is passed over.
        references: where each document's bytes are.
        consent: the ground on which the cases are kept.
        retain_until: from when on they are not kept any more.
    """
    corrected: dict[str, dict[FieldName, FeedbackRecorded]] = {}
    names: dict[str, FieldName] = {name: name for name in FIELD_NAMES}
    for one in feedback:
        field = names.get(one.field or "")
        if one.source == "review" and one.cause == CORRECTION and field is not None:
            corrected.setdefault(one.document_id, {})[field] = one
    return [
        _case(list(said.values()), {field: one.right for field, one in said.items()}, reference, consent, retain_until)
        for document_id, said in sorted(corrected.items())
        if (reference := references.get(document_id)) is not None
    ]


def _case(
    said: list[FeedbackRecorded],
    truth: dict[FieldName, str | None],
    reference: str,
    consent: str,
    retain_until: datetime,
) -> Case:
    last = max(said, key=lambda one: one.recorded_at)
    return Case(
        document_id=last.document_id,
        reference=reference,
        tenant=last.tenant,
        truth=truth,
        cause=CORRECTION,
        stated_by=last.reporter or "unknown",
        stated_at=last.recorded_at,
        consent=consent,
        retain_until=retain_until,
        supplier_id=last.supplier_id,
        layout=next((one.layout for one in said if one.layout), None),
        lane=last.lane,
        release=last.release,
    )
