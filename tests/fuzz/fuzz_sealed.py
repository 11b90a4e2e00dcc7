"""Hostile sealed evidence: files as they come, and what anybody can seal to a key that is public."""

import msgspec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from collector.sealing import envelope
from collector.sealing.errors import SealError
from collector.sealing.opening import open_file
from tests.fuzz.checks import sentence
from tests.fuzz.places import file, folder

_KEY = X25519PrivateKey.from_private_bytes(bytes(range(32)))
_NOW = 1_795_000_000_000_000_000
_HEADER = envelope.Header(id="20261122T000000Z-0123456789ab", box="hop-01", leg="lan", rule="VG-NET-03", at=_NOW, until=2 * _NOW, reader="")
_PUSH = envelope.Pushed(at=_NOW, family="cast", kind="load", action="LOAD", url="http://x/a", agent="", port=8009, accepted=True)
_CONTENTS = envelope.Contents(
    sender_mac="00:06:5b:10:20:21", sender_ip="192.168.10.21", screen_mac="00:e0:4c:10:20:31", screen_ip="192.168.10.31", vlan=(), pushes=(_PUSH,), pcap=b"x"
)
# Either a whole file, or a header and contents as JSON with a zero byte between them, which are then sealed.
SEEDS = (
    msgspec.json.encode(_HEADER) + b"\0" + msgspec.json.encode(_CONTENTS),
    envelope.MAGIC + b"\0\0\0\x02{}" + bytes(48),
    envelope.seal(_HEADER, _CONTENTS, _KEY.public_key()),
)


def fuzz_one(data: bytes) -> None:
    _opened(data)
    outside, _, inside = data.partition(b"\0")
    try:
        header = msgspec.json.decode(outside, type=envelope.Header)
    except (ValueError, RecursionError):
        return
    _opened(_sealed(header, inside))


def _sealed(header: envelope.Header, inside: bytes) -> bytes:
    """As `envelope.seal`, with anything inside."""
    own = X25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
    public = _KEY.public_key()
    header = msgspec.structs.replace(header, reader=envelope.fingerprint(public), key=envelope.raw(own.public_key()))
    outside = msgspec.json.encode(header)
    front = envelope.MAGIC + len(outside).to_bytes(4, "big") + outside
    return front + envelope._cipher(own, public, header.key, envelope.raw(public)).encrypt(bytes(12), inside, front)


def _opened(data: bytes) -> None:
    try:
        envelope.header_of(data)
        opened = open_file(file("evidence", data), _KEY, by="an", why="x", out=folder("out"), log=folder("log") / "audit.jsonl", now=_NOW)
    except SealError as error:
        sentence(error.text)
        return
    assert opened.pcap.read_bytes() == opened.contents.pcap
    assert f"{opened.contents.sender_mac}{opened.contents.screen_ip}".isprintable()
