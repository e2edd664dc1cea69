"""A real Prometheus over given targets, with the product's rules in less time."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import yaml

from app.local.ports import LOOPBACK, free_port
from app.local.processes import start_child
from tests.deploy.promtool import ALERTS, program
from tests.deploy.shortened import shortened

FACTOR = 20
SCRAPE_SECONDS = 2
# Guards against a hang on a busy machine; nothing is measured by it.
WAIT_SECONDS = 240.0


class Prometheus:
    """Asks a running Prometheus."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._client = httpx.AsyncClient(base_url=url, timeout=30.0, trust_env=False)

    async def ready(self) -> None:
        deadline = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < deadline:
            with contextlib.suppress(httpx.HTTPError):
                if (await self._client.get("/-/ready")).is_success:
                    return
            await asyncio.sleep(0.1)
        raise AssertionError("Prometheus does not get ready")

    async def query(self, expression: str) -> list[dict[str, Any]]:
        answer = await self._client.get("/api/v1/query", params={"query": expression})
        answer.raise_for_status()
        found: list[dict[str, Any]] = answer.json()["data"]["result"]
        return found

    async def alerts(self, *states: str) -> set[str]:
        """The names of the alerts in any of the states (pending, firing)."""
        answer = await self._client.get("/api/v1/alerts")
        answer.raise_for_status()
        return {one["labels"]["alertname"] for one in answer.json()["data"]["alerts"] if one["state"] in states}

    async def until(self, true: Callable[[set[str]], bool], what: str) -> None:
        """Wait until something is true of the alerts that fire."""
        deadline, firing = time.monotonic() + WAIT_SECONDS, set[str]()
        while time.monotonic() < deadline:
            firing = await self.alerts("firing")
            if true(firing):
                return
            await asyncio.sleep(0.5)
        raise AssertionError(f"{what}; firing: {sorted(firing)}")

    async def silent(self, *names: str) -> None:
        """Wait until none of the alerts has been pending or firing for ten seconds."""
        asked = f'max_over_time(ALERTS{{alertname=~"{"|".join(names)}"}}[10s])'
        deadline = time.monotonic() + WAIT_SECONDS
        while found := await self.query(asked):
            assert time.monotonic() < deadline, found
            await asyncio.sleep(0.5)

    async def fires(self, *names: str) -> None:
        await self.until(lambda firing: set(names) <= firing, f"{', '.join(names)} should fire")

    async def fires_for(self, name: str, **labels: str) -> None:
        """Wait until an alert fires under these labels."""
        wanted = ",".join(f'{key}="{value}"' for key, value in labels.items())
        await self.answers(f'ALERTS{{alertname="{name}",alertstate="firing",{wanted}}}')

    async def quiet(self, *names: str) -> None:
        await self.until(lambda firing: not set(names) & firing, f"{', '.join(names)} should be over")

    async def answers(self, expression: str) -> list[dict[str, Any]]:
        """Wait until a query has a result."""
        deadline = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < deadline:
            if found := await self.query(expression):
                return found
            await asyncio.sleep(0.5)
        raise AssertionError(f"{expression} has no result")

    async def close(self) -> None:
        await self._client.aclose()


def configure(folder: Path, targets: Mapping[str, str]) -> None:
    """Write the configuration and the shortened rules."""
    folder.mkdir()
    (folder / "alerts.yml").write_text(shortened(ALERTS.read_text(), FACTOR, window_seconds_min=4 * SCRAPE_SECONDS))
    interval = f"{SCRAPE_SECONDS}s"
    configuration = {
        "global": {"scrape_interval": interval, "scrape_timeout": interval, "evaluation_interval": "1s"},
        "rule_files": ["alerts.yml"],
        "scrape_configs": [
            {"job_name": job, "static_configs": [{"targets": [target]}]} for job, target in targets.items()
        ],
    }
    (folder / "prometheus.yml").write_text(yaml.safe_dump(configuration))


@asynccontextmanager
async def prometheus(folder: Path, targets: Mapping[str, str]) -> AsyncIterator[Prometheus]:
    """A Prometheus that scrapes each target, `host:port` by job."""
    configure(folder, targets)
    address = f"{LOOPBACK}:{free_port()}"
    child = start_child(
        "prometheus",
        [
            program("prometheus"),
            f"--config.file={folder}/prometheus.yml",
            f"--storage.tsdb.path={folder}/data",
            f"--web.listen-address={address}",
            "--enable-feature=exemplar-storage",
        ],
        log=folder / "log",
    )
    asked = Prometheus(f"http://{address}")
    try:
        await asked.ready()
        yield asked
    finally:
        await asked.close()
        child.stop()
