"""Suppliers that are far off their own past today, as the watch in this process has found them last.

What the watch knows is handed out, and nothing is computed for a request: the past of all suppliers are hundreds of
thousands of rows, and the alert that sent somebody here counted exactly these.
"""

from fastapi import APIRouter

from app.anomalies.judging import Kind
from app.api.access import Authorized
from app.api.ports import PortsOf
from app.api.problems import unavailable
from app.watching.anomalies import Unusual
from schemas.base import Code, Moment, Record

router = APIRouter(prefix="/v1/quality", tags=["quality"])

# More than anybody looks at; the strongest come first.
ITEMS_MAX = 200


class AnomalyView(Record):
    """One thing that is unusual about a supplier today.

    `value` and `usual` are shares between 0 and 1 (`missing` of the field, `review` of documents held), or medians of
    the amount due in the currency of most invoices (`amount`): statistics, and no sums to reckon with. `z` is the
    distance in standard deviations of the usual, below zero where there is less.
    """

    supplier_id: Code
    kind: Kind
    field: Code | None
    value: float
    usual: float
    z: float
    documents: int


class Anomalies(Record):
    """What is unusual, the strongest first. Suppliers that were not judged sent too little, today or before."""

    looked_at: Moment
    suppliers_judged: int
    found: int
    items: tuple[AnomalyView, ...]


@router.get("/anomalies")
async def anomalies(ports: PortsOf, principal: Authorized) -> Anomalies:
    """Return which suppliers are unusual today (UTC), by their own past of eight weeks. Looked at each minute."""
    if (looked := ports.anomalies()) is None:
        raise unavailable("anomalies-unavailable", "Nobody has looked yet, or the read model did not answer.")
    own = [each for each in looked.unusual if each.tenant == principal.tenant]
    own.sort(key=lambda each: (-abs(each.anomaly.score.z), each.key))
    return Anomalies(
        looked_at=looked.at,
        suppliers_judged=looked.judged.get(principal.tenant, 0),
        found=len(own),
        items=tuple(map(_view, own[:ITEMS_MAX])),
    )


def _view(each: Unusual) -> AnomalyView:
    anomaly = each.anomaly
    return AnomalyView(
        supplier_id=each.supplier_id,
        kind=anomaly.kind,
        field=anomaly.field or None,
        value=anomaly.score.value,
        usual=anomaly.score.usual,
        z=anomaly.score.z,
        documents=anomaly.documents,
    )
