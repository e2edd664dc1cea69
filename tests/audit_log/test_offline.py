"""The verifier stands alone: copied out of the project it judges a log as an auditor would have it do."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.audit_log.offline.segment import checkpoint_name, segment_name
from app.audit_log.place import FolderPlace
from app.audit_log.prover import Prover
from tests.audit_log.logs import KEY, ORIGIN, leaves, opened

FOLDER = Path(__file__).parents[2] / "app/audit_log/offline"
# The standard library, cryptography, and the modules beside it.
ALLOWED = sys.stdlib_module_names | {"cryptography"}


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda path: path.stem)
def test_it_imports_the_standard_library_and_cryptography_alone(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            assert {alias.name.partition(".")[0] for alias in node.names} <= ALLOWED
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 1 or (node.level == 0 and str(node.module).partition(".")[0] in ALLOWED)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A folder with the verifier, the keys and a log of two segments in `log/audit.entry/0`, nothing else."""
    shutil.copytree(FOLDER, tmp_path / "offline", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "keys.txt").write_text(f"# of the installation\n{KEY.named(ORIGIN)}\n")
    log = opened(FolderPlace(tmp_path / "log/audit.entry/0"), FolderPlace(tmp_path / "second/audit.entry/0"))
    log.append(leaves(0, 20))
    log.append(leaves(20, 10))
    return tmp_path


def run(folder: Path, *arguments: str) -> tuple[int, str]:
    """Run it with no way to anything of ours: another folder, an isolated path."""
    program = "import sys; sys.path.insert(0, '.'); import offline.__main__ as m; sys.exit(m.main())"
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], cwd=folder, capture_output=True, text=True, check=False,
        env={"PATH": "/usr/bin"},
    )  # fmt: skip
    assert not done.stderr or done.returncode == 2, done.stderr
    return done.returncode, done.stdout


def test_an_intact_log_is_intact(copied: Path) -> None:
    code, said = run(copied, "log", "--keys", "keys.txt", "--second", "second")
    assert code == 0, said
    assert f"intact: {ORIGIN}" in said
    assert "30 entries in 2 segments, offsets 0 to 29" in said


def test_a_changed_entry_is_named(copied: Path) -> None:
    path = copied / "log/audit.entry/0" / segment_name(1)
    path.chmod(0o600)
    path.write_bytes(path.read_bytes().replace(b'"entry_id":"e25"', b'"entry_id":"e77"'))
    code, said = run(copied, "log", "--keys", "keys.txt")
    assert code == 1
    assert "entry 25: these are not the bytes that were sealed; what stands there calls itself offset 25" in said


def test_a_log_that_is_gone_is_missed_by_the_second_place(copied: Path) -> None:
    shutil.rmtree(copied / "log/audit.entry")
    code, said = run(copied, "log", "--keys", "keys.txt", "--second", "second")
    assert (code, "log truncated" in said) == (1, True)


def test_a_log_in_the_place_of_another_is_seen(copied: Path) -> None:
    shutil.copytree(copied / "log/audit.entry/0", copied / "log/audit.entry/1")
    code, said = run(copied, "log", "--keys", "keys.txt")
    assert (code, "log foreign" in said) == (1, True)


def test_what_cannot_be_judged_is_neither_intact_nor_tampered(copied: Path) -> None:
    assert run(copied, "offline", "--keys", "keys.txt")[0] == 3
    assert run(copied, "log", "--keys", "nothing.txt")[0] == 3
    assert run(copied, "log")[0] == 2


def test_a_proof_is_judged_by_itself(copied: Path) -> None:
    prover = Prover(FolderPlace(copied / "log/audit.entry/0"), [KEY.named(ORIGIN)])
    (copied / "e7.tlog-proof").write_bytes(bytes(prover.inclusion(7)))
    code, said = run(copied, "e7.tlog-proof", "--keys", "keys.txt")
    assert (code, "proven: entry 7" in said, '"entry_id":"e7"' in said) == (0, True, True)
    (copied / "e7.tlog-proof").write_bytes(bytes(prover.inclusion(7)).replace(b"index 7", b"index 8"))
    code, said = run(copied, "e7.tlog-proof", "--keys", "keys.txt")
    assert (code, "NOT PROVEN" in said) == (1, True)


def test_growth_is_judged_by_a_checkpoint_that_was_kept(copied: Path) -> None:
    place = FolderPlace(copied / "log/audit.entry/0")
    (copied / "growth").write_bytes(bytes(Prover(place, [KEY.named(ORIGIN)]).consistency(20)))
    kept = str(place._root / checkpoint_name(0))
    code, said = run(copied, "growth", "--keys", "keys.txt", "--checkpoint", kept)
    assert (code, "grew from 20 to 30" in said) == (0, True)
    code, said = run(copied, "log", "--keys", "keys.txt", "--checkpoint", kept)
    assert (code, "3 other checkpoints compared" in said) == (0, True)


def test_a_segment_out_of_its_place_is_judged_by_itself(copied: Path) -> None:
    segment = f"log/audit.entry/0/{segment_name(1)}"
    code, said = run(copied, segment, "--keys", "keys.txt")
    assert (code, "10 entries in 1 segments, offsets 20 to 29" in said) == (0, True), said
