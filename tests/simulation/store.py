"""A document store in memory: the real store's routing and repetition over places that fail as a seed wills."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from app.documents import DocumentNotFound, DocumentsUnavailable, HashMismatch, Limits
from app.documents.collecting import Collected
from app.documents.failures import DocumentTruncated
from app.documents.reference import FileReference, Reference, fan_out, parse_digest, parse_reference
from app.documents.retry import with_attempts
from app.documents.store import RoutedDocuments
from tests.simulation.conditions import Conditions

HOME = "/memory/home"
CHUNK_BYTES = 64 * 1024


@dataclass
class Shelf:
    """What lies where, shared by all who open the store."""

    contents: dict[str, bytes] = field(default_factory=dict)


class MemoryPlaces:
    """Home and folders at once. Each call is one attempt, and an attempt may fail or dawdle."""

    def __init__(self, shelf: Shelf, conditions: Conditions, limits: Limits) -> None:
        self._contents = shelf.contents
        self._conditions = conditions
        self._limits = limits

    def locate(self, digest: str) -> FileReference:
        return FileReference(f"{HOME}/{fan_out(digest)}")

    async def write(self, content: bytes, digest: str, media_type: str) -> FileReference:  # noqa: ARG002 - no labels here
        at = self.locate(digest)
        await self._weather(at)
        try:
            self._collected(self._contents.setdefault(at.path, content), at, digest)
        except HashMismatch as failure:
            raise HashMismatch(str(at), "other bytes lie under this hash: the store was changed past us") from failure
        return at

    async def read(self, at: FileReference, digest: str) -> bytes:
        await self._weather(at)
        if at.path not in self._contents:
            raise DocumentNotFound(str(at), "no such file")
        return self._collected(self._contents[at.path], at, digest)

    async def exists(self, at: FileReference) -> bool:
        await self._weather(at)
        return at.path in self._contents

    async def probe(self) -> None:
        await self._weather(FileReference(HOME))

    def _collected(self, content: bytes, at: FileReference, digest: str) -> bytes:
        collected = Collected(str(at), self._limits.document_bytes_max)
        collected.expect(len(content))
        for start in range(0, len(content), CHUNK_BYTES):
            collected.add(content[start : start + CHUNK_BYTES])
        return collected.verified(digest)

    async def _weather(self, at: FileReference) -> None:
        conditions = self._conditions
        await asyncio.sleep(conditions.travel())
        if conditions.happens(conditions.store_odds):
            match conditions.rng.randrange(4):
                case 0:
                    raise DocumentsUnavailable(str(at), "503 slow down")
                case 1:
                    raise DocumentTruncated(str(at), "the answer ended early")
                case 2:
                    await asyncio.sleep(self._limits.attempt_seconds_max * 2)
                case _:
                    await asyncio.sleep(self._limits.attempt_seconds_max * conditions.rng.random())


class MemoryDocuments(RoutedDocuments):
    """The real store over memory; its pauses are drawn from the seed and not from the system's randomness."""

    def __init__(self, shelf: Shelf, conditions: Conditions, limits: Limits) -> None:
        places = MemoryPlaces(shelf, conditions, limits)
        super().__init__(home=places, folders=places, buckets=_NoBuckets(), limits=limits)  # type: ignore[arg-type] # the same calls, from memory
        self._places = places
        self._jitter: Callable[[float, float], float] = conditions.rng.uniform
        self._bounds = limits

    async def fetch(self, reference: str, sha256: str) -> bytes:
        digest, at = parse_digest(sha256), parse_reference(reference)
        return await with_attempts(lambda: self._read(at, digest), reference, self._bounds, jitter=self._jitter)


class _NoBuckets:
    async def read(self, at: Reference, digest: str) -> bytes:  # noqa: ARG002 - there are none
        raise DocumentNotFound(str(at), "no such bucket")

    async def exists(self, at: Reference) -> bool:  # noqa: ARG002 - there are none
        return False
