"""The releases of a process, followed from `release.changed`: what is promoted or rolled back is soon in force."""

import asyncio
import logging
from collections.abc import Callable

from app.follower import Follower
from app.release import release_id
from app.settings import Settings
from schemas.codec import Undecodable, decode
from schemas.release import ReleaseChanged
from schemas.topics import RELEASE_CHANGED
from tables.releases import Releases, Running

log = logging.getLogger(__name__)

# How long a record's release may be unknown here. Whoever named it has read it from the topic, so that it is there for
# us as well: milliseconds, or as long as a broker takes to be found again. Beyond that the record was deleted.
REACH_SECONDS = 30.0
# Names that were waited for in vain, so that a thousand records of a deleted release do not wait a thousand times.
VAIN_MAX = 64


class FollowedReleases:
    """What is in force (`agents.effects.InForce`): all that stood on the topic when this process started, and since."""

    def __init__(
        self, settings: Settings, code: str | None = None, *, unreadable: Callable[[], object] = lambda: None
    ) -> None:
        """Nothing is read before `follower.start`. `unreadable` is told of each record that changes nothing.

        `code` names the code that runs, and is replaced in tests.
        """
        self._releases = Releases(code or release_id())
        self._active = self._releases.active  # kept, for each event of each stage asks for it
        self._unreadable = unreadable
        self._changed = asyncio.Event()
        self._vain: set[str] = set()
        self.follower = Follower(settings, RELEASE_CHANGED.name, self.apply)

    @property
    def active(self) -> Running:
        """Return the release in force, as far as it is known by now."""
        return self._active

    @property
    def in_force(self) -> dict[str, Running]:
        """Return the releases that decide documents: `active`; `canary`, and `below` the active one, where they do."""
        canary = self._releases.canary
        below = self._releases.below if self._releases.held_back else None
        return {
            "active": self._active,
            **({"canary": canary} if canary else {}),
            **({"below": below} if below else {}),
        }

    async def choose(self, document_id: str) -> Running:
        """Return the release for a document that no record has named one for."""
        await self.follower.caught_up()
        return self._releases.choose(document_id)

    async def named(self, name: str, document_id: str) -> Running:
        """Return the release that a record names; of other code, or where it was deleted, what `choose` says."""
        await self.follower.caught_up()
        found = self._releases.named(name)
        if found is None and self._releases.is_ours(name) and name not in self._vain:
            found = await self._reached(name)
        return found or self._releases.choose(document_id)

    async def _reached(self, name: str) -> Running | None:
        """Wait until the topic has been followed as far as to a release that somebody else knows already."""
        try:
            async with asyncio.timeout(REACH_SECONDS):
                while (found := self._releases.named(name)) is None:
                    await self._changed.wait()
        except TimeoutError:
            log.warning("release %s is named by a record and not on %s", name[:64], RELEASE_CHANGED.name)
            self._vain = {name, *list(self._vain)[: VAIN_MAX - 1]}
            return None
        return found

    def apply(self, key: bytes | None, value: bytes | None, offset: int) -> None:
        """Take in one record. One that cannot be read changes nothing: all stays in force as it was, and is told."""
        release = (key or b"").decode(errors="replace")
        if value is None:
            self._releases.remove(release)
        elif (change := self._decoded(release, value)) is not None:
            if not self._releases.apply(change, offset):
                log.warning("release %s keeps its last state: %s was made on one before it", release[:64], change.state)
            self._vain.discard(release)
        self._active = self._releases.active
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    def _decoded(self, release: str, value: bytes) -> ReleaseChanged | None:
        try:
            change = decode(value, ReleaseChanged)
            if change.release_id == release:
                return change
            why = f"it is about {change.release_id[:64]}"  # and what would delete it lies under another key
        except Undecodable as wrong:
            why = str(wrong)
        log.warning("release %s keeps its last state, for a record cannot be taken in: %s", release[:64], why)
        self._unreadable()
        return None
