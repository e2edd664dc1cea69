"""`python -m tests.system.pictures FOLDER`: the dashboards of a real run, drawn (docs/observability.md shows them).

A stack, its Prometheus, some hundred sample invoices, and a publisher that writes nonsense now and then.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from aiokafka import AIOKafkaProducer

from app.local.ports import LOOPBACK
from app.local.samples import debtor_environment, load_set
from app.local.stack import Stack
from app.local.watch import Watch
from deploy.grafana import draw
from schemas.topics import DOCUMENT_RECEIVED
from tests.system.cluster import Cluster
from tests.system.poison import ended
from tests.system.prometheus import prometheus

DOCUMENTS = 240
PACE_SECONDS = 0.5
NONSENSE_EVERY = 60
MINUTES = 4


async def run(folder: Path, out: Path) -> None:
    samples = load_set(DOCUMENTS, seed=21)
    async with Stack(folder, debtor_environment(samples.debtor)) as stack:
        cluster = Cluster(stack.settings.kafka_bootstrap_servers, folder, samples)
        await cluster.import_suppliers()
        ports = {"worker": stack.settings.metrics_port, "api": stack.settings.api_port}
        targets = {job: f"{LOOPBACK}:{port}" for job, port in ports.items()}
        async with prometheus(folder / "prometheus", targets) as asked:
            watch = Watch(cluster.settings)
            watching = asyncio.create_task(watch.run())
            async with cluster.sending() as send, AIOKafkaProducer(bootstrap_servers=cluster.bootstrap) as producer:
                for number, sample in enumerate(samples.samples):
                    await send(sample)
                    if number % NONSENSE_EVERY == 0:
                        await producer.send_and_wait(DOCUMENT_RECEIVED.name, b"no JSON", key=b"nobody")
                    await asyncio.sleep(PACE_SECONDS)
            await ended(watch, samples)
            watching.cancel()
            await asyncio.to_thread(draw.main, asked.url, str(out), str(MINUTES))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        asyncio.run(run(Path(name), Path(sys.argv[1])))
