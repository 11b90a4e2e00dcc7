"""Bytes to the canonical texts that facts hold: hardware and IP addresses, and names a stranger chose."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from ipaddress import IPv6Address

BROADCAST_MAC = "ff:ff:ff:ff:ff:ff"
_MAX_TEXT = 1024
# Names with emoji and some scripts join their parts with these two; every other format character (direction overrides
# above all) could make an officer read another name than the one on the wire.
_JOINERS = "\u200c\u200d"


def mac_text(data: bytes, offset: int) -> str:
    """The six bytes at `offset` as `00:11:22:aa:bb:cc`; the caller has checked the length."""
    return data[offset : offset + 6].hex(":")


def station_mac(data: bytes, offset: int) -> str:
    """The address of one station, or empty for none: all zeros, or a group bit that no sender may set (IEEE 802-2014 §8.2)."""
    raw = data[offset : offset + 6]
    return "" if len(raw) < 6 or raw[0] & 1 or not any(raw) else raw.hex(":")


def is_group(mac: str) -> bool:
    """Is this receiver everybody or a group, and not one station; False where the link has no hardware addresses."""
    return mac[1:2] in tuple("13579bdf")


def ipv4_text(data: bytes, offset: int) -> str:
    """The four bytes at `offset` as dotted decimals; the caller has checked the length."""
    return f"{data[offset]}.{data[offset + 1]}.{data[offset + 2]}.{data[offset + 3]}"


@lru_cache(maxsize=4096)  # str(IPv6Address) costs 4 microseconds, four times the rest of a neighbour message; a pure function, so the cache is no state
def _ipv6(raw: bytes) -> str:
    return str(IPv6Address(raw))


def ipv6_text(data: bytes, offset: int) -> str:
    """The sixteen bytes at `offset` in RFC 5952 form; the caller has checked the length."""
    return _ipv6(data[offset : offset + 16])


def is_host4(raw: bytes) -> bool:
    """Can one host own this IPv4 address: not "this network", loopback, multicast, reserved or broadcast (RFC 6890)."""
    return 0 < raw[0] < 224 and raw[0] != 127


def is_host6(raw: bytes) -> bool:
    """Can one host own this IPv6 address: neither multicast, nor ::, nor ::1."""
    return raw[0] != 0xFF and (any(raw[:15]) or raw[15] > 1)


def clean(raw: bytes | str) -> str:
    """A stranger's text, at most 1024 characters: bad UTF-8 and control or direction characters become U+FFFD, padding goes."""
    text = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else raw
    text = text[:_MAX_TEXT].strip("\0 \t\r\n")
    return text if text.isprintable() else "".join(map(_shown, text))


def _shown(character: str) -> str:
    hidden = unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"} and character not in _JOINERS
    return "\ufffd" if hidden else character
