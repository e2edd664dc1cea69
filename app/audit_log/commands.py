"""`quittance audit verify`, `proof`, `consistency` and `keys`. The judging itself is in the part that stands alone."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from app.audit_log.keys import PARTITIONS_MAX, AuditKeyWrong, log_name, own_keys, trusted_keys
from app.audit_log.offline.note import NoteWrong, VerifierKey, opened, parse_keys
from app.audit_log.offline.proof import ProofWrong
from app.audit_log.offline.report import (
    UNREADABLE,
    Unreadable,
    judge,
    judge_file,
    judge_folder,
    kept_of,
    strangers,
    together,
)
from app.audit_log.opening import Places, logs_at
from app.audit_log.place import PlaceUnavailable
from app.audit_log.prover import NotSealed, Prover
from app.cli_errors import one_line_errors
from app.settings import load_settings
from schemas.topics import DEFAULT_PARTITIONS

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
PARTITION = click.option(
    "--partition", type=click.IntRange(0), help="Of this partition's log; needed where several are."
)
OUT = click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file.")


@click.command()
@click.argument("where", required=False)
@click.option("--keys", "key_file", type=FILE, help="Verifier keys, one a line; those of the settings, if not given.")
@click.option("--second", help="Folder or s3:// of the second place; that of the settings, where WHERE is not given.")
@click.option("--checkpoint", "kept", type=FILE, multiple=True, help="A checkpoint that you have kept.")
def verify(where: str | None, key_file: Path | None, second: str | None, kept: tuple[Path, ...]) -> None:
    """Verify a log: WHERE is a folder, s3://bucket/prefix or a file with a proof; the installation's, if not given.

    Ends with 0 for intact, 1 for tampered, 2 for a wrong call, 3 where nothing can be judged.
    """
    try:
        keys = _keys(key_file)
        code, lines = _judged(where, second, keys, [path.read_bytes() for path in kept])
    except (OSError, UnicodeDecodeError, NoteWrong, Unreadable, AuditKeyWrong, PlaceUnavailable, ValueError) as wrong:
        code, lines = UNREADABLE, [f"UNREADABLE: {wrong}"]
    click.echo("\n".join(lines))
    sys.exit(code)


def _keys(file: Path | None) -> tuple[VerifierKey, ...]:
    found = parse_keys(file.read_text()) if file else trusted_keys(load_settings())
    if not found:
        raise Unreadable("no key is known: name a file of verifier keys with --keys")
    return found


def _judged(
    where: str | None, second: str | None, keys: tuple[VerifierKey, ...], kept: Iterable[bytes]
) -> tuple[int, list[str]]:
    path = Path(where) if where and "://" not in where else None
    if path is not None and not path.exists():
        raise Unreadable(f"{path} is not there")
    if path is not None and path.is_file():
        return judge_file(path.read_bytes(), keys, kept)
    older = [opened(note, keys) for note in kept]
    if path is not None and (second is None or "://" not in second):
        return judge_folder(path, keys, Path(second) if second else None, older)
    settings = load_settings()
    places = Places(settings, where or (f"file://{path.absolute()}" if path else None), second)
    names = [log_name(partition) for partition in logs_at(places)]
    walked = [judge(places.home(name), keys, places.second(name), kept_of(older, name), name) for name in names]
    judged = [strangers(older, names), *walked]
    return together(code for code, _lines in judged), [line for _code, lines in judged for line in lines]


@click.command()
@click.argument("seq", type=click.IntRange(0))
@PARTITION
@OUT
def proof(seq: int, partition: int | None, out: Path | None) -> None:
    """Prove that entry SEQ is in the log: a C2SP tlog-proof, which `quittance audit verify FILE` checks offline."""
    with _one_line():
        _write(bytes(_prover(partition).inclusion(seq)), out)


@click.command()
@click.argument("older", type=click.IntRange(1))
@PARTITION
@OUT
def consistency(older: int, partition: int | None, out: Path | None) -> None:
    """Prove that the log grew out of what it was with OLDER entries, for whoever has that checkpoint."""
    with _one_line():
        _write(bytes(_prover(partition).consistency(older)), out)


@click.command()
@click.option("--partitions", type=click.IntRange(1, PARTITIONS_MAX), default=DEFAULT_PARTITIONS, show_default=True)
def keys(partitions: int) -> None:
    """Print the public half of the key that seals, as verifier keys, one for each log. Hand them to the auditor."""
    with _one_line():
        for key in own_keys(load_settings(), partitions):
            click.echo(str(key))


def _prover(partition: int | None) -> Prover:
    settings = load_settings()
    places = Places(settings)
    chosen = _only(logs_at(places)) if partition is None else partition
    return Prover(places.home(log_name(chosen)), trusted_keys(settings))


def _only(partitions: list[int]) -> int:
    if len(partitions) > 1:
        raise click.UsageError(f"name the log with --partition: {', '.join(map(str, partitions))} are there")
    return partitions[0] if partitions else 0


def _write(content: bytes, out: Path | None) -> None:
    if out is None:
        click.echo(content, nl=False)
    else:
        out.write_bytes(content)


def _one_line() -> Any:
    return one_line_errors(NotSealed, ProofWrong, PlaceUnavailable, AuditKeyWrong, ValueError, OSError)
