"""`python -m app.local.kafka`: bring the jars into the cache, so that the first start need not wait for them."""

import sys

from app.local.kafka.errors import KafkaError
from app.local.kafka.jars import KAFKA_VERSION, are_cached, kafka_jars


def main() -> None:
    """Say what is done where it takes time; end with 1 and one line where it fails."""
    if not are_cached():
        print(f"setup: downloading Apache Kafka {KAFKA_VERSION} (Maven, 44 MB)", file=sys.stderr)  # noqa: T201 - a command
    try:
        kafka_jars()
    except KafkaError as error:
        sys.exit(f"setup: {error}")


if __name__ == "__main__":
    main()
