"""Destroys a supplier's key, and says what is gone by it, what is not, and when that goes."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from app.documents import Claim, DocumentErased, DocumentKeyMissing, Erasure, Keys
from app.dossier import Dossier
from app.supplier_data.finding import SupplierData, SupplierUnknown, own_records
from app.supplier_data.recognised import recognised
from app.supplier_data.remaining import Remains
from schemas.audit import AuditEntry
from schemas.base import Code, Record, Text
from schemas.events import DocumentReceived, InvoiceNormalized, SupplierChanged
from schemas.identifiers import record_id

STAGE = "erasure"


class Readable(Record):
    """A document of the supplier that can be read all the same, and where its bytes lie."""

    document_id: Code
    reference: Text


class Erased(Record):
    """What destroying the key has done.

    `documents` are ciphertext that nobody can read any more. `in_clear` were never under a key: put before there were
    keys, or published from elsewhere. `of_others` are another tenant's as well, and stay under its supplier's key.
    `cases` are labelled cases of the supplier: unreadable with its documents, or deleted where they were not.
    """

    supplier_id: Code
    erasures: tuple[Erasure, ...]
    documents: tuple[Code, ...]
    in_clear: tuple[Readable, ...] = ()
    of_others: tuple[Code, ...] = ()
    cases: tuple[Code, ...] = ()
    remains: tuple[Remains, ...] = ()

    @property
    def last(self) -> Erasure:
        """Return the latest erasure."""
        return self.erasures[-1]


def claims_of(supplier_id: str, dossiers: Iterable[Dossier]) -> Iterator[tuple[Dossier, Claim]]:
    """Yield the documents that are the supplier's by what was said of them last; one a tenant that received it.

    A document that was first taken for one of the supplier's, and is another's, is not its own.
    """
    for dossier in dossiers:
        last: dict[str, Claim] = {}
        for exhibit in own_records(dossier):
            claim = recognised(exhibit)
            if claim is not None and (claim.tenant not in last or last[claim.tenant].at <= claim.at):
                last[claim.tenant] = claim
        for claim in last.values():
            if claim.supplier_id == supplier_id:
                yield dossier, claim


def erase(keys: Keys, supplier_id: str, data: SupplierData | None, at: datetime, by: str) -> Erased:
    """Destroy the supplier's key, with the keys of all documents that are known to be its own. Blocks.

    Safe to repeat: what arrived since, or was left by a crash, is then gone as well.

    Args:
        keys: where the keys are.
        supplier_id: whose data shall end.
        data: what the topics hold, None where they hold nothing; without it only claimed documents are known.
        at: now.
        by: who wants it.

    Raises:
        SupplierUnknown: neither topics nor keys know the supplier; nothing was done.
        DocumentsUnavailable: the place of the keys does not answer; whether the key is gone is not known.
    """
    in_clear = []
    for dossier, claim in claims_of(supplier_id, data.dossiers if data else ()):
        if not _claimed(keys, _digest(dossier.document_id), claim):
            in_clear.append(Readable(document_id=dossier.document_id, reference=reference_of(dossier)))
    erasures = keys.destroy(supplier_id, at, by)
    if data is None and not erasures:
        raise SupplierUnknown(f"nothing is held on a supplier {supplier_id!r}")
    fates = {digest: _is_gone(keys, digest) for digest in keys.documents_of(supplier_id)}
    return Erased(
        supplier_id=supplier_id,
        erasures=erasures,
        documents=tuple(f"sha256:{digest}" for digest, gone in fates.items() if gone),
        in_clear=tuple(in_clear),
        of_others=tuple(f"sha256:{digest}" for digest, gone in fates.items() if not gone),
    )


def tenant_of(data: SupplierData | None) -> str:
    """Return whose supplier it is, by its reference data or else by its documents."""
    changes = [
        each.event.supplier.tenant for each in (data.changes if data else ()) if isinstance(each.event, SupplierChanged)
    ]
    documents = [claim.tenant for _, claim in claims_of(data.supplier_id, data.dossiers)] if data else []
    return next(iter((*reversed(changes), *documents)), "default")


def entry_of(erasure: Erasure, tenant: str, release: str) -> AuditEntry:
    """Return what the audit log keeps of an erasure: who, when, which key. The same one makes the same entry."""
    return AuditEntry(
        entry_id=record_id("audit", STAGE, erasure.key_id),
        tenant=tenant,
        stage=STAGE,
        read=(),
        outcome="erased",
        reasons=(f"SUPPLIER:{erasure.supplier_id}", f"KEY:{erasure.key_id}"),
        actor=erasure.erased_by,
        release=release,
        correlation_id=f"{STAGE}/{erasure.key_id}",
        event_time=erasure.erased_at,
    )


def reference_of(dossier: Dossier) -> str:
    """Return where the document was announced to lie; empty where no record says it any more."""
    for exhibit in reversed(own_records(dossier)):
        match exhibit.event:
            case DocumentReceived(reference=found) | InvoiceNormalized(received=DocumentReceived(reference=found)):
                return found
    return ""


def _claimed(keys: Keys, digest: str, claim: Claim) -> bool:
    try:
        return keys.claim(digest, claim)
    except DocumentErased:
        return True


def _is_gone(keys: Keys, digest: str) -> bool:
    """Try to have the key: what is told as gone was tried."""
    try:
        keys.open(digest)
    except DocumentErased:
        return True
    except DocumentKeyMissing:
        return False
    return False


def _digest(document_id: str) -> str:
    return document_id.removeprefix("sha256:")
