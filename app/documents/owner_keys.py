"""The keys that wrap: one for what has just come in, and one a supplier, each a file that can be destroyed.

OWNER/key                the living key; OWNER is a SHA-256, for an id of 64 characters may be no name of a file
OWNER/dying-KEY-ID       a key whose destruction has begun; nobody reads it any more
OWNER/erased/KEY-ID      when and by whom it was destroyed
"""

import hashlib
import secrets
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from pydantic import Field

from app.documents.ciphertext import KEY_BYTES
from app.documents.durable import destroy, write_new
from app.documents.keys import Erasure
from schemas.base import Code, Record

_DYING = "dying-"


class OwnerKey(Record):
    """A key that wraps the keys of documents. Without a supplier it is the intake key."""

    supplier_id: Code | None
    key_id: Code
    key: Code = Field(repr=False)  # hexadecimal


class Fate(NamedTuple):
    """What became of a key: the key, or that it was destroyed; neither where nobody knows."""

    key: bytes | None
    is_erased: bool


class OwnerKeys:
    """The wrapping keys below one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def current(self, supplier_id: str | None) -> OwnerKey | None:
        """Return the living key, None where there is none."""
        try:
            return OwnerKey.model_validate_json((self._of(supplier_id) / "key").read_bytes())
        except FileNotFoundError:
            return None

    def obtain(self, supplier_id: str | None) -> OwnerKey:
        """Return the living key; one is drawn where there is none. Of several who draw at once one wins."""
        while True:
            if (found := self.current(supplier_id)) is not None:
                return found
            text = _drawn(supplier_id).model_dump_json().encode()
            write_new(self._of(supplier_id) / "key", text)

    def fate(self, supplier_id: str | None, key_id: str) -> Fate:
        """Return a key by its id, or that it was destroyed."""
        found = self.current(supplier_id)
        if found is not None and found.key_id == key_id:
            return Fate(bytes.fromhex(found.key), is_erased=False)
        owner = self._of(supplier_id)
        return Fate(None, (owner / f"{_DYING}{key_id}").exists() or (owner / "erased" / key_id).exists())

    def destroy(self, supplier_id: str, at: datetime, by: str) -> tuple[Erasure, ...]:
        """Destroy the living key, and whatever a crash has left of one; return every erasure."""
        owner = self._of(supplier_id)
        if (found := self.current(supplier_id)) is not None:
            (owner / "key").rename(owner / f"{_DYING}{found.key_id}")  # from here on nobody can read by it
        for dying in sorted(owner.glob(f"{_DYING}*")):
            key_id = dying.name.removeprefix(_DYING)
            erasure = Erasure(supplier_id=supplier_id, key_id=key_id, erased_at=at, erased_by=by)
            write_new(owner / "erased" / key_id, erasure.model_dump_json().encode())
            destroy(dying)
        return self.erasures(supplier_id)

    def erasures(self, supplier_id: str) -> tuple[Erasure, ...]:
        """Return every key of the supplier that was destroyed, in order."""
        found = (self._of(supplier_id) / "erased").glob("[!.]*")
        told = [Erasure.model_validate_json(path.read_bytes()) for path in found]
        return tuple(sorted(told, key=lambda each: each.erased_at))

    def _of(self, supplier_id: str | None) -> Path:
        if supplier_id is None:
            return self._folder / "intake"
        return self._folder / "suppliers" / hashlib.sha256(supplier_id.encode()).hexdigest()[:40]


def _drawn(supplier_id: str | None) -> OwnerKey:
    return OwnerKey(supplier_id=supplier_id, key_id=secrets.token_hex(8), key=secrets.token_hex(KEY_BYTES))
