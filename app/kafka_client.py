"""How every Kafka client of the application reaches the brokers: the settings, in aiokafka's words."""

from typing import Any

from aiokafka.helpers import create_ssl_context

from app.settings import Settings


def client_arguments(settings: Settings) -> dict[str, Any]:
    """Return the connection arguments that producer, consumer and admin client share.

    Raises:
        OSError: where a certificate file cannot be read.
    """
    arguments: dict[str, Any] = {
        "bootstrap_servers": settings.kafka_bootstrap_servers,
        "security_protocol": settings.kafka_security_protocol,
    }
    if "SSL" in settings.kafka_security_protocol.split("_"):
        arguments["ssl_context"] = create_ssl_context(
            cafile=settings.kafka_ca_file, certfile=settings.kafka_certificate_file, keyfile=settings.kafka_key_file
        )
    if settings.kafka_security_protocol.startswith("SASL"):
        password = settings.kafka_password
        arguments |= {
            "sasl_mechanism": settings.kafka_sasl_mechanism,
            "sasl_plain_username": settings.kafka_username,
            "sasl_plain_password": password.get_secret_value() if password else None,
        }
    return arguments
