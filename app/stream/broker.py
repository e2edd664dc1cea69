"""The broker in Faust's words; every other client takes app/kafka_client.py's."""

from typing import Any

import faust

from app.kafka_client import client_arguments
from app.settings import Settings


def broker_urls(settings: Settings) -> list[str]:
    """Return the bootstrap servers as Faust wants them."""
    return [f"aiokafka://{server.strip()}" for server in settings.kafka_bootstrap_servers.split(",")]


def credentials(settings: Settings) -> Any:
    """Return Faust's form of the clients' credentials, or None for plain text."""
    arguments = client_arguments(settings)
    context = arguments.get("ssl_context")
    if "sasl_mechanism" in arguments:
        return faust.SASLCredentials(
            username=arguments["sasl_plain_username"],
            password=arguments["sasl_plain_password"],
            mechanism=arguments["sasl_mechanism"],
            ssl_context=context,
        )
    return faust.SSLCredentials(context) if context else None
