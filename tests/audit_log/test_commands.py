"""The auditor's commands as they are typed: what they print, and their exit codes."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.audit_log.log import SealedLog
from app.audit_log.offline.note import parse_keys
from app.audit_log.offline.segment import checkpoint_name, segment_name
from app.audit_log.opening import Places, sealed_log
from app.cli import main
from app.settings import Settings
from tests.audit_log.logs import KEY, leaves, sealing_key
from tests.audit_log.sealers import write_key
from tests.servers.s3 import S3Server


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["audit", *arguments])


def sealed(settings: Settings, partition: int = 0) -> SealedLog:
    log = sealed_log(settings, Places(settings), partition)
    log.open()
    for first in (0, 12):
        log.append(leaves(first, 12))
    return log


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An installation with a log of 24 entries in partition 3, and a second place."""
    given = {
        "AUDIT": f"file://{tmp_path}/log",
        "AUDIT_CHECKPOINTS": f"file://{tmp_path}/second",
        "AUDIT_KEY_FILE": str(write_key(tmp_path / "audit.pem")),
    }
    for name, value in given.items():
        monkeypatch.setenv(f"QUITTANCE_{name}", value)
    settings = Settings()
    sealed(settings, 3)
    return settings


def tamper(folder: Path) -> None:
    path = folder / segment_name(1)
    path.chmod(0o600)
    path.write_bytes(path.read_bytes().replace(b'"entry_id":"e20"', b'"entry_id":"e99"'))


def test_the_installations_own_logs_are_verified_against_the_second_place(settings: Settings) -> None:
    done = run("verify")
    assert done.exit_code == 0, done.output
    assert "intact: quittance/audit.entry/3" in done.output
    assert "24 entries in 2 segments, offsets 0 to 23" in done.output
    assert "4 other checkpoints compared" in done.output


def test_a_tampered_log_ends_with_one_and_names_the_entry(settings: Settings, tmp_path: Path) -> None:
    tamper(tmp_path / "log/audit.entry/3")
    for arguments in (["verify"], ["verify", f"{tmp_path}/log"], ["verify", f"file://{tmp_path}/log"]):
        done = run(*arguments)
        assert (done.exit_code, "entry 20: these are not the bytes" in done.output) == (1, True), done.output


def test_a_log_with_nothing_in_it_is_no_proof_of_anything(settings: Settings, tmp_path: Path) -> None:
    sealed_log(settings, Places(settings), 0).open()
    done = run("verify")
    assert (done.exit_code, "empty: nothing was sealed in audit.entry/0" in done.output) == (0, True), done.output
    (tmp_path / "log/audit.entry/3").rename(tmp_path / "away")
    (tmp_path / "second/audit.entry/3").rename(tmp_path / "away too")
    assert run("verify").exit_code == 3


def test_a_log_that_is_gone_is_known_to_who_kept_a_checkpoint_of_it(settings: Settings, tmp_path: Path) -> None:
    sealed(settings, 0)
    kept = f"{tmp_path}/second/audit.entry/3/{checkpoint_name(1)}"
    shutil.rmtree(tmp_path / "log/audit.entry/3")
    for arguments in ([f"{tmp_path}/log"], [f"file://{tmp_path}/log"]):
        done = run("verify", *arguments, "--checkpoint", kept)
        assert (done.exit_code, "had 24 entries once, and is not there" in done.output) == (1, True), done.output


def test_a_log_that_is_gone_is_known_from_the_second_place(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "log/audit.entry/3").rename(tmp_path / "stolen")
    done = run("verify")
    assert (done.exit_code, "log truncated" in done.output) == (1, True), done.output


