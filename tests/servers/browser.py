"""A real browser: the Chromium that scripts/setup installs, driven by Playwright."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, async_playwright

# The system's, never one that Playwright would bring: it comes with the system's updates.
NAMES = ("chromium-headless-shell", "chromium", "google-chrome", "chrome")
MISSING = f"no browser: none of {', '.join(NAMES)} is on the PATH (make setup-tests installs it on Debian)"
# Its sandbox needs namespaces that containers and root do not have; it only ever sees pages of ours.
ARGUMENTS = ("--no-sandbox", "--disable-dev-shm-usage")


def path_of_browser() -> str:
    """Return its program. Without one a test is skipped on a person's machine, and fails where nobody reads along."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None and not os.environ.get("CI"):
        pytest.skip(MISSING)
    assert path is not None, MISSING
    return path


@asynccontextmanager
async def running_browser() -> AsyncIterator[Browser]:
    """Run the browser until the block ends."""
    path = path_of_browser()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            await browser.close()
