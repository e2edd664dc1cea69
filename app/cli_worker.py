"""`quittance worker` and `quittance topics`: what runs in production beside the API."""

import asyncio
import sys
from collections.abc import Coroutine
from typing import Any, Literal

import click
from aiokafka.errors import KafkaError

from app.audit_log.keys import AuditKeyWrong
from app.audit_log.process import ROLE as SEALER
from app.audit_log.process import SealerProcess, TopicMissing
from app.cli_errors import one_line_errors
from app.logs import configure_logs
from app.releases.process import ROLE as QUALITY
from app.releases.process import QualityProcess
from app.settings import Settings, load_settings
from app.supervisor import Supervisor
from app.termination import all_is_done
from app.topics import TopicsRefused, create_topics
from app.worker import APP_IDS, RoleName, TopicsWrong, Worker
from schemas.topics import DEFAULT_PARTITIONS

AnyRole = RoleName | Literal["sealer", "quality"]


@click.command()
@click.option(
    "--role", type=click.Choice([*APP_IDS, SEALER, QUALITY]), help="Without it, one process of reader and ledger each."
)
@click.option("--announce", type=int, hidden=True, help="File descriptor on which to say where /readyz answers.")
def worker(role: AnyRole | None, announce: int | None) -> None:
    """Read documents and pay invoices (reader, ledger), seal the audit log, or watch releases, until SIGTERM."""
    settings = load_settings()
    configure_logs(settings)
    with one_line_errors(KafkaError, TopicsWrong, TopicMissing, AuditKeyWrong, OSError):
        code = asyncio.run(_running(role, settings, announce))
    all_is_done()
    sys.exit(code)


def _running(role: AnyRole | None, settings: Settings, announce: int | None) -> Coroutine[Any, Any, int]:
    if role is None:
        return Supervisor(settings).run()
    if role == SEALER:
        return SealerProcess(settings).run(announce)
    if role == QUALITY:
        return QualityProcess(settings).run(announce)
    return Worker(role, settings).run(announce)


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
