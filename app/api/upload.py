"""What a client submits: the bytes of a document, or a reference to where they are."""

import mimetypes
import re
from dataclasses import dataclass

from fastapi import Request
from pydantic import Field, ValidationError, model_validator
from starlette.datastructures import FormData, UploadFile

from app.api.bounds import DOCUMENT_BYTES_MAX
from app.api.problems import Problem
from app.documents.reference import parse_reference
from schemas.base import Code, Record
from schemas.identifiers import DocumentId

# One file and the two fields that may go with it.
FORM_FILES_MAX = 1
FORM_FIELDS_MAX = 8
UNKNOWN_MEDIA_TYPE = "application/octet-stream"

_MEDIA_TYPE = re.compile(r"[\w.+-]{1,100}/[\w.+-]{1,100}", re.ASCII)


class DocumentReference(Record):
    """A document that lies somewhere already; `document_id` or the bare `sha256` says which bytes are meant."""

    reference: str = Field(min_length=1, max_length=2048, examples=["s3://invoices/2026/one.pdf"])
    document_id: DocumentId | None = None
    sha256: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")
    media_type: Code | None = None
    source: Code | None = None

    @model_validator(mode="after")
    def _names_bytes(self) -> "DocumentReference":
        named = {self.document_id, f"sha256:{self.sha256}" if self.sha256 else None} - {None}
        if len(named) != 1:
            raise ValueError("document_id or sha256 must say which bytes are meant, and not contradict each other")
        return self

    @property
    def identifier(self) -> str:
        """Return the id of the document."""
        return self.document_id or f"sha256:{self.sha256}"


@dataclass(frozen=True)
class Upload:
    """The bytes of a document, with what the client says of them."""

    content: bytes
    media_type: str
    source: str | None


async def read_submission(request: Request) -> Upload | DocumentReference:
    """Read the body of `POST /v1/documents`: multipart with a `file`, or JSON with a reference.

    Raises:
        Problem: 413, 415 or 422.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        async with request.form(max_files=FORM_FILES_MAX, max_fields=FORM_FIELDS_MAX) as form:
            return await _upload(form)
    if kind == "application/json":
        return _reference(await request.body())
    raise Problem("media-type-unsupported", "Send multipart/form-data with a file, or application/json.")


def clean_media_type(stated: str | None, filename: str | None = None) -> str:
    """Return the media type as stated, or as the name suggests; the reader looks at the bytes anyway.

    >>> clean_media_type("application/octet-stream", "one.PDF")
    'application/pdf'
    """
    bare = (stated or "").partition(";")[0].strip().lower()
    guessed, _ = mimetypes.guess_type((filename or "").lower())
    if _MEDIA_TYPE.fullmatch(bare) and bare != UNKNOWN_MEDIA_TYPE:
        return bare
    return guessed or UNKNOWN_MEDIA_TYPE


async def _upload(form: FormData) -> Upload:
    file = form.get("file")
    if not isinstance(file, UploadFile):
        raise Problem("request-invalid", "The form has no part named file.")
    content = await file.read(DOCUMENT_BYTES_MAX + 1)
    if len(content) > DOCUMENT_BYTES_MAX:
        raise Problem("body-too-large", f"A document has at most {DOCUMENT_BYTES_MAX} bytes.")
    if not content:
        raise Problem("request-invalid", "The file is empty.")
    source = form.get("source")
    named = source[:128] if isinstance(source, str) and source else None
    return Upload(content, clean_media_type(file.content_type, file.filename), named)


def _reference(body: bytes) -> DocumentReference:
    try:
        stated = DocumentReference.model_validate_json(body)
    except ValidationError as wrong:
        errors = wrong.errors(include_url=False, include_input=False, include_context=False)
        raise Problem(
            "request-invalid",
            errors=[{"pointer": "/" + "/".join(map(str, error["loc"])), "detail": error["msg"]} for error in errors],
        ) from None
    parse_reference(stated.reference)
    return stated
