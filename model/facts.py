"""What was seen: one frozen struct a kind of observation, made by sensors and decoders, folded by `model.site`.

`at` is the box's time of receipt (for a capture file: the frame's own time), in nanoseconds since the epoch, UTC. MAC addresses are
lower-case with colons, IP addresses in their canonical text form, DNS names lower-case with the trailing dot where they are names of
services or hosts; instance and friendly names keep their case. An empty string or tuple means "not in the frame".
"""

from __future__ import annotations

from typing import Literal

import msgspec

Pairs = tuple[tuple[str, str], ...]


class Fact(msgspec.Struct, frozen=True, kw_only=True, tag_field="fact"):
    """What every fact carries: when, by which sensor (its n-th), on which leg."""

    at: int
    sensor: str = ""
    sequence: int = 0
    leg: str = ""


class StationFact(Fact, frozen=True, kw_only=True):
    """A fact about the station that sent a frame. `vlan` holds the tags, outer first; `mac` is empty on links without addresses."""

    mac: str = ""
    ip: str = ""
    vlan: tuple[int, ...] = ()


class AddressSeen(StationFact, frozen=True, kw_only=True, tag="address"):
    """`mac` uses `ip`. `via` tells which protocol said so; only protocols that bind the two are used, never a routed source address."""

    via: Literal["arp", "nd", "dhcp", "multicast", "link"] = "arp"


class DhcpClientSeen(StationFact, frozen=True, kw_only=True, tag="dhcp_client"):
    """A DHCPv4 client's message. `mac` is the client's hardware address (chaddr), not that of a relay.

    `message` is discover, request, decline, release or inform. `circuit` is the switch port that option 82 names, text or hex.
    """

    message: str
    client_id: str = ""
    host_name: str = ""
    fqdn: str = ""
    vendor_class: str = ""
    parameters: tuple[int, ...] = ()
    requested_ip: str = ""
    relay: str = ""
    circuit: str = ""


class DhcpServerSeen(StationFact, frozen=True, kw_only=True, tag="dhcp_server"):
    """A DHCPv4 server's offer, ack or nak (`message`). `mac` and `ip` are the frame's source: the server, or its relay.

    `lease` in seconds; `routes` (option 121) as (`0.0.0.0/0`, gateway): a client that takes them ignores `routers` (RFC 3442).
    """

    message: str
    server_id: str
    client_mac: str = ""
    offered_ip: str = ""
    mask: str = ""
    routers: tuple[str, ...] = ()
    dns: tuple[str, ...] = ()
    domain: str = ""
    lease: int = 0
    relay: str = ""
    routes: Pairs = ()
    search: tuple[str, ...] = ()
    circuit: str = ""


class Prefix(msgspec.Struct, frozen=True):
    """One prefix of a router advertisement; lifetimes in seconds."""

    prefix: str
    on_link: bool
    autonomous: bool
    valid: int
    preferred: int


class RouterAdvertised(StationFact, frozen=True, kw_only=True, tag="router_advertised"):
    """An ICMPv6 router advertisement (RFC 4861 §4.2); `lifetime` in seconds, 0 = no longer a default router."""

    lifetime: int
    managed: bool = False
    other: bool = False
    preference: Literal["low", "medium", "high"] = "medium"
    prefixes: tuple[Prefix, ...] = ()
    dns: tuple[str, ...] = ()


class NameSeen(StationFact, frozen=True, kw_only=True, tag="name"):
    """The station calls itself `name` in protocol `via`."""

    name: str
    via: Literal["mdns", "dhcp", "llmnr", "nbns", "upnp", "wsd", "lldp", "cdp"] = "mdns"


class ServiceAdvertised(StationFact, frozen=True, kw_only=True, tag="service"):
    """DNS-SD records of one service instance in one mDNS answer (RFC 6763). A part that was not in the message is None.

    `service` is like `_airplay._tcp.local.`; `instance` is the label before it, empty where only the type was listed.
    `alive` False is a goodbye (TTL 0). `owner_ip` is set when the answer gives the host another address than the sender's: a proxy or reflector spoke.
    """

    service: str
    instance: str = ""
    alive: bool = True
    ttl: int = 0
    host: str | None = None
    port: int | None = None
    text: Pairs | None = None
    owner_ip: str = ""


class ServiceAsked(StationFact, frozen=True, kw_only=True, tag="service_asked"):
    """The station only asked for these DNS-SD names; asking makes nobody a screen."""

    services: tuple[str, ...]


class UpnpAdvertised(StationFact, frozen=True, kw_only=True, tag="upnp"):
    """An SSDP NOTIFY or a 200 answer. `target` is NT or ST; `alive` False is ssdp:byebye; `max_age` in seconds."""

    usn: str
    target: str
    alive: bool = True
    server: str = ""
    location: str = ""
    max_age: int = 1800
    headers: Pairs = ()


class UpnpAsked(StationFact, frozen=True, kw_only=True, tag="upnp_asked"):
    """An M-SEARCH: the station looks for `target`."""

    target: str
    user_agent: str = ""


class PortAnswered(StationFact, frozen=True, kw_only=True, tag="port"):
    """The station accepted (SYN+ACK) or refused (RST to a SYN) a TCP connection at `port`, seen passively on a mirror or inline leg."""

    port: int
    accepted: bool
    peer_mac: str = ""
    peer_ip: str = ""


class PjlinkSeen(StationFact, frozen=True, kw_only=True, tag="pjlink"):
    """A projector spoke PJLink: its answer to a search (`%2ACKN=`), a status notice, or its greeting (`protected` known only then)."""

    form: Literal["search_answer", "notice", "greeting"]
    line: str = ""
    protected: bool | None = None


Vantage = Literal["unknown", "plain", "mirror", "inline"]
SensorState = Literal["running", "waiting", "failed", "stopped"]


class SensorHeard(Fact, frozen=True, kw_only=True, tag="sensor"):
    """A sensor's heartbeat. Counters are since its start; `message` says in Vietnamese what is wrong, empty when nothing is."""

    state: SensorState = "running"
    interface: str = ""
    vantage: Vantage = "unknown"
    received: int = 0
    dropped: int = 0
    decoded: int = 0
    undecodable: int = 0
    message: str = ""


AnyFact = (
    AddressSeen
    | DhcpClientSeen
    | DhcpServerSeen
    | RouterAdvertised
    | NameSeen
    | ServiceAdvertised
    | ServiceAsked
    | UpnpAdvertised
    | UpnpAsked
    | PortAnswered
    | PjlinkSeen
    | SensorHeard
)
