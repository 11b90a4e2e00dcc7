"""Hostile NetBIOS datagrams, and SMB transactions in them."""

from collector.decode import browser
from tests.fuzz.checks import packet, probe


def _name(text: str, suffix: int) -> bytes:
    raw = text.ljust(15).encode() + bytes([suffix])
    return b"\x20" + bytes(letter for byte in raw for letter in (0x41 + (byte >> 4), 0x41 + (byte & 15))) + b"\x00"


_NAMES = _name("PC-01", 0) + _name("GOV", 0x1D)
# Seventeen words, of which only the offset of the data matters here: 32 + 1 + 34 + 2 + the slot's name.
_SMB = b"\xffSMB\x25" + bytes(27) + b"\x11" + bytes(22) + bytes.fromhex("21005600") + bytes.fromhex("0300010000000200")
_SLOT = b"\x32\x00\\MAILSLOT\\BROWSE\x00"
_TOLD = b"\x00\x80\xfc\x0a\x00PC-01" + bytes(11) + b"\x0a\x00\x03\x10\x01\x00\x0f\x01\x55\xaa"


def datagram(form: int) -> bytes:
    """A whole announcement of this form from 192.168.10.31."""
    body = _SMB + _SLOT + bytes([form]) + _TOLD + b"may ke toan\x00"
    return bytes.fromhex("110a1234c0a80a1f008a") + len(_NAMES + body).to_bytes(2, "big") + bytes(2) + _NAMES + body


SEEDS = tuple(datagram(form) for form in (1, 12, 15, 8))


def fuzz_one(data: bytes) -> None:
    probe(browser.decode, packet(data, port=138, peer_port=138, peer_ip="192.168.10.255"))
