"""The status page of a running stack in a real browser: a stopped worker makes money late, and is seen to mend."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer
from playwright.async_api import Page, expect

from app import clock
from app.local.stack import Stack
from app.top.verdict import PROMISED_SECONDS
from schemas.topics import DOCUMENT_RECEIVED
from tests.servers.browser import running_browser
from tests.system.processes import paused, process_of

pytestmark = [pytest.mark.system, pytest.mark.kafka, pytest.mark.timeout(480)]

# A guard against a hang only: the page asks every five seconds, and so does the watch over the lag.
SHOWN_MILLISECONDS = 120_000
FIRST, MORE = 3, 4


async def write(stack: Stack, count: int, *, partition: int = 0, seconds_ago: float = 0.0) -> None:
    """Write events that were written long ago by their own clock: nobody has to wait for them to grow old."""
    at = round((clock.now().timestamp() - seconds_ago) * 1000)
    async with AIOKafkaProducer(bootstrap_servers=stack.settings.kafka_bootstrap_servers) as producer:
        for _ in range(count):
            await producer.send_and_wait(
                DOCUMENT_RECEIVED.name, b"no JSON", key=b"nobody", partition=partition, timestamp_ms=at
            )


@asynccontextmanager
async def logged_in(stack: Stack) -> AsyncIterator[Page]:
    async with running_browser() as browser:
        page = await browser.new_page()
        page.set_default_timeout(SHOWN_MILLISECONDS)
        await page.goto(stack.console_url)
        await page.get_by_label("API key").fill(stack.api_key)
        await page.get_by_role("button", name="Log in").click()
        yield page


async def test_a_stopped_worker_makes_money_late_and_its_going_on_mends_it(tmp_path: Path) -> None:
    expect.set_options(timeout=SHOWN_MILLISECONDS)
    async with Stack(tmp_path, tell=lambda _line: None) as stack, logged_in(stack) as page:
        verdict, unread = page.locator("#verdict"), page.get_by_role("row", name="extraction").locator("td").first
        await expect(verdict).to_have_text("No money is late.")
        with paused(process_of(stack, "worker")):
            await write(stack, FIRST)
            await expect(unread).to_have_text(str(FIRST))
            await write(stack, MORE)
            await expect(unread).to_have_text(str(FIRST + MORE))
            await expect(page.locator("#notes")).to_contain_text("does not answer")
            # Of a partition of which nothing is unread yet, it is the first.
            await write(stack, 1, partition=1, seconds_ago=PROMISED_SECONDS * 3)
            await expect(verdict).to_have_text(re.compile("Money is late: nobody has read the oldest event of "))
            await expect(verdict).to_have_class("late")
            await expect(page.locator("#said")).to_contain_text("Money is late")
        await expect(verdict).to_have_text("No money is late.")
        await expect(unread).to_have_text("0")
        await expect(page.get_by_role("row", name="extraction").locator("td").last).to_have_text(str(FIRST + MORE + 1))
        await expect(page.locator("#notes")).to_contain_text("quittance dead list")
