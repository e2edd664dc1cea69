"""A worker without a role: one process of each, under one parent that passes signals on and ends when either does."""

import asyncio
import contextlib
import os
import signal
import sys
from dataclasses import dataclass

import httpx
from prometheus_client.registry import Collector

from app.exposition import OPENMETRICS, Merged
from app.health import HealthServer
from app.local.processes import TETHER
from app.settings import Settings
from app.termination import drain_by
from app.worker import APP_IDS, CLOSE_TIMEOUT_SECONDS

# A child that answers later than this is counted as not ready.
ASK_TIMEOUT_SECONDS = 2.0
# Between the first child's end and the killing of the other: its own drain, and a little.
MARGIN_SECONDS = 5.0
# A child answers where there is room, and says where: the port of the settings is the parent's.
PORT_OF_ITS_OWN = {"QUITTANCE_METRICS_PORT": "0"}


@dataclass
class Part:
    """One child process, and where it answers once it has said so."""

    role: str
    process: asyncio.subprocess.Process
    port: int | None = None


class Supervisor:
    """Starts a child a role. Each is tied to the parent by the kernel, so that a kill leaves nothing behind."""

    def __init__(self, settings: Settings) -> None:
        """Nothing is started before `run`."""
        self._settings = settings
        self._parts: list[Part] = []
        self._draining = False
        # One for all questions, for it takes a while to be made; no connection is kept, for children end.
        self._client = httpx.AsyncClient(
            timeout=ASK_TIMEOUT_SECONDS, limits=httpx.Limits(max_keepalive_connections=0), trust_env=False
        )

    async def run(self) -> int:
        """Work until a signal or until a child ends; return the exit code of the whole."""
        drain_by(self._drain, asyncio.get_running_loop())
        health = HealthServer(self._settings.metrics_host, self._settings.metrics_port, self.missing, self.metrics)
        await health.start()
        try:
            for role in APP_IDS:
                if not self._draining:
                    self._parts.append(await self._start(role))
            if self._draining:  # the signal came while they were being started
                self._pass_on(signal.SIGTERM)
            codes = await self._until_ended()
        finally:
            await health.stop()
            await self._client.aclose()
        return max((self._told(code) for code in codes), default=0)

    async def _until_ended(self) -> list[int]:
        waits = [asyncio.create_task(part.process.wait()) for part in self._parts]
        if waits:  # none, where the signal came first
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            self._drain()
            await asyncio.wait(
                waits, timeout=self._settings.drain_timeout_seconds + CLOSE_TIMEOUT_SECONDS + MARGIN_SECONDS
            )
            self._pass_on(signal.SIGKILL)
        return await asyncio.gather(*waits)

    def _told(self, code: int) -> int:
        """Return an exit code; a child that our SIGTERM met before it had begun had nothing to drain."""
        return 0 if self._draining and code == -signal.SIGTERM else abs(code)

    async def _start(self, role: str) -> Part:
        told, tell = os.pipe()
        process = await asyncio.create_subprocess_exec(
            *_command(role, tell),
            stdin=asyncio.subprocess.DEVNULL,
            pass_fds=(tell,),
            env={**os.environ, **PORT_OF_ITS_OWN},
        )
        os.close(tell)
        part = Part(role, process)
        asyncio.get_running_loop().add_reader(told, self._announced, part, told)
        return part

    @staticmethod
    def _announced(part: Part, told: int) -> None:
        asyncio.get_running_loop().remove_reader(told)
        with contextlib.suppress(ValueError):
            part.port = int(os.read(told, 16) or b"-")
        os.close(told)

    def _drain(self) -> None:
        """Ask the children to drain, once: a second SIGTERM would end one that is closing already."""
        if not self._draining:
            self._draining = True
            if len(self._parts) == len(APP_IDS):  # else `run` does it as soon as they are started
                self._pass_on(signal.SIGTERM)

    def _pass_on(self, number: signal.Signals) -> None:
        for part in self._parts:
            with contextlib.suppress(ProcessLookupError):
                part.process.send_signal(number)

    async def missing(self) -> list[str]:
        """Return why any of the children is not ready."""
        if len(self._parts) < len(APP_IDS):
            return ["the processes are being started"]
        return [line for lines in await asyncio.gather(*map(self._missing_of, self._parts)) for line in lines]

    async def _missing_of(self, part: Part) -> list[str]:
        try:
            answer = (await self._ask(part, "readyz")).json()
        except (httpx.HTTPError, ValueError):
            return [f"{part.role}: no answer yet"]
        return [f"{part.role}: {line}" for line in answer["missing"]]

    async def metrics(self) -> Collector:
        """Return the children's pages as one; each metric appears once, with the samples of all."""
        pages = await asyncio.gather(*(self._ask(part, "metrics") for part in self._parts), return_exceptions=True)
        return Merged(page.text for page in pages if isinstance(page, httpx.Response))

    async def _ask(self, part: Part, path: str) -> httpx.Response:
        if part.port is None:
            raise httpx.ConnectError("it has not said yet where it answers")
        return await self._client.get(
            f"http://{self._settings.metrics_host}:{part.port}/{path}", headers={"Accept": OPENMETRICS}
        )


def _command(role: str, tell: int) -> list[str]:
    """Return the child's command line. It is tied before it imports anything: that takes seconds on a busy machine."""
    tethered = [sys.executable, "-I", "-S", str(TETHER), str(os.getpid()), "-"]
    return [*tethered, sys.executable, "-m", "app", "worker", "--role", role, "--announce", str(tell)]
