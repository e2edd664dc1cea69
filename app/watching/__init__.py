"""What is looked at from outside of the workers: unread events, documents that stand still, unusual suppliers.

It runs in the API's process. A worker that is dead, stopped or stalled cannot say so, and its last page says that all
is well; so the broker is asked what nobody has read, and the read model what has not moved (docs/decisions/0021).
"""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from app.watching import anomalies, lag, states
from app.watching.anomalies import AnomalyWatch
from app.watching.lag import LagWatch
from app.watching.states import StateWatch
from app.watching.telemetry import WatchTelemetry
from app.watching.watch import Watch


def watches(
    arguments: dict[str, Any], engine: AsyncEngine, telemetry: WatchTelemetry, unusual: AnomalyWatch
) -> tuple[Watch, ...]:
    """Return every watch; `arguments` are those of an aiokafka client (app/kafka_client.py).

    `unusual` is given, for the API shows what it finds.
    """
    unread, waiting = LagWatch(arguments, telemetry), StateWatch(engine, telemetry)
    return (
        Watch("lag", lag.EVERY_SECONDS, unread.ask, unread.forget, telemetry),
        Watch("states", states.EVERY_SECONDS, waiting.ask, waiting.forget, telemetry),
        Watch("anomalies", anomalies.EVERY_SECONDS, unusual.ask, unusual.forget, telemetry),
    )
