"""R3: workers that sleep past their session and wake as zombies; a broker that sleeps while tables are written.

Whether the tables are the fold of their topics is seen from outside: invoices that were paid are sent once more, as the
same bytes and as others, and none may be approved again.
"""

import signal
from dataclasses import replace

from app.local.samples import SampleSet
from app.local.samples.sample import REJECT, Sample
from tests.chaos.scenario import Chaos, Scenario, Size
from tests.chaos.workers import one_broker
from tests.system.cluster import SESSION_TIMEOUT_SECONDS

# A zombie: asleep for longer than its session lasts, by this much.
PAST_SESSION_SECONDS = (2.0, 6.0)
BROKER_PAUSE_SECONDS = (1.0, 12.0)
WRITING_SECONDS = (0.1, 1.0)
# Of the paid invoices, one in so many is sent again.
SENT_AGAIN_EVERY = 5
# XML may end in a comment: other bytes, the same invoice.
OTHER_BYTES = b"\n<!-- sent again -->\n"


async def pause(chaos: Chaos, number: int) -> str:
    """By turns a worker and the broker."""
    return await (sleep_broker if number % 2 else sleep_worker)(chaos)


async def sleep_worker(chaos: Chaos) -> str:
    """Stop a whole worker until others have its partitions, then let it go on where it was."""
    name = chaos.random.choice(chaos.cluster.workers)
    await chaos.do(chaos.cluster.pause_worker, name)
    await chaos.pause(*(SESSION_TIMEOUT_SECONDS + more for more in PAST_SESSION_SECONDS))
    await chaos.do(chaos.cluster.resume_worker, name)
    return "worker paused"


async def sleep_broker(chaos: Chaos) -> str:
    """Stop the broker in the middle of writes, kill a worker that waits for it, and wake the broker."""
    broker = chaos.stage.process
    broker.signal(signal.SIGSTOP)
    await chaos.pause(*WRITING_SECONDS)
    name = chaos.random.choice(chaos.cluster.workers)
    await chaos.do(chaos.cluster.kill_worker, name)
    await chaos.pause(*BROKER_PAUSE_SECONDS)
    broker.signal(signal.SIGCONT)
    chaos.cluster.start_worker(name)
    return "broker paused, worker killed"


async def send_again(chaos: Chaos) -> None:
    """Send paid invoices again: the same bytes, which are the same document, and other bytes, which are a duplicate."""
    samples = chaos.cluster.samples
    paid = [sample for sample in samples.samples if sample.command_id and sample.scenario == "plain"]
    chosen = paid[::SENT_AGAIN_EVERY]
    others = tuple(_other_bytes(sample) for sample in chosen)
    chaos.cluster.samples = SampleSet((*samples.samples, *others), samples.suppliers, samples.debtor)
    async with chaos.cluster.sending() as send:
        for sample in (*chosen, *others):
            await send(sample)
    chaos.witness.sent += len(others)


def _other_bytes(sample: Sample) -> Sample:
    return replace(
        sample,
        name=f"{sample.name}-again",
        content=sample.content + OTHER_BYTES,
        expect=REJECT,
        duplicates_of=sample.name,
    )


R3 = Scenario(
    "R3",
    "workers stopped past their session and woken; the broker stopped under table writes, then a worker killed",
    {"gate": Size(300, 3, (1.0, 3.0)), "full": Size(5_000, 50, (3.0, 8.0))},
    one_broker,
    pause,
    after=send_again,
    may_give_up=True,
)
