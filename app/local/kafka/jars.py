"""The jars of Apache Kafka, brought by Maven once and kept in a per-user cache.

A download is built beside its final place, checked against `jars.sha256` and then renamed, so that an interrupted or
altered one never counts.
"""

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from app.local.kafka.errors import JarsUnavailableError

KAFKA_VERSION = "4.3.1"
POM = Path(__file__).with_name("pom.xml")
PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1"  # in full: its short name is looked up by network
CHECKSUMS = Path(__file__).with_name("jars.sha256")
DOWNLOAD_SECONDS = 600.0  # 44 MB; 7 to 25 s were seen
REASON_CHARACTERS_MAX = 500  # Maven names the whole chain of causes in its first line; the first cause comes last
NOISE = r"\x1b\[[0-9;]*m|\[ERROR\] | -> \[Help \d+\]"
DOWNLOAD_TRIES = 3  # a repository that times out mostly answers the next time; Maven keeps what it has


def cache_folder() -> Path:
    """Where this user's caches of Quittance are (XDG base directory specification)."""
    configured = os.environ.get("XDG_CACHE_HOME")
    return (Path(configured) if configured else Path.home() / ".cache") / "quittance"


def jar_folder(cache: Path | None = None) -> Path:
    """Where the jars are, or will be; only a complete download is ever there."""
    return (cache or cache_folder()) / f"kafka-{KAFKA_VERSION}"


def are_cached(cache: Path | None = None) -> bool:
    """Whether a start needs no download."""
    return jar_folder(cache).is_dir()


def kafka_jars(cache: Path | None = None) -> Path:
    """The folder of the jars, downloaded first where they are not there yet.

    Raises:
        JarsUnavailableError: they cannot be had.
    """
    folder = jar_folder(cache)
    if not are_cached(cache):
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f"{folder.name}.", dir=folder.parent) as scratch:
            download(Path(scratch) / "jars")
            place(Path(scratch) / "jars", folder)
    return folder


def place(downloaded: Path, folder: Path) -> None:
    """Give the checked download its final name, unless another process was first."""
    check(downloaded)
    try:
        downloaded.rename(folder)
    except OSError:
        if not folder.is_dir():
            raise


def check(folder: Path) -> None:
    """Compare every jar with its recorded digest.

    Raises:
        JarsUnavailableError: one is missing, one too many, or one differs.
    """
    expected = {name: digest for digest, name in (line.split() for line in CHECKSUMS.read_text().splitlines())}
    found = {jar.name: hashlib.sha256(jar.read_bytes()).hexdigest() for jar in folder.glob("*.jar")}
    differing = sorted(name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name))
    if differing:
        raise JarsUnavailableError(f"the downloaded {', '.join(differing)} differ from app/local/kafka/jars.sha256")


def download(folder: Path) -> None:
    """Let Maven copy the jars into a folder."""
    maven = shutil.which("mvn")
    if maven is None:
        raise JarsUnavailableError("Maven is missing and brings Apache Kafka: apt-get install maven, or run make setup")
    command = [maven, "--batch-mode", "--quiet", "--strict-checksums", "-Dstyle.color=never", "--file", str(POM)]
    command += [f"{PLUGIN}:copy-dependencies", f"-DoutputDirectory={folder}"]
    for _ in range(DOWNLOAD_TRIES):
        reason = _attempt(command, folder.parent)
        if reason is None:
            return
    raise JarsUnavailableError(f"Maven could not bring Apache Kafka {KAFKA_VERSION}: {reason}")


def _attempt(command: list[str], folder: Path) -> str | None:
    """Run Maven once; None when it succeeded, else its first error line."""
    try:
        run = subprocess.run(  # noqa: S603 - our own command
            command, cwd=folder, capture_output=True, text=True, timeout=DOWNLOAD_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return f"no answer in {DOWNLOAD_SECONDS:.0f} seconds"
    if run.returncode == 0:
        return None
    lines = [line for line in (run.stdout + run.stderr).splitlines() if line.strip()]
    return re.sub(NOISE, "", lines[0]).strip()[:REASON_CHARACTERS_MAX] if lines else f"exit code {run.returncode}"
