"""Where a release is taken a step further: read what is known, write one record, look whether it counts.

Kafka compares nothing before it writes. So two desks (two processes of the API, or one and the guard) may write on the
same record; the fold lets the first count (tables/releases.py). Whoever came second sees that as soon as he has read
his own record, writes again what counts, since compaction would keep his, and tries once more on what is true now.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from app.publishing import Publisher, Unpublished
from app.releases.following import Book
from schemas.codec import encode
from schemas.release import Bundle, ReleaseChanged
from schemas.topics import RELEASE_CHANGED
from tables.promotion import Refused, Step, advance, collides, drafted
from tables.releases import Releases

log = logging.getLogger(__name__)

# A follower is a fetch behind the broker; later only where the broker is away.
SEEN_TIMEOUT_SECONDS = 10.0
# Whoever is overtaken three times in a row is told so; nobody fights for a release.
TRIES_MAX = 3
UNKNOWN = "RELEASE-UNKNOWN"
CONFLICT = "RELEASE-CONFLICT"

# What is to be written, made from all that is known.
Wanted = Callable[[Releases], ReleaseChanged | Refused]


class Desk:
    """Takes releases further, one at a time in this process."""

    def __init__(self, book: Book, publisher: Publisher, seen_timeout_seconds: float = SEEN_TIMEOUT_SECONDS) -> None:
        self._book = book
        self._publisher = publisher
        self._seen_timeout_seconds = seen_timeout_seconds
        self._turn = asyncio.Lock()

    async def releases(self) -> Releases:
        """Return all releases as they are known here."""
        return await self._book.releases()

    async def draft(self, bundle: Bundle, by: str, at: datetime) -> ReleaseChanged | Refused:
        """Write down a new release, or one that was retired, as a draft."""
        return await self._changed(lambda known: drafted(bundle, by, at, known.change(bundle.release_id)))

    async def advance(self, release_id: str, step: Step) -> ReleaseChanged | Refused:
        """Take a release a step further.

        Raises:
            Unpublished: the broker does not confirm, or what it confirmed does not come back in time.
        """

        def wanted(known: Releases) -> ReleaseChanged | Refused:
            current = known.change(release_id)
            if current is None:
                return Refused(UNKNOWN, f"there is no release {release_id}")
            after = collides(current, step, known.changes()) or advance(current, step)
            is_promoted = isinstance(after, ReleaseChanged) and after.state == "active" != current.state
            return known.promoted(after) if isinstance(after, ReleaseChanged) and is_promoted else after

        return await self._changed(wanted)

    async def heal(self) -> int:
        """Write again what counts where a later record does not; return how many there were."""
        async with self._turn:
            overtaken = (await self.releases()).overtaken()
            for change in overtaken:
                log.warning("release %s: a record that does not count is replaced", change.release_id)
                await self._written(change)
            return len(overtaken)

    async def _changed(self, wanted: Wanted) -> ReleaseChanged | Refused:
        async with self._turn:
            for _ in range(TRIES_MAX):
                known = await self.releases()
                change = wanted(known)
                if isinstance(change, Refused) or change == known.change(change.release_id):
                    return change
                await self._written(change)
                counts = (await self.releases()).change(change.release_id)
                if counts is not None and encode(counts) == encode(
                    change
                ):  # a moment loses its microseconds on the way
                    return counts
                if counts is not None:
                    await self._written(counts)
        return Refused(CONFLICT, "somebody else changes this release at the same time; look at it again")

    async def _written(self, change: ReleaseChanged) -> None:
        published = await self._publisher.publish(RELEASE_CHANGED, change)
        try:
            async with asyncio.timeout(self._seen_timeout_seconds):
                await self._book.reached(published.offset)
        except TimeoutError:
            raise Unpublished("RELEASE-UNSEEN", "it was written, and was not read again in time") from None
