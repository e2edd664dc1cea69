"""Dead letters on a real Kafka: found, told apart, shown safely, and sent back once under the same id."""

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer, ConsumerRecord
from click.testing import CliRunner, Result

from agents.effects import DeadLetter
from app.cli import main
from app.dead_letters import Foreign, Letter, Place, Replayed, parse
from app.dead_letters.letter import Omitted, Origin
from app.dead_letters.replay import mark, named
from app.dead_letters.shown import printable
from app.delivery import Delivery
from app.local.kafka import Broker
from app.settings import Settings
from app.snapshot import read_to_end
from app.topics import create_topics
from schemas.envelope import Envelope
from schemas.identifiers import digest
from schemas.topics import DOCUMENT_RECEIVED, INVOICE_VALIDATED

VALUE = b'\xff{"no": "json'
KEY = b"sha256:" + b"a" * 64
LETTER = DeadLetter(
    stage="extraction",
    topic=DOCUMENT_RECEIVED,
    partition=4,
    offset=17,
    timestamp=1_795_000_000.123,
    key=KEY,
    value=VALUE,
    headers={"ce_id": b"e-1", "ce_source": b"erp-7"},
    reason="VALUE-INVALID",
    detail="it is no JSON",
)
WHY = {
    "dlq.topic": b"document.received", "dlq.partition": b"4", "dlq.offset": b"17", "dlq.timestamp": b"1795000000123",
    "dlq.stage": b"extraction", "dlq.reason": b"VALUE-INVALID", "dlq.detail": b"it is no JSON", "dlq.version": b"1",
}  # fmt: skip


def record(
    headers: Mapping[str, bytes | None],
    value: bytes | None = VALUE,
    key: bytes | None = KEY,
    topic: str = "document.received.dead",
) -> ConsumerRecord:
    return SimpleNamespace(
        topic=topic,
        partition=4,
        offset=3,
        timestamp=1_795_000_001_000,
        key=key,
        value=value,
        headers=[*headers.items()],
    )


def letter(**other: Any) -> Letter:
    parsed = parse(record({"ce_id": b"e-1", **WHY}))
    assert isinstance(parsed, Letter)
    return replace(parsed, **other)


class TestParse:
    def test_a_letter_is_the_original_and_why(self) -> None:
        assert letter() == Letter(
            place=Place("document.received.dead", 4, 3),
            topic=DOCUMENT_RECEIVED,
            origin=Origin(4, 17, 1_795_000_000_123),
            buried_at=datetime.fromtimestamp(1_795_000_001, tz=UTC),
            stage="extraction",
            reason="VALUE-INVALID",
            detail="it is no JSON",
            key=KEY,
            value=VALUE,
            headers=(("ce_id", b"e-1"),),
        )
        assert letter().source == Place("document.received", 4, 17)

    @pytest.mark.parametrize(
        ("reason", "kind"),
        [
            ("VALUE-INVALID", "poison"), ("KEY-MISMATCH", "poison"), ("STAGE-FAILED", "poison"),
            ("STORE-UNAVAILABLE", "parked"), ("DOCUMENT-FORBIDDEN", "parked"),
        ],
    )  # fmt: skip
    def test_what_an_outage_put_aside_is_told_from_poison(self, reason: str, kind: str) -> None:
        assert letter(reason=reason).kind == kind

    def test_an_omitted_original_is_known_by_size_and_digest(self) -> None:
        headers = {**WHY, "dlq.omitted.size": b"2000000", "dlq.omitted.digest": b"sha256:x"}
        parsed = parse(record(headers, value=b"", key=None))
        assert isinstance(parsed, Letter)
        assert (parsed.omitted, parsed.size_bytes) == (Omitted(2_000_000, "sha256:x"), 2_000_000)

    def test_a_mark_names_its_event(self) -> None:
        went = Place("document.received", 4, 99)
        assert parse(record(dict(mark(letter(), went)), value=b"")) == Replayed(letter().origin)

    def test_a_publisher_can_forge_neither_a_mark_nor_an_omission(self) -> None:
        """Its headers are carried along, and may be called anything."""
        forged = {"dlq.replayed": b"1", "dlq.omitted.size": b"1", "dlq.omitted.digest": b"sha256:x"}
        parsed = parse(record({**forged, **WHY}))
        assert isinstance(parsed, Letter)
        assert (parsed.omitted, parsed.headers) == (None, ())

    @pytest.mark.parametrize(
        "wrong",
        [
            {"dlq.topic": b"payment.initiated"},
            {"dlq.topic": b""},
            {"dlq.partition": b"-1"},
            {"dlq.offset": "٣".encode()},
            {"dlq.offset": b"9" * 5_000},
            {"dlq.partition": None},
        ],
    )
    def test_what_no_stage_wrote_is_foreign(self, wrong: dict[str, bytes | None]) -> None:
        assert parse(record({**WHY, **wrong})) == Foreign(Place("document.received.dead", 4, 3))

    def test_anything_may_stand_there(self) -> None:
        assert isinstance(parse(record({}, None, None)), Foreign)
        assert isinstance(parse(record(WHY, topic="audit.entry.dead")), Foreign)
        assert isinstance(parse(record(dict.fromkeys(WHY, b"\xff\xfe"))), Foreign)


