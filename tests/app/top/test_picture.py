"""What two looks tell together; what a source does not say is None, never a number."""

import io
from pathlib import Path

from rich.console import Console

from app.cli_top import keep
from app.telemetry import Telemetry
from app.top.drawing import drawn
from app.top.looking import Look, Missing
from app.top.picture import Picture, picture
from app.top.rows import StageRow
from app.top.samples import Samples
from app.top.unread import WATCHED

AWAY = Missing("127.0.0.1:9092: no answer in 5 s")


class World:
    """A reader and a ledger, and a broker that says what a test says."""

    def __init__(self) -> None:
        self.reader = Telemetry("reader", "r1")
        self.ledger = Telemetry("ledger", "r1")
        for stage, telemetry in (("extraction", self.reader), ("decision", self.ledger)):
            telemetry.stage_stopped.labels(stage).set(0)
        self.unread: dict[str, tuple[float, float | None]] = {}
        self.waiting: dict[str, tuple[float, float]] | None = None

    def look(self, at: float, *, broker: bool = True, **missing: Missing) -> Look:
        pages = {
            "one:1": Samples.of(self.reader.registry.collect()),
            "two:2": Samples.of(self.ledger.registry.collect()),
        }
        rows = [
            row
            for number, (topic, (records, age)) in enumerate(self.unread.items())
            for row in (
                ("quittance_consumer_lag_records", {"topic": topic, "partition": str(number)}, records),
                *([] if age is None else [
                    ("quittance_oldest_unread_seconds", {"topic": topic, "partition": str(number)}, age)
                ]),
            )
        ]  # fmt: skip
        if self.waiting is not None:
            rows.append((WATCHED, {"watch": "states"}, 1.0))
            for state, (documents, age) in self.waiting.items():
                rows.append(("quittance_documents_waiting", {"state": state, "older_than": "0s"}, documents))
                rows.append(("quittance_documents_oldest_seconds", {"state": state}, age))
        answers = {f"{name}:{number}": why for number, (name, why) in enumerate(missing.items(), start=1)}
        return Look(at, {**pages, **answers}, Samples(tuple(rows)) if broker else AWAY)


def stage(found: Picture, name: str) -> StageRow:
    return next(row for row in found.stages if row.stage == name)


def text(found: Picture) -> str:
    console = Console(width=110, file=io.StringIO(), record=True)
    console.print(drawn(found))
    return console.export_text()


def test_rates_are_of_the_time_between_the_looks() -> None:
    world = World()
    world.reader.events.labels("extraction", "xml", "extracted").inc(100)
    before = world.look(10.0)
    world.reader.events.labels("extraction", "xml", "extracted").inc(20)
    world.reader.events_written.labels("extraction", "xml", "invoice.extracted").inc(18)
    row = stage(picture(world.look(14.0), before), "extraction")
    assert (row.in_per_second, row.out_per_second) == (5.0, 4.5)
    assert row.outcomes == {"extracted": 120}


def test_one_look_has_no_rates() -> None:
    row = stage(picture(World().look(1.0)), "extraction")
    assert (row.in_per_second, row.dead_letters) == (None, 0)


def test_latencies_are_recent_where_something_happened_and_else_of_all_there_was() -> None:
    world = World()
    world.reader.seconds.labels("extraction", "xml").observe(10.0)
    before = world.look(0.0)
    calm = stage(picture(world.look(1.0), before), "extraction").latency
    world.reader.seconds.labels("extraction", "xml").observe(0.001)
    busy = stage(picture(world.look(2.0), before), "extraction").latency
    assert calm.p50 is not None
    assert busy.p50 is not None
    assert (calm.recent, calm.p50 > 5.0) == (False, True)
    assert (busy.recent, busy.p50 <= 0.002) == (True, True)


def test_unread_is_summed_and_the_oldest_is_told() -> None:
    world = World()
    world.unread = {"document.received": (7, 3.5)}
    row = stage(picture(world.look(0.0)), "extraction")
    assert (row.unread, row.oldest_seconds) == (7, 3.5)


def test_an_age_that_the_broker_did_not_tell_is_not_zero() -> None:
    world = World()
    world.unread = {"document.received": (7, None)}
    assert stage(picture(world.look(0.0)), "extraction").oldest_seconds is None


def test_without_a_broker_nobody_knows_what_is_unread() -> None:
    found = picture(World().look(0.0, broker=False))
    assert (stage(found, "extraction").unread, found.broker_missing) == (None, AWAY.why)
    assert "The broker does not answer" in text(found)
    assert "no answer in 5 s" in text(found)


def test_a_worker_that_does_not_answer_is_shown_with_why_and_its_stages_are_unknown() -> None:
    found = picture(World().look(0.0, one=Missing("connection refused")))
    assert [(row.address, row.role, row.missing) for row in found.workers] == [
        ("one:1", None, "connection refused"),
        ("two:2", "ledger", None),
    ]
    assert stage(found, "extraction").dead_letters is None
    assert stage(found, "decision").dead_letters == 0
    assert "connection refused" in text(found)


def test_a_worker_that_has_gone_makes_no_negative_rate() -> None:
    world = World()
    world.reader.events.labels("extraction", "xml", "extracted").inc(100)
    before = world.look(0.0)
    assert stage(picture(world.look(1.0, one=Missing("gone")), before), "extraction").in_per_second is None


def test_a_stage_that_stopped_says_so() -> None:
    world = World()
    world.ledger.stage_stopped.labels("decision").set(1)
    found = picture(world.look(0.0))
    assert stage(found, "decision").stopped
    assert "decision stopped" in text(found)


def test_the_picture_as_svg_loads_nothing_from_elsewhere(tmp_path: Path) -> None:
    keep(picture(World().look(0.0)), tmp_path / "top.svg")
    drawing = (tmp_path / "top.svg").read_text("utf-8")
    assert "extraction" in drawing
    assert "url(" not in drawing.replace("url(#", "")
