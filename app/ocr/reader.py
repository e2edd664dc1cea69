"""What a child process imports: the pure reader together with the engine that reads pictures.

The zygote calls `prepare` once; the children that it forks share the loaded model.
"""

from agents.extraction import reading
from app.ocr.engine import engine


def prepare() -> None:
    """Load lexicons, bank registry and the engine's model."""
    reading.prepare()
    engine()


def read_bytes(content: bytes) -> bytes:
    """Return what a document says as the bytes that `agents.extraction.answer` understands."""
    return reading.read_bytes(content, engine())
