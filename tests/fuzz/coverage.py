"""`python -m tests.fuzz.coverage NAME SECONDS FOLDER [SEED]`: fuzz one target by coverage (atheris over libFuzzer).

FOLDER/corpus keeps what reached new code, FOLDER/crash-* what raised. Never returns: libFuzzer ends the process.
"""

import random
import sys
from collections.abc import Callable
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["agents", "schemas"]):
    from tests.fuzz.mutation import changed
    from tests.fuzz.targets import TARGETS, seeds

KEPT = Path(__file__).parent / "corpus"
LENGTH_MAX = 65_536
MEMORY_MEGABYTES_MAX = 2_048
# One input; the sandbox would give ten, and a machine that others use as well is slow.
INPUT_SECONDS_MAX = 30


def _mutator(others: list[bytes]) -> Callable[[bytes, int, int], bytes]:
    """Bytes alone hardly ever leave XML well-formed: every other change is one of ours, of its own words."""

    def mutate(content: bytes, size_max: int, seed: int) -> bytes:
        rng = random.Random(seed)
        if rng.random() < 0.5:
            given: bytes = atheris.Mutate(content, size_max)
            return given
        return changed(rng, content, rng.choice(others))[:size_max]

    return mutate


def main() -> None:
    name, seconds, folder, *rest = sys.argv[1:]
    own = Path(folder)
    corpus, given = own / "corpus", own / "seeds"
    for each in (corpus, given):
        each.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds(name)):
        (given / f"generated-{number}").write_bytes(seed)
    kept = [str(KEPT / name)] if (KEPT / name).is_dir() else []
    atheris.Setup(
        [
            sys.argv[0], f"-max_total_time={seconds}", f"-seed={rest[0] if rest else 1}", f"-max_len={LENGTH_MAX}",
            f"-rss_limit_mb={MEMORY_MEGABYTES_MAX}", f"-timeout={INPUT_SECONDS_MAX}", f"-artifact_prefix={own}/",
            "-print_final_stats=1", str(corpus), str(given), *kept,
        ],
        TARGETS[name],
        custom_mutator=_mutator(seeds(name)),
    )  # fmt: skip
    atheris.Fuzz()


if __name__ == "__main__":
    main()