def test_what_cannot_be_judged_ends_with_three(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert run("verify", f"{tmp_path}/empty").exit_code == 3
    assert run("verify", f"{tmp_path}/nowhere").exit_code == 3
    assert run("verify", "ftp://somewhere/else").exit_code == 3


def test_without_any_key_nothing_is_called_intact(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QUITTANCE_AUDIT_KEY_FILE")
    done = run("verify")
    assert (done.exit_code, "no key is known" in done.output) == (3, True)


def test_a_wrong_call_ends_with_two(settings: Settings) -> None:
    assert run("verify", "--keys", "/no/such/file").exit_code == 2
    assert run("proof", "minus").exit_code == 2


def test_keys_for_an_auditor_verify_a_folder_without_the_installation(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed = run("keys", "--partitions", "4").output
    assert [key.name for key in parse_keys(printed)] == [f"quittance/audit.entry/{number}" for number in range(4)]
    (tmp_path / "keys.txt").write_text(printed)
    for name in ("AUDIT", "AUDIT_CHECKPOINTS", "AUDIT_KEY_FILE"):
        monkeypatch.delenv(f"QUITTANCE_{name}")
    keys, log, second = f"{tmp_path}/keys.txt", f"{tmp_path}/log", f"{tmp_path}/second"
    assert run("verify", log, "--keys", keys, "--second", second).exit_code == 0
    kept = f"{second}/audit.entry/3/{checkpoint_name(0)}"
    assert run("verify", log, "--keys", keys, "--checkpoint", kept).exit_code == 0
    assert run("verify", kept, "--keys", keys).output.startswith("signed: quittance/audit.entry/3 has 12 entries")


def test_a_public_key_in_pem_is_enough_to_verify(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    public = KEY.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    other = sealing_key("other").private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / "public.pem").write_bytes(other + public)
    monkeypatch.delenv("QUITTANCE_AUDIT_KEY_FILE")
    monkeypatch.setenv("QUITTANCE_AUDIT_KNOWN_KEYS_FILE", f"{tmp_path}/public.pem")
    assert run("verify").exit_code == 0
    (tmp_path / "public.pem").write_bytes(other)
    assert run("verify").exit_code == 1
    (tmp_path / "public.pem").write_text("no key")
    assert run("verify").exit_code == 3


def test_a_proof_is_written_and_verified(settings: Settings, tmp_path: Path) -> None:
    out = f"{tmp_path}/e17.tlog-proof"
    assert run("proof", "17", "--out", out).exit_code == 0
    done = run("verify", out)
    assert (done.exit_code, "proven: entry 17 of quittance/audit.entry/3" in done.output) == (0, True), done.output
    assert run("proof", "17").output == Path(out).read_text()
    assert run("proof", "24").exit_code == 1


def test_growth_is_proven_to_who_kept_a_checkpoint(settings: Settings, tmp_path: Path) -> None:
    out, kept = f"{tmp_path}/grown", f"{tmp_path}/second/audit.entry/3/{checkpoint_name(0)}"
    assert run("consistency", "12", "--out", out).exit_code == 0
    done = run("verify", out, "--checkpoint", kept)
    assert (done.exit_code, "grew from 12 to 24" in done.output) == (0, True), done.output
    assert run("verify", out).exit_code == 1


def test_of_several_logs_one_must_be_named(settings: Settings) -> None:
    sealed(settings, 0)
    assert run("proof", "1").exit_code == 2
    assert run("proof", "1", "--partition", "0").exit_code == 0


def test_after_a_change_of_keys_the_old_key_must_be_known(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "known.txt").write_text(run("keys").output)
    write_key(tmp_path / "audit.pem", sealing_key("next"))
    assert run("verify").exit_code == 1
    monkeypatch.setenv("QUITTANCE_AUDIT_KNOWN_KEYS_FILE", f"{tmp_path}/known.txt")
    log = sealed_log(Settings(), Places(Settings()), 3)
    log.open()
    log.append(leaves(24, 2))
    done = run("verify")
    assert (done.exit_code, "26 entries" in done.output) == (0, True), done.output


@pytest.mark.s3
def test_a_log_in_a_bucket_is_verified_where_it_is(
    s3_server: S3Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in s3_server.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("QUITTANCE_AUDIT", f"s3://{s3_server.bucket}/{tmp_path.name}")
    monkeypatch.setenv("QUITTANCE_AUDIT_KEY_FILE", str(write_key(tmp_path / "audit.pem")))
    sealed(Settings(), 1)
    for where in ([], [f"s3://{s3_server.bucket}/{tmp_path.name}"]):
        done = run("verify", *where)
        assert (done.exit_code, "24 entries" in done.output) == (0, True), done.output
    assert run("verify", f"s3://{s3_server.bucket}/nothing").exit_code == 3
    assert run("verify", "s3://no-such-bucket/x").exit_code == 3
