"""The application as it is made from settings: every correction in place, every unsafe feature off."""

from typing import Any

import faust
import pytest
from pydantic import SecretStr

from app.settings import Settings
from app.stream import application
from app.stream.application import stream_application
from app.stream.broker import broker_urls, credentials
from app.stream.consumer import SettledConsumer
from app.stream.producer import IdempotentProducer, StreamTransport
from app.stream.recovery import QuietTableManager
from app.stream.table import ConfirmedTable
from tests.app.stream.faust_parts import turns


class Ended(BaseException):
    """The process would have ended here."""


def made(**settings: Any) -> faust.App:
    app = stream_application("ours", Settings(**{"kafka_bootstrap_servers": "127.0.0.1:1", **settings}))
    app.finalize()
    return app


async def test_every_correction_is_in_place() -> None:
    app = made()
    consumer = app.consumer
    consumer._thread.thread_loop.close()
    assert isinstance(consumer, SettledConsumer)
    assert isinstance(app.producer, IdempotentProducer)
    assert isinstance(app.transport, StreamTransport)
    assert isinstance(app.tables, QuietTableManager)
    assert isinstance(app.Table("seen"), ConfirmedTable)


async def test_what_is_unsafe_in_faust_is_off() -> None:
    settings = made().conf
    assert settings.processing_guarantee == faust.types.enums.ProcessingGuarantee.AT_LEAST_ONCE
    assert str(settings.store) == "memory:"
    assert not settings.stream_publish_on_commit
    assert not settings.topic_allow_declare
    assert not settings.web_enabled
    assert not settings.producer_threaded
    assert settings.table_standby_replicas == 0
    assert settings.stream_wait_empty


async def test_it_writes_nothing_to_the_disk(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    made()._create_directories()
    assert not list(tmp_path.iterdir())


async def test_a_session_lives_as_long_as_the_settings_say() -> None:
    settings = made(session_timeout_seconds=40).conf
    assert settings.broker_session_timeout == 40
    assert settings.broker_heartbeat_interval <= 40 / 3
    assert settings.broker_request_timeout > 40


async def test_the_group_waits_for_a_member_that_drains() -> None:
    assert made(drain_timeout_seconds=200).conf.broker_rebalance_timeout > 200


async def test_an_agent_that_raises_ends_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Started again, it would go on behind the event that it raised on, and what follows would be settled."""
    reasons: list[str] = []
    monkeypatch.setattr(application, "end_process", reasons.append)
    app = made()

    async def consume(_stream: Any) -> None:
        raise LookupError("surprise")

    agent = app.agent(app.channel(), name="consume")(consume)
    async with agent.test_context(on_error=agent._on_error) as running:
        await running.put("anything", wait=False)
        await turns(100)
    assert len(reasons) == 1
    assert "LookupError" in reasons[0]


def test_every_bootstrap_server_is_asked() -> None:
    settings = Settings(kafka_bootstrap_servers="a:1, b:2")
    assert broker_urls(settings) == ["aiokafka://a:1", "aiokafka://b:2"]


def test_plain_text_has_no_credentials() -> None:
    assert credentials(Settings()) is None


def test_a_user_is_named_to_faust_as_to_every_client() -> None:
    given = credentials(
        Settings(
            kafka_security_protocol="SASL_PLAINTEXT",
            kafka_sasl_mechanism="SCRAM-SHA-512",
            kafka_username="quittance",
            kafka_password=SecretStr("secret"),
        )
    )
    assert (given.username, given.password) == ("quittance", "secret")
    assert given.mechanism.value == "SCRAM-SHA-512"
    assert given.ssl_context is None


def test_a_secured_line_has_a_context() -> None:
    assert credentials(Settings(kafka_security_protocol="SSL")).context is not None
