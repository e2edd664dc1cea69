"""Signed envelopes: what `cryptography` signs, what signers write in pieces, and what is broken on purpose."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from agents.extraction.detection import detect
from agents.extraction.reading import read
from agents.extraction.signed import DEPTH_MAX, unwrap
from app.local.samples import generate
from schemas.evidence import ExtractedInvoice, Unreadable

XML = b"<x>content of an invoice</x>"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
_OPTIONS = [pkcs7.PKCS7Options.Binary]


def signed(content: bytes, *options: pkcs7.PKCS7Options) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "signer")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, NOW, NOW + timedelta(days=1))
    signing = pkcs7.PKCS7SignatureBuilder().set_data(content)
    signing = signing.add_signer(builder.sign(key, hashes.SHA256()), key, hashes.SHA256())
    return signing.sign(Encoding.DER, [*_OPTIONS, *options])


def in_pieces(*pieces: bytes) -> bytes:
    """Write an envelope as signers that stream do (X.690, 8.1.3.6): ends are marked, the content comes in pieces."""
    octets = b"".join(b"\x04" + bytes([len(piece)]) + piece for piece in pieces)
    data, signed_data = (bytes.fromhex("06092a864886f70d0107") + last for last in (b"\x01", b"\x02"))
    encapsulated = b"\x30\x80" + data + b"\xa0\x80\x24\x80" + octets + b"\x00\x00" * 3
    digests = b"\x31\x80\x30\x02\x05\x00\x00\x00"
    return b"\x30\x80" + signed_data + b"\xa0\x80\x30\x80\x02\x01\x01" + digests + encapsulated + b"\x00\x00" * 3


@pytest.mark.parametrize(
    "envelope",
    [
        signed(XML),
        base64.encodebytes(signed(XML)),
        b"-----BEGIN PKCS7-----\n" + base64.encodebytes(signed(XML)) + b"-----END PKCS7-----\n",
        in_pieces(XML[:7], XML[7:]),
        base64.b64encode(in_pieces(XML)),
    ],
    ids=["DER", "base64", "armour", "pieces", "pieces in base64"],
)
def test_the_content_comes_out(envelope: bytes) -> None:
    assert detect(envelope) == "signed"
    assert unwrap(envelope) == XML


def test_a_signed_invoice_reads_as_the_invoice_and_says_that_nobody_verified_it() -> None:
    sample = next(
        each for each in generate(60, 3) if each.name.count("fattura") or b"FatturaElettronica" in each.content
    )
    bare, wrapped = read(sample.content), read(signed(sample.content))
    assert isinstance(bare, ExtractedInvoice)
    assert isinstance(wrapped, ExtractedInvoice)
    assert wrapped.fields == bare.fields
    assert [finding.rule for finding in wrapped.findings] == [
        *(finding.rule for finding in bare.findings), "SIGNATURE-NOT-VERIFIED"
    ]  # fmt: skip


def test_an_invoice_may_be_signed_more_than_once_but_not_without_end() -> None:
    sample = next(each for each in generate(60, 3) if each.lane == "xml" and each.scenario == "plain")
    twice = read(signed(signed(sample.content)))
    assert isinstance(twice, ExtractedInvoice)
    assert [finding.rule for finding in twice.findings].count("SIGNATURE-NOT-VERIFIED") == 1
    often = sample.content
    for _ in range(4):
        often = signed(often)
    assert isinstance(refused := read(often), Unreadable)
    assert refused.reason == "P7M-BROKEN"


def test_a_detached_signature_has_no_content() -> None:
    refused = read(signed(XML, pkcs7.PKCS7Options.DetachedSignature))
    assert isinstance(refused, Unreadable)
    assert refused.reason == "P7M-EMPTY"


_HEAD = in_pieces()[: in_pieces().index(b"\x24\x80")]
BROKEN = {
    "cut off": signed(XML)[:60],
    "longer than the bytes": signed(XML)[:-1],
    "a length of 127 bytes": b"\x30\xff" + signed(XML)[2:],
    "no octets": _HEAD + b"\x02\x01\x01",
    "pieces of pieces": _HEAD + b"\x24\x80" * (DEPTH_MAX + 2),
    "an endless set": in_pieces().replace(b"\x31\x80\x30\x02\x05\x00", b"\x31\x80" + b"\x30\x80" * (DEPTH_MAX + 2)),
}


@pytest.mark.parametrize("envelope", BROKEN.values(), ids=BROKEN.keys())
def test_what_is_broken_has_a_reason(envelope: bytes) -> None:
    refused = unwrap(envelope)
    assert isinstance(refused, Unreadable)
    assert refused.reason == "P7M-BROKEN"


@given(st.binary(max_size=80), st.integers(0, 200))
def test_no_bytes_raise(noise: bytes, position: int) -> None:
    whole = in_pieces(XML)
    for envelope in (whole[:position] + noise, whole[:position] + noise + whole[position + len(noise) :]):
        assert isinstance(unwrap(envelope), bytes | Unreadable)
