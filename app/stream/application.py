"""The Faust application with our corrections in place, configured from Settings alone."""

from functools import cached_property
from typing import Any

import faust

from app.delivery import end_process
from app.settings import Settings
from app.stream.broker import broker_urls, credentials
from app.stream.lease import Lease
from app.stream.producer import StreamTransport
from app.stream.recovery import QuietTableManager
from app.stream.table import ConfirmedTable

# A tenth of the default: what is committed late is done twice after a crash.
COMMIT_INTERVAL_SECONDS = 0.3
# Sends wait this long for company; awaited sends in a window make up for it (docs/faust.md, measured).
LINGER_SECONDS = 0.003
# Events fetched ahead for each agent; more is memory, and work thrown away at a rebalance.
BUFFERED_EVENTS_MAX = 512
# The producer's own patience for one request; beyond it delivery.py takes over.
PRODUCER_TIMEOUT_SECONDS = 15.0
# A codec value of 1 MB, headers and the record's own overhead.
REQUEST_SIZE_BYTES_MAX = 1_040_000
# All members must have revoked and drained by then, or they are out of the group.
REBALANCE_TIMEOUT_SECONDS = 60.0


class StreamApplication(faust.App):
    """Takes our transport whatever the broker's URL says, leaves nothing on the disk, and restarts no agent."""

    @cached_property
    def lease(self) -> Lease:
        """Return how certain it is that we are a member of our group."""
        return Lease(self.conf.broker_session_timeout)

    async def _on_agent_error(self, agent: Any, exc: BaseException) -> None:
        """End the process when an agent raises (F1).

        Faust would start it again behind the event that it raised on, and the events after that would be settled.
        """
        end_process(f"the agent {agent.name} raised {exc!r}")

    def _new_transport(self) -> Any:
        return StreamTransport(self.conf.broker_consumer, self)

    def _new_producer_transport(self) -> Any:
        return StreamTransport(self.conf.broker_producer, self)

    def _create_directories(self) -> None:
        """Make none: tables live in memory and in their changelogs."""


def stream_application(app_id: str, settings: Settings) -> StreamApplication:
    """Return an application of one consumer group, without agents yet."""
    session = float(settings.session_timeout_seconds)
    return StreamApplication(
        app_id,
        broker=broker_urls(settings),
        broker_credentials=credentials(settings),
        broker_session_timeout=session,
        broker_heartbeat_interval=session / 4,
        broker_request_timeout=max(30.0, session + 5.0),
        broker_rebalance_timeout=max(REBALANCE_TIMEOUT_SECONDS, settings.drain_timeout_seconds + 30.0),
        broker_commit_interval=COMMIT_INTERVAL_SECONDS,
        consumer_auto_offset_reset="earliest",
        producer_linger=LINGER_SECONDS,
        producer_request_timeout=PRODUCER_TIMEOUT_SECONDS,
        producer_max_request_size=REQUEST_SIZE_BYTES_MAX,
        stream_buffer_maxsize=BUFFERED_EVENTS_MAX,
        stream_wait_empty=True,
        topic_allow_declare=False,
        topic_disable_leader=True,
        table_standby_replicas=0,
        store="memory://",
        web_enabled=False,
        Table=ConfirmedTable,
        TableManager=QuietTableManager,
    )
