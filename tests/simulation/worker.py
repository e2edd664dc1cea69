"""One worker process: the real roles, shells, windows, tables' views and way out, over the simulated broker."""

import asyncio
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, Literal, NoReturn, cast

from faust.types import TP

from agents.effects import Agent
from agents.extraction.agent import Reader, extraction
from app.delivery import Delivery
from app.documents import DocumentStore
from app.extraction import StoredDocuments
from app.follower import Apply, Follower
from app.home import Homes, HomeWindow
from app.ledger import _issued
from app.memory import LedgerMemory
from app.poison import Stops
from app.ports import WorkerPorts
from app.releases_followed import FollowedReleases
from app.roles import LedgerRole, Role
from app.settings import Settings
from app.stream.windows import Window
from app.suppliers_followed import FollowedSuppliers
from app.telemetry import Telemetry
from schemas.payment import Debtor
from schemas.topics import DOCUMENT_RECEIVED, PAYMENT_INITIATED, RELEASE_CHANGED, SUPPLIER_CHANGED
from tables.declared import LEDGER, TABLES
from tables.payments import IssuedCommand
from tests.simulation.broker import Broker
from tests.simulation.client import Client
from tests.simulation.consumer import Callbacks, Consumer, OnReady
from tests.simulation.loop import VirtualLoop
from tests.simulation.process import Process
from tests.simulation.streams import Stream, Table, current_generation

RoleName = Literal["reader", "ledger"]
GROUPS: Mapping[RoleName, str] = {"reader": "quittance-reader", "ledger": LEDGER}
RELEASE = "simulated"
READERS_AT_ONCE = 4


class SimulatedMemory(LedgerMemory):
    """The real memory of the ledger role; only the last step, reading the ledger's tail, goes to our broker."""

    def __init__(self, client: Client, settings: Settings) -> None:
        self.tables: dict[str, Table] = {}
        self._client = client
        super().__init__(cast("Any", self), settings)

    def Table(self, name: str, **_more: Any) -> Table:  # noqa: N802 - Faust's name
        """Declare a table, as Faust's application does."""
        changelog = next(declared.changelog for declared in TABLES if declared.name == name)
        self.tables[name] = Table(name, changelog, self._client)
        return self.tables[name]

    async def _tail(self, partition: int) -> list[IssuedCommand]:
        broker, at = self._client.broker, TP(PAYMENT_INITIATED.name, partition)
        position = self._payments.position(partition)
        tail = await self._client.call(lambda: broker.logs[at][position:])
        return [_issued(partition, record.offset, record.key, record.value) for record in tail]


class SimulatedFollower(Follower):
    """Follows a topic on our broker."""

    def __init__(self, client: Client, topic: str, apply: Apply) -> None:
        super().__init__(simulated_settings(), topic, apply)
        self._client = client

    async def _follow(self) -> None:
        broker, at = self._client.broker, TP(self._partition.topic, 0)
        end = await self._client.call(lambda: len(broker.logs[at]))
        while True:
            if self._position >= end:
                self._caught_up.set()
            for records in (await self._client.wait(lambda: broker.fetch({at: self._position}))).values():
                for record in records:
                    self._apply(record.key, record.value, record.offset)
                    self._position = record.offset + 1


@dataclass(frozen=True)
class Surroundings:
    """What a worker is given: the same for all, but for the parts that a planted defect replaces."""

    loop: VirtualLoop
    broker: Broker
    store: DocumentStore
    reader: Reader
    debtors: Mapping[str, Debtor]
    now: Callable[[], datetime]
    drain_seconds: float
    window: type[Window] | None = None  # None: the product's own
    delivery: type[Delivery] = Delivery
    memory: type[SimulatedMemory] = SimulatedMemory
    consumer: type[Consumer] = Consumer


