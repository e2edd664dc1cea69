"""A real S3 server for the tests: versitygw where Go is at hand to build it (once, then cached), else moto's server."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import botocore.exceptions
from botocore.config import Config

from app.local.ports import free_port
from app.local.processes import Child, start_child

VERSITYGW = "github.com/versity/versitygw/cmd/versitygw"
VERSITYGW_VERSION = "v1.8.0"  # refuses to shorten an Object Lock retention, as S3 does; moto 5 allows it
BUILD_SECONDS = 900.0  # 95 s were seen on a cold module cache
READY_SECONDS = 30.0
ACCESS_KEY = "quittance-tests"
SECRET_KEY = "only-for-tests"


@dataclass(frozen=True)
class S3Server:
    """Where the server is, and the one bucket that stands when it is handed out (not versioned, no object lock)."""

    endpoint_url: str
    kind: str  # "versitygw" or "moto": Object Lock tests need the former
    bucket: str = "quittance"
    access_key: str = ACCESS_KEY
    secret_key: str = SECRET_KEY
    region: str = "us-east-1"

    @property
    def environment(self) -> dict[str, str]:
        """The same as the AWS SDK and our settings read it."""
        return {
            "QUITTANCE_S3_ENDPOINT_URL": self.endpoint_url,
            "AWS_ACCESS_KEY_ID": self.access_key,
            "AWS_SECRET_ACCESS_KEY": self.secret_key,
            "AWS_DEFAULT_REGION": self.region,
        }

    def client(self) -> Any:
        """A synchronous client, for what a test arranges and inspects."""
        return boto3.client(
            "s3",
            endpoint_url=self.endpoint_url,
            aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key,
            region_name=self.region,
            config=Config(retries={"max_attempts": 1}, s3={"addressing_style": "path"}),
        )

    def create_bucket(self, name: str, *, object_lock: bool = False) -> str:
        """Create another bucket; one with object lock is versioned too."""
        client = self.client()
        try:
            client.create_bucket(Bucket=name, ObjectLockEnabledForBucket=object_lock)
        finally:
            client.close()
        return name


@contextmanager
def s3_server(folder: Path) -> Iterator[S3Server]:
    """Run a server over an empty folder, with its bucket made."""
    port = free_port()
    log = folder / "server.log"
    program = versitygw()
    child = start_moto(port, log) if program is None else start_versitygw(program, port, folder, log)
    server = S3Server(f"http://127.0.0.1:{port}", "moto" if program is None else "versitygw")
    try:
        await_ready(server, child, log)
        server.create_bucket(server.bucket)
        yield server
    finally:
        child.stop()


def versitygw() -> Path | None:
    """The program, built into the per-user cache when Go is there; None when it cannot be had."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "quittance" / f"versitygw-{VERSITYGW_VERSION}"
    program, go = folder / "versitygw", shutil.which("go")
    if not program.is_file() and go is not None:
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            [go, "install", f"{VERSITYGW}@{VERSITYGW_VERSION}"],
            env=os.environ | {"GOBIN": str(folder), "GOTOOLCHAIN": "local"},
            check=False,  # no network and an old Go are both reasons to take moto instead
            timeout=BUILD_SECONDS,
        )
    return program if program.is_file() else None


def start_versitygw(program: Path, port: int, folder: Path, log: Path) -> Child:
    for name in ("buckets", "versions"):
        (folder / name).mkdir()
    command = [str(program), "--port", f"127.0.0.1:{port}", "--region", "us-east-1", "posix"]
    return start_child(
        "versitygw",
        [*command, "--versioning-dir", str(folder / "versions"), str(folder / "buckets")],
        log=log,
        environment=os.environ | {"ROOT_ACCESS_KEY": ACCESS_KEY, "ROOT_SECRET_KEY": SECRET_KEY},
    )


def start_moto(port: int, log: Path) -> Child:
    command = [str(Path(sys.executable).with_name("moto_server")), "--host", "127.0.0.1", "--port", str(port)]
    return start_child("moto", command, log=log)


def await_ready(server: S3Server, child: Child, log: Path) -> None:
    """Return once the server answers a signed request."""
    client, deadline = server.client(), time.monotonic() + READY_SECONDS
    try:
        while child.exit_code is None and time.monotonic() < deadline:
            try:
                client.list_buckets()
            except botocore.exceptions.EndpointConnectionError:
                time.sleep(0.05)
            else:
                return
    finally:
        client.close()
    raise RuntimeError(f"the S3 server ({server.kind}) did not get ready: {log.read_text()[-500:]}")
