"""Children never outlive their launcher, whichever way it ends."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.local.processes import Child, Children, CommandNotFoundError, start_child
from tests.local.liveness import ends_within, is_running

ROOT = Path(__file__).parents[2]
SOON_SECONDS = 20.0  # nothing here takes a second; the machine may be busy
SLEEP = ["sleep", "300"]
# Starts one child that notes how it ended, tells the child's id, and waits until it is ended itself.
LAUNCHER = """
import sys, time
from app.local.processes import Children
with Children() as children:
    child = children.start("noting", ["sh", "-c", sys.argv[1]])
    print(child.pid, flush=True)
    time.sleep(300)
"""
# Starts a child, so that the starting thread exists; its fork, which has no such thread, starts another.
FORKING = """
import os
from app.local.processes import start_child
start_child("first", ["true"]).stop()
if os.fork() == 0:
    os._exit(start_child("second", ["sh", "-c", "exit 7"]).wait(15) or 1)
raise SystemExit(os.waitstatus_to_exitcode(os.wait()[1]))
"""
NOTING = "trap 'echo asked > {note}; exit' TERM; echo > {note}.begun; while :; do sleep 0.05; done"


@contextmanager
def launcher(shell: str) -> Iterator[tuple["subprocess.Popen[str]", int]]:
    """A launcher in a session of its own, and the process id of its child."""
    with subprocess.Popen(
        [sys.executable, "-c", LAUNCHER, shell],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield process, int(process.stdout.readline())
        finally:
            process.kill()


@pytest.fixture
def children() -> Iterator[Children]:
    with Children() as started:
        yield started


def test_a_killed_launcher_takes_its_children_along() -> None:
    with launcher("sleep 300") as (process, child):
        assert is_running(child)
        process.send_signal(signal.SIGKILL)
        assert ends_within(child, SOON_SECONDS)


def test_ctrl_c_reaches_the_launcher_which_asks_its_children_to_end(tmp_path: Path) -> None:
    note = tmp_path / "note"
    with launcher(NOTING.format(note=note)) as (process, child):
        await_file(Path(f"{note}.begun"))
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to its whole foreground group
        process.wait(SOON_SECONDS)
        assert not is_running(child)
    assert note.read_text() == "asked\n"


def test_a_child_outlives_the_thread_that_asked_for_it(children: Children) -> None:
    thread = threading.Thread(target=children.start, args=("sleeping", SLEEP))
    thread.start()
    thread.join()
    assert children.ended() is None


def test_children_end_in_the_reverse_order_of_their_start(tmp_path: Path) -> None:
    order = tmp_path / "order"
    with Children() as children:
        for name in ("broker", "worker"):
            begun = tmp_path / name
            noting = f"trap 'echo {name} >> {order}; exit' TERM; echo > {begun}; while :; do sleep 0.05; done"
            children.start(name, ["sh", "-c", noting])
            await_file(begun)
    assert order.read_text().split() == ["worker", "broker"]


def test_a_child_that_does_not_listen_is_killed_after_the_deadline(tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    child = start_child("deaf", ["sh", "-c", f"trap '' TERM; echo > {begun}; while :; do sleep 0.05; done"])
    await_file(begun)
    assert child.stop(timeout_seconds=0.2) == -signal.SIGKILL


def test_what_a_child_left_behind_ends_with_it(tmp_path: Path) -> None:
    log = tmp_path / "log"
    child = start_child("leaving", ["sh", "-c", "sleep 300 & echo $!"], log=log)
    assert child.wait(SOON_SECONDS) == 0
    left = int(log.read_text())
    assert is_running(left)
    child.stop()
    assert ends_within(left, SOON_SECONDS)


def test_an_ended_child_is_found_and_its_exit_code_kept(children: Children) -> None:
    children.start("sleeping", SLEEP)
    child = children.start("failing", ["sh", "-c", "exit 3"])
    assert child.wait(SOON_SECONDS) == 3
    assert children.ended() is child
    assert child.stop() == 3
    child.signal(signal.SIGKILL)  # harmless: its id may be another's by now
    assert child.exit_code == 3


def test_a_child_that_runs_has_no_exit_code(children: Children) -> None:
    child: Child = children.start("sleeping", SLEEP)
    assert child.exit_code is None
    assert child.wait(0.05) is None


def test_environment_folder_and_log_are_the_childs(tmp_path: Path) -> None:
    log = tmp_path / "log"
    command = ["sh", "-c", 'echo "$NAME in $(pwd)"']
    child = start_child(
        "saying", command, log=log, environment={"NAME": "it", "PATH": "/usr/bin:/bin"}, folder=tmp_path
    )
    child.wait(SOON_SECONDS)
    child.stop()
    assert log.read_text() == f"it in {tmp_path}\n"


def test_a_missing_program_is_named() -> None:
    with pytest.raises(CommandNotFoundError, match="no-such-program is not installed"):
        start_child("missing", ["no-such-program"])


def test_a_missing_folder_is_the_askers_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        start_child("lost", SLEEP, folder=tmp_path / "nowhere")


def test_a_fork_of_the_launcher_can_start_children_too() -> None:
    run = subprocess.run([sys.executable, "-c", FORKING], cwd=ROOT, check=False, timeout=SOON_SECONDS)
    assert run.returncode == 7


def await_file(path: Path) -> None:
    for _ in range(int(SOON_SECONDS / 0.02)):
        if path.exists():
            return
        threading.Event().wait(0.02)
    pytest.fail(f"{path} did not appear")
