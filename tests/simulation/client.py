"""A client of the broker: what it was given and has not put on the wire yet dies, or sleeps, with its process."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from aiokafka.errors import KafkaTimeoutError
from faust.types import TP

from app.stream.lease import LOOK_SECONDS, Expelled, Lease
from app.stream.producer import is_fenced
from tests.simulation.broker import Broker, Metadata, Sending
from tests.simulation.loop import future
from tests.simulation.process import Process, context_of

T = TypeVar("T")

LINGER_SECONDS = 0.003
RETRY_SECONDS = 0.1
BATCH_RECORDS_MAX = 64


@dataclass(eq=False)
class _Lane:
    """The way of one client to one partition: one batch at a time, as an idempotent producer's."""

    place: TP
    waiting: list[Sending] = field(default_factory=list)
    batch: list[Sending] = field(default_factory=list)


class Client:
    """A producer and a way to ask, of one process. What it has not put on the wire dies with the process."""

    def __init__(self, broker: Broker, name: str, process: Process | None) -> None:
        self.broker = broker
        self.name = name
        self.cut_until = 0.0
        self.generation: Callable[[], int | None] = lambda: None
        self.lease: Lease | None = None  # of a member of a group
        self._own, self._root = context_of(process), context_of(None)
        self._lanes: defaultdict[TP, _Lane] = defaultdict(lambda: _Lane(TP("", 0)))
        self._loop = asyncio.get_running_loop()

    async def send(
        self,
        topic: str,
        key: bytes | None,
        value: bytes | None,
        partition: int | None = None,
        timestamp: float | None = None,  # noqa: ARG002 - Faust's signature; time is the broker's here
        headers: Mapping[str, bytes] | None = None,
    ) -> "asyncio.Future[Metadata]":
        """Take a record; the result waits for the broker's word.

        Raises:
            aiokafka.errors.KafkaTimeoutError: the buffer is full, nothing was taken.
        """
        if self.broker.conditions.happens(self.broker.conditions.full_buffer_odds):
            raise KafkaTimeoutError
        return self.send_soon(topic, key, value, partition, headers)

    def send_soon(
        self,
        topic: str,
        key: bytes | None,
        value: bytes | None,
        partition: int | None = None,
        headers: Mapping[str, bytes] | None = None,
    ) -> "asyncio.Future[Metadata]":
        return self.take(topic, key, value, partition, headers).answer

    def take(
        self,
        topic: str,
        key: bytes | None,
        value: bytes | None,
        partition: int | None = None,
        headers: Mapping[str, bytes] | None = None,
    ) -> "Sending":
        """Take a record for its partition's lane."""
        place = self.broker.place(topic, key, partition)
        lane = self._lanes[place]
        lane.place = place
        term = self.lease.term if self.lease is not None else 0
        sending = Sending(key, value, dict(headers or {}), (self.name, self.generation()), future(), place, term)
        lane.waiting.append(sending)
        if not lane.batch and len(lane.waiting) == 1:
            self._mine(LINGER_SECONDS, self._depart, lane)
        return sending

    async def flush(self) -> None:
        """Wait for the broker's word on all that was taken."""
        under_way = [s.answer for lane in self._lanes.values() for s in (*lane.batch, *lane.waiting)]
        if under_way:
            await asyncio.wait(under_way)

    async def call(self, request: Callable[[], T]) -> T:
        """Ask the broker; asked again until there is an answer."""
        answer = future()
        self._ask(request, answer)
        result: T = await answer
        return result

    async def wait(self, request: Callable[[], "asyncio.Future[T]"]) -> T:
        """Ask the broker for something that it answers when it comes about."""
        result: Any = await self.call(request)
        answered: T = result
        return answered

    def _depart(self, lane: _Lane) -> None:
        if self.lease is not None and not is_fenced(lane.place.topic) and not self._is_let_go(lane, self.lease):
            return None
        if not lane.batch:
            lane.batch = lane.waiting[:BATCH_RECORDS_MAX]
            del lane.waiting[:BATCH_RECORDS_MAX]
        return self._world(self.broker.conditions.travel(), self._arrive, lane)

    def _is_let_go(self, lane: _Lane, lease: Lease) -> bool:
        """Tell whether a lane may go on the wire: held in doubt, and what has outlived its term dropped.

        As MemberAccumulator does; a batch that was on the wire before is no exception.
        """
        for sending in (*lane.batch, *lane.waiting):
            if (lease.is_lost or sending.term != lease.term) and not sending.answer.done():
                sending.answer.set_exception(Expelled())
        lane.batch = [sending for sending in lane.batch if not sending.answer.done()]
        lane.waiting = [sending for sending in lane.waiting if not sending.answer.done()]
        if (lane.batch or lane.waiting) and not lease.is_certain:
            self._mine(LOOK_SECONDS, self._depart, lane)
        return bool(lane.batch or lane.waiting) and lease.is_certain

    def _arrive(self, lane: _Lane) -> None:
        if self._is_unreachable():
            return self._mine(RETRY_SECONDS, self._depart, lane)
        for sending in lane.batch:
            if sending.offset is None:  # the broker knows a repeated batch by its sequence numbers
                sending.offset = self.broker.append(lane.place, sending)
        if self.broker.conditions.happens(self.broker.conditions.lost_answer_odds):
            return self._mine(RETRY_SECONDS, self._depart, lane)
        return self._mine(self.broker.conditions.travel(), self._confirm, lane)

    def _confirm(self, lane: _Lane) -> None:
        confirmed, lane.batch = lane.batch, []
        for sending in confirmed:
            if not sending.answer.done():
                assert sending.offset is not None
                sending.answer.set_result(Metadata(lane.place.topic, lane.place.partition, sending.offset))
        if lane.waiting:
            self._mine(LINGER_SECONDS, self._depart, lane)

    def _ask(self, request: Callable[[], Any], answer: "asyncio.Future[Any]") -> None:
        self._world(self.broker.conditions.travel(), self._serve, request, answer)

    def _serve(self, request: Callable[[], Any], answer: "asyncio.Future[Any]") -> None:
        if self._is_unreachable():
            return self._mine(RETRY_SECONDS, self._ask, request, answer)
        result = request()
        if isinstance(result, asyncio.Future):
            result.add_done_callback(lambda done: self._reply(done.result(), answer), context=self._root)
            return None
        return self._reply(result, answer)

    def _reply(self, result: Any, answer: "asyncio.Future[Any]") -> None:
        self._mine(self.broker.conditions.travel(), self._tell, result, answer)

    @staticmethod
    def _tell(result: Any, answer: "asyncio.Future[Any]") -> None:
        if not answer.done():
            answer.set_result(result)

    def _is_unreachable(self) -> bool:
        now, conditions = self._loop.time(), self.broker.conditions
        return not conditions.calm and now < max(self.cut_until, conditions.down_until)

    def _mine(self, seconds: float, call: Callable[..., None], *given: Any) -> None:
        self._loop.call_later(seconds, call, *given, context=self._own)

    def _world(self, seconds: float, call: Callable[..., None], *given: Any) -> None:
        self._loop.call_later(seconds, call, *given, context=self._root)
