"""What README promises is there: every setting, every command, every file, and nothing that is not."""

import base64
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.cli import COMMANDS
from app.contracts.files import COMMITTED
from app.settings import Settings
from schemas.topics import TOPICS

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf-8")
TEXTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
_TABLE = re.compile(r"^\| (`[A-Z].*?) \|", re.MULTILINE)
_LINK = re.compile(r"\]\((?!https?:)([^)#]+)")


def test_the_table_names_exactly_the_settings_that_exist() -> None:
    told = {name for row in _TABLE.findall(README) for name in re.findall(r"`([A-Z0-9_]+)`", row)}
    assert told == {name.upper() for name in Settings.model_fields}


def test_every_command_that_is_shown_exists() -> None:
    shown = set(re.findall(r"\bquittance ([a-z]+)\b", README))
    assert shown <= set(COMMANDS)


def test_every_topic_that_is_named_exists() -> None:
    drawn = set(re.findall(r"\|([a-z]+\.[a-z]+)\|", README))
    assert drawn <= {topic.name for topic in TOPICS}
    assert len(drawn) > 8


@pytest.mark.parametrize("text", TEXTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_leads_to_a_file(text: Path) -> None:
    missing = [link for link in _LINK.findall(text.read_text("utf-8")) if not (text.parent / link).exists()]
    assert not missing


def test_the_verification_that_is_shown_accepts_the_example_and_no_other_amount(tmp_path: Path) -> None:
    shown = re.search(r"```python\n(.*?)```", README, re.DOTALL)
    assert shown
    program = re.sub(r"(?m)^ {3}", "", shown.group(1))
    key = json.loads((COMMITTED / "example-signing-key.jwk.json").read_text("utf-8"))
    public = Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(key["x"] + "="))
    pem = tmp_path / "key.pem"
    pem.write_bytes(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    command = (COMMITTED / "payment.initiated" / "examples" / "sct-signed.json").read_bytes()

    def verify(value: bytes) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run([sys.executable, "-c", program, str(pem)], input=value, capture_output=True, check=False)

    assert verify(command).returncode == 0
    assert b"InvalidSignature" in verify(command.replace(b"1250.40", b"1250.41")).stderr
