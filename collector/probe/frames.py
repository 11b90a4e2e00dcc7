# SPDX-License-Identifier: GPL-2.0-only
"""Orders as frames, built by scapy. A REQUEST, an answer, an announcement: there is no way to build one here."""

from __future__ import annotations

import ipaddress

from scapy.layers.dhcp import BOOTP, DHCP
from scapy.layers.inet import IP, UDP
from scapy.layers.inet6 import ICMPv6ND_NS, ICMPv6ND_RS, ICMPv6NDOptSrcLLAddr, IPv6
from scapy.layers.l2 import ARP, Ether
from scapy.utils import mac2str

from collector.probe.orders import Order

# IEEE 802 local experimental EtherType 1, and the UDP port of the same number.
NONCE = 0x88B5
BROADCAST = "ff:ff:ff:ff:ff:ff"
NOBODY = "0.0.0.0"  # noqa: S104 - the address of who has none, not a socket's
EVERYBODY = "255.255.255.255"
# 255 shows at the other end whether anybody forwarded it (RFC 5082).
TTL = 255
SHORTEST = 60
# What any PC asks for: mask, router, DNS, domain.
_ASKED = [1, 3, 6, 15]
# Servers may drop a shorter message (RFC 1542 §2.1).
_BOOTP = 300


def frame(order: Order, mac: str, ip: str, gateway: str) -> bytes:
    """The frame for a checked order, from the interface with this MAC and IPv4 address by way of this router (where the shape needs them)."""
    return bytes(_BUILD[order.shape](order, mac, ip, gateway)).ljust(SHORTEST, b"\0")


def _raw(order: Order, mac: str, _ip: str, _gateway: str) -> Ether:
    return Ether(src=mac, dst=BROADCAST, type=NONCE) / order.payload


def _udp(order: Order, mac: str, _ip: str, _gateway: str) -> Ether:
    # From no address, as a DHCP client: a leg need not have one, and no station is told of.
    return Ether(src=mac, dst=BROADCAST) / IP(src=NOBODY, dst=EVERYBODY, ttl=TTL) / UDP(sport=NONCE, dport=NONCE) / order.payload


def _routed(order: Order, mac: str, ip: str, gateway: str) -> Ether:
    return Ether(src=mac, dst=gateway) / IP(src=ip, dst=order.address, ttl=TTL) / UDP(sport=NONCE, dport=NONCE) / order.payload


def _discover(order: Order, mac: str, _ip: str, _gateway: str) -> Ether:
    # The frame is the interface's own: a port that allows one address must not be shut by a probe. The answer is asked for as broadcast.
    client = mac2str(order.client)
    options = [("message-type", "discover"), ("client_id", b"\x01" + client), ("param_req_list", _ASKED), "end"]
    message = bytes(BOOTP(op=1, chaddr=client, xid=order.transaction, flags=0x8000) / DHCP(options=options)).ljust(_BOOTP, b"\0")
    return Ether(src=mac, dst=BROADCAST) / IP(src=NOBODY, dst=EVERYBODY) / UDP(sport=68, dport=67) / message


def _who_has(order: Order, _mac: str, _ip: str, _gateway: str) -> Ether:
    # From no IP address (RFC 5227): it asks and tells nobody anything, so no cache learns from it.
    return Ether(src=order.client, dst=BROADCAST) / ARP(op=1, hwsrc=order.client, psrc=NOBODY, pdst=order.address)


def _nd_solicit(order: Order, _mac: str, _ip: str, _gateway: str) -> Ether:
    low = ipaddress.IPv6Address(order.address).packed[-3:]
    group = str(ipaddress.IPv6Address(ipaddress.IPv6Address("ff02::1:ff00:0").packed[:-3] + low))
    question = ICMPv6ND_NS(tgt=order.address) / ICMPv6NDOptSrcLLAddr(lladdr=order.client)
    return Ether(src=order.client, dst="33:33:ff:" + low.hex(":")) / IPv6(src=_link_local(order.client), dst=group, hlim=255) / question


def _router_solicit(order: Order, _mac: str, _ip: str, _gateway: str) -> Ether:
    # From no address: the answer then goes to all, and capture hears it on any port.
    return Ether(src=order.client, dst="33:33:00:00:00:02") / IPv6(src="::", dst="ff02::2", hlim=255) / ICMPv6ND_RS()


def _link_local(mac: str) -> str:
    """The address that a station makes of its MAC (RFC 4291, appendix A)."""
    raw = bytes.fromhex(mac.replace(":", ""))
    return str(ipaddress.IPv6Address(b"\xfe\x80" + bytes(6) + bytes([raw[0] ^ 2]) + raw[1:3] + b"\xff\xfe" + raw[3:]))


_BUILD = {
    "nonce_raw": _raw,
    "nonce_udp": _udp,
    "nonce_routed": _routed,
    "dhcp_discover": _discover,
    "arp_who_has": _who_has,
    "nd_solicit": _nd_solicit,
    "router_solicit": _router_solicit,
}
