"""The options of one DHCPv4 message, read from its three places, and the shapes of those we keep."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from collector.decode.wire import clean, ipv4_text

if TYPE_CHECKING:
    from model.facts import Pairs

_PAD, _END, _OVERLOAD = 0, 255, 52
_SNAME, _FILE, _OPTIONS = 44, 108, 240
_MAX_LABELS = 128
# Far above any real search list; pointers could otherwise unfold a few kilobytes into millions of labels.
_MAX_NAMES = 32


class Options(msgspec.Struct):
    """Option number -> value, pieces of one option joined in order (RFC 3396 §7)."""

    values: dict[int, bytes] = {}

    def get(self, number: int) -> bytes:
        """The value, empty where it was not sent."""
        return self.values.get(number, b"")

    def number(self, number: int) -> int:
        """An option of one, two or four bytes as a number; 0 where absent or of another length."""
        value = self.get(number)
        return int.from_bytes(value, "big") if len(value) in {1, 2, 4} else 0

    def address(self, number: int) -> str:
        """An option that holds one IPv4 address; empty where absent, malformed or 0.0.0.0."""
        value = self.get(number)
        return ipv4_text(value, 0) if len(value) == 4 and any(value) else ""

    def agent(self, wanted: int) -> str:
        """What a switch or relay put into option 82 (RFC 3046 §2.0), 1 the circuit, 2 itself ("remote"): text where it is text, else hex."""
        value, offset = self.get(82), 0
        while offset + 2 <= len(value):
            kind, length = value[offset], value[offset + 1]
            if kind == wanted:
                raw = value[offset + 2 : offset + 2 + length]
                return raw.decode() if raw.isascii() and raw.decode().isprintable() else raw.hex(":")
            offset += 2 + length
        return ""


def read(message: bytes) -> tuple[Options, str]:
    """Options of a message of at least 240 bytes, and what is wrong with them, empty when nothing is.

    Option 52 sends the reader on to the file and server name fields, in that order (RFC 3396 §5).
    """
    options = Options()
    fault = _area(options.values, message, _OPTIONS, len(message))
    overload = options.number(_OVERLOAD)
    if overload & 1:
        fault = _area(options.values, message, _FILE, _OPTIONS - 4) or fault
    if overload & 2:
        fault = _area(options.values, message, _SNAME, _FILE) or fault
    return options, fault


def _area(values: dict[int, bytes], message: bytes, offset: int, end: int) -> str:
    while offset < end:
        number = message[offset]
        if number == _END:
            return ""
        if number == _PAD:
            offset += 1
            continue
        body = offset + 2
        length = message[offset + 1] if body <= end else 0
        if body + length > end or body > end:
            return f"DHCP option {number} is cut"
        values[number] = values.get(number, b"") + message[body : body + length]
        offset = body + length
    return ""


def addresses(value: bytes) -> tuple[str, ...]:
    """A list of IPv4 addresses; a piece of less than four bytes at its end is left out."""
    return tuple(ipv4_text(value, offset) for offset in range(0, len(value) - 3, 4))


def routes(value: bytes) -> Pairs:
    """Classless static routes (RFC 3442) as (`10.0.0.0/8`, gateway); reading stops at the first that is malformed."""
    found: list[tuple[str, str]] = []
    offset = 0
    while offset < len(value):
        width = value[offset]
        size = (width + 7) // 8
        gateway = offset + 1 + size
        if width > 32 or gateway + 4 > len(value):
            break
        target = value[offset + 1 : gateway] + bytes(4 - size)
        found.append((f"{ipv4_text(target, 0)}/{width}", ipv4_text(value, gateway)))
        offset = gateway + 4
    return tuple(found)


def fqdn(value: bytes) -> str:
    """The client's name of option 81 (RFC 4702 §2.1): DNS labels when its E bit is set, else the deprecated ASCII form."""
    if len(value) < 4:
        return ""
    if not value[0] & 4:
        return clean(value[3:])
    # A name that is not fully qualified ends without the root label (§2.3.1), which `domain_names` asks for.
    names = domain_names(value[3:] + b"\0")
    return names[0].rstrip(".") if names else ""


def domain_names(value: bytes) -> tuple[str, ...]:
    """A domain search list (RFC 3397), lower-case with the trailing dot; reading stops at the first malformed name.

    Pointers count from the start of the option and are followed backwards only, so reading ends.
    """
    names: list[str] = []
    offset = 0
    while offset < len(value) and len(names) < _MAX_NAMES:
        labels, offset = _labels(value, offset)
        if offset < 0:
            break
        if labels:
            names.append(".".join(clean(label) for label in labels).lower() + ".")
    return tuple(names)


def _labels(value: bytes, offset: int) -> tuple[list[bytes], int]:
    """The labels of the name at `offset` and the offset after it; -1 where it is malformed."""
    labels: list[bytes] = []
    after = 0
    while offset < len(value) and len(labels) <= _MAX_LABELS:
        length = value[offset]
        if length == 0:
            return labels, after or offset + 1
        if length >= 0xC0:
            target = (length & 0x3F) << 8 | value[offset + 1] if offset + 1 < len(value) else offset
            if target >= offset:
                break
            after, offset = after or offset + 2, target
        elif length > 63 or offset + 1 + length > len(value):
            break
        else:
            labels.append(value[offset + 1 : offset + 1 + length])
            offset += 1 + length
    return labels, -1
