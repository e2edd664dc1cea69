"""The rules process itself, no stand-in: each test has its own, and compiles what it needs."""

from collections.abc import AsyncIterator

import pytest

from app.rules import OfficialRules


@pytest.fixture
async def rules() -> AsyncIterator[OfficialRules]:
    async with OfficialRules() as opened:
        yield opened
