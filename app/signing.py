"""Signs payment commands: a detached JWS (RFC 7515 appendix F) by Ed25519, which gives the same bytes every time."""

import hashlib
import warnings
from collections.abc import Callable
from pathlib import Path

from joserfc import jws
from joserfc.jwk import OKPKey

# RFC 9864 deprecates the name "EdDSA" for "Ed25519"; contracts.md promises the former to those who verify.
warnings.filterwarnings("ignore", message="EdDSA is deprecated", module=r"joserfc\..*")

Signer = Callable[[bytes], str | None]


class SigningKeyInvalid(Exception):  # noqa: N818 - it says what is wrong
    """The file named by QUITTANCE_SIGNING_KEY_FILE holds no Ed25519 private key in PEM."""


def signer(key_file: Path | None) -> Signer:
    """Return what signs canonical bytes; without a key, what signs nothing (the command then says `signature: null`).

    Raises:
        SigningKeyInvalid: where the file is missing or holds something else.
    """
    if key_file is None:
        return lambda _content: None
    try:
        key = OKPKey.import_key(key_file.read_bytes())
    except (OSError, ValueError) as wrong:
        raise SigningKeyInvalid(f"{key_file}: {wrong}") from wrong
    if key.curve_name != "Ed25519" or not key.is_private:
        raise SigningKeyInvalid(f"{key_file}: not an Ed25519 private key")
    header = {"alg": "EdDSA", "kid": hashlib.sha256(str(key.thumbprint()).encode()).hexdigest()[:16]}

    def sign(content: bytes) -> str:
        protected, _payload, signature = jws.serialize_compact(header, content, key, algorithms=["EdDSA"]).split(".")
        return f"{protected}..{signature}"

    return sign
