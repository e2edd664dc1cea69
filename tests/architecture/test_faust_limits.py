"""What we stay away from in Faust and aiokafka (F5 to F8, F11 to F13 of docs/faust.md): the facts, and that we do.

Where a fact is too costly to show, the version that it was found in is pinned: whoever raises it reads docs/faust.md,
looks at the fact again, and raises the pin here.
"""

import ast
import inspect
import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import faust
import pytest
from aiokafka.consumer.group_coordinator import GroupCoordinator
from aiokafka.protocol import transaction
from faust.tables.base import Collection
from faust.transport.drivers import aiokafka as driver

from app.settings import Settings
from app.stream.application import stream_application
from app.topics import wanted_topics
from tables.declared import LEDGER, TABLES
from tests.app.stream.faust_parts import our_app, plain_app

ROOT = Path(__file__).parents[2]
SOURCES = [
    path for package in ("app", "agents", "tables", "schemas") for path in sorted((ROOT / package).rglob("*.py"))
]
PINNED = {"faust-streaming": "0.15.3", "aiokafka": "0.14.0", "mode-streaming": "0.7.1"}


def names_used() -> Iterator[tuple[str, str]]:
    """Yield every attribute, name and keyword of our code, with where it stands."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            where = f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"
            match node:
                case ast.Attribute(attr=name) | ast.Name(id=name) | ast.keyword(arg=str(name)):
                    yield name, where


def users_of(*names: str) -> list[str]:
    return [f"{where} {name}" for name, where in names_used() if name in names]


class TestVersions:
    """F7 among others: Faust's own crash test is skipped upstream, so nobody tests these for us."""

    @pytest.mark.parametrize(("distribution", "pin"), PINNED.items())
    def test_what_docs_faust_md_says_was_seen_in_these(self, distribution: str, pin: str) -> None:
        assert version(distribution) == pin, "look at every row of docs/faust.md again, then raise the pin"

    @pytest.mark.parametrize(("distribution", "pin"), PINNED.items())
    def test_the_requirements_pin_them(self, distribution: str, pin: str) -> None:
        required = (ROOT / "requirements/main.txt").read_text()
        assert re.search(rf"^{distribution}=={re.escape(pin)}\b", required, re.MULTILINE)

    def test_our_own_take_over_test_is_there_and_runs(self) -> None:
        text = (ROOT / "tests/architecture/test_faust_takeover.py").read_text()
        assert "def test_" in text
        assert "skip" not in text


class TestNoTransactions:
    """F5 (#517, #323, #177, #136) and F6 (KIP-890, KIP-447)."""

    def test_our_guarantee_is_at_least_once(self) -> None:
        app = our_app()
        app.finalize()
        assert app.conf.processing_guarantee.value == "at_least_once"
        assert not app.in_transaction

    def test_nobody_begins_one(self) -> None:
        assert not users_of("processing_guarantee", "transactional_id", "begin_transaction", "commit_transaction")

    async def test_faust_swallows_the_failure_of_one(self, monkeypatch: pytest.MonkeyPatch) -> None:
        producer = plain_app().producer

        def fail(**_named: object) -> None:
            raise RuntimeError("no broker")

        monkeypatch.setattr(producer, "_new_producer", fail)
        await producer.begin_transaction("t")  # raises nothing: sends go on outside of any transaction
        await producer.commit_transaction("t")

    @pytest.mark.parametrize("request_type", [transaction.EndTxnRequest, transaction.TxnOffsetCommitRequest])
    def test_aiokafka_speaks_no_newer_protocol_than_the_first(self, request_type: type) -> None:
        known = {
            found.API_VERSION  # type: ignore[attr-defined]  # of aiokafka's request structures
            for name, found in vars(transaction).items()
            if name.startswith(f"{request_type.__name__}_v") and inspect.isclass(found)
        }
        assert known == {0}, "aiokafka fences zombies now (F6): weigh transactions anew"


class TestMemoryAndChangelogAlone:
    """F8 (#596, #158, #73, #176, robinhood #523)."""

    def test_our_tables_live_in_memory(self) -> None:
        app = our_app()
        app.finalize()
        assert app.conf.store.scheme == "memory"

    @pytest.mark.parametrize("distribution", ["rocksdict", "faust-streaming-rocksdb", "python-rocksdb", "aerospike"])
    def test_no_other_store_is_installed(self, distribution: str) -> None:
        with pytest.raises(PackageNotFoundError):
            version(distribution)

    def test_a_store_in_memory_claims_to_persist_nothing(self) -> None:
        assert our_app().Table("seen").persisted_offset(faust.types.TP("seen", 0)) is None

    def test_every_changelog_has_fausts_own_name_and_is_made_by_us(self) -> None:
        app = stream_application(LEDGER, Settings())
        made = {topic.name: topic.settings for topic in wanted_topics()}
        for declared in TABLES:
            assert app.Table(declared.name).changelog_topic_name == declared.changelog
            assert made[declared.changelog]["cleanup.policy"] == "compact"

    def test_nobody_names_a_changelog_otherwise(self) -> None:
        assert {use.partition(":")[0] for use in users_of("changelog_topic")} == {"app/stream/fenced.py"}


