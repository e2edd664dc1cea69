"""No Docker engine runs where this project is built, so the files that one reads are held against the code."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from app.cli import main
from app.settings import Settings

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("topics", "reader", "ledger", "sealer", "quality", "api")
# What the example leaves open, filled in for one test; none is a secret of anybody.
FILLED = {
    "QUITTANCE_DEBTOR_IBAN": "DE89370400440532013000",
    "QUITTANCE_DEBTOR_BIC": "COBADEFF",
    "QUITTANCE_DEBTOR_COUNTRY": "DE",
    "SIGNING_KEY_FILE": "/tmp/signing.pem",
    "AUDIT_KEY_FILE": "/tmp/audit.pem",
    "AUDIT_PUBLIC_KEY_FILE": "/tmp/audit-public.pem",
}
EXAMPLE = (ROOT / "deploy/.env.example").read_text()
EXAMPLE_NAMES = re.findall(r"^([A-Z0-9_]+)=", EXAMPLE, flags=re.MULTILINE)
VARIABLE = re.compile(r"\$\{([A-Z0-9_]+)(?::\?[^}]*)?\}")


def filled(text: str) -> str:
    """Put a value into each variable, as compose does."""
    return VARIABLE.sub(lambda found: FILLED.get(found[1], f"test-{found[1].lower()}"), text)


def environment(service: str) -> dict[str, str]:
    return {name: filled(str(value)) for name, value in SERVICES[service].get("environment", {}).items()}


def port_of(settings: Settings, service: str) -> int:
    return settings.api_port if service == "api" else settings.metrics_port


def test_every_part_is_there() -> None:
    assert set(SERVICES) == {*OURS, "kafka", "s3", "postgres", "collector", "prometheus", "grafana"}


@pytest.mark.parametrize("service", SERVICES)
def test_an_image_is_pinned_and_a_service_comes_back(service: str) -> None:
    name, _, tag = SERVICES[service]["image"].rpartition(":")
    assert name
    assert re.search(r"\d+\.\d+", tag), "a tag that names a version, not latest"
    assert SERVICES[service]["restart"] in {"unless-stopped", "on-failure:5"}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_says_how_it_is(service: str) -> None:
    if service == "collector":
        return  # its image has no shell and no client to ask with; Prometheus watches it
    if service == "topics":
        assert SERVICES[service]["healthcheck"] == {"disable": True}
    elif service in OURS:
        assert "HEALTHCHECK" in (ROOT / "deploy/Dockerfile").read_text()
        assert "healthcheck" not in SERVICES[service]
    else:
        assert SERVICES[service]["healthcheck"]["test"][0] == "CMD"


@pytest.mark.parametrize("service", SERVICES)
def test_what_a_service_waits_for_exists_and_can_be_waited_for(service: str) -> None:
    for other, how in SERVICES[service].get("depends_on", {}).items():
        if how["condition"] == "service_healthy":
            assert SERVICES[other].get("healthcheck", {}).get("test") or other in OURS
        else:
            assert (other, how["condition"]) == ("topics", "service_completed_successfully")


@pytest.mark.parametrize("service", OURS)
def test_a_command_is_one_that_quittance_has(service: str) -> None:
    arguments = list(SERVICES[service]["command"])
    command: click.Command = main
    context = click.Context(main, info_name="quittance")
    while isinstance(command, click.Group):
        name = arguments.pop(0)
        found = command.get_command(context, name)
        assert found is not None, f"quittance has no {name}"
        command, context = found, click.Context(found, parent=context, info_name=name)
    command.make_context(command.name, arguments, parent=context.parent)  # raises where an option is unknown


@pytest.mark.parametrize("service", OURS)
def test_each_setting_exists_and_parses(service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given = environment(service)
    known = {f"QUITTANCE_{name.upper()}" for name in Settings.model_fields}
    assert {name for name in given if name.startswith("QUITTANCE_")} <= known
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    settings = Settings()
    assert settings.kafka_bootstrap_servers == "kafka:19092"
    assert settings.documents.startswith("s3://")
    assert settings.database_url.startswith("postgresql+asyncpg://")
    assert settings.debtor_country == "DE"


def test_settings_point_at_services_and_their_ports() -> None:
    given = environment("ledger")
    assert "INSIDE://kafka:19092" in environment("kafka")["KAFKA_ADVERTISED_LISTENERS"]
    assert "--port :7070" in SERVICES["s3"]["command"][0]
    assert given["QUITTANCE_S3_ENDPOINT_URL"] == "http://s3:7070"
    bucket = given["QUITTANCE_DOCUMENTS"].removeprefix("s3://").split("/")[0]
    assert f"mkdir -p /data/{bucket} " in SERVICES["s3"]["command"][0]
    assert {given["QUITTANCE_AUDIT"], given["QUITTANCE_AUDIT_CHECKPOINTS"]} == {
        f"s3://{bucket}/audit", f"s3://{bucket}/checkpoints"
    }  # fmt: skip
    assert environment("sealer")["QUITTANCE_AUDIT_KEY_FILE"] == f"/run/secrets/{SERVICES['sealer']['secrets'][0]}"
    assert environment("api")["QUITTANCE_AUDIT_KNOWN_KEYS_FILE"] == f"/run/secrets/{SERVICES['api']['secrets'][0]}"
    assert "audit_key" not in SERVICES["api"]["secrets"], "who answers questions cannot seal"
    assert "@postgres:5432/" in given["QUITTANCE_DATABASE_URL"]
    receiver = yaml.safe_load((ROOT / "deploy/collector.yml").read_text())["receivers"]["otlp"]["protocols"]["http"]
    assert given["QUITTANCE_OTLP_ENDPOINT"] == "http://collector:" + receiver["endpoint"].rpartition(":")[2]


def test_a_worker_is_not_killed_while_it_drains() -> None:
    grace = int(SERVICES["ledger"]["stop_grace_period"].removesuffix("s"))
    closing = 15.0  # app/worker.py: CLOSE_TIMEOUT_SECONDS
    assert grace > Settings.model_fields["drain_timeout_seconds"].default + closing


def test_topics_are_never_created_by_a_typing_error() -> None:
    assert environment("kafka")["KAFKA_AUTO_CREATE_TOPICS_ENABLE"] == "false"


def test_our_containers_can_do_nothing_but_their_work() -> None:
    for service in OURS:
        assert SERVICES[service]["read_only"] is True
        assert SERVICES[service]["cap_drop"] == ["ALL"]
        assert SERVICES[service]["security_opt"] == ["no-new-privileges:true"]


def test_no_secret_has_a_default() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    assert not re.findall(r"\$\{[A-Z0-9_]+(?::?-[^}]*)?\}", text), "each variable must be required"
    assert set(EXAMPLE_NAMES) == set(re.findall(r"\$\{([A-Z0-9_]+)", text))
    assert all(re.search(rf"^{name}=$", EXAMPLE, flags=re.MULTILINE) for name in EXAMPLE_NAMES)
    for service, stated in SERVICES.items():
        for name, value in stated.get("environment", {}).items():
            if re.search("PASSWORD|SECRET|ACCESS_KEY|API_KEYS", name):
                assert VARIABLE.fullmatch(str(value)), f"{service}: {name} is written out"


def test_the_filled_in_file_is_not_committed() -> None:
    git = shutil.which("git")
    assert git
    asked = subprocess.run([git, "check-ignore", "-q", "deploy/.env"], cwd=ROOT, check=False)
    assert asked.returncode == 0, "deploy/.env must be ignored"


def test_compose_itself_accepts_it() -> None:
    docker = shutil.which("docker")
    has_compose = docker and subprocess.run([docker, "compose", "version"], capture_output=True, check=False)
    if not docker or not has_compose or has_compose.returncode:
        pytest.skip("no docker client with compose here")
    values = {name: FILLED.get(name, "test") for name in EXAMPLE_NAMES}
    accepted = subprocess.run(
        [docker, "compose", "--file", str(ROOT / "docker-compose.yml"), "config", "--quiet"],
        env={**os.environ, **values}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert accepted.returncode == 0, accepted.stderr
