"""API keys: who asks, in which roles, for which tenant. Only digests are ever kept."""

import hashlib
import re
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from app.settings import Settings

Role = Literal["submitter", "reviewer", "approver", "auditor", "operator"]
ROLES: frozenset[Role] = frozenset(get_args(Role))
# Secret scanners find it by its beginning.
KEY_PREFIX = "inv_live_"
# 256 bits: a digest of it needs no salt and cannot be guessed.
KEY_BYTES = 32
# No key of ours is longer; a longer header is not hashed.
KEY_LENGTH_MAX = 256

_NAME = re.compile(r"[A-Za-z0-9._@-]{1,64}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


class KeysInvalid(Exception):  # noqa: N818 - it names the state of the setting
    """An entry of API_KEYS or of the file named by API_KEYS_FILE is malformed."""


@dataclass(frozen=True)
class Principal:
    """Who asks. `name` is what events, reviews and the audit log call this person or program."""

    name: str
    roles: frozenset[Role]
    tenant: str = "default"

    def has(self, roles: frozenset[Role]) -> bool:
        """Tell whether any of the roles is this principal's."""
        return not self.roles.isdisjoint(roles)


class Keyring:
    """The known keys by their digest."""

    def __init__(self, entries: Iterable[tuple[str, Principal]]) -> None:
        self._principals = dict(entries)

    def __len__(self) -> int:
        return len(self._principals)

    def principal(self, presented: str) -> Principal | None:
        """Return whose key this is. The digest is looked up, so the time taken tells nothing about other keys."""
        if len(presented) > KEY_LENGTH_MAX:
            return None
        return self._principals.get(digest_of(presented))


def digest_of(key: str) -> str:
    """Return the SHA-256 by which a key is configured, in hexadecimal."""
    return hashlib.sha256(key.encode()).hexdigest()


def new_key() -> str:
    """Return a key that nobody has."""
    return KEY_PREFIX + secrets.token_urlsafe(KEY_BYTES)


def parse_entry(text: str) -> tuple[str, Principal]:
    """Read `name:role+role:sha256hex`, or the same with `:tenant` at the end.

    Raises:
        KeysInvalid: saying what is wrong; the digest is never repeated.
    """
    name, *rest = text.strip().split(":")
    if _NAME.fullmatch(name) is None or len(rest) not in {2, 3}:
        raise KeysInvalid("an API key entry is name:role+role:sha256hex, with :tenant at the end if not default")
    roles = frozenset(role for role in ROLES if role in rest[0].split("+"))
    if len(roles) != len(set(rest[0].split("+"))):
        raise KeysInvalid(f"API key {name}: roles are {', '.join(sorted(ROLES))}, joined by +")
    if _DIGEST.fullmatch(rest[1]) is None:
        raise KeysInvalid(f"API key {name}: the third part is the SHA-256 of the key in lower-case hexadecimal")
    tenant = rest[2] if len(rest) == 3 else "default"
    if _NAME.fullmatch(tenant) is None:
        raise KeysInvalid(f"API key {name}: the tenant is malformed")
    return rest[1], Principal(name, roles, tenant)


def load_keyring(settings: Settings) -> Keyring:
    """Return the keys of the settings and of the file; the keyring is empty where none are configured.

    Raises:
        KeysInvalid: where an entry is malformed or the file cannot be read.
    """
    return Keyring(parse_entry(line) for line in _lines(settings))


def one_off_keyring() -> tuple[Keyring, str]:
    """Return a keyring with one new key of every role, and that key: to be shown once."""
    key = new_key()
    return Keyring([(digest_of(key), Principal("one-off", ROLES))]), key


def _lines(settings: Settings) -> Iterator[str]:
    yield from settings.api_keys
    if settings.api_keys_file is not None:
        try:
            text = settings.api_keys_file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as unreadable:
            raise KeysInvalid(f"{settings.api_keys_file}: {unreadable}") from None
        yield from (line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#"))
