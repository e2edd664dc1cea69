"""Runs a labelled folder through the product, the same way as `quittance read`."""

import asyncio
import contextlib
from collections.abc import Sequence

from app.quality.judgement import Judged
from app.quality.labels import Label
from app.reading import read_documents


def run(labels: Sequence[Label], jobs: int = 1) -> list[Judged]:
    """Return each document with what the reader says of it, in the order of the labels."""
    return asyncio.run(_run(labels, jobs))


async def _run(labels: Sequence[Label], jobs: int) -> list[Judged]:
    found: list[Judged] = []
    async with contextlib.aclosing(read_documents([str(label.path) for label in labels], jobs)) as stream:
        async for document in stream:
            found.append(Judged(labels[len(found)], document.model_dump(mode="json")))
    return found
