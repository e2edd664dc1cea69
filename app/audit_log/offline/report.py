"""What is said of a log or a proof, in lines for a person, and the exit code for a program."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from .finding import Finding
from .folder import FolderObjects, OneSegment, logs_below
from .note import Checkpoint, NoteWrong, VerifierKey, opened
from .proof import TITLE, ConsistencyProof, InclusionProof, ProofWrong
from .segment import FORMAT, SegmentWrong, record_of
from .verdict import Objects, Verdict
from .walk import Walk

# Within this module and its callers: nothing was ever sealed here. Where that is true of all logs, nothing is judged.
EMPTY = -1
INTACT = 0
TAMPERED = 1
# 2 is a wrong call of the command.
UNREADABLE = 3
# Findings of one log that are told; where there are more, the first ones are what matters.
FINDINGS_TOLD_MAX = 50
ENTRY_BYTES_TOLD_MAX = 2_000


class Unreadable(Exception):  # noqa: N818 - it names the state of what was to be read
    """There is nothing here that can be judged; the message says why."""


def told(verdict: Verdict) -> Iterator[str]:
    """Yield the lines about one log."""
    head = verdict.checkpoint
    state = "intact" if verdict.is_intact else "TAMPERED"
    yield f"{state}: {verdict.origin or 'a log without a valid checkpoint'}"
    yield from (f"  {finding}" for finding in verdict.findings[:FINDINGS_TOLD_MAX])
    if (more := len(verdict.findings) - FINDINGS_TOLD_MAX) > 0:
        yield f"  and {more} more"
    span = "" if verdict.next_offset is None else f", offsets {verdict.first_offset} to {verdict.next_offset - 1}"
    yield f"  {verdict.entries} entries in {verdict.segments} segments{span}"
    yield f"  {verdict.compared} other checkpoints compared"
    if head is not None:
        yield f"  sealed up to entry {head.size - 1}, root {head.root.hex()}"


def judge(
    log: Objects,
    keys: Iterable[VerifierKey],
    second: Objects | None = None,
    older: Iterable[Checkpoint] = (),
    name: str = ".",
) -> tuple[int, list[str]]:
    """Walk one log; return the exit code and the lines. A log is called by the end of its origin line."""
    verdict = Walk(log, keys, second=second, older=older).run()
    if name != "." and verdict.origin and not verdict.origin.endswith(f"/{name}"):
        verdict.findings.append(Finding("log foreign", name, f"the log of {verdict.origin} stands in its place"))
    if verdict.is_intact and not verdict.segments:
        return EMPTY, [f"empty: nothing was sealed in {name}"]
    return (INTACT if verdict.is_intact else TAMPERED), list(told(verdict))


def together(codes: Iterable[int]) -> int:
    """Return the exit code for several logs.

    Raises:
        Unreadable: where there is none, or nothing in any.
    """
    worst = max(codes, default=EMPTY)
    if worst == EMPTY:
        raise Unreadable("there is no log here, or nothing in it")
    return worst


def judge_folder(
    folder: Path, keys: tuple[VerifierKey, ...], second: Path | None = None, older: Iterable[Checkpoint] = ()
) -> tuple[int, list[str]]:
    """Walk every log below a folder. Logs that only the second place knows are gone from the first.

    Raises:
        Unreadable: where there is none, or nothing in any.
    """
    names = {path.relative_to(folder) for path in logs_below(folder)}
    names |= {path.relative_to(second) for path in logs_below(second)} if second is not None else set()
    known = tuple(older)
    judged = [strangers(known, map(str, names))]
    for name in sorted(names):
        beside = None if second is None else FolderObjects(second / name)
        judged.append(judge(FolderObjects(folder / name), keys, beside, kept_of(known, str(name)), str(name)))
    return together(code for code, _lines in judged), [line for _code, lines in judged for line in lines]


def kept_of(older: Iterable[Checkpoint], name: str) -> list[Checkpoint]:
    """Return those checkpoints that are of the log of a name; of a single log, all."""
    return [kept for kept in older if name == "." or kept.origin.endswith(f"/{name}")]


def strangers(older: Iterable[Checkpoint], names: Iterable[str]) -> tuple[int, list[str]]:
    """Judge checkpoints that somebody has kept of logs that are not there."""
    there = set(names)
    gone = [kept for kept in older if not any(kept_of([kept], name) for name in there)]
    lines = [f"TAMPERED: {kept.origin} had {kept.size} entries once, and is not there (log missing)" for kept in gone]
    return (TAMPERED if gone else EMPTY), lines


def judge_file(content: bytes, keys: tuple[VerifierKey, ...], older: Iterable[bytes] = ()) -> tuple[int, list[str]]:
    """Judge a single file: a proof of an entry, a proof that a log grew, a segment, or a checkpoint."""
    try:
        if content.startswith(TITLE.encode()):
            return INTACT, list(_entry(InclusionProof.parse(content), keys))
        if content.startswith(b"old "):
            return INTACT, list(_growth(ConsistencyProof.parse(content), keys, tuple(older)))
        if FORMAT.encode() in content.partition(b"\n")[0]:
            verdict = Walk(OneSegment(content), keys, before=None).run()
            return (INTACT if verdict.is_intact else TAMPERED), list(told(verdict))
        return INTACT, list(_head(opened(content, keys)))
    except (ProofWrong, NoteWrong) as wrong:
        return TAMPERED, [f"NOT PROVEN: {wrong}"]


def _entry(proof: InclusionProof, keys: tuple[VerifierKey, ...]) -> Iterator[str]:
    checkpoint = proof.verified(keys)
    yield f"proven: entry {proof.index} of {checkpoint.origin}, among {checkpoint.size} entries"
    try:
        offset, value = record_of(proof.leaf or b"")
    except SegmentWrong:
        return
    yield f"  offset {offset}: {value[:ENTRY_BYTES_TOLD_MAX].decode(errors='replace')}"


def _growth(proof: ConsistencyProof, keys: tuple[VerifierKey, ...], older: tuple[bytes, ...]) -> Iterator[str]:
    if len(older) != 1:
        raise ProofWrong("this proves that a log grew: name the older checkpoint with --checkpoint")
    checkpoint = proof.verified(keys, older[0])
    yield f"proven: {checkpoint.origin} grew from {proof.old} to {checkpoint.size} entries, and nothing was changed"


def _head(checkpoint: Checkpoint) -> Iterator[str]:
    yield f"signed: {checkpoint.origin} has {checkpoint.size} entries, root {checkpoint.root.hex()}"
