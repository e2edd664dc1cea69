"""A child is waited for as long as it computes or sleeps, and not while the machine lets it wait."""

import asyncio
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count

import pytest

from app.extraction import READER_STARVED, SandboxedReader
from app.sandbox import Limits, Sandbox, Starved
from app.sandbox.patience import LOOK_SECONDS, Patience, waited_seconds

READER = "tests.sandbox.hostile_readers:read"
# The machine is to blame before the document can be.
IMPATIENT = Limits(wall_seconds=50.0, starved_seconds=1.0)


def always_waiting() -> Callable[[int], float]:
    """A kernel that says that the child has waited for as long as a look can be apart."""
    waited: Iterator[int] = count()
    return lambda _pid: next(waited) * 2 * LOOK_SECONDS


async def run_out(limits: Limits, waited: Callable[[int], float]) -> Patience:
    patience = Patience(os.getpid(), limits, waited)
    with pytest.raises(TimeoutError):
        async with patience:
            await asyncio.Event().wait()
    return patience


async def test_what_sleeps_has_its_time() -> None:
    assert not (await run_out(Limits(wall_seconds=1.0, starved_seconds=50.0), lambda _pid: 0.0)).starved


async def test_what_waits_for_a_processor_is_not_blamed() -> None:
    assert (await run_out(replace(IMPATIENT, wall_seconds=0.9), always_waiting())).starved


async def test_a_kernel_that_forgets_takes_nothing_away() -> None:
    ever_less = (-float(number) for number in count())
    patience = await run_out(Limits(wall_seconds=1.0, starved_seconds=50.0), lambda _pid: next(ever_less))
    assert not patience.starved


async def test_an_answer_in_time_ends_it() -> None:
    async with Patience(os.getpid(), IMPATIENT) as patience:
        await asyncio.sleep(0)
    assert not patience.starved


def test_the_kernel_tells_of_this_process_and_not_of_none() -> None:
    assert waited_seconds(os.getpid()) >= 0.0
    assert waited_seconds(1 << 30) == 0.0


async def test_a_starved_child_is_no_death_and_the_next_document_is_read() -> None:
    async with Sandbox(READER, processes=1, limits=IMPATIENT) as sandbox:
        outcome = await sandbox.read(b"spin")
        assert isinstance(outcome, Starved)
        assert "50 s of 1" in outcome.detail
        assert not sandbox.deaths
        assert await sandbox.read(b"echo:still here") == b"still here"


class NoRules:
    """No invoice gets so far."""

    pid = None

    async def check(self, ruleset: object, xml: bytes) -> tuple[()]:
        raise AssertionError(ruleset, xml)


async def test_its_document_is_put_aside_and_not_rejected() -> None:
    async with Sandbox(READER, processes=1, limits=IMPATIENT) as sandbox:
        reading = await SandboxedReader(sandbox, NoRules()).read(b"spin")
    assert getattr(reading, "reason", None) == READER_STARVED
    assert type(reading).__name__ == "Unavailable"
