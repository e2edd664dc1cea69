"""What a child process imports: the pure reader together with the engine that reads pictures.

The zygote calls `prepare` once; the children that it forks share the loaded model.
"""

from functools import lru_cache

from agents.extraction import reading
from app.ocr.engine import engine
from schemas.codec import decode
from schemas.release import Learned

# An active release and its canary, with which a child may be told to read in turns.
LEARNED_KEPT = 2


def prepare() -> None:
    """Load lexicons, bank registry and the engine's model."""
    reading.prepare()
    engine()


def read_bytes(content: bytes, instructions: bytes = b"") -> bytes:
    """Return what a document says as the bytes that `agents.extraction.answer` understands.

    `instructions` are the canonical bytes of a `Learned` (schemas/release.py), none where nothing was learned.
    """
    return reading.read_bytes(content, engine(), learned(instructions))


@lru_cache(maxsize=LEARNED_KEPT)
def learned(instructions: bytes) -> Learned:
    """Return what a release has learned, frozen to its last part: the documents of a child share it."""
    return decode(instructions, Learned) if instructions else Learned()
