"""Path and query parameters that several routes share. An id of another shape names nothing: 404, not 422."""

import re
from typing import Annotated

from fastapi import Depends, Path, Query

from app.api.problems import Problem
from app.readmodel.queries import PAGE_LIMIT_MAX

_DOCUMENT = re.compile(r"sha256:[0-9a-f]{64}")
_COMMAND = re.compile(r"Q[A-Z2-7]{26}")
_SUPPLIER = re.compile(r"[A-Za-z0-9._:-]{1,64}")
PAGE_LIMIT_DEFAULT = 50


def _document(document_id: Annotated[str, Path(examples=["sha256:" + "0" * 64])]) -> str:
    return _shaped(_DOCUMENT, document_id)


def _command(command_id: Annotated[str, Path()]) -> str:
    return _shaped(_COMMAND, command_id)


def _supplier(supplier_id: Annotated[str, Path()]) -> str:
    return _shaped(_SUPPLIER, supplier_id)


def _shaped(pattern: re.Pattern[str], identifier: str) -> str:
    if pattern.fullmatch(identifier) is None:
        raise Problem("not-found")
    return identifier


DocumentPath = Annotated[str, Depends(_document)]
CommandPath = Annotated[str, Depends(_command)]
SupplierPath = Annotated[str, Depends(_supplier)]
Cursor = Annotated[str | None, Query(max_length=1_000, description="`next` of the page before")]
Limit = Annotated[int, Query(ge=1, le=PAGE_LIMIT_MAX)]
