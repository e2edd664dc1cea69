"""What a reader is told beside a document: sent where it differs, and out of every document's reach."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from app.sandbox import Death, Limits, Sandbox
from app.sandbox.frames import Kind, header
from schemas.codec import VALUE_SIZE_BYTES_MAX

READER = "tests.sandbox.hostile_readers:read"
SMALL = Limits(cpu_seconds=1, instructions_bytes_max=1 << 10)


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(READER, processes=1, limits=SMALL) as sandbox:
        yield sandbox


async def told(sandbox: Sandbox, instructions: bytes = b"") -> tuple[str, str]:
    """Return what a reader was told, and the process id of the reader."""
    answer = await sandbox.read(b"instructions", instructions)
    assert isinstance(answer, bytes), answer
    said, _, child = answer.decode().partition(" told to ")
    return said, child


async def test_each_document_is_read_with_the_instructions_given_with_it(sandbox: Sandbox) -> None:
    given = [b"one", b"two", b"two", b"one", b"", b"one", b""]
    answers = [await told(sandbox, each) for each in given]
    assert [said.encode() for said, _ in answers] == given
    assert len({child for _, child in answers}) == 1
    assert sandbox.forks == 1


async def test_they_are_sent_only_where_the_child_was_told_something_else(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    kinds: list[Kind] = []

    def noting(kind: Kind, length: int) -> bytes:
        kinds.append(kind)
        return header(kind, length)

    monkeypatch.setattr("app.sandbox.reader.header", noting)
    for each in (b"", b"one", b"one", b"two", b"one"):
        await told(sandbox, each)
    assert "".join(kind.value.decode() for kind in kinds) == "DIDDIDID"


async def test_a_new_child_is_told_them_anew(sandbox: Sandbox) -> None:
    _, first = await told(sandbox, b"one")
    assert isinstance(await sandbox.read(b"abort", b"one"), Death)
    said, second = await told(sandbox, b"one")
    assert (said, second == first) == ("one", False)


@pytest.mark.parametrize(
    "document",
    [
        b"alter the instructions",
        b"raise",
        b"lie about instructions",
        b"lie about kind",
        b"allocate:2000",
        header(Kind.INSTRUCTIONS, 4) + b"mine",
        b"echo:" + header(Kind.INSTRUCTIONS, 4) + b"mine",
        b"I\0\0\0\4mine",
    ],
)
async def test_no_document_alters_what_the_next_one_is_read_with(sandbox: Sandbox, document: bytes) -> None:
    assert (await told(sandbox, b"ours"))[0] == "ours"
    await sandbox.read(document, b"ours")
    assert (await told(sandbox, b"ours"))[0] == "ours"
    await sandbox.read(document, b"theirs")
    assert (await told(sandbox))[0] == ""


async def test_a_reader_cannot_change_them_in_place(sandbox: Sandbox) -> None:
    assert await sandbox.read(b"alter the instructions", b"ours") == b"refused 2, mine are ours and more"


async def test_instructions_have_a_bound_and_the_bound_itself_is_allowed(sandbox: Sandbox) -> None:
    most = b"x" * SMALL.instructions_bytes_max
    assert (await told(sandbox, most))[0].encode() == most
    with pytest.raises(ValueError, match="1025 bytes, at most 1024"):
        await sandbox.read(b"instructions", most + b"x")
    assert sandbox.documents == 1  # it was no reading
    assert (await told(sandbox, b"one"))[0] == "one"


def test_the_bound_is_above_what_one_record_may_carry() -> None:
    assert Limits().instructions_bytes_max > VALUE_SIZE_BYTES_MAX


async def test_instructions_larger_than_a_pipe_reach_a_child_that_still_reads() -> None:
    async with Sandbox(READER, processes=1, limits=replace(SMALL, instructions_bytes_max=1 << 20)) as sandbox:
        large = b"y" * (1 << 20)
        assert (await told(sandbox, large))[0].encode() == large
