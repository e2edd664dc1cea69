import pytest
from aiokafka.admin import AIOKafkaAdminClient


@pytest.mark.kafka
async def test_the_broker_answers(kafka_bootstrap: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka_bootstrap)
    await admin.start()
    try:
        assert len((await admin.describe_cluster())["brokers"]) == 1
    finally:
        await admin.close()
