"""A hostile document costs its own child process and nothing else."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from app.sandbox import Death, Limits, Reason, Sandbox, SandboxError
from tests.sandbox.hostile_readers import FORBIDDEN

ROOT = Path(__file__).parents[2]
READER = "tests.sandbox.hostile_readers:read"
SMALL = Limits(cpu_seconds=1, output_bytes_max=1 << 16, input_bytes_max=1 << 20)
HASTY = replace(SMALL, cpu_seconds=10, wall_seconds=1.5)


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(READER, processes=2, limits=SMALL) as sandbox:
        yield sandbox


async def assert_reads_on(sandbox: Sandbox) -> None:
    assert await sandbox.read(b"echo:still here") == b"still here"


DEATHS = {
    "spin": (Reason.CPU, "used more than 1 s of processor time"),
    "spin deaf": (Reason.WALL, "no answer within 1.5 s"),
    "sleep:60": (Reason.WALL, "no answer within 1.5 s"),
    "allocate:2000": (Reason.MEMORY, "needs more than 768 MiB of memory"),
    "answer of size:65537": (Reason.OUTPUT, "answers with more than 65536 bytes"),
    "lie about size": (Reason.OUTPUT, "answers with more than 65536 bytes"),
    "lie about kind": (Reason.CRASH, "the reader answered outside its protocol"),
    "lie about instructions": (Reason.CRASH, "the reader answered outside its protocol"),
    "answer twice": (Reason.CRASH, "the reader answered outside its protocol"),
    "half an answer": (Reason.WALL, "no answer within 1.5 s"),
    "hang up": (Reason.CRASH, "the reader died of SIGKILL"),
    "abort": (Reason.CRASH, "the reader died of SIGABRT"),
    "segfault": (Reason.CRASH, "the reader died of SIGSEGV"),
    "leave at once:3": (Reason.CRASH, "the reader ended itself with status 3"),
    "leave:3": (Reason.ERROR, "the reader failed with SystemExit"),
    "raise": (Reason.ERROR, "the reader failed with LookupError"),
    "raise oddly": (Reason.ERROR, "the reader failed with an unnamed error"),
    "recurse": (Reason.ERROR, "the reader failed with RecursionError"),
    "none": (Reason.ERROR, "the reader failed with TypeError"),
}


@pytest.mark.parametrize("deed", DEATHS)
async def test_a_death_is_an_outcome_and_the_next_document_is_read(deed: str) -> None:
    reason, detail = DEATHS[deed]
    async with Sandbox(READER, processes=2, limits=HASTY if reason is Reason.WALL else SMALL) as sandbox:
        outcome = await sandbox.read(deed.encode())
        assert isinstance(outcome, Death)
        assert outcome.reason is reason
        assert outcome.detail.startswith(detail)
        await assert_reads_on(sandbox)
    assert sandbox.documents == 2
    assert sandbox.deaths == {reason: 1}
    assert sandbox.forks == 2
    assert sandbox.restarts == 0


async def test_too_large_a_document_reaches_no_child(sandbox: Sandbox) -> None:
    outcome = await sandbox.read(b" " * (SMALL.input_bytes_max + 1))
    assert outcome == Death(Reason.INPUT, "1048577 bytes; at most 1048576 are read")
    assert sandbox.deaths == {Reason.INPUT: 1}
    assert sandbox.forks == 1


async def test_the_bounds_themselves_are_allowed(sandbox: Sandbox) -> None:
    document = b"echo:" + b"x" * (SMALL.output_bytes_max)
    assert await sandbox.read(document) == document[5:]
    assert isinstance(await sandbox.read(b"raise:" + b" " * (SMALL.input_bytes_max - 6)), Death)
    assert sandbox.deaths == {Reason.ERROR: 1}
    assert await sandbox.read(b"allocate:300") == str(300 << 20).encode()


async def test_empty_document_and_empty_answer(sandbox: Sandbox) -> None:
    assert await sandbox.read(b"echo:") == b""
    assert await sandbox.read(b"") == Death(Reason.ERROR, "the reader failed with KeyError")


@pytest.mark.parametrize("deed", FORBIDDEN)
async def test_what_a_reader_may_not_do_is_refused(sandbox: Sandbox, deed: str) -> None:
    outcome = await sandbox.read(f"attempt:{deed}".encode())
    assert isinstance(outcome, bytes)
    assert outcome.startswith(b"refused: ")
    await assert_reads_on(sandbox)
    assert sandbox.forks == 1


async def test_a_fork_bomb_forks_nothing(sandbox: Sandbox) -> None:
    assert await sandbox.read(b"fork bomb") == b"0"


async def test_a_reader_sees_nothing_of_the_worker(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "PATH" in os.environ
    seen = json.loads(await sandbox.read(b"survey"))  # type: ignore[arg-type] # a Death would fail the test as well
    assert set(seen["environment"]) <= {
        "LANG",
        "LC_CTYPE",
        "TZ",
        "PYTHONHASHSEED",
        "PYTHONPATH",
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
    }
    assert seen["standard"] == ["/dev/null"] * 3
    assert seen["descriptors"] == 5  # the standard three, the channel, and its own size in memory


async def test_what_the_kernel_says_of_a_reader(sandbox: Sandbox) -> None:
    number = await sandbox.read(b"process id")
    assert isinstance(number, bytes)
    status = _of_kernel(number.decode(), "status")
    assert "NoNewPrivs:\t1" in status
    assert "Seccomp:\t2" in status
    assert _of_kernel(number.decode(), "oom_score_adj") == ["1000"]
    namespaces = {Path(f"/proc/{member}/ns/net").readlink() for member in ("self", _zygote().pid)}  # noqa: ASYNC240
    assert len(namespaces) == (2 if sandbox.network_left else 1)


async def test_a_reader_reads_programs_and_no_other_files(sandbox: Sandbox, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the signing key")
    source = await sandbox.read(f"read file:{__file__}".encode())
    assert isinstance(source, bytes)
    assert source.startswith(b'"""A hostile document costs its own child')
    if sandbox.files_ruled:  # kernels since 5.13
        for path in (secret, f"/proc/{os.getpid()}/environ", "/proc/self/environ", "/etc/passwd"):
            assert await sandbox.read(f"read file:{path}".encode()) == b"refused: PermissionError"


