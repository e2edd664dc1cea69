"""Signed notes with Ed25519 (C2SP signed-note v1), and the heads of logs that they carry (C2SP tlog-checkpoint)."""

import base64
import binascii
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from .tree import HASH_BYTES

ED25519 = b"\x01"
KEY_ID_BYTES = 4
# The specification asks for 16 at least; a note with more is no checkpoint of ours.
SIGNATURES_MAX = 64
_SIGNATURE = re.compile(r"— ([^\s+]+) (\S+)")
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


class NoteWrong(Exception):  # noqa: N818 - it says what is wrong
    """A note or checkpoint is malformed, or nobody known has signed it."""


def decoded(text: str) -> bytes:
    """Return what standard base64 holds; of several spellings of the same bytes only one is taken.

    Raises:
        NoteWrong: where it is another spelling, or no base64.
    """
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NoteWrong("not in base64") from None
    if base64.b64encode(content).decode() != text:
        raise NoteWrong("not in base64 as it is written")
    return content


def encoded(content: bytes) -> str:
    """Return standard base64."""
    return base64.b64encode(content).decode()


@dataclass(frozen=True)
class VerifierKey:
    """Who may have signed: a key's name and its 32 public bytes. A log's key bears the name of the log's origin."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        """Return the four bytes that name the key within a signature."""
        return sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:KEY_ID_BYTES]

    def __str__(self) -> str:
        """Return the key as one line: name, key id, and the type with the public bytes."""
        return f"{self.name}+{self.key_id.hex()}+{encoded(ED25519 + self.public)}"

    @classmethod
    def parse(cls, line: str) -> "VerifierKey":
        """Read such a line.

        Raises:
            NoteWrong: where it is none, or its key id is not that of its key.
        """
        name, _, rest = line.strip().partition("+")
        stated, _, key = rest.partition("+")
        content = decoded(key)
        if not name or any(letter.isspace() for letter in name) or len(content) != 1 + HASH_BYTES:
            raise NoteWrong(f"{line.strip()!r} is no verifier key")
        found = cls(name, content[1:])
        if content[:1] != ED25519 or stated != found.key_id.hex():
            raise NoteWrong(f"the key id {stated!r} is not that of an Ed25519 key of this name")
        return found

    def has_signed(self, signature: bytes, text: bytes) -> bool:
        """Tell whether this key has signed the text."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text)
        except (InvalidSignature, ValueError):
            return False
        return True


def parse_keys(text: str) -> tuple[VerifierKey, ...]:
    """Read verifier keys, one a line; empty lines and those that begin with # are passed over.

    Raises:
        NoteWrong: where a line is no key.
    """
    lines = (line.strip() for line in text.splitlines())
    return tuple(VerifierKey.parse(line) for line in lines if line and not line.startswith("#"))


@dataclass(frozen=True)
class Note:
    """A text and who has signed it: name, key id, signature."""

    text: str
    signatures: tuple[tuple[str, bytes, bytes], ...]

    @classmethod
    def parse(cls, content: bytes) -> "Note":
        """Read a signed note.

        Raises:
            NoteWrong: where it is none.
        """
        try:
            whole = content.decode()
        except UnicodeDecodeError:
            raise NoteWrong("not in UTF-8") from None
        text, empty, signed = whole.rpartition("\n\n")
        if not empty or not text or not signed.endswith("\n"):
            raise NoteWrong("not a text, an empty line and signatures")
        if any(letter < " " and letter != "\n" for letter in whole):
            raise NoteWrong("contains control characters")
        lines = signed[:-1].split("\n")
        if len(lines) > SIGNATURES_MAX:
            raise NoteWrong(f"more than {SIGNATURES_MAX} signatures")
        return cls(text + "\n", tuple(map(_signature, lines)))

    def signed_by(self, keys: Iterable[VerifierKey]) -> VerifierKey:
        """Return the first known key that has signed. Signatures by others are passed over.

        Raises:
            NoteWrong: where a known key's signature is false, or no known key has signed.
        """
        known = {(key.name, key.key_id): key for key in keys}
        found = [
            (known[name, key_id], signature) for name, key_id, signature in self.signatures if (name, key_id) in known
        ]
        for key, signature in found:
            if not key.has_signed(signature, self.text.encode()):
                raise NoteWrong(f"the signature by {key.name} is false")
        if not found:
            raise NoteWrong("no known key has signed")
        return found[0][0]


def _signature(line: str) -> tuple[str, bytes, bytes]:
    match = _SIGNATURE.fullmatch(line)
    if match is None:
        raise NoteWrong("a line of the signatures is none")
    content = decoded(match[2])
    if len(content) <= KEY_ID_BYTES:
        raise NoteWrong("a signature is too short")
    return match[1], content[:KEY_ID_BYTES], content[KEY_ID_BYTES:]


def sealed(text: str, key: VerifierKey, sign: Callable[[bytes], bytes]) -> bytes:
    """Return a note with one signature, which `sign` makes over the text."""
    signature = encoded(key.key_id + sign(text.encode()))
    return f"{text}\n— {key.name} {signature}\n".encode()


@dataclass(frozen=True)
class Checkpoint:
    """The head of a log: whose, how many entries, and the root over them."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """Return the note's text. We write no extension lines; the specification advises against them."""
        return f"{self.origin}\n{self.size}\n{encoded(self.root)}\n"

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """Read the text of a note.

        Raises:
            NoteWrong: where it is no checkpoint.
        """
        lines = text[:-1].split("\n")
        if len(lines) < 3 or not all(lines) or not _SIZE.fullmatch(lines[1]):
            raise NoteWrong("not an origin, a size and a root")
        root = decoded(lines[2])
        if len(root) != HASH_BYTES:
            raise NoteWrong(f"a root has {HASH_BYTES} bytes")
        return cls(lines[0], int(lines[1]), root)


def opened(content: bytes, keys: Iterable[VerifierKey], origin: str | None = None) -> Checkpoint:
    """Return the checkpoint of a signed note, once a known key of its own log has signed it.

    Raises:
        NoteWrong: where it is malformed, of another log than `origin`, or not signed by a key that bears its name.
    """
    note = Note.parse(content)
    found = Checkpoint.parse(note.text)
    if origin is not None and found.origin != origin:
        raise NoteWrong(f"of another log: {found.origin}")
    note.signed_by(key for key in keys if key.name == found.origin)
    return found
