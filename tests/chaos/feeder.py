"""The load: publishes the samples in bursts, and never further than it is allowed, so that each fault meets some.

Bursts, because what is lost is lost from a backlog: of a trickle, plain Faust loses nothing either.
"""

import asyncio

from app.publishing import Unpublished
from tests.system.cluster import Cluster
from tests.system.witness import Witness

# A publisher whose broker is away tries again with the same document, as contracts tell it to.
AGAIN_SECONDS = 0.5
BURST = 40


class Feeder:
    """Publishes every sample of a cluster."""

    def __init__(self, cluster: Cluster, witness: Witness, pause_seconds: float) -> None:
        self._cluster = cluster
        self._witness = witness
        self._pause_seconds = pause_seconds
        self._allowed = 0
        self._changed = asyncio.Event()

    def allow(self, count: int) -> None:
        self._allowed = count
        self._changed.set()

    async def run(self) -> None:
        sent = set[str]()
        async with self._cluster.sending() as send:
            for number, sample in enumerate(self._cluster.samples.samples):
                while number >= self._allowed:
                    self._changed.clear()
                    await self._changed.wait()
                while True:
                    try:
                        await send(sample)
                        break
                    except Unpublished:
                        await asyncio.sleep(AGAIN_SECONDS)
                sent.add(sample.document_id)
                self._witness.sent = len(sent)
                if number % BURST == BURST - 1:
                    await asyncio.sleep(self._pause_seconds * BURST)
