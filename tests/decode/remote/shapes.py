"""What each protocol's messages look like, built by hand from their descriptions."""

from __future__ import annotations

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

V1, V2, DRAFT = 1, 0x6B3343CF, 0xFF00001D
_SALTS = {
    V1: "38762cf7f55934b34d179ae6a4c80cadccbb7f0a", V2: "0dede3def700a6db819381be6e269dcbf9bd2ed9", DRAFT: "afbfec289993d24c9e9786f19c6111e04390a899",
}  # fmt: skip
TARGET = bytes.fromhex("8394c8f03e515708")


def vector(data: bytes, width: int = 2) -> bytes:
    return len(data).to_bytes(width) + data


# TLS


def hello(host: str | None = "router7.teamviewer.com", before: bytes = b"", kind: int = 0) -> bytes:
    """A ClientHello message; `before` are extensions that stand before the name."""
    name = b"\0\0" + vector(vector(bytes((kind,)) + vector(host.encode()))) if host is not None else b""
    body = b"\3\3" + b"\x5a" * 32 + vector(b"", 1) + vector(b"\x13\x01\xc0\x2f") + vector(b"\0", 1) + vector(before + name)
    return b"\1" + vector(body, 3)


def certificate(common_name: bytes = b"AnyDesk Client") -> bytes:
    """A Certificate message of one certificate, of which only issuer and subject are real."""
    named = b"\x30\x19\x31\x17\x30\x15\x06\x03\x55\x04\x03\x0c" + vector(common_name, 1)
    body = bytes.fromhex("308202a83082019002010130 0d06092a864886f70d01010b0500".replace(" ", "")) + named + bytes(200)
    return b"\x0b" + vector(vector(vector(body, 3), 3), 3)


def record(message: bytes, kind: int = 0x16, version: bytes = b"\3\1") -> bytes:
    return bytes((kind,)) + version + vector(message)


# QUIC


def varint(value: int) -> bytes:
    for power, limit in enumerate((1 << 6, 1 << 14, 1 << 30)):
        if value < limit:
            return (value | power << (8 * (1 << power) - 2)).to_bytes(1 << power)
    return (value | 3 << 62).to_bytes(8)


def crypto(offset: int, data: bytes) -> bytes:
    return b"\6" + varint(offset) + varint(len(data)) + data


def initial(frames: bytes, version: int = V1, target: bytes = TARGET, number: int = 0, size: int = 1200, token: bytes = b"", source: bytes = b"me") -> bytes:
    """A client's Initial, protected; its datagram has `size` bytes at least."""
    first = 0xC3 | (1 if version == V2 else 0) << 4  # a packet number of four bytes
    head = version.to_bytes(4) + vector(target, 1) + vector(source, 1) + varint(len(token)) + token
    payload = frames + bytes(max(0, size - 1 - len(head) - 2 - 4 - len(frames) - 16))
    head = bytes((first,)) + head + (len(payload) + 20 | 0x4000).to_bytes(2)
    key, nonce, mask_key = keys(version, target)
    raw = number.to_bytes(4)
    sealed = AESGCM(key).encrypt((int.from_bytes(nonce) ^ number).to_bytes(12), payload, head + raw)
    mask = Cipher(algorithms.AES(mask_key), modes.ECB()).encryptor().update(sealed[:16])
    hidden = bytes(one ^ two for one, two in zip(raw, mask[1:], strict=False))
    return bytes((head[0] ^ mask[0] & 0x0F,)) + head[1:] + hidden + sealed


def keys(version: int, target: bytes) -> tuple[bytes, bytes, bytes]:
    """Key, nonce and header key of a client's Initials, by the library's own HKDF."""
    extract = HMAC(bytes.fromhex(_SALTS[version]), SHA256())
    extract.update(target)
    secret = _expanded(extract.finalize(), b"client in", 32)
    prefix = b"quicv2 " if version == V2 else b"quic "
    return _expanded(secret, prefix + b"key", 16), _expanded(secret, prefix + b"iv", 12), _expanded(secret, prefix + b"hp", 16)


def _expanded(secret: bytes, label: bytes, size: int) -> bytes:
    return HKDFExpand(SHA256(), size, size.to_bytes(2) + vector(b"tls13 " + label, 1) + b"\0").derive(secret)


