"""The demo's own commands are those that a person types; each in a process of its own."""

import asyncio
import sys
from collections.abc import Mapping

# The longest is a regression over a hundred papers with two releases.
TIMEOUT_SECONDS = 180.0


class Failed(Exception):  # noqa: N818 - it says what happened
    """A command ended with another code than 0; the message is its last line."""


class Commands:
    """Runs `quittance` with the stack's settings and somebody's key."""

    def __init__(self, environment: Mapping[str, str], url: str, key: str) -> None:
        self._environment = {**environment, "QUITTANCE_API_URL": url, "QUITTANCE_API_KEY": key}

    async def must(self, *arguments: str) -> str:
        """Run a command that must end well; return what it printed.

        Raises:
            Failed: it did not.
        """
        code, said = await self.run(*arguments)
        if code:
            raise Failed(f"quittance {' '.join(arguments)}: {said.strip().splitlines()[-1:]}")
        return said

    async def run(self, *arguments: str) -> tuple[int, str]:
        """Run a command; return its exit code and what it printed, errors too."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "app", *arguments),
            env=dict(self._environment),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await asyncio.wait_for(process.communicate(), TIMEOUT_SECONDS)
        return process.returncode or 0, said.decode(errors="replace")
