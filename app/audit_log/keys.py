"""The keys of a sealed log: the one that signs, and those that are known to have signed before."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from app.audit_log.offline.note import NoteWrong, VerifierKey, parse_keys
from app.settings import Settings
from schemas.topics import AUDIT_ENTRY

# As many as `quittance topics create` makes at most.
PARTITIONS_MAX = 1_000
_PEM = re.compile("-----BEGIN PUBLIC KEY-----.*?-----END PUBLIC KEY-----", re.DOTALL)


class AuditKeyWrong(Exception):  # noqa: N818 - it says what is wrong
    """A file of keys is missing or holds something else; the message says which and what to do."""


@dataclass(frozen=True)
class SealingKey:
    """The private key that signs checkpoints."""

    private: Ed25519PrivateKey

    def sign(self, text: bytes) -> bytes:
        """Return the signature, which is a function of key and text."""
        return self.private.sign(text)

    @property
    def public(self) -> bytes:
        """Return the public half, 32 bytes."""
        return self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    def named(self, origin: str) -> VerifierKey:
        """Return the public half, as the key of one log."""
        return VerifierKey(origin, self.public)


def sealing_key(file: Path | None) -> SealingKey:
    """Read the private key.

    Raises:
        AuditKeyWrong: where there is none. No log is ever written without a signature.
    """
    if file is None:
        raise AuditKeyWrong(
            "the audit log is sealed with an Ed25519 key: make one (openssl genpkey -algorithm ed25519 -out audit.pem) "
            "and name it in QUITTANCE_AUDIT_KEY_FILE"
        )
    try:
        key = load_pem_private_key(file.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as wrong:
        raise AuditKeyWrong(f"QUITTANCE_AUDIT_KEY_FILE: {file}: {wrong}") from wrong
    if not isinstance(key, Ed25519PrivateKey):
        raise AuditKeyWrong(f"QUITTANCE_AUDIT_KEY_FILE: {file}: not an Ed25519 private key")
    return SealingKey(key)


def known_keys(settings: Settings) -> tuple[VerifierKey, ...]:
    """Read the keys that may have signed: verifier keys, one a line, or public keys in PEM, which count for every log.

    Raises:
        AuditKeyWrong: where the file cannot be read, or holds something else.
    """
    file = settings.audit_known_keys_file
    if file is None:
        return ()
    try:
        text = file.read_text()
        blocks = _PEM.findall(text)
        return _everywhere(settings, map(_public, blocks)) if blocks else parse_keys(text)
    except (OSError, ValueError, NoteWrong) as wrong:
        raise AuditKeyWrong(f"QUITTANCE_AUDIT_KNOWN_KEYS_FILE: {file}: {wrong}") from wrong


def trusted_keys(settings: Settings) -> tuple[VerifierKey, ...]:
    """Return the keys that count: today's for each partition, where one is configured, and the known ones.

    Raises:
        AuditKeyWrong: where a file cannot be read.
    """
    known = known_keys(settings)
    return known if settings.audit_key_file is None else (*own_keys(settings), *known)


def own_keys(settings: Settings, partitions: int = PARTITIONS_MAX) -> tuple[VerifierKey, ...]:
    """Return the public half of today's key, once for the log of each partition.

    Raises:
        AuditKeyWrong: where there is none.
    """
    return _everywhere(settings, [sealing_key(settings.audit_key_file).public], partitions)


def _everywhere(settings: Settings, keys: Iterable[bytes], partitions: int = PARTITIONS_MAX) -> tuple[VerifierKey, ...]:
    """Return keys under the name of each log: a note's key bears the name of its origin."""
    found = tuple(keys)
    return tuple(VerifierKey(origin_of(settings, number), key) for number in range(partitions) for key in found)


def _public(block: str) -> bytes:
    key = load_pem_public_key(block.encode())
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError("not an Ed25519 public key")  # noqa: TRY004 - as what is no key at all
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def log_name(partition: int) -> str:
    """Return where the log of a partition is, below the place of all logs.

    >>> log_name(0)
    'audit.entry/0'
    """
    return f"{AUDIT_ENTRY.name}/{partition}"


def origin_of(settings: Settings, partition: int) -> str:
    """Return the origin line of the log of a partition; it is the name of the log's keys as well."""
    return f"{settings.audit_origin}/{log_name(partition)}"
