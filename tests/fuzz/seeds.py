"""What is mutated: documents of our own generator, never a real one."""

from functools import cache

from app.local.samples import generate
from app.local.samples.sample import Sample

COUNT = 160
SEED = 5


@cache
def samples() -> tuple[Sample, ...]:
    """Every form, layout and language."""
    return tuple(generate(COUNT, SEED))


def pdfs() -> list[bytes]:
    return [sample.content for sample in samples() if sample.content.startswith(b"%PDF")]


def xmls() -> list[bytes]:
    return [sample.content for sample in samples() if sample.content.lstrip().startswith(b"<")]