# DNS


def question(name: str, kind: int = 1) -> bytes:
    labels = b"".join(vector(label.encode(), 1) for label in name.split(".")) + b"\0"
    return labels + kind.to_bytes(2) + b"\0\1"


def asks(name: str, kind: int = 1) -> bytes:
    return b"\x12\x34\1\0\0\1" + bytes(6) + question(name, kind)


def answers(name: str, kind: int = 1, records: bytes = b"", count: int = 0, more: bytes = b"", flags: bytes = b"\x81\x80") -> bytes:
    return b"\x12\x34" + flags + b"\0\1" + count.to_bytes(2) + b"\0\0" + (1 if more else 0).to_bytes(2) + question(name, kind) + records + more


def resource(name: str, kind: int, data: bytes) -> bytes:
    return question(name, kind) + b"\0\0\0\x3c" + vector(data)


def srv(name: str, target: str, port: int = 1688) -> bytes:
    labels = b"".join(vector(label.encode(), 1) for label in target.split(".")) + b"\0"
    return resource(name, 33, b"\0\0\0\0" + port.to_bytes(2) + labels)


# RFB, RDP, Radmin, TeamViewer, RustDesk, KMS


def tpkt(kind: int, rest: bytes = b"") -> bytes:
    body = bytes((kind,)) + bytes(5) + rest
    return b"\3\0" + (5 + len(body)).to_bytes(2) + bytes((len(body),)) + body


def negotiation(kind: int, value: int) -> bytes:
    return bytes((kind, 0, 8, 0)) + value.to_bytes(4, "little")


RDP_REQUEST = tpkt(0xE0, b"Cookie: mstshash=nguyenvana\r\n" + negotiation(1, 3))
RDP_NLA, RDP_TLS, RDP_PLAIN, RDP_BARE = (tpkt(0xD0, rest) for rest in (negotiation(2, 2), negotiation(2, 1), negotiation(2, 0), b""))
RDP_NEEDS_NLA = tpkt(0xD0, negotiation(3, 5))


def rdp_udp(flags: int = 1, mtu: int = 1232, acknowledged: bytes = b"\xff\xff\xff\xff") -> bytes:
    return (acknowledged + b"\0\x40" + flags.to_bytes(2) + b"\1\2\3\4" + mtu.to_bytes(2) * 2).ljust(mtu, b"\0")


def radmin(body: bytes) -> bytes:
    total = sum(int.from_bytes(body[at : at + 4], "little") for at in range(0, len(body), 4))
    return b"\1" + len(body).to_bytes(4) + total.to_bytes(4) + body


def teamviewer(command: int, body: bytes = bytes(32)) -> bytes:
    return b"\x17\x24" + bytes((command,)) + len(body).to_bytes(2, "little") + body


def teamviewer2(command: int, body: bytes = bytes(24)) -> bytes:
    return b"\x11\x30" + bytes((command, 0)) + len(body).to_bytes(4, "little") + bytes(16) + body


def teamviewer_datagram(command: int, number: int = 0) -> bytes:
    return number.to_bytes(4, "little") + bytes(6) + b"\3\x17\x24" + bytes((command,)) + bytes(40)


def rendezvous(field: int, body: bytes) -> bytes:
    tag = field << 3 | 2
    return (bytes((tag,)) if tag < 0x80 else bytes((tag & 0x7F | 0x80, tag >> 7))) + vector(body, 1)


def framed(message: bytes) -> bytes:
    return bytes((len(message) << 2,)) + message if len(message) < 64 else (len(message) << 2 | 1).to_bytes(2, "little") + message


RUSTDESK_PING = rendezvous(22, b"\x0a\4ping")
RUSTDESK_PONG = rendezvous(22, b"\x0a\4pong\x12\x05aa:bb\x1a\x09123456789\x22\3hoa\x2a\4PC01")

KMS_BIND = bytes.fromhex(
    "05000b03100000007800000002000000d016d0160000000002000000000001007521c8514e845047b0d8ec255555bc0601000000045d888aeb1cc9119fe808002b10486002000000"
)
