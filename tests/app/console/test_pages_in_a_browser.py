"""What a person sees, in a real browser: with and without the script, on a telephone, at night, by the keyboard."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from app.top.picture import picture
from app.top.recent import Seen
from tests.app.console.conftest import Console
from tests.app.top.test_picture import AWAY, World
from tests.servers.browser import running_browser

# The page asks every five seconds; a guard against a hang only.
expect.set_options(timeout=60_000)
# What the browser itself says where there is no icon, no answer, or no key: it is what some of the tests are about.
EXPECTED = ("favicon", "Failed to load resource")
PHONE = {"width": 360, "height": 740}
SCRIPT = "<img src=x onerror=alert(1)>"


def busy(*, broker: bool = True) -> Seen:
    """Return a picture with something in each of its corners."""
    world = World()
    world.reader.release.labels("reader", "r2", "canary").set(1)
    world.reader.ready.labels("reader").set(1)
    world.reader.rss.labels("reader", "own").set(1_234 * 1024**2)
    world.reader.dead_letters.labels("extraction").inc(2)
    world.reader.events.labels("extraction", "xml", "extracted").inc(1_000)
    world.reader.reasons.labels("extraction", SCRIPT).inc(3)
    world.ledger.commands.labels("SCT", "EUR").inc(1_500)
    world.ledger.stage_stopped.labels("decision").set(1)
    before = world.look(0.0)
    world.reader.events.labels("extraction", "xml", "extracted").inc(2_500)
    world.reader.seconds.labels("extraction", "xml").observe(0.03)
    world.ledger.command_seconds.labels("SCT").observe(70.0)
    world.unread = {
        "document.received": (12_345, 5_400.0), "invoice.extracted": (3, 7.5), "payment.decided": (1, None),
        "audit.entry": (40, 0.25),
    }  # fmt: skip
    world.waiting = {"held": (7, 3 * 86_400.0), "validated": (1, 1_000.0)}
    return Seen(datetime(2026, 11, 29, 7, 0, 1, tzinfo=UTC), picture(world.look(4.0, broker=broker, two=AWAY), before))


@asynccontextmanager
async def page_of(browser: Browser, console: Console, **context: Any) -> AsyncIterator[Page]:
    """Open the page as somebody who has logged in; nothing may be complained of, and nothing asked for elsewhere."""
    opened = await browser.new_context(**context)
    page = await opened.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda asked: None if asked.url.startswith(console.url) else complaints.append(asked.url))
    await page.goto(f"{console.url}/console/status")
    await page.get_by_label("API key").fill("key-auditor")
    await page.keyboard.press("Enter")
    await expect(page.locator("#verdict")).to_be_visible()
    yield page
    assert [one for one in complaints if not any(words in one for words in EXPECTED)] == []
    await opened.close()


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with running_browser() as running:
        yield running


async def test_the_script_says_the_same_as_the_page_without_it(console: Console, browser: Browser) -> None:
    for seen in (busy(), busy(broker=False)):
        console.seen = seen
        async with page_of(browser, console, java_script_enabled=False) as page:
            still = await page.locator("main").inner_html()
        async with page_of(browser, console) as page:
            console.seen = replace(seen, looked_at=seen.looked_at.replace(second=2))
            await expect(page.locator("time")).to_have_text("07:00:02 UTC")
            moving = await page.locator("main").inner_html()
        assert shown(still) == shown(moving)


def shown(html: str) -> list[str]:
    """Return tags with their classes, and words; without the moment and what only a script offers or says aloud."""
    html = re.sub(r'<p id="taken".*?</p>|<p id="said".*?</p>', "", html, flags=re.DOTALL)
    parts = [part.strip() for part in re.split(r"(<[^>]*>)", re.sub(r' class=""', "", html))]
    return [part for part in parts if part]


async def test_what_a_document_said_is_words_and_never_a_tag(console: Console, browser: Browser) -> None:
    console.seen = busy()
    async with page_of(browser, console) as page:
        await expect(page.locator("#outcomes")).to_contain_text(SCRIPT)
        assert await page.locator("img").count() == 0


async def test_it_turns_says_so_once_and_turns_back(console: Console, browser: Browser) -> None:
    calm = picture(World().look(0.0))
    console.seen = Seen(datetime(2026, 11, 29, 7, tzinfo=UTC), calm)
    async with page_of(browser, console) as page:
        await expect(page.locator("#said")).to_be_empty()
        console.seen = busy()
        await expect(page.locator("#said")).to_have_text(
            "Money is late: the stage decision has stopped after too many dead letters."
        )
        await expect(page.locator("#verdict")).to_have_class("late")
        console.seen = Seen(datetime(2026, 11, 29, 8, tzinfo=UTC), calm)
        await expect(page.locator("#verdict")).to_have_text(calm.verdict.sentence)


async def test_a_page_that_gets_no_answer_does_not_say_that_all_is_well(console: Console, browser: Browser) -> None:
    async with page_of(browser, console) as page:
        await page.route("**/v1/status", lambda route: route.abort())
        await expect(page.locator("#verdict")).to_have_text(re.compile("the API does not answer"))
        await page.unroute("**/v1/status")
        await expect(page.locator("#taken")).not_to_have_class("old")


async def test_a_key_that_was_revoked_leads_to_the_log_in(console: Console, browser: Browser) -> None:
    async with page_of(browser, console) as page:
        await page.context.clear_cookies()
        await expect(page).to_have_url(f"{console.url}/console/login")


async def test_it_can_be_paused_by_the_keyboard(console: Console, browser: Browser) -> None:
    async with page_of(browser, console) as page:
        await page.get_by_role("button", name="Pause").focus()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("button", name="Go on")).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_on_a_telephone_nothing_is_cut_off_and_all_can_be_read(
    console: Console, browser: Browser, scheme: str
) -> None:
    console.seen = busy()
    async with page_of(browser, console, viewport=PHONE, color_scheme=scheme) as page:
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert await page.evaluate(CONTRASTS) == []


# What has less than WCAG's 4.5 : 1 between its letters and its ground.
CONTRASTS = """() => {
  const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((each) => each / 255)
    .map((each) => each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4)
    .reduce((sum, each, place) => sum + each * [0.2126, 0.7152, 0.0722][place], 0);
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const found = channels(getComputedStyle(at).backgroundColor);
      if (found.length === 3 || found[3] > 0) return found;
    }
    return [255, 255, 255];
  };
  return [...document.querySelectorAll("body *")]
    .filter((each) => [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
    .map((each) => [each, light(channels(getComputedStyle(each).color)), light(ground(each))])
    .filter(([, one, other]) => (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05) < 4.5)
    .map(([each]) => each.outerHTML);
}"""
