"""One frozen Settings, read once from the environment as contracts.md promises; no secret has a default."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from app.environment import environment_file, split_list

PathList = Annotated[tuple[Path, ...], NoDecode, split_list(":")]
TextList = Annotated[tuple[str, ...], NoDecode, split_list(",")]


class Settings(BaseSettings):
    """Everything an operator can set. Each name is `QUITTANCE_` and the field in upper case."""

    model_config = SettingsConfigDict(env_prefix="QUITTANCE_", frozen=True, extra="ignore", populate_by_name=True)

    kafka_bootstrap_servers: str = "127.0.0.1:9092"
    kafka_security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    kafka_sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = "PLAIN"
    kafka_username: str | None = None
    kafka_password: SecretStr | None = None
    kafka_ca_file: Path | None = None
    kafka_certificate_file: Path | None = None
    kafka_key_file: Path | None = None

    documents: str = "file://./var/documents"
    document_roots: PathList = ()
    # Where the keys lie under which documents are put (docs/audit.md); without it they lie in clear.
    erasure_keys: Annotated[str, Field(pattern=r"^file:///.+")] | None = None
    # Also under the name without our prefix, as the SDK's tools call it; the keys are read by the SDK where not given.
    s3_endpoint_url: str | None = Field(
        default=None, validation_alias=AliasChoices("QUITTANCE_S3_ENDPOINT_URL", "S3_ENDPOINT_URL")
    )
    aws_access_key_id: str | None = None
    aws_secret_access_key: SecretStr | None = None
    aws_session_token: SecretStr | None = None
    aws_region: str | None = None
    s3_sse: Literal["AES256", "aws:kms"] | None = None
    s3_sse_kms_key_id: str | None = None
    database_url: str = "sqlite+aiosqlite:///./var/read.db"

    debtor_name: str | None = None
    debtor_iban: str | None = None
    debtor_bic: str | None = None
    debtor_country: str | None = None
    debtor_town: str | None = None
    debtor_street: str | None = None
    debtor_post_code: str | None = None
    tenants: Path | None = None

    api_host: str = "127.0.0.1"
    api_port: int = 8000
    api_keys: TextList = ()
    api_keys_file: Path | None = None
    metrics_host: str = "127.0.0.1"
    metrics_port: int = 9100

    session_timeout_seconds: Annotated[int, Field(ge=6, le=300)] = 10
    drain_timeout_seconds: Annotated[float, Field(gt=0, le=300)] = 20.0
    read_processes: Annotated[int, Field(ge=1, le=256)] | None = None
    official_rules: Literal["required", "advisory"] = "required"
    signing_key_file: Path | None = None
    # The sealed audit log (docs/audit.md).
    audit: str | None = None
    audit_checkpoints: str | None = None
    audit_key_file: Path | None = None
    audit_known_keys_file: Path | None = None
    audit_origin: Annotated[str, Field(pattern=r"^[^\s+]+$", max_length=200)] = "quittance"
    audit_seal_seconds: Annotated[float, Field(gt=0, le=3600)] = 30.0
    audit_retention_days: Annotated[int, Field(ge=1, le=36_500)] = 3_653
    # A collector's base URL, to which spans are sent over OTLP (HTTP, protobuf); none are made where it is not set.
    otlp_endpoint: str | None = None
    # Of the traces that begin here. Whether one is kept that a caller or publisher began is their `sampled` flag's say.
    # All of them would cost a tenth of the processor time (benchmarks/results/tracing.json).
    trace_ratio: Annotated[float, Field(ge=0, le=1)] = 0.1
    # A language model that may be asked for values that the readers did not find (docs/decisions/0032). Without the URL
    # no document leaves the house, whatever a release says.
    assistant_url: Annotated[str, Field(pattern=r"^https?://\S+$")] | None = None
    assistant_key_file: Path | None = None
    assistant_model: str | None = None
    assistant_timeout_seconds: Annotated[float, Field(gt=0, le=120)] = 20.0
    assistant_tokens_a_day: Annotated[int, Field(ge=0)] = 200_000
    # `host:port` of the workers' metrics, for `quittance top` to look at.
    workers: TextList = ()
    log_format: Literal["json", "text"] | None = None
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"


def load_settings() -> Settings:
    """Read the settings from the environment, and from the file that `QUITTANCE_ENV_FILE` names, if it does.

    Raises:
        pydantic.ValidationError: where a value has the wrong form; its message names the setting.
    """
    return Settings(_env_file=environment_file())