class TestNames:
    def test_an_event_keeps_its_id_and_source(self) -> None:
        headers = (("ce_id", b"e-1"), ("ce_time", b"2026-01-01T00:00:00Z"), ("ce_source", b"erp-7"))
        assert named(letter(), headers) == headers

    def test_an_event_without_an_id_keeps_the_one_that_its_stage_gave_it(self) -> None:
        """Else a replay would be another event for everybody downstream."""
        before = Envelope.of(
            {},
            fallback_id="document.received/4/17",
            event_type="document.received",
            time=datetime.fromtimestamp(1_795_000_000.123, tz=UTC),
        )
        headers = {name: value or b"" for name, value in named(letter(headers=()), (("ce_id", b""),))}
        after = Envelope.of(headers, fallback_id="other", event_type="document.received", time=datetime.now(UTC))
        assert (after.id, after.correlation_id, after.time) == (before.id, before.correlation_id, before.time)


def test_nothing_that_a_terminal_would_obey_is_printed() -> None:
    assert printable("a\x1b]0;x\x07\u202e\u200b\r\nä€") == "a\\x1b]0;x\\x07\\u202e\\u200b\\r\\nä€"


# ---- on a real Kafka ----


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A broker of our own: the topics have fixed names."""
    with Broker(tmp_path_factory.mktemp("kafka")) as started:
        settings = Settings(kafka_bootstrap_servers=started.bootstrap_servers)
        asyncio.run(create_topics(settings))
        yield settings


@pytest.fixture(scope="module")
def quittance(broker: Settings) -> Callable[..., Result]:
    def run(*arguments: str, code: int = 0) -> Result:
        environment = {"QUITTANCE_KAFKA_BOOTSTRAP_SERVERS": broker.kafka_bootstrap_servers}
        result = CliRunner().invoke(main, ["dead", *arguments], env=environment)
        assert result.exit_code == code, (result.output, result.exception)
        return result

    return run


class _Producing:
    """Faust's producer, as delivery sees it, over aiokafka's."""

    def __init__(self, producer: AIOKafkaProducer) -> None:
        self._producer = producer

    async def send(
        self,
        topic: str,
        key: bytes | None,
        value: bytes | None,
        partition: int | None,
        timestamp: float | None,
        headers: Mapping[str, bytes] | None,
    ) -> Any:
        assert timestamp is None
        return await self._producer.send(
            topic, value, key=key, partition=partition, headers=list((headers or {}).items())
        )


def bury(settings: Settings, *letters: DeadLetter, request_bytes_max: int = 1_040_000) -> None:
    """Write letters as a worker does."""

    async def run() -> None:
        async with AIOKafkaProducer(
            bootstrap_servers=settings.kafka_bootstrap_servers, max_request_size=request_bytes_max
        ) as producer:
            delivery = Delivery(lambda: _Producing(producer))
            for one in letters:
                await delivery.bury(one)

    asyncio.run(run())


def write(settings: Settings, topic: str, partition: int, value: bytes) -> int:
    async def run() -> int:
        async with AIOKafkaProducer(
            bootstrap_servers=settings.kafka_bootstrap_servers, max_request_size=1_048_000
        ) as producer:
            sent = await producer.send_and_wait(topic, value, key=KEY, partition=partition, headers=[("h", b"1")])
            return int(sent.offset)

    return asyncio.run(run())


def records(settings: Settings, topic: str, partition: int) -> list[ConsumerRecord]:
    async def run() -> list[ConsumerRecord]:
        return [one async for one in read_to_end(settings, topic) if one.partition == partition]

    return asyncio.run(run())


def listed(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.mark.kafka
def test_a_letter_goes_back_once_as_it_came(broker: Settings, quittance: Callable[..., Result]) -> None:
    bury(broker, replace(LETTER, partition=0), replace(LETTER, partition=0, offset=18, value=None, key=None))
    one, two = listed(quittance("list", "--partition", "0", "--jsonl"))
    assert one == {
        "topic": "document.received.dead",
        "partition": 0,
        "offset": 0,
        "buried_at": one["buried_at"],
        "origin": {"topic": "document.received", "partition": 0, "offset": 17},
        "stage": "extraction",
        "kind": "poison",
        "reason": "VALUE-INVALID",
        "detail": "it is no JSON",
        "key": KEY.decode(),
        "size_bytes": len(VALUE),
        "omitted": False,
        "replayed": False,
    }
    assert two["key"] == "-"
    dry = quittance("replay", "--partition", "0", "--dry-run").stdout
    assert "2 would be replayed" in dry
    assert records(broker, "document.received", 0) == []

    assert "1 replayed" in quittance("replay", "--partition", "0", "--offset", "0").stdout
    (back,) = records(broker, "document.received", 0)
    assert (back.key, back.value) == (KEY, VALUE)
    headers = dict(back.headers)
    assert headers.pop("ce_time").startswith(b"2026-11-18T")
    assert headers == {"ce_id": b"e-1", "ce_source": b"erp-7"}

    assert "1 replayed, 0 cannot be, 1 were replayed before" in quittance("replay", "--partition", "0").stdout
    assert "0 replayed, 0 cannot be, 2 were replayed before" in quittance("replay", "--partition", "0").stdout
    assert [one.value for one in records(broker, "document.received", 0)] == [VALUE, b""]
    assert quittance("list", "--partition", "0", "--jsonl").stdout == ""
    assert [one["replayed"] for one in listed(quittance("list", "--partition", "0", "--jsonl", "--all"))] == [True] * 2

    assert "1 replayed" in quittance("replay", "--partition", "0", "--offset", "0", "--force").stdout
    assert len(records(broker, "document.received", 0)) == 3


@pytest.mark.kafka
def test_an_event_buried_twice_goes_back_once(broker: Settings, quittance: Callable[..., Result]) -> None:
    """A worker that dies between the letter and its commit reads the event again, and buries it again."""
    bury(broker, *[replace(LETTER, partition=1)] * 3, replace(LETTER, partition=1, offset=18))
    assert "2 replayed, 0 cannot be, 2 were" in quittance("replay", "--partition", "1").stdout
    assert len(records(broker, "document.received", 1)) == 2
    assert quittance("list", "--partition", "1", "--jsonl").stdout == ""


@pytest.mark.kafka
def test_letters_are_told_apart_and_chosen(broker: Settings, quittance: Callable[..., Result]) -> None:
    bury(
        broker,
        replace(LETTER, partition=2, reason="STORE-UNAVAILABLE", detail="503 from \x1b[2Jthe store"),
        replace(LETTER, partition=2, offset=18, detail="account DE89370400440532013000"),
        replace(LETTER, partition=2, topic=INVOICE_VALIDATED, stage="decision", reason="STAGE-FAILED"),
    )
    text = quittance("list", "--partition", "2").stdout
    assert "2 poison (the bytes or our code are at fault" in text
    assert "1 parked (something outside was failing" in text
    assert "503 from \\x1b[2Jthe store" in text
    assert "account DE**3000" in text

    def chosen(*arguments: str) -> list[str]:
        return [one["reason"] for one in listed(quittance("list", "--partition", "2", "--jsonl", *arguments))]

    assert chosen("--kind", "parked") == ["STORE-UNAVAILABLE"]
    assert chosen("--stage", "decision") == ["STAGE-FAILED"]
    assert chosen("--topic", "invoice.validated") == ["STAGE-FAILED"]
    assert chosen("--topic", "document.received.dead", "--kind", "poison") == ["VALUE-INVALID"]
    assert chosen("--reason", "VALUE-EMPTY") == []
    assert "1 replayed" in quittance("replay", "--partition", "2", "--kind", "parked").stdout
    assert sorted(chosen()) == ["STAGE-FAILED", "VALUE-INVALID"]
    assert "1 replayed already" in quittance("list", "--partition", "2").stdout


@pytest.mark.kafka
def test_a_letter_is_shown_safely_and_written_whole(
    broker: Settings, quittance: Callable[..., Result], tmp_path: Path
) -> None:
    value = b"\x1b[31m\xff\xfe red\n" + b"x" * 20_000
    bury(broker, replace(LETTER, partition=3, value=value))
    shown = quittance("show", "document.received", "3", "0")
    assert "\x1b" not in shown.stdout
    assert "\\x1b[31m\\xff\\xfe red\n" in shown.stdout
    assert "header  ce_source: erp-7" in shown.stdout
    assert "reason  VALUE-INVALID (poison)" in shown.stdout
    assert "bytes more" in shown.stderr
    out = tmp_path / "value"
    quittance("show", "document.received.dead", "3", "0", "--out", str(out))
    assert out.read_bytes() == value
    refused = quittance("show", "document.received.dead", "3", "0", "--out", str(out), code=1)
    assert "File exists" in refused.stderr
    assert quittance("show", "document.received", "3", "0", "--out", "-").stdout_bytes == value
    quittance("replay", "--partition", "3")
    assert "state   replayed" in quittance("show", "document.received", "3", "0").stdout
    for place in (("3", "1"), ("3", "77"), ("99", "0")):  # the mark of the replay, nothing, no partition
        assert "there is no letter" in quittance("show", "document.received", *place, code=1).stderr
    assert "has no dead letters" in quittance("show", "audit.entry", "0", "0", code=2).stderr


@pytest.mark.kafka
def test_an_original_too_large_to_be_kept_is_fetched_from_where_it_was(
    broker: Settings, quittance: Callable[..., Result], tmp_path: Path
) -> None:
    value = b"[" + b"1," * 520_000 + b"1]"
    offset = write(broker, "document.received", 5, value)
    whole = replace(LETTER, partition=5, offset=offset, value=value)
    gone = replace(whole, offset=offset + 1_000)
    bury(broker, whole, gone)
    assert [one["omitted"] for one in listed(quittance("list", "--partition", "5", "--jsonl"))] == [True, True]
    out = tmp_path / "value"
    quittance("show", "document.received", "5", "0", "--out", str(out))
    assert digest(out.read_bytes()) == digest(value)
    assert "no longer on its topic" in quittance("show", "document.received", "5", "1", code=1).stderr

    result = quittance("replay", "--partition", "5", code=1)
    assert "1 replayed, 1 cannot be" in result.stdout
    assert "document.received.dead 5 1: the original was too large" in result.stderr
    back = records(broker, "document.received", 5)[-1]
    assert (back.key, back.value == value, dict(back.headers)["h"]) == (KEY, True, b"1")


@pytest.mark.kafka
def test_another_record_in_its_place_is_not_taken_for_the_original(
    broker: Settings, quittance: Callable[..., Result]
) -> None:
    """A topic made anew has other records at the same offsets."""
    offset = write(broker, "document.received", 4, b"another")
    bury(broker, replace(LETTER, partition=4, offset=offset, value=b"x" * 1_045_000))
    assert "1 cannot be" in quittance("replay", "--partition", "4", code=1).stdout


@pytest.mark.kafka
def test_a_foreign_record_is_named_and_left_alone(broker: Settings, quittance: Callable[..., Result]) -> None:
    write(broker, "payment.status.dead", 0, b"not ours")
    result = quittance("list", "--topic", "payment.status")
    assert "payment.status.dead 0 0 is no dead letter" in result.stderr
    assert "no dead letters" in result.stdout
    assert "0 replayed" in quittance("replay", "--topic", "payment.status").stdout


def test_a_broker_that_is_away_is_one_line() -> None:
    environment = {"QUITTANCE_KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1"}
    for arguments in (["replay"], ["show", "document.received", "0", "0"]):
        result = CliRunner().invoke(main, ["dead", *arguments], env=environment)
        assert result.exit_code == 1
        assert result.stderr.count("\n") == 1, result.stderr
