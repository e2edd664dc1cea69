"""One small worker with a table, for the take-over test: it copies records and counts them by key.

`plain` is what Faust's guide would have one write; `ours` is the same on our classes. Run as a program:
BOOTSTRAP NAME VARIANT. It works until SIGTERM, then stops gracefully.
"""

import asyncio
import os
import signal
import sys
from typing import Any

import faust

from agents.effects import Outgoing
from app.delivery import Delivery
from app.settings import Settings
from app.stream.application import stream_application
from app.stream.windows import Window

SESSION_SECONDS = 6  # the least that a broker allows
DRAIN_SECONDS = 10.0


def plain(bootstrap: str, name: str) -> faust.App:
    app = faust.App(
        f"{name}-workers",
        broker=f"aiokafka://{bootstrap}",
        store="memory://",
        web_enabled=False,
        topic_disable_leader=True,
        topic_allow_declare=False,
        broker_session_timeout=SESSION_SECONDS,
        broker_heartbeat_interval=SESSION_SECONDS / 4,
        stream_wait_empty=True,
    )
    app._create_directories = lambda: None
    seen = app.Table("seen", key_type=str, default=int)
    source, sink = raw(app, f"{name}.in"), raw(app, f"{name}.out")

    async def copy(stream: Any) -> None:
        async for event in stream.events():
            await sink.send(key=event.key, value=event.value)
            seen[event.key.decode()] += 1

    app.agent(source, name="copy")(copy)
    return app


def ours(bootstrap: str, name: str) -> faust.App:
    settings = Settings(
        kafka_bootstrap_servers=bootstrap, session_timeout_seconds=SESSION_SECONDS, drain_timeout_seconds=DRAIN_SECONDS
    )
    app = stream_application(f"{name}-workers", settings)
    seen = app.Table("seen", key_type=str, default=int)
    delivery = Delivery(lambda: app.producer)
    window = Window(app.consumer.settle, lambda _surprise: os._exit(70))

    async def copy(stream: Any) -> None:
        async for event in stream.noack().events():
            await window.admit(event, event.key, work(event))

    def work(event: Any) -> Any:
        async def run() -> None:
            await delivery.deliver(Outgoing(f"{name}.out", event.key, event.value, {}))
            seen[event.key.decode()] += 1
            await seen.confirmed()

        return run

    app.agent(raw(app, f"{name}.in"), name="copy")(copy)
    app.consumer.drain = lambda: window.drain(DRAIN_SECONDS)
    return app


def raw(app: faust.App, topic: str) -> Any:
    return app.topic(topic, key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw")


async def run(app: faust.App) -> int:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    telling = asyncio.create_task(announce(app))
    await app.start()
    ended = await app.wait(stop.wait())
    telling.cancel()
    if ended.stopped or app.crashed:
        return 70
    await app.stop()
    return 0


async def announce(app: faust.App) -> None:
    """Say once that the worker is in its group and its tables are recovered."""
    while not (app.tables.actives_ready and not app.rebalancing):  # noqa: ASYNC110 - Faust has no event for both
        await asyncio.sleep(0.05)
    sys.stdout.write("ready\n")
    sys.stdout.flush()


async def main() -> int:
    bootstrap, name, variant = sys.argv[1:]
    return await run({"plain": plain, "ours": ours}[variant](bootstrap, name))


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
