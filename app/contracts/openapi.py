"""The HTTP API as OpenAPI 3.1, from its routes, without anything that they would work on."""

from dataclasses import fields
from typing import Any


def openapi() -> dict[str, Any]:
    """Return the document that the API serves at /v1/openapi.json."""
    from app.api.application import create_api  # noqa: PLC0415 - FastAPI costs half a second, and only this needs it
    from app.api.ports import Ports  # noqa: PLC0415 - the same

    nothing: dict[str, Any] = dict.fromkeys(field.name for field in fields(Ports))
    return create_api(Ports(**nothing), {}).openapi()
