"""`quittance dead`: what was put aside, why, and back with it. Straight from the topics: no API is needed."""

import asyncio
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
from aiokafka.errors import KafkaError

from app.cli_errors import FAILED, one_line_errors
from app.dead_letters import (
    ORIGINAL_GONE,
    Foreign,
    Kind,
    Letter,
    Replayer,
    Selection,
    Standing,
    Unconfirmed,
    Unreplayable,
    find_letter,
    original_of,
    read_letters,
)
from app.dead_letters.shown import json_line, line, page, value_text
from app.settings import load_settings
from app.snapshot import TopicSilent
from schemas.topics import READ_BY_STAGES, Topic

C = TypeVar("C", bound=Callable[..., Any])

# What a terminal is shown of a value; `--out` writes all of it.
SHOWN_BYTES_MAX = 10_000
KINDS: dict[Kind, str] = {
    "parked": "something outside was failing: replay them when it works again",
    "poison": "the bytes or our code are at fault: mend the cause before you replay them",
}


class _TopicName(click.ParamType):
    """A topic that stages read, under its own name or that of its dead letters."""

    name = "topic"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Topic:
        """Return the topic."""
        found = [topic for topic in READ_BY_STAGES if value in (topic, topic.name, topic.dead)]
        if not found:
            names = ", ".join(topic.name for topic in READ_BY_STAGES)
            self.fail(f"{value!r} has no dead letters; these have: {names}", param, ctx)
        return found[0]


def _selecting(command: C) -> C:
    """Add the options that say which letters are meant."""
    options = (
        click.option("--topic", type=_TopicName(), help="Of this topic."),
        click.option("--stage", help="Buried by this stage."),
        click.option("--reason", help="For this reason, as `VALUE-INVALID`."),
        click.option("--kind", type=click.Choice(list(KINDS)), help="; ".join(f"{k}: {v}" for k, v in KINDS.items())),
        click.option("--partition", type=click.IntRange(0), help="On this partition."),
        click.option("--offset", type=click.IntRange(0), help="At this offset of the dead-letter topic."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.group()
def dead() -> None:
    """Dead letters: events that a stage put aside, with their original bytes and the reason."""


@dead.command("list")
@_selecting
@click.option("--all", "replayed_too", is_flag=True, help="Also those that have been replayed.")
@click.option("--jsonl", is_flag=True, help="One JSON object a letter.")
def list_letters(*, topic: Topic | None, replayed_too: bool, jsonl: bool, **wanted: Any) -> None:
    """List the letters that wait: where they stand, when, who buried them, and why."""
    with one_line_errors(KafkaError, TopicSilent):
        counts = asyncio.run(
            _list(_selection(topic, wanted), replayed_too=replayed_too, show=json_line if jsonl else line)
        )
    if not jsonl:
        click.echo(_told(counts))


@dead.command("show")
@click.argument("topic", type=_TopicName())
@click.argument("partition", type=click.IntRange(0))
@click.argument("offset", type=click.IntRange(0))
@click.option(
    "--out", type=click.Path(path_type=Path), help="Write the original bytes to this new file; `-` is stdout."
)
def show_letter(topic: Topic, partition: int, offset: int, out: Path | None) -> None:
    """Show one letter, by its place as `list` prints it: headers, reason, and the original bytes made printable."""
    settings = load_settings()
    with one_line_errors(KafkaError, TopicSilent, Unreplayable, OSError):
        standing = asyncio.run(find_letter(settings, topic, partition, offset))
        if standing is None:
            raise TopicSilent(f"there is no letter at {topic.dead} {partition} {offset}")
        original = asyncio.run(original_of(settings, standing.letter))
        if str(out) != "-":
            click.echo(page(standing))
        if original is None:
            raise Unreplayable(ORIGINAL_GONE)
        _give(original.value or b"", out)


@dead.command("replay")
@_selecting
@click.option("--dry-run", is_flag=True, help="Say what would go back, and send nothing.")
@click.option("--force", is_flag=True, help="Also those that have been replayed.")
def replay_letters(*, topic: Topic | None, dry_run: bool, force: bool, **wanted: Any) -> None:
    """Send letters back to their topic and partition: same key, same bytes, same id.

    Without a selection, all that wait. What was put aside comes after what has passed since. More than 20 poison
    letters in a row stop their stage again.
    """
    with one_line_errors(KafkaError, TopicSilent, Unconfirmed):
        counts = asyncio.run(_replay(_selection(topic, wanted), dry_run=dry_run, force=force))
    sent = "would be replayed" if dry_run else "replayed"
    click.echo(f"{counts['sent']} {sent}, {counts['failed']} cannot be, {counts['skipped']} were replayed before")
    sys.exit(FAILED if counts["failed"] else 0)


def _selection(topic: Topic | None, wanted: dict[str, Any]) -> Selection:
    return Selection(topics=(topic,) if topic else READ_BY_STAGES, **wanted)


async def _list(selection: Selection, *, replayed_too: bool, show: Callable[[Standing], str]) -> "Counter[str]":
    counts: Counter[str] = Counter()
    async for found in read_letters(load_settings(), selection):
        if isinstance(found, Foreign):
            click.echo(f"quittance: {found.place} is no dead letter", err=True)
            continue
        counts["replayed" if found.replayed else found.letter.kind] += 1
        if replayed_too or not found.replayed:
            click.echo(show(found))
    return counts


async def _replay(selection: Selection, *, dry_run: bool, force: bool) -> "Counter[str]":
    settings, counts, done = load_settings(), Counter[str](), set[Any]()
    async with Replayer(settings) as replayer:
        async for found in read_letters(settings, selection):
            if isinstance(found, Foreign):
                continue
            event = (found.letter.topic, found.letter.origin)
            if event in done or (found.replayed and not force):
                counts["skipped"] += 1
                continue
            done.add(event)
            counts["sent" if await _sent(replayer, found.letter, dry_run=dry_run) else "failed"] += 1
    return counts


async def _sent(replayer: Replayer, letter: Letter, *, dry_run: bool) -> bool:
    try:
        went = letter.topic.name if dry_run else await replayer.replay(letter)
    except Unreplayable as wrong:
        click.echo(f"quittance: {letter.place}: {wrong}", err=True)
        return False
    click.echo(f"{letter.place}  ->  {went}")
    return True


def _told(counts: "Counter[str]") -> str:
    lines = [f"{counts[kind]} {kind} ({meaning})" for kind, meaning in KINDS.items() if counts[kind]]
    if counts["replayed"]:
        lines.append(f"{counts['replayed']} replayed already")
    return "\n".join(lines or ["no dead letters"])


def _give(value: bytes, out: Path | None) -> None:
    """Write the bytes as they are, or show the first of them made printable.

    Raises:
        OSError: where the file exists already, or cannot be written.
    """
    if out is None:
        click.echo("\n" + value_text(value, SHOWN_BYTES_MAX))
        if len(value) > SHOWN_BYTES_MAX:
            click.echo(f"... and {len(value) - SHOWN_BYTES_MAX} bytes more: --out FILE", err=True)
    elif str(out) == "-":
        click.get_binary_stream("stdout").write(value)
    else:
        with out.open("xb") as file:
            file.write(value)