class Worker:
    """A worker of one role. It begins with `start`, and ends by `process.kill`, by itself, or by `stop`."""

    def __init__(self, given: Surroundings, role: RoleName, process: Process, *, dies_when_fenced: bool) -> None:
        self.role_name = role
        self.process = process
        self.tables: dict[str, Table] = {}
        self._given = given
        self._dies_when_fenced = dies_when_fenced
        self.client = Client(given.broker, process.name, process)
        self.client.generation = current_generation
        self.consumer: Consumer | None = None
        self.on_ready: OnReady = lambda _name, _generation, _partitions: None

    def start(self) -> None:
        self._given.loop.spawn(self._run(), self.process)

    def stop(self) -> None:
        """SIGTERM."""
        self._given.loop.spawn(self._stop(), self.process)

    async def _run(self) -> None:
        given, role = self._given, self._role()
        streams = {topic.name: Stream() for topic in role.agents}
        consumer = self.consumer = given.consumer(
            self.client,
            given.broker.groups[GROUPS[self.role_name]],
            self.process,
            streams,
            tuple(self.tables.values()),
            Callbacks(lambda: self._drain(role), role.revoked, role.assigned),
            self._dies_when_fenced,
            self.on_ready,
        )
        for topic, agent in role.agents.items():
            given.loop.spawn(self._consume(agent, streams[topic.name]), self.process)
        await consumer.run(given.loop)

    async def _stop(self) -> None:
        if self.consumer is not None:
            await self.consumer.stop()
        self.process.kill("stopped in order")

    async def _consume(self, agent: Agent, stream: Stream) -> None:
        try:
            await agent(stream)
        except Exception as surprise:  # noqa: BLE001 - as StreamApplication._on_agent_error
            self._end(f"an agent raised {surprise!r}")

    async def _drain(self, role: Role) -> None:
        await asyncio.gather(*(window.drain(self._given.drain_seconds) for window in role.windows))

    def _role(self) -> Role:
        given = self._given
        delivery, telemetry = given.delivery(lambda: self.client, self._end), _telemetry(self.role_name)
        self._stops = Stops(telemetry)
        releases = FollowedReleases(simulated_settings(), RELEASE)
        releases.follower = SimulatedFollower(self.client, RELEASE_CHANGED.name, releases.apply)
        given.loop.spawn(releases.follower._follow(), self.process)
        ports = self._ports = WorkerPorts(delivery, telemetry, releases, self._stops, now=given.now)
        if self.role_name == "reader":
            role, own = Role(), self._window(READERS_AT_ONCE)
            role.windows = (own,)
            role.agents[DOCUMENT_RECEIVED] = extraction(ports, own, StoredDocuments(given.store), given.reader)
            return role
        settings = simulated_settings()
        suppliers = FollowedSuppliers(settings)
        suppliers.follower = SimulatedFollower(self.client, SUPPLIER_CHANGED.name, suppliers.apply)
        given.loop.spawn(suppliers.follower._follow(), self.process)
        memory = given.memory(self.client, settings)
        self.tables = memory.tables
        role = LedgerRole(memory, suppliers)
        role.wire(ports, self._window, given.debtors, _sign)
        return role

    def _window(self, running_max: int) -> Window:
        if self._given.window is not None:
            return self._given.window(self._settle, self._surprised, running_max)
        homes = Homes(self._given.broker.partitions(PAYMENT_INITIATED.name), self._ports.deliver)
        return HomeWindow(homes, self._stops, self._settle, self._surprised, running_max)

    def _settle(self, tp: TP, offset: int, generation: int) -> None:
        if self.consumer is not None:
            self.consumer.settle(tp, offset, generation)

    def _surprised(self, surprise: BaseException) -> None:
        self._end("an event could not be dealt with: " + "".join(traceback.format_exception(surprise)[-3:]))

    def _end(self, why: str) -> NoReturn:
        self.process.end(why)
        raise AssertionError("a process that has ended does not go on")


@cache
def simulated_settings() -> Settings:
    return Settings(kafka_bootstrap_servers="simulated:1")


@cache
def _telemetry(role: RoleName) -> Telemetry:
    return Telemetry(role, RELEASE)


def _sign(content: bytes) -> str:
    """Sign deterministically, as Ed25519 does, and much faster."""
    return f"simulated..{len(content)}"


EPOCH = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
