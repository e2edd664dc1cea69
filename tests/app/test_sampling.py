"""What is measured when Prometheus asks: events under way and their age, memory, what a recovery has left."""

import asyncio
from collections import Counter
from collections.abc import Callable
from types import SimpleNamespace

import httpx
import pytest
from aiokafka.errors import NotEnoughReplicasError
from faust.types import TP

from agents.effects import Outgoing
from app import delivery as module
from app.delivery import Delivery
from app.exposition import OPENMETRICS
from app.health import HealthServer
from app.sampling import Sampling
from app.stream.windows import Window
from app.telemetry import Telemetry
from schemas.release import Bundle
from tables.releases import Running
from tests.app.stream.events import event


@pytest.fixture
def telemetry() -> Telemetry:
    return Telemetry("ledger", "r1")


async def test_the_oldest_event_is_the_one_under_way_longest(telemetry: Telemetry) -> None:
    window = Window(lambda *_place: None, lambda surprise: pytest.fail(repr(surprise)))
    sampling, doors = Sampling(telemetry), [asyncio.Event(), asyncio.Event()]

    def oldest() -> float:
        sampling.windows([window])
        return float(telemetry.oldest_in_flight.labels("ledger")._value.get())

    assert oldest() == 0
    await window.admit(event(0, partition=0), b"a", lambda: waiting(doors[0]))
    first = oldest()
    assert first >= 0
    await window.admit(event(0, partition=1), b"b", lambda: waiting(doors[1]))
    both = oldest()
    assert both >= first, "the younger one does not hide the older"
    assert telemetry.in_flight.labels("ledger")._value.get() == 2
    for door in doors:
        door.set()
    await window.drain(10)
    assert oldest() == 0


async def waiting(door: asyncio.Event) -> None:
    await door.wait()


def test_memory_is_that_of_the_process_and_of_its_children(telemetry: Telemetry) -> None:
    Sampling(telemetry).memory()
    assert telemetry.rss.labels("ledger", "own")._value.get() > 10_000_000
    assert telemetry.rss.labels("ledger", "children")._value.get() >= 0


def test_a_recovery_tells_what_it_has_left_by_table(telemetry: Telemetry) -> None:
    tables = {TP("held", 0): "held", TP("held", 1): "held", TP("invoices", 0): "invoices"}
    recovery = SimpleNamespace(
        tp_to_table={tp: SimpleNamespace(name=name) for tp, name in tables.items()},
        active_remaining=lambda: Counter({TP("held", 0): 5, TP("held", 1): 2, TP("invoices", 0): -1}),
    )
    Sampling(telemetry).recovery(recovery)
    left = {name: telemetry.recovery_remaining.labels(name)._value.get() for name in ("held", "invoices")}
    assert left == {"held": 7, "invoices": 0}


async def test_a_write_at_a_second_try_is_counted(telemetry: Telemetry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "RETRY_PAUSE_SECONDS", 0.0)
    counted: Callable[[], None] = telemetry.write_retries.labels("ledger").inc
    refusals = [NotEnoughReplicasError(), NotEnoughReplicasError()]

    class Producer:
        async def send(self, *_record: object) -> asyncio.Future[SimpleNamespace]:
            if refusals:
                raise refusals.pop()
            taken: asyncio.Future[SimpleNamespace] = asyncio.get_running_loop().create_future()
            taken.set_result(SimpleNamespace(partition=0, offset=7))
            return taken

    written = await Delivery(Producer, retried=counted).deliver(Outgoing("t", b"k", b"v", {}))
    assert written.offset == 7
    assert telemetry.write_retries.labels("ledger")._value.get() == 2


async def test_the_page_is_in_the_form_that_is_asked_for(telemetry: Telemetry) -> None:
    async def ready() -> list[str]:
        return []

    async def metrics() -> object:
        return telemetry.registry

    server = HealthServer("127.0.0.1", 0, ready, metrics)  # type: ignore[arg-type]
    await server.start()
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{server.port}", trust_env=False) as client:
            plain = await client.get("/metrics", headers={"Accept": "*/*"})
            open_metrics = await client.get("/metrics", headers={"Accept": OPENMETRICS})
    finally:
        await server.stop()
    assert plain.headers["content-type"].startswith("text/plain")
    assert open_metrics.headers["content-type"].startswith("application/openmetrics-text")
    assert open_metrics.text.endswith("# EOF\n")
    assert 'quittance_release{release="r1",role="ledger",state="active"} 1.0' in plain.text


def test_the_releases_in_force_are_told_and_no_other() -> None:
    """What was in force before leaves no series behind: there are two at most, however often releases change."""
    telemetry = Telemetry("ledger", "code")
    sampling = Sampling(telemetry)
    for number in range(5):
        sampling.releases(
            {"active": Running.of(Bundle(code=f"r{number}")), "canary": Running.of(Bundle(code=f"r{number + 1}"))}
        )
    assert in_force(telemetry) == {("r4", "active"), ("r5", "canary")}
    sampling.releases({"active": Running.of(Bundle(code="r5"))})
    assert in_force(telemetry) == {("r5", "active")}


def in_force(telemetry: Telemetry) -> set[tuple[str, str]]:
    (family,) = telemetry.release.collect()
    assert {sample.labels["role"] for sample in family.samples} == {"ledger"}
    return {(sample.labels["release"], sample.labels["state"]) for sample in family.samples if sample.value == 1}
