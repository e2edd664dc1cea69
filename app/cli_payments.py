"""`quittance payments list`: the commands on the topic, with what the engines say of each."""

import asyncio
import json
from collections import defaultdict
from typing import TypeVar

import click
from aiokafka.errors import KafkaError

from agents.settlement.settlement import fold
from app.cli_errors import one_line_errors
from app.settings import Settings, load_settings
from app.snapshot import TopicSilent, read_to_end
from schemas.base import Record
from schemas.codec import Undecodable, decode
from schemas.payment import PaymentInitiated, PaymentState, PaymentStatusReported
from schemas.topics import PAYMENT_INITIATED, PAYMENT_STATUS

R = TypeVar("R", bound=Record)


class Listed(Record):
    """A command and its state. `conflicting`: other bytes were seen under its id, which is an alarm."""

    command: PaymentInitiated
    state: PaymentState
    reason_code: str | None
    conflicting: bool


@click.group()
def payments() -> None:
    """Payment commands."""


@payments.command("list")
@click.option("--jsonl", is_flag=True, help="One JSON object a command.")
def list_payments(jsonl: bool) -> None:
    """List every payment command, in the order in which they were issued."""
    with one_line_errors(KafkaError, TopicSilent):
        listed = asyncio.run(read_payments(load_settings()))
    for one in listed:
        click.echo(json.dumps(one.model_dump(mode="json"), ensure_ascii=False) if jsonl else _line(one))


async def read_payments(settings: Settings) -> tuple[Listed, ...]:
    """Return the commands as the topics have them now; of two records with one id the first counts."""
    values: defaultdict[str, list[bytes]] = defaultdict(list)
    issued: dict[str, tuple[int, PaymentInitiated]] = {}
    async for record in read_to_end(settings, PAYMENT_INITIATED.name):
        command = _decoded(record.value, PaymentInitiated, f"{record.partition}@{record.offset}")
        if command is not None:
            values[command.command_id].append(record.value or b"")
            issued.setdefault(command.command_id, (record.timestamp, command))
    reports: defaultdict[str, list[PaymentStatusReported]] = defaultdict(list)
    async for record in read_to_end(settings, PAYMENT_STATUS.name):
        report = _decoded(record.value, PaymentStatusReported, f"{record.partition}@{record.offset}")
        if report is not None:
            reports[report.command_id].append(report)
    in_order = sorted(issued.values(), key=lambda found: (found[0], found[1].command_id))
    return tuple(_listed(command, reports[command.command_id], values[command.command_id]) for _, command in in_order)


def _listed(command: PaymentInitiated, reports: list[PaymentStatusReported], values: list[bytes]) -> Listed:
    state, reason_code = fold("payment_initiated", None, tuple(reports))
    return Listed(command=command, state=state, reason_code=reason_code, conflicting=len(set(values)) > 1)


def _decoded(value: bytes | None, model: type[R], place: str) -> R | None:
    try:
        return decode(value, model)
    except Undecodable as wrong:
        click.echo(f"quittance: record {place} cannot be read: {wrong}", err=True)
        return None


def _line(one: Listed) -> str:
    command, amount = one.command, one.command.instructed_amount
    told = [
        command.command_id,
        one.state + (f" ({one.reason_code})" if one.reason_code else ""),
        f"{amount.value} {amount.currency}",
        command.requested_execution_date.isoformat(),
        command.creditor_account,
        command.creditor.name,
    ]
    return "  ".join([*told, "ALARM: other bytes under this id"] if one.conflicting else told)
