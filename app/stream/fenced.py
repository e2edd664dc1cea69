"""A table whose changelog tells its owner's changes from a zombie's; Faust's takes whatever was appended last."""

from collections.abc import Iterable
from typing import Any

import faust
from faust.types import EventT

from tables.fence import Fence, epoch_headers


class FencedTable(faust.Table):
    """Writes each change under the claim of its partition, and recovers only changes that count."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fences: dict[int, Fence] = {}
        self.epochs: dict[int, int] = {}

    def send_changelog(
        self, partition: int | None, key: Any, value: Any, key_serializer: Any = None, value_serializer: Any = None
    ) -> Any:
        """Send a change as Faust does, with the number of our claim.

        Raises:
            KeyError: the partition was not claimed; a change of it would not count.
        """
        assert partition is not None  # of the event that changed it
        self._homes[key] = partition
        return self.changelog_topic.send_soon(
            key=key,
            value=value,
            partition=partition,
            headers=epoch_headers(self.epochs[partition]),
            key_serializer=key_serializer or self.key_serializer,
            value_serializer=value_serializer or self.value_serializer,
            callback=self._on_changelog_sent,
            eager_partitioning=True,
        )

    def apply_changelog_batch(self, batch: Iterable[EventT]) -> None:
        """Recover what counts."""
        super().apply_changelog_batch([event for event in batch if self._counts(event)])

    def _counts(self, event: EventT) -> bool:
        fence = self.fences.setdefault(event.message.partition, Fence())
        is_tombstone = event.message.value is None
        return fence.admits(str(event.key), dict(event.headers or {}), is_tombstone=is_tombstone)

    @property
    def _homes(self) -> dict[Any, int]:
        """Return the partition of each key: what we wrote leaves with its partition, as what was recovered does."""
        store: Any = self.data
        homes: dict[Any, int] = store._key_partition  # noqa: SLF001 - Faust fills it in a recovery alone
        return homes

    def forget(self) -> None:
        """Forget everything: somebody else may have owned any of it, and what we wrote last may not count."""
        self.reset_state()
        store: Any = self.data
        store.data.clear()
        self._homes.clear()
        self.fences.clear()

    async def write_claim(self, partition: int, key: str, epoch: int, *, withdrawn: bool = False) -> int:
        """Write a claim, or the tombstone of an old one, and return its offset once the broker has it."""
        sent = await self.changelog_topic.send(
            key=key,
            value=None if withdrawn else epoch,
            partition=partition,
            headers=epoch_headers(epoch, is_claim=True),
            key_serializer=self.key_serializer,
            value_serializer="raw" if withdrawn else self.value_serializer,
            force=True,
        )
        offset: int = (await sent).offset
        return offset

    def write_again(self, partition: int, key: str) -> None:
        """Write what the table has under a key to the changelog once more."""
        store: Any = self.data
        if key in store.data:
            self.send_changelog(partition, key, store.data[key])
        else:
            self.send_changelog(partition, key, None, value_serializer="raw")
