"""The Dockerfile: what it copies must exist, who runs it is not root, and nothing is left to build with."""

import http.server
import importlib.util
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "deploy/Dockerfile").read_text()
BUILD, FINAL = re.split(r"^FROM .*$", DOCKERFILE, flags=re.MULTILINE)[1:]
SOURCES = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, flags=re.MULTILINE)


@pytest.mark.parametrize("source", [part for line in SOURCES for part in line.split()])
def test_what_is_copied_exists_and_is_sent_to_the_engine(source: str) -> None:
    assert (ROOT / source).exists()
    sent = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    assert source in sent


def test_every_package_of_ours_is_in_the_image() -> None:
    assert {"app", "agents", "tables", "schemas"} <= {part for line in SOURCES for part in line.split()}


def test_only_hashed_wheels_are_installed() -> None:
    installs = re.findall(r"pip .*? install (.+)", BUILD)
    assert len(installs) == 3
    assert "--require-hashes --only-binary :all: -r requirements/main.txt" in installs[0]
    assert "--no-deps --require-hashes --only-binary :all: -r requirements/rules.txt" in installs[1]
    assert "--no-deps --no-build-isolation --no-index" in installs[2]
    for listed in ("main", "rules"):
        assert "--hash=sha256:" in (ROOT / f"requirements/{listed}.txt").read_text()


def test_the_final_stage_is_slim_and_builds_nothing() -> None:
    assert re.search(r"^ARG PYTHON_IMAGE=python:3\.11-slim", DOCKERFILE, flags=re.MULTILINE)
    assert "pip uninstall" in FINAL
    assert not re.search(r"apt|gcc|curl|pip.* install", FINAL)


def test_the_process_is_not_root() -> None:
    user = re.search(r"^USER (\d+):(\d+)$", FINAL, flags=re.MULTILINE)
    assert user
    assert int(user[1]) > 0
    assert FINAL.index("USER") > FINAL.index("COPY"), "what is copied belongs to root: the process cannot change itself"


def test_it_starts_quittance() -> None:
    assert 'ENTRYPOINT ["quittance"]' in FINAL


def healthcheck() -> ModuleType:
    spec = importlib.util.spec_from_file_location("healthcheck", ROOT / "deploy/healthcheck.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@contextmanager
def answering(status: int) -> Iterator[int]:
    """Answer every request with that status; give the port."""

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/readyz" else 404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.HTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1), (500, 1)])
def test_the_health_check_asks_readyz(status: int, code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    with answering(status) as port:
        monkeypatch.setenv("READY_PORT", str(port))
        assert healthcheck().main() == code


def test_who_does_not_answer_is_not_healthy(monkeypatch: pytest.MonkeyPatch) -> None:
    with answering(200) as port:
        pass
    monkeypatch.setenv("READY_PORT", str(port))
    assert healthcheck().main() == 1
