"""Addresses as browsers spell them, and which of them a visitor from outside could never reach."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final
from urllib.parse import unquote_to_bytes

Address = IPv4Address | IPv6Address

# The first that holds the address gives the word. Carrier: RFC 6598; benchmarking: RFC 2544, 5180; documentation: RFC 5737, 3849, 9637.
_REFUSED_4: Final = tuple(
    (IPv4Network(prefix), why)
    for prefix, why in (
        ("0.0.0.0/8", "unspecified"),
        ("127.0.0.0/8", "loopback"),
        ("169.254.169.254/32", "metadata"),
        ("169.254.170.2/32", "metadata"),
        ("100.100.100.200/32", "metadata"),
        ("192.0.0.192/32", "metadata"),
        ("168.63.129.16/32", "metadata"),
        ("169.254.0.0/16", "link_local"),
        ("10.0.0.0/8", "private"),
        ("172.16.0.0/12", "private"),
        ("192.168.0.0/16", "private"),
        ("100.64.0.0/10", "carrier"),
        ("198.18.0.0/15", "benchmarking"),
        ("192.0.0.0/24", "reserved"),
        ("192.88.99.0/24", "reserved"),
        ("192.0.2.0/24", "documentation"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("255.255.255.255/32", "broadcast"),
        ("240.0.0.0/4", "reserved"),
    )
)
_REFUSED_6: Final = tuple(
    (IPv6Network(prefix), why)
    for prefix, why in (
        ("::/128", "unspecified"),
        ("::1/128", "loopback"),
        ("fd00:ec2::/32", "metadata"),
        ("fd20:ce::254/128", "metadata"),
        ("64:ff9b:1::/48", "private"),  # NAT64 of one's own network (RFC 8215): where in it the IPv4 address stands only that network knows
        ("fe80::/10", "link_local"),
        ("fec0::/10", "site_local"),
        ("fc00::/7", "private"),
        ("ff00::/8", "multicast"),
        ("2001:2::/48", "benchmarking"),
        ("2001:db8::/32", "documentation"),
        ("3fff::/20", "documentation"),
        ("100::/64", "reserved"),
    )
)
# Only this eighth of IPv6 is in use on the Internet; what is neither in it nor holds an IPv4 address is refused unseen.
_GLOBAL_6: Final = IPv6Network("2000::/3")
_MAPPED: Final = IPv6Network("::ffff:0:0/96")
_TRANSLATED: Final = IPv6Network("::ffff:0:0:0/96")
_COMPATIBLE: Final = IPv6Network("::/96")
_NAT64: Final = IPv6Network("64:ff9b::/96")
# IETF protocol assignments (RFC 2928); of them only Teredo, nowhere in service now, could lead to an IPv4 address.
_ASSIGNED: Final = IPv6Network("2001::/23")
_TEREDO: Final = IPv6Network("2001::/32")
_6TO4: Final = IPv6Network("2002::/16")
_HOLDS_4: Final = (_MAPPED, _TRANSLATED, _COMPATIBLE, _NAT64)
# ISATAP's interface identifiers end in an IPv4 address (RFC 5214 §6.1), in whatever prefix.
_ISATAP: Final = (0x0000_5EFE, 0x0200_5EFE)

_DOTS: Final = str.maketrans({"。": ".", "．": ".", "｡": "."})
_MOST_DIGITS: Final = 40


class NotAnAddress(ValueError):
    """A host that ends in a number, so that browsers take it for an IPv4 address, and is none (`1.2.3.4.5`, `256.0.0.1`)."""


def refusal(address: Address) -> str:
    """Why a visitor from outside could not have reached `address`, in one word; empty when it is an ordinary public one."""
    if isinstance(address, IPv4Address):
        return next((why for network, why in _REFUSED_4 if address in network), "")
    plain = IPv6Address(int(address))  # without its zone
    if why := next((why for network, why in _REFUSED_6 if plain in network), ""):
        return why
    if why := next((why for inner in _inside(plain) if (why := refusal(inner))), ""):
        return why
    reachable = plain in _MAPPED or plain in _NAT64 or (plain in _GLOBAL_6 and plain not in _ASSIGNED)
    return "" if reachable else "reserved"


def _inside(address: IPv6Address) -> Iterator[IPv4Address]:
    """The IPv4 addresses that `address` leads to or through."""
    value = int(address)
    low = value & 0xFFFF_FFFF
    if any(address in network for network in _HOLDS_4) or value >> 32 & 0xFFFF_FFFF in _ISATAP:
        yield IPv4Address(low)
    if address in _6TO4:
        yield IPv4Address(value >> 80 & 0xFFFF_FFFF)
    if address in _TEREDO:
        yield IPv4Address(value >> 64 & 0xFFFF_FFFF)
        yield IPv4Address(low ^ 0xFFFF_FFFF)


def literal(host: str) -> Address | None:
    """The address that `host` spells for a browser, None for a name.

    Takes `127.1`, `2130706433`, `0177.0.0.1`, `0x7f.1`, `[::1]`, percent-encoded and full-width digits. Raises NotAnAddress.
    """
    bare = unquote_to_bytes(host).decode("utf-8", "replace").strip()
    if bare.startswith("[") or bare.count(":") > 1:
        return _version6(bare.strip("[]"))
    parts = _plain_digits(bare).lower().removesuffix(".").split(".")
    if not _is_number(parts[-1]):
        return None
    numbers = [_number(part) for part in parts]
    most = 256 ** (5 - len(numbers))
    if len(numbers) > 4 or any(number > 255 for number in numbers[:-1]) or numbers[-1] >= most:
        raise NotAnAddress(f"{host}: not an IPv4 address")
    return IPv4Address(numbers[-1] + sum(number << 8 * (3 - place) for place, number in enumerate(numbers[:-1])))


def _plain_digits(text: str) -> str:
    """Digits of other scripts and full-width letters as browsers fold them."""
    if text.isascii():
        return text
    from unicodedata import normalize  # noqa: PLC0415 - hardly any host needs its tables

    return normalize("NFKC", text).translate(_DOTS)


def _version6(text: str) -> IPv6Address:
    try:
        address = ip_address(text)
    except ValueError as error:
        raise NotAnAddress(f"{text}: not an IPv6 address") from error
    if not isinstance(address, IPv6Address):
        raise NotAnAddress(f"{text}: not an IPv6 address")
    return address


def _is_number(part: str) -> bool:
    return part.isascii() and (part.isdigit() or (part.startswith("0x") and all(digit in "0123456789abcdef" for digit in part[2:])))


def _number(part: str) -> int:
    """One part of an IPv4 address as browsers read it: hexadecimal after `0x`, octal after `0`."""
    if len(part) > _MOST_DIGITS or not _is_number(part):
        raise NotAnAddress(f"{part}: not a number")
    if part.startswith("0x"):
        return int(part[2:] or "0", 16)
    try:
        return int(part, 8) if part.startswith("0") and part != "0" else int(part)
    except ValueError as error:
        raise NotAnAddress(f"{part}: not an octal number") from error