async def test_late_imports_work(sandbox: Sandbox) -> None:
    assert await sandbox.read(b"wide xml:10") == b"10"
    assert await sandbox.read(b"read pdf:Total 12.00") == b"Total 12.00"


async def test_nothing_reaches_the_terminal(sandbox: Sandbox, capfd: pytest.CaptureFixture[str]) -> None:
    assert await sandbox.read(b"print") == b"printed"
    assert await sandbox.read(b"segfault") != b""
    assert capfd.readouterr() == ("", "")


async def test_a_neighbour_reads_on_while_one_dies(sandbox: Sandbox) -> None:
    quiet = asyncio.create_task(sandbox.read(b"spin for:0.7"))
    for deed in (b"abort", b"hang up", b"allocate:2000", b"lie about kind"):
        assert isinstance(await sandbox.read(deed), Death)
    assert await quiet == b"spun"


async def test_processor_time_is_counted_for_each_document(sandbox: Sandbox) -> None:
    first = await sandbox.read(b"process id")
    for _ in range(4):
        assert await sandbox.read(b"spin for:0.6") == b"spun"
    assert await sandbox.read(b"process id") == first


async def test_as_many_at_once_as_processes_and_in_order_of_arrival(sandbox: Sandbox) -> None:
    finished: list[int] = []

    async def read(number: int) -> None:
        await sandbox.read(b"sleep:0.01")
        finished.append(number)

    async with asyncio.TaskGroup() as group:
        for number in range(20):
            group.create_task(read(number))
    assert sandbox.forks == 2
    assert all(abs(place - number) <= 2 for place, number in enumerate(finished))


async def test_a_thousand_documents_with_recycling_leave_the_worker_small() -> None:
    limits = Limits(documents_per_child=100)
    async with Sandbox(READER, processes=2, limits=limits) as sandbox:
        await sandbox.read(b"answer of size:4000000")
        before = psutil.Process().memory_info().rss
        for number in range(1000):
            assert await sandbox.read(b"echo:%d" % number) == b"%d" % number
        assert sandbox.forks == 11
        for _ in range(20):
            assert len(await sandbox.read(b"answer of size:4000000")) == 4_000_000  # type: ignore[arg-type]
        assert psutil.Process().memory_info().rss - before < 32 << 20
        assert len(_family()) <= 3


async def test_a_child_that_grew_is_replaced_before_an_innocent_document_pays(sandbox: Sandbox) -> None:
    grown = await sandbox.read(b"keep:250")
    assert await sandbox.read(b"allocate:450") == str(450 << 20).encode()
    assert await sandbox.read(b"process id") != grown
    assert not sandbox.deaths


