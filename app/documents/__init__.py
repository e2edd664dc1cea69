"""The document store: bytes under their SHA-256, in S3 or in a local folder.

async with open_documents(DocumentsConfig(location="s3://invoices/in")) as store:
    reference = await store.put(content, "application/pdf")
    content = await store.fetch(str(reference), document_id)
"""

from app.documents.failures import (
    DocumentErased,
    DocumentFailure,
    DocumentForbidden,
    DocumentKeyMissing,
    DocumentNotFound,
    DocumentsTooSlow,
    DocumentsUnavailable,
    DocumentTooLarge,
    DocumentTruncated,
    HashMismatch,
    PermanentFailure,
    ReferenceRefused,
    StorageFull,
    outcome,
)
from app.documents.key_folder import KeyFolder
from app.documents.keys import Claim, Erasure, Keys
from app.documents.limits import Limits
from app.documents.port import DocumentsConfig, DocumentStore, S3Config
from app.documents.reference import FileReference, Reference, S3Reference, parse_reference
from app.documents.store import open_documents

__all__ = [
    "Claim",
    "DocumentErased",
    "DocumentFailure",
    "DocumentForbidden",
    "DocumentKeyMissing",
    "DocumentNotFound",
    "DocumentStore",
    "DocumentTooLarge",
    "DocumentTruncated",
    "DocumentsConfig",
    "DocumentsTooSlow",
    "DocumentsUnavailable",
    "Erasure",
    "FileReference",
    "HashMismatch",
    "KeyFolder",
    "Keys",
    "Limits",
    "PermanentFailure",
    "Reference",
    "ReferenceRefused",
    "S3Config",
    "S3Reference",
    "StorageFull",
    "open_documents",
    "outcome",
    "parse_reference",
]
