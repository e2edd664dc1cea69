"""The supplier directory of a process, followed from `supplier.changed`."""

import logging

from app.follower import Follower
from app.settings import Settings
from schemas.codec import Undecodable, decode
from schemas.events import SupplierChanged
from schemas.topics import SUPPLIER_CHANGED
from tables.suppliers import Directory

log = logging.getLogger(__name__)


class FollowedSuppliers:
    """A `Reference`: the directory, complete as of the start of this process, and following since."""

    def __init__(self, settings: Settings) -> None:
        """Nothing is read before `follower.start`."""
        self._directory = Directory()
        self.follower = Follower(settings, SUPPLIER_CHANGED.name, self.apply)

    async def directory(self) -> Directory:
        """Return the directory, once it holds all that stood on the topic when this process started."""
        await self.follower.caught_up()
        return self._directory

    def apply(self, key: bytes | None, value: bytes | None, _offset: int = 0) -> None:
        """Take in one record. One that cannot be read changes nothing: the supplier stays as it was, and is told."""
        supplier_id = (key or b"").decode(errors="replace")
        if value is None:
            self._directory.remove(supplier_id)
            return
        try:
            self._directory.apply(decode(value, SupplierChanged).supplier)
        except Undecodable as wrong:
            log.warning("supplier %s keeps its last state: %s", supplier_id[:64], wrong)
