"""The limit: a stage that buries event after event stops, loudly, and moves no offset any more."""

import asyncio
import logging
from collections.abc import Iterable

import pytest
from faust.types import TP

from agents.effects import Effects, Subject
from app.delivery import Delivery
from app.poison import DeadLimit, GuardedWindow, Stops
from app.ports import WorkerPorts
from app.telemetry import Telemetry
from tests.agents.ports import FixedReleases
from tests.app.observations import observation
from tests.app.stream.events import event

SMALL = DeadLimit(in_a_row_max=3, share_max=0.25, judged_max=20, judged_min=8)
LINE = "stage extraction stopped: {}; look at `quittance dead list`, then restart"


def stops_after(outcomes: Iterable[str], limit: DeadLimit | None = None) -> list[str]:
    stops = Stops(Telemetry("reader", "test"), limit)
    for outcome in outcomes:
        stops.observe("extraction", outcome)
    return stops.missing()


@pytest.mark.parametrize(
    ("outcomes", "reason"),
    [
        (["dead"] * 20, None),
        (["dead"] * 21, "21 dead in a row"),
        ((["dead"] * 20 + ["extracted"]) * 2, None),
        (["dead"] * 20 + ["rejected"] + ["dead"] * 20, None),
        ((["extracted"] * 49 + ["dead"]) * 100, None),
        ((["extracted"] * 19 + ["dead"]) * 100, None),
        ((["extracted"] * 9 + ["dead"]) * 39, None),
        ((["extracted"] * 9 + ["dead"]) * 40, "40 dead of the last 400"),
        (["extracted"] * 5_000 + (["extracted"] * 3 + ["dead"]) * 51, "51 dead of the last 1000"),
    ],
    ids=[
        "a bad batch", "a run", "two runs apart", "a refusal is no dead letter", "1 in 50", "exactly 1 in 20",
        "too few to judge by their share", "1 in 10", "long good, then bad",
    ],
)  # fmt: skip
def test_the_default_limit(outcomes: list[str], reason: str | None) -> None:
    assert stops_after(outcomes) == ([LINE.format(reason)] if reason else [])


def test_an_old_trouble_is_forgotten() -> None:
    """What has left the last so many no longer counts."""
    assert stops_after([*["extracted", "extracted", "dead"] * 2, *["extracted"] * 20, "dead", "extracted"], SMALL) == []


def test_parked_events_are_not_poison_and_hide_none() -> None:
    """S3 being down stops no stage; and a reader whose every other event is parked is still judged by the rest."""
    assert stops_after(["parked"] * 10_000) == []
    assert stops_after(["dead", "parked"] * 3, SMALL) == []
    assert stops_after(["dead", "parked"] * 4, SMALL) == [LINE.format("4 dead in a row")]


def test_a_stop_is_said_once_in_the_log_and_stays_in_the_metric(caplog: pytest.LogCaptureFixture) -> None:
    telemetry = Telemetry("ledger", "test")
    stops = Stops(telemetry, SMALL)
    stops.watch("decision", "invoice.validated")
    stops.watch("review", "review.submitted")
    ports = WorkerPorts(Delivery(lambda: pytest.fail("nothing is written")), telemetry, FixedReleases(), stops)
    for outcome in [*["dead"] * 10, *["approved"] * 30]:
        ports.observe(observation("decision", Effects(Subject("default"), outcome)))
        ports.observe(observation("review", Effects(Subject("default"), "approved")))
    assert [(record.levelno, record.message) for record in caplog.records] == [
        (logging.CRITICAL, "stage decision stopped: 4 dead in a row; look at `quittance dead list`, then restart")
    ]
    stopped = [telemetry.stage_stopped.labels(stage)._value.get() for stage in ("decision", "review")]
    assert stopped == [1.0, 0.0]
    assert (stops.is_stopped("invoice.validated"), stops.is_stopped("review.submitted")) == (True, False)
    assert not stops.is_stopped("a.topic.nobody.reads")


async def test_a_stopped_stage_admits_nothing_and_its_neighbour_in_the_window_goes_on() -> None:
    settled: list[tuple[TP, int, int]] = []
    worked: list[str] = []
    stops = Stops(Telemetry("ledger", "test"), SMALL)
    stops.watch("decision", "t")
    stops.watch("review", "u")
    window = GuardedWindow(stops, lambda *place: settled.append(place), lambda surprise: pytest.fail(repr(surprise)))

    async def admit(topic: str, offset: int, outcome: str, generation: int = 1) -> None:
        async def work() -> None:
            worked.append(f"{topic}/{offset}")
            stops.observe("decision" if topic == "t" else "review", outcome)

        await window.admit(event(offset, topic=topic, generation=generation), f"{topic}{offset}".encode(), work)
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    for offset in range(6):
        await admit("t", offset, "dead")
        await admit("u", offset, "approved")
    assert worked == ["t/0", "u/0", "t/1", "u/1", "t/2", "u/2", "t/3", "u/3", "u/4", "u/5"]
    assert max(offset for tp, offset, _ in settled if tp.topic == "t") == 3, "the first that was not dealt with is 4"
    await window.drain(1)
    await admit("t", 4, "approved", generation=2)
    assert "t/4" not in worked, "a rebalance is no restart"
    assert window.in_flight == 0
