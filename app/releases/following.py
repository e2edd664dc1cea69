"""The whole story of the releases, followed; the stages need only what is in force (app/releases_followed.py)."""

from typing import Protocol

from app.releases_followed import FollowedReleases
from tables.releases import Releases


class Book(Protocol):
    """All releases as they stand, and the means to wait for a record of one's own."""

    async def releases(self) -> Releases:
        """Return the releases, once all is known that stood on the topic at the start."""

    async def reached(self, offset: int) -> None:
        """Wait until the record at an offset has been taken in."""


class FollowedBook(FollowedReleases):
    """A `Book` over a real topic."""

    async def releases(self) -> Releases:
        """Return the releases, once all is known that stood on the topic when this process started."""
        await self.follower.caught_up()
        return self._releases

    async def reached(self, offset: int) -> None:
        """Wait until the record at an offset has been taken in."""
        await self.follower.reached(offset)
