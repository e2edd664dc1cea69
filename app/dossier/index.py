"""Records by the ids that they name, so that one reading of the topics serves any number of documents."""

import re
from collections import defaultdict
from collections.abc import Iterable

from app.readmodel.record import Read

# DocumentIds (and digests, which look alike and do no harm), InvoiceKeys and CommandIds, as schemas/identifiers.py
# makes them. They stand in the JSON as they are, so that nothing needs to be parsed to find them.
_NAMES = re.compile(rb"sha256:[0-9a-f]{64}|ik_[a-z2-7]{26}|\bQ[A-Z2-7]{26}\b")


def names_in(read: Read) -> frozenset[str]:
    """Return every id that the key or the value of a record names."""
    found = _NAMES.findall(read.key or b"") + _NAMES.findall(read.value or b"")
    return frozenset(name.decode() for name in found)


class Index:
    """Records by each id that they name."""

    def __init__(self, reads: Iterable[Read] = ()) -> None:
        """Take in the records."""
        self._by_name: defaultdict[str, list[Read]] = defaultdict(list)
        for read in reads:
            self.add(read)

    def add(self, read: Read) -> None:
        """Take in one more record."""
        for name in names_in(read):
            self._by_name[name].append(read)

    def naming(self, names: Iterable[str]) -> list[Read]:
        """Return the records that name any of the ids, each once."""
        found = {(read.topic, read.partition, read.offset): read for name in names for read in self._by_name[name]}
        return list(found.values())
