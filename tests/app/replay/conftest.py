"""The demo's samples through the chain, once for all tests of a folder: held, approved, rejected and the like."""

import asyncio

import pytest

from app.local.samples import demo_set
from tests.app.replay.world import World


@pytest.fixture(scope="session")
def demo_world() -> World:
    """All samples of the demo, decided; the bank has said nothing yet. Only read it."""
    world = World(demo_set())
    world.know()
    for sample in world.samples.samples:
        world.send(sample)
    asyncio.run(world.run())
    return world