class TestNoGlobalTable:
    """F11."""

    def test_a_global_table_shows_changes_of_others_in_thousands(self) -> None:
        default = inspect.signature(Collection.__init__).parameters["recovery_buffer_size"].default
        assert default == 1_000, "changes of others are seen sooner now (F11): weigh GlobalTable anew"

    def test_nobody_uses_one(self) -> None:
        assert not users_of("GlobalTable", "SetGlobalTable")


class TestNoInteractiveQueries:
    """F12."""

    def test_a_table_hashes_another_key_than_a_raw_topic(self) -> None:
        app = plain_app()
        table = app.Table("seen", key_type=str)
        topic = app.topic("t", key_type=str, key_serializer="raw")
        by_table = app.router._get_serialized_key(table, "k1")
        by_topic, _ = topic.prepare_key("k1", None)
        assert by_table == b'"k1"'
        assert by_topic == b"k1"
        assert by_table != by_topic, "they agree now (F12): interactive queries may be weighed anew"

    def test_nobody_asks_the_router(self) -> None:
        assert not users_of("key_store", "table_route", "topic_route", "route_req")

    def test_fausts_web_server_is_off(self) -> None:
        app = our_app()
        app.finalize()
        assert not app.conf.web_enabled


class TestTopicsAreOurs:
    """F13."""

    async def test_faust_declares_no_topic_of_an_agent(self) -> None:
        app = plain_app()
        declared: list[bool] = []

        async def declare() -> None:
            declared.append(True)

        topic = app.topic("t", partitions=7)
        topic.maybe_declare = declare
        app.topics._topics.add(topic)
        await app.topics._update_indices()
        assert not declared, "Faust makes the topics of agents now (F13): see that it does not make ours"

    async def test_ours_may_declare_none_at_all(self) -> None:
        app = our_app()
        app.finalize()
        assert app.conf.topic_allow_declare is False
        assert app.conf.topic_disable_leader is True

    def test_nobody_lets_faust_make_one(self) -> None:
        assert not users_of("declare", "maybe_declare")


class TestWhatWeOverride:
    """A subclass is only as good as the name that it replaces: an upgrade that renames one is seen here."""

    OVERRIDDEN = (
        (driver.Consumer, "_new_consumer_thread", ["self"]),
        (driver.AIOKafkaConsumerThread, "on_start", ["self"]),
        (GroupCoordinator, "_do_commit_offsets", ["self", "assignment", "offsets"]),
        (GroupCoordinator, "_do_heartbeat", ["self"]),
        (
            GroupCoordinator,
            "_on_join_complete",
            ["self", "generation", "member_id", "protocol", "member_assignment_bytes"],
        ),
        (GroupCoordinator, "reset_generation", ["self"]),
        (driver.Consumer, "_new_offset", ["self", "tp"]),
        (driver.Consumer, "_filter_tps_with_pending_acks", ["self", "topics"]),
        (driver.Consumer, "_wait_next_records", ["self", "timeout"]),
        (driver.Consumer, "getmany", ["self", "timeout"]),
        (driver.Consumer, "wait_for_stopped_flow", ["self"]),
        (driver.Consumer, "wait_empty", ["self"]),
        (driver.Consumer, "maybe_wait_for_commit_to_finish", ["self"]),
        (driver.Consumer, "seek_to_committed", ["self"]),
        (driver.Consumer, "on_partitions_revoked", ["self", "revoked"]),
        (driver.Consumer, "on_partitions_assigned", ["self", "assigned", "generation_id"]),
        (driver.Producer, "_settings_extra", ["self"]),
        (faust.tables.recovery.Recovery, "on_recovery_completed", ["self", "generation_id"]),
        (faust.tables.recovery.Recovery, "_resume_streams", ["self", "generation_id"]),
        (faust.tables.recovery.Recovery, "_seek_offsets", ["self", "consumer", "tps", "offsets", "title"]),
        (faust.App, "_new_transport", ["self"]),
        (faust.App, "_new_producer_transport", ["self"]),
        (faust.App, "_create_directories", ["self"]),
    )

    @pytest.mark.parametrize(
        ("owner", "name", "parameters"), OVERRIDDEN, ids=lambda found: getattr(found, "__name__", str(found))
    )
    def test_it_is_still_there(self, owner: type, name: str, parameters: list[str]) -> None:
        assert list(inspect.signature(getattr(owner, name)).parameters) == parameters

    def test_faust_calls_what_we_override(self) -> None:
        """A method that nobody calls any more corrects nothing."""
        consumer, recovery = inspect.getsource(faust.transport.consumer), inspect.getsource(faust.tables.recovery)
        application = inspect.getsource(faust.app.base)
        for call in ("self._new_offset(tp)", "self._filter_tps_with_pending_acks(topics)", "getmany(timeout=1.0)"):
            assert call in consumer
        for call in ("await self._wait_next_records(timeout)", "await self.seek_to_committed()"):
            assert call in consumer
        for call in ("(self.on_recovery_completed)", "(self._resume_streams)", "(self._seek_offsets)"):
            assert call in recovery
        assert "await consumer.wait_empty()" in application
