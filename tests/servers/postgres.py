"""A real PostgreSQL for the tests, from Debian's package, over a throw-away folder."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.local.ports import LOOPBACK, free_port
from app.local.processes import Child, start_child

DEBIAN_FOLDERS = Path("/usr/lib/postgresql")  # Debian keeps the server's programs out of PATH, one folder a version
OWNER = "quittance"
READY_SECONDS = 60.0
INITDB_SECONDS = 120.0


class PostgresMissingError(Exception):
    """No PostgreSQL server is installed."""


@contextmanager
def postgres_server() -> Iterator[str]:
    """Run a server; the SQLAlchemy URL of an empty database of its own."""
    programs, user = program_folder(), unprivileged_user()
    # Not pytest's folder: that one is closed to every user but the one who runs the tests.
    folder = Path(tempfile.mkdtemp(prefix="quittance-postgres-"))
    try:
        if user is not None:
            shutil.chown(folder, user)
        make_cluster(programs, folder / "cluster", user)
        port = free_port()
        child = start_server(programs, folder, port, user)
        try:
            await_ready(child, port, folder / "log")
            yield f"postgresql+asyncpg://{OWNER}@{LOOPBACK}:{port}/postgres"
        finally:
            stop(child)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def program_folder() -> Path:
    """Where initdb and postgres are: Debian's newest version, else PATH."""
    versions = sorted(DEBIAN_FOLDERS.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    found = str(versions[-1]) if versions else shutil.which("initdb")
    if found is None:
        raise PostgresMissingError("PostgreSQL is missing: apt-get install postgresql, or run make test")
    return Path(found).parent


def unprivileged_user() -> str | None:
    """Whom to run the server as: it refuses to be root's. None where the tests are nobody special's already."""
    if os.geteuid() != 0:
        return None
    names = {account.pw_name for account in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def make_cluster(programs: Path, folder: Path, user: str | None) -> None:
    command = [str(programs / "initdb"), "--pgdata", str(folder), "--username", OWNER, "--auth", "trust", "--no-sync"]
    run = subprocess.run(
        [*command, "--encoding", "UTF8", "--locale", "C.UTF-8"],
        user=user,
        cwd=folder.parent,
        capture_output=True,
        text=True,
        timeout=INITDB_SECONDS,
        check=False,
    )
    if run.returncode != 0:
        raise RuntimeError(f"initdb failed: {run.stderr.strip()}")


def start_server(programs: Path, folder: Path, port: int, user: str | None) -> Child:
    command = [str(programs / "postgres"), "-D", str(folder / "cluster"), "-p", str(port), "-k", str(folder)]
    # fsync: the folder lives as long as the tests, and they ask what a crash of ours leaves, not one of the machine
    return start_child(
        "postgres",
        [*command, "-c", f"listen_addresses={LOOPBACK}", "-c", "fsync=off"],
        log=folder / "log",
        folder=folder,
        user=user,
    )


def await_ready(child: Child, port: int, log: Path) -> None:
    """Return once the server accepts sessions : its port is open before that, so its log is asked first."""
    deadline = time.monotonic() + READY_SECONDS
    while child.exit_code is None and time.monotonic() < deadline:
        if "ready to accept connections" in log.read_text():
            with socket.create_connection((LOOPBACK, port), timeout=5):
                return
        time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not get ready: {log.read_text()[-500:]}")


def stop(child: Child) -> None:
    """Fast shutdown (SIGINT): SIGTERM would wait for every client to leave by itself."""
    if child.exit_code is None:
        os.kill(child.pid, signal.SIGINT)
        child.wait(10)
    child.stop()
