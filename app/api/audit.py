"""The sealed audit log: its last checkpoint, and the proof of an entry, both to be verified without us."""

from collections.abc import Awaitable
from typing import Annotated

from fastapi import APIRouter, Path, Response

from app.api.access import Authorized
from app.api.ports import PortsOf
from app.api.problems import Problem, unavailable
from app.audit_log.keys import AuditKeyWrong
from app.audit_log.offline.proof import ProofWrong
from app.audit_log.place import PlaceUnavailable
from app.audit_log.prover import NotSealed

router = APIRouter(prefix="/v1/audit", tags=["audit"])

# Both are texts that C2SP defines; there is no registered type for them.
MEDIA_TYPE = "text/plain; charset=utf-8"
SEQ_MAX = 2**63 - 1
_TEXT: dict[int | str, dict[str, object]] = {200: {"content": {"text/plain": {"schema": {"type": "string"}}}}}

Seq = Annotated[int, Path(ge=0, le=SEQ_MAX, description="number of the entry in the log, from 0 on")]


@router.get("/checkpoint", response_class=Response, responses=_TEXT)
async def checkpoint(ports: PortsOf, principal: Authorized) -> Response:
    """Return the last signed checkpoint of the log that holds your tenant's entries (C2SP tlog-checkpoint). Keep it."""
    return await _answer(ports.audit.checkpoint(principal.tenant))


@router.get("/{seq}/proof", response_class=Response, responses=_TEXT)
async def proof(ports: PortsOf, principal: Authorized, seq: Seq) -> Response:
    """Return the proof that an entry is in the log (C2SP tlog-proof, the entry in `extra`)."""
    return await _answer(ports.audit.proof(principal.tenant, seq))


async def _answer(asked: Awaitable[bytes]) -> Response:
    try:
        return Response(await asked, media_type=MEDIA_TYPE)
    except NotSealed as nothing:
        raise Problem("not-found", f"{nothing}.") from nothing
    except (ProofWrong, PlaceUnavailable, AuditKeyWrong) as wrong:
        raise unavailable("audit-unavailable", f"{wrong}.") from wrong
