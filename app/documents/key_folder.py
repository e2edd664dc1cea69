"""Keys in a folder: one file a document with its wrapped key, one file an owner with the key that wraps.

intake/ suppliers/         app/documents/owner_keys.py
documents/ab/cd/abcd...    the document's key, wrapped once a tenant (RFC 3394)

The folder is shared by all processes that put or fetch documents, and lies outside of every backup that keeps versions.
"""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.keywrap import aes_key_unwrap, aes_key_wrap

from app.documents.ciphertext import KEY_BYTES
from app.documents.durable import FOLDER_MODE, write_new, write_over
from app.documents.failures import DocumentErased, DocumentKeyMissing, DocumentsUnavailable
from app.documents.keys import Claim, Erasure
from app.documents.owner_keys import OwnerKey, OwnerKeys
from app.documents.reference import fan_out
from schemas.base import Code, Record


class Wrapping(Record):
    """A document's key as one owner's key has wrapped it; the intake's is of no claim yet."""

    claim: Claim | None
    key_id: Code
    wrapped: Code  # hexadecimal

    @property
    def supplier_id(self) -> str | None:
        """Return whose key has wrapped it, None for the intake key."""
        return self.claim.supplier_id if self.claim else None


class DocumentKey(Record):
    """All wrappings of one document's key. Whoever can undo one can read the document."""

    wrappings: tuple[Wrapping, ...]


class KeyFolder:
    """`Keys` below a folder. Nothing is remembered between two calls: what was destroyed elsewhere is gone here."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._owners = OwnerKeys(folder)

    def create(self) -> bool:
        """Make the folder a place of keys, once for ever; return whether it was none.

        Never done by itself: a folder whose disk is not mounted looks like a new one, and keys that are drawn
        there are lost with the next mount.
        """
        with _answering(self._folder):
            self._folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
            is_new = self._owners.current(None) is None
            self._owners.obtain(None)
            return is_new

    def probe(self) -> None:
        """As `Keys.probe`."""
        with self._opened():
            pass

    def make(self, digest: str) -> bytes:
        """As `Keys.make`."""
        with self._opened():
            key = secrets.token_bytes(KEY_BYTES)
            first = DocumentKey(wrappings=(_wrapped(key, self._intake(), None),))
            if write_new(self._of(digest), first.model_dump_json().encode()):
                return key
            return self._unwrapped(digest, self._read(digest))

    def open(self, digest: str) -> bytes:
        """As `Keys.open`."""
        with self._opened():
            return self._unwrapped(digest, self._read(digest))

    def claim(self, digest: str, claim: Claim) -> bool:
        """As `Keys.claim`."""
        with self._opened(), self._alone():
            try:
                known = self._read(digest)
            except DocumentKeyMissing:
                return False
            own = [each.claim for each in known.wrappings if each.claim and each.claim.tenant == claim.tenant]
            if any(each.supplier_id == claim.supplier_id or each.at > claim.at for each in own):
                return True
            mine = _wrapped(self._unwrapped(digest, known), self._owners.obtain(claim.supplier_id), claim)
            others = [each for each in known.wrappings if each.claim and each.claim.tenant != claim.tenant]
            write_over(self._of(digest), DocumentKey(wrappings=(*others, mine)).model_dump_json().encode())
            return True

    def destroy(self, supplier_id: str, at: datetime, by: str) -> tuple[Erasure, ...]:
        """As `Keys.destroy`."""
        with self._opened():
            return self._owners.destroy(supplier_id, at, by)

    def documents_of(self, supplier_id: str) -> Iterator[str]:
        """As `Keys.documents_of`; every document's file is read."""
        with self._opened():
            for path in sorted((self._folder / "documents").glob("[!.]*/[!.]*/[!.]*")):
                known = DocumentKey.model_validate_json(path.read_bytes())
                if any(each.supplier_id == supplier_id for each in known.wrappings):
                    yield path.name

    def _unwrapped(self, digest: str, known: DocumentKey) -> bytes:
        fates = [(each, self._owners.fate(each.supplier_id, each.key_id)) for each in known.wrappings]
        for wrapping, fate in fates:
            if fate.key is not None:
                return aes_key_unwrap(fate.key, bytes.fromhex(wrapping.wrapped))
        if fates and all(fate.is_erased for _, fate in fates):
            raise DocumentErased(digest, "its key was destroyed")
        raise DocumentKeyMissing(digest, "the key that wraps its key is not in the folder of keys")

    def _read(self, digest: str) -> DocumentKey:
        try:
            return DocumentKey.model_validate_json(self._of(digest).read_bytes())
        except FileNotFoundError as missing:
            raise DocumentKeyMissing(digest, "its key is not in the folder of keys") from missing

    def _of(self, digest: str) -> Path:
        return self._folder / "documents" / fan_out(digest)

    def _intake(self) -> OwnerKey:
        if (found := self._owners.current(None)) is not None:
            return found
        raise DocumentsUnavailable(
            str(self._folder), "holds no keys: it is not mounted, or was never made (quittance suppliers create-keys)"
        )

    @contextmanager
    def _opened(self) -> Iterator[None]:
        with _answering(self._folder):
            self._intake()
            yield

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Wait for other claims: two tenants' at once on one document would undo each other."""
        descriptor = os.open(self._folder / ".claims", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def _wrapped(key: bytes, owner: OwnerKey, claim: Claim | None) -> Wrapping:
    wrapped = aes_key_wrap(bytes.fromhex(owner.key), key).hex()
    return Wrapping(claim=claim, key_id=owner.key_id, wrapped=wrapped)


@contextmanager
def _answering(folder: Path) -> Iterator[None]:
    """Say of every failed system call, and of files that are no keys, that the place of the keys does not answer."""
    try:
        yield
    except (OSError, ValueError) as failed:
        detail = failed.strerror if isinstance(failed, OSError) and failed.strerror else type(failed).__name__
        raise DocumentsUnavailable(str(folder), f"the folder of keys does not answer: {detail}") from failed
