"""`quittance worker` and `quittance topics`: what runs in production beside the API."""

import asyncio
import sys

import click
from aiokafka.errors import KafkaError

from app.cli_errors import one_line_errors
from app.logs import configure_logs
from app.settings import load_settings
from app.supervisor import Supervisor
from app.termination import all_is_done
from app.topics import TopicsRefused, create_topics
from app.worker import APP_IDS, RoleName, TopicsWrong, Worker
from schemas.topics import DEFAULT_PARTITIONS


@click.command()
@click.option("--role", type=click.Choice(list(APP_IDS)), help="reader or ledger; without it, one process of each.")
@click.option("--announce", type=int, hidden=True, help="File descriptor on which to say where /readyz answers.")
def worker(role: RoleName | None, announce: int | None) -> None:
    """Read documents and pay invoices, until SIGTERM."""
    settings = load_settings()
    configure_logs(settings)
    with one_line_errors(KafkaError, TopicsWrong, OSError):
        code = asyncio.run(Worker(role, settings).run(announce) if role else Supervisor(settings).run())
    all_is_done()
    sys.exit(code)


@click.group()
def topics() -> None:
    """The topics of the broker."""


@topics.command("create")
@click.option("--partitions", type=click.IntRange(1, 1000), default=DEFAULT_PARTITIONS, show_default=True)
@click.option("--replication", type=click.IntRange(1, 9), help="Copies; as many as brokers, at most 3, if not given.")
def create(partitions: int, replication: int | None) -> None:
    """Create every topic that is missing, and compare those that exist."""
    with one_line_errors(KafkaError, TopicsRefused):
        outcome = asyncio.run(create_topics(load_settings(), partitions, replication))
    for name in outcome.created:
        click.echo(f"created  {name}")
    click.echo(f"{len(outcome.created)} created, {len(outcome.present)} present")
    for sentence in outcome.wrong:
        click.echo(f"wrong    {sentence}", err=True)
    sys.exit(1 if outcome.wrong else 0)
