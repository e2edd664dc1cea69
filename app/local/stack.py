"""The embedded stack: a real Kafka, a worker and the API on this machine, over one folder, with nothing to configure.

Everything is told to the processes by the same settings that production uses, so that pointing them at an external
broker and at S3 is a matter of settings alone.
"""

import asyncio
import os
import secrets
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from app.api.keys import ROLES, Role, digest_of, new_key
from app.local.kafka import Broker
from app.local.ports import LOOPBACK, free_port
from app.local.processes import Child, Children
from app.local.running import announce, withdraw
from app.settings import Settings
from app.topics import create_topics

DEFAULT_FOLDER = Path("var")
# A cold start of three Python processes on two cores takes eight seconds; ten times that means that one is stuck.
READY_SECONDS = 90.0
ASK_AGAIN_SECONDS = 0.1
ASK_TIMEOUT_SECONDS = 2.0
WATCH_SECONDS = 1.0
LAST_WORDS_BYTES = 2_000
# Whoever tries it out looks at once; in production each segment is an object that is paid for.
SEAL_SECONDS = 5

Told = Callable[[str], None]


class StackFailed(Exception):  # noqa: N818 - it says what happened
    """A process of the stack ended or did not get ready; the message says which, and its last words."""


class Stack:
    """Broker, worker, API, sealer and quality, started in this order and ended in the reverse; a context manager."""

    def __init__(
        self,
        folder: Path = DEFAULT_FOLDER,
        debtor: Mapping[str, str] | None = None,
        tell: Told = print,
        people: Mapping[str, frozenset[Role]] | None = None,
    ) -> None:
        """`debtor` are the settings of the paying party; `tell` is given a line at each step.

        `people` are further persons with a key of their own each (`keys`), for what one alone may not do.
        """
        self.folder = folder.resolve()
        self._debtor = dict(debtor or {})
        self._tell = tell
        self._people = dict(people or {})
        self.keys = {name: new_key() for name in self._people}
        self._broker = Broker(self.folder / "kafka")
        self._children = Children()
        self.environment: dict[str, str] = {}
        self.api_key = ""
        self._sealer_port, self._quality_port = 0, 0

    @property
    def settings(self) -> Settings:
        """Return the settings that the processes run with."""
        fields = {name.removeprefix("QUITTANCE_").lower(): value for name, value in self.environment.items()}
        return Settings.model_validate({name: fields[name] for name in Settings.model_fields if name in fields})

    @property
    def api_url(self) -> str:
        """Return where the API answers."""
        return f"http://{self.settings.api_host}:{self.settings.api_port}"

    @property
    def console_url(self) -> str:
        """Return where a person looks; the page asks for the API key."""
        return f"{self.api_url}/console/status"

    async def start(self) -> None:
        """Start everything and wait until it is ready.

        Raises:
            app.local.kafka.KafkaError: the broker cannot be started; one line says why.
            StackFailed: the worker or the API did not get ready.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        self._tell("starting Kafka")
        bootstrap = self._broker.start()
        self._sealer_port, self._quality_port = free_port(), free_port()
        self.environment = self._environment(bootstrap)
        self._tell(f"Kafka answers at {bootstrap}; creating topics")
        await create_topics(self.settings)
        self._tell("starting the worker (a reader and a ledger process), the API, the sealer and the guard")
        self._start("worker", "worker")
        self._start("api", "api")
        self._await("worker", f"http://{LOOPBACK}:{self.settings.metrics_port}/readyz")
        self._await("api", f"{self.api_url}/readyz")
        # Last, and not waited for: no payment depends on them, and what they have not read yet stays on the topics.
        self._start("sealer", "worker", "--role", "sealer", QUITTANCE_METRICS_PORT=str(self._sealer_port))
        self._start("quality", "worker", "--role", "quality", QUITTANCE_METRICS_PORT=str(self._quality_port))
        metrics = f"{LOOPBACK}:{self.settings.metrics_port}"
        announce(self.folder, kafka=bootstrap, metrics=metrics, api=self.api_url)

    def await_quality(self) -> None:
        """Wait until the role `quality` follows its topics: a canary before that would be watched a little late.

        Raises:
            StackFailed: it did not get ready.
        """
        self._await("quality", f"http://{LOOPBACK}:{self._quality_port}/readyz")

    def stop(self) -> None:
        """End everything, the last started first."""
        withdraw(self.folder)
        self._children.stop()
        self._broker.stop()

    def ended(self) -> str | None:
        """Return what a process says that ended by itself, or None while all run."""
        child = self._children.ended()
        return None if child is None else self._last_words(child.name, child)

    async def until_ended(self) -> str:
        """Wait until a process ends by itself; return what it says."""
        while (ended := self.ended()) is None:  # noqa: ASYNC110 - the kernel tells of a child only who asks
            await asyncio.sleep(WATCH_SECONDS)
        return ended

    async def __aenter__(self) -> Self:
        """As `start`; a failed start leaves nothing running."""
        try:
            await self.start()
        except BaseException:
            self.stop()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """As `stop`."""
        self.stop()

    def _environment(self, bootstrap: str) -> dict[str, str]:
        self.api_key = _kept(self.folder / "api.key", lambda: new_key().encode()).decode()
        _kept(self.folder / "signing.pem", _new_signing_key)
        _kept(self.folder / "audit.pem", _new_signing_key)
        known = [
            ("local", ROLES, self.api_key),
            *((name, roles, self.keys[name]) for name, roles in self._people.items()),
        ]
        metrics_port = free_port()
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("QUITTANCE_")}
        own = {
            "KAFKA_BOOTSTRAP_SERVERS": bootstrap,
            "DOCUMENTS": f"file://{self.folder}/documents",
            "DATABASE_URL": f"sqlite+aiosqlite:///{self.folder}/read.db",
            "SIGNING_KEY_FILE": str(self.folder / "signing.pem"),
            "AUDIT": f"file://{self.folder}/audit",
            "AUDIT_CHECKPOINTS": f"file://{self.folder}/checkpoints",
            "AUDIT_KEY_FILE": str(self.folder / "audit.pem"),
            "AUDIT_SEAL_SECONDS": str(SEAL_SECONDS),
            "API_KEYS": ",".join(f"{name}:{'+'.join(sorted(roles))}:{digest_of(key)}" for name, roles, key in known),
            "API_PORT": str(free_port()),
            "METRICS_PORT": str(metrics_port),
            # Whom the API asks for the console's page.
            "WORKERS": ",".join(f"{LOOPBACK}:{port}" for port in (metrics_port, self._sealer_port, self._quality_port)),
            "LOG_FORMAT": "text",
        }
        return {**inherited, **{f"QUITTANCE_{name}": value for name, value in own.items()}, **self._debtor}

    def _start(self, name: str, *arguments: str, **settings: str) -> None:
        self._children.start(
            name,
            [sys.executable, "-m", "app", *arguments],
            log=self.folder / f"{name}.log",
            environment={**self.environment, **settings},
        )

    def _await(self, name: str, url: str) -> None:
        deadline = time.monotonic() + READY_SECONDS
        answer = "no answer"
        while time.monotonic() < deadline:
            ended = self.ended()
            if ended is not None:
                raise StackFailed(ended)
            try:
                response = httpx.get(url, timeout=ASK_TIMEOUT_SECONDS)
            except httpx.HTTPError:
                time.sleep(ASK_AGAIN_SECONDS)
                continue
            if response.is_success:
                return
            answer = response.text
            time.sleep(ASK_AGAIN_SECONDS)
        raise StackFailed(f"the {name} did not get ready in {READY_SECONDS:.0f} s: {answer}")

    def _last_words(self, name: str, child: Child) -> str:
        log = self.folder / f"{name}.log"
        words = log.read_bytes()[-LAST_WORDS_BYTES:].decode(errors="replace") if log.exists() else ""
        line = next((line for line in reversed(words.splitlines()) if line.strip()), "it said nothing")
        return f"the {name} ended with code {child.exit_code}: {line} (more in {log})"


def _kept(path: Path, make: Callable[[], bytes]) -> bytes:
    """Return the secret that the file holds, making it on first use, readable by its owner only."""
    if not path.exists():
        part = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        part.touch(mode=0o600)
        part.write_bytes(make())
        part.replace(path)
    return path.read_bytes()


def _new_signing_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
