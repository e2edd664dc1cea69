"""Is money late? What `quittance top` shows, for the console's page and for whoever wants it as JSON."""

from fastapi import APIRouter

from app.api.access import AuthorizedByPage
from app.api.ports import PortsOf
from app.top.recent import Seen

router = APIRouter(prefix="/v1/status", tags=["status"])


@router.get("")
async def status(ports: PortsOf, _principal: AuthorizedByPage) -> Seen:
    """Return how far the stages are behind, what they came to, and whether money is late.

    It is of the whole house and names no document, supplier or tenant. null is what nobody could tell, never a zero.
    Two requests within two seconds are told the same.
    """
    return await ports.status()
