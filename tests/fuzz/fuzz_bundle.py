"""Hostile bundles of inspection sticks: what stands outside as it comes, and what a stick that was stolen would sign and seal."""

import gzip
import struct
from functools import cache

import msgspec
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

from collector.bundles import form
from collector.bundles.errors import BundleError
from collector.decode.posture.answers import answers
from collector.decode.posture.envelope import Context
from tests.fuzz.fuzz_posture import COLUMNS

_NOW = 1_795_000_000_000_000_000
_SECRET, _IV = bytes(32), bytes(16)
_TIMES = struct.Struct("<qq")
_BODY = b'{"machine":"m","answers":{"host":"pc","collected_at":1795000000,"results":{"peripherals":{"rows":[{"looked":"1"}]}}}}'
# The first sixteen bytes are the two times; then what is inside, packed or not.
INSIDE = (
    _TIMES.pack(1_794_999_000, 1_795_999_000) + b"\0" + _BODY,
    _TIMES.pack(1_794_999_000, 1_795_999_000) + b"\1" + gzip.compress(_BODY, mtime=0),
    _TIMES.pack(-(2**62), -(2**62)) + b"\0{}",
    _TIMES.pack(2**62, 2**62) + b"\0{}",
)


@cache
def _keys() -> tuple[rsa.RSAPrivateKey, rsa.RSAPrivateKey]:
    """The stick's and the province's: short ones, for they are used for every input."""
    return rsa.generate_private_key(65_537, 1024), rsa.generate_private_key(65_537, 1024)


def _sealed(data: bytes) -> bytes:
    """A bundle as the script writes it, with this inside."""
    stick, province = _keys()
    made, expires = _TIMES.unpack(data[:16].ljust(16, b"\0"))
    packed = data[17:] if data[16:17] == b"\1" else gzip.compress(data[17:], 1, mtime=0)
    padder = PKCS7(128).padder()
    encryptor = Cipher(algorithms.AES256(_SECRET), modes.CBC(_IV)).encryptor()
    body = encryptor.update(padder.update(packed) + padder.finalize()) + encryptor.finalize()
    key = province.public_key().encrypt(_SECRET, padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None))
    bundle = form.Bundle(format=form.FORMAT, stick="usb-1", number=7, made=made, expires=expires, key=key, iv=_IV, body=body, signature=b"")
    signature = stick.sign(form.signed_part(bundle), padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())
    return msgspec.json.encode(msgspec.structs.replace(bundle, signature=signature))


SEEDS = (
    *INSIDE,
    b'{"format":"vonggac-bundle/1","stick":"usb-1","number":7,"made":1794999000,"expires":1795999000,"key":"AAAA","iv":"AAAAAAAAAAAAAAAAAAAAAA==",'
    b'"body":"AAAA","signature":"AAAA"}',
)


def fuzz_one(data: bytes) -> None:
    _taken(data)
    _taken(_sealed(data))


def _taken(data: bytes) -> None:
    stick, province = _keys()
    try:
        bundle = form.read(data)
        form.verify(bundle, stick.public_key(), _NOW)
        body = form.opened(bundle, province)
    except BundleError:
        return
    answers(body.answers, COLUMNS, Context("goi-1", "xa", _NOW, "script", lambda text: f"{len(text):016x}"))
