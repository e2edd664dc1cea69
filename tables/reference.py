"""How a stage asks for the reference data: it waits until all of it has been read."""

from typing import Protocol

from tables.suppliers import Directory


class Reference(Protocol):
    """The suppliers of every tenant, followed whole by each process."""

    async def directory(self) -> Directory:
        """Return the directory, once it holds all that stood on the topic when this process started."""
