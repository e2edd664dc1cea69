import os
import stat
from pathlib import Path

import pytest

from app.local.kafka import JarsUnavailableError
from app.local.kafka.jars import are_cached, cache_folder, check, kafka_jars


def maven(folder: Path, script: str) -> None:
    """A program named mvn that does what the script says; the target folder is $OUT."""
    program = folder / "mvn"
    program.write_text(f'#!/bin/sh\nfor a; do case $a in -DoutputDirectory=*) OUT="${{a#*=}}";; esac; done\n{script}\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    return folder


def test_an_altered_download_never_counts(path: Path, tmp_path: Path) -> None:
    maven(path, 'mkdir -p "$OUT"; echo altered > "$OUT/kafka-clients-4.3.1.jar"')
    with pytest.raises(JarsUnavailableError, match=r"kafka-clients-4\.3\.1\.jar.* differ"):
        kafka_jars(tmp_path)
    assert not are_cached(tmp_path)
    assert list(tmp_path.iterdir()) == [path]


def test_a_failing_maven_is_asked_three_times_and_quoted(path: Path, tmp_path: Path) -> None:
    maven(path, f'echo >> {tmp_path}/tries; echo "[ERROR] no answer from the repository"; exit 1')
    with pytest.raises(JarsUnavailableError, match=r"could not bring Apache Kafka .*no answer from the repository"):
        kafka_jars(tmp_path)
    assert (tmp_path / "tries").read_text() == "\n" * 3


def test_a_missing_maven_is_explained_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(JarsUnavailableError, match=r"Maven is missing .*apt-get install maven, or run make setup$"):
        kafka_jars(tmp_path)


def test_the_cache_follows_the_xdg_specification(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "quittance"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert cache_folder() == Path(os.environ["HOME"]) / ".cache" / "quittance"


@pytest.mark.kafka
def test_the_cached_jars_are_those_that_were_recorded() -> None:
    check(kafka_jars())