async def test_a_cancelled_reading_ends_its_child(sandbox: Sandbox) -> None:
    reading = asyncio.create_task(sandbox.read(b"sleep:60"))
    await asyncio.sleep(0.1)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    await assert_reads_on(sandbox)
    assert sandbox.forks == 2
    assert sandbox.documents == 1


async def test_an_idle_child_that_died_costs_no_document(sandbox: Sandbox) -> None:
    for _ in range(5):
        number = await sandbox.read(b"process id")
        assert isinstance(number, bytes)
        os.kill(int(number), signal.SIGKILL)
    await assert_reads_on(sandbox)
    assert not sandbox.deaths
    assert sandbox.restarts == 0


async def test_a_dead_zygote_is_replaced_and_its_document_read_again(sandbox: Sandbox) -> None:
    reading = asyncio.create_task(sandbox.read(b"spin for:0.3"))
    await asyncio.sleep(0.1)
    _zygote().kill()
    assert await reading == b"spun"
    assert sandbox.restarts == 1
    assert not sandbox.deaths


async def test_a_hung_zygote_is_replaced() -> None:
    async with Sandbox(READER, processes=1, limits=Limits(fork_seconds=2.0)) as sandbox:
        _zygote().suspend()
        assert isinstance(await sandbox.read(b"raise"), Death)
        await assert_reads_on(sandbox)
        assert sandbox.restarts == 1


async def test_a_zygote_that_dies_with_each_document_is_a_loud_error(sandbox: Sandbox) -> None:
    async def kill_each() -> None:
        while True:
            await asyncio.sleep(0.05)
            for zygote in _zygotes():
                zygote.kill()

    killer = asyncio.create_task(kill_each())
    with pytest.raises(SandboxError):
        await sandbox.read(b"sleep:3")
    killer.cancel()


@pytest.mark.parametrize(
    ("reader", "cause"),
    [
        ("tests.sandbox.no_such_module:read", "ModuleNotFoundError"),
        ("tests.sandbox.hostile_readers:nothing", "AttributeError"),
        ("tests.sandbox.threaded_reader:read", "starts 1 threads"),
    ],
)
async def test_a_reader_that_cannot_be_had_is_a_loud_error_at_the_start(reader: str, cause: str) -> None:
    with pytest.raises(SandboxError, match=cause):
        async with Sandbox(reader, processes=1):
            pytest.fail("started")
    assert not _family()


async def test_nothing_is_left_after_the_end() -> None:
    sandbox = Sandbox(READER, processes=2)
    await sandbox.start()
    reading = asyncio.create_task(sandbox.read(b"sleep:60"))
    await asyncio.sleep(0.1)
    await sandbox.close()
    await sandbox.close()
    with pytest.raises(SandboxError, match="closed"):
        await reading
    with pytest.raises(SandboxError, match="closed"):
        await sandbox.read(b"echo")
    assert not _family()


@pytest.mark.parametrize("deadly", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_no_child_outlives_its_worker(deadly: signal.Signals) -> None:
    command = [sys.executable, "-m", "tests.sandbox.worker"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as worker:
        assert worker.stdout is not None
        family = [psutil.Process(int(pid)) for pid in worker.stdout.readline().split()]
        assert len(family) == 3  # the zygote and two readers
        worker.send_signal(deadly)
        worker.wait(30)
    _, alive = psutil.wait_procs(family, timeout=10)
    assert not [member for member in alive if member.status() != psutil.STATUS_ZOMBIE]


async def test_bombs_through_the_real_libraries() -> None:
    limits = Limits(cpu_seconds=5)
    async with Sandbox(READER, processes=1, limits=limits) as sandbox:
        for bomb in (b"flate bomb", b"wide xml:20000000", b"deep xml:5000000"):
            outcome = await sandbox.read(bomb)
            assert isinstance(outcome, Death), bomb
            # which limit ends it depends on the library and on how busy the machine is
            assert outcome.reason in {Reason.CRASH, Reason.MEMORY, Reason.CPU, Reason.WALL, Reason.ERROR}, outcome
            await assert_reads_on(sandbox)


def _of_kernel(number: str, file: str) -> list[str]:
    return Path("/proc", number, file).read_text().splitlines()


def _family() -> list[psutil.Process]:
    """Every process of a sandbox: zygotes and their children. The session's servers are pytest's children as well."""
    zygotes = _zygotes()
    return zygotes + [child for zygote in zygotes for child in zygote.children(recursive=True)]


def _zygotes() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if "app.sandbox.zygote" in child.cmdline()]


def _zygote() -> psutil.Process:
    (zygote,) = _zygotes()
    return zygote
