"""What was seen: one frozen struct a kind of observation, made by sensors and decoders, folded by `model.site`.

`at` is the box's time of receipt (for a capture file: the frame's own time), in nanoseconds since the epoch, UTC. MAC addresses are
lower-case with colons, IP addresses in their canonical text form, DNS names lower-case with the trailing dot where they are names of
services or hosts; instance and friendly names keep their case. An empty string or tuple means "not in the frame".
"""

from __future__ import annotations

from typing import Literal

import msgspec

from model.endpointfacts import EndpointsCounted, PcAnswered, PcHeard, PeripheralSeen, SocketsListed
from model.fact import Fact, StationFact
from model.webfacts import DnsSeen, FeedHeard, LookFailed, PageLooked, PortalsHeard, ScriptSeen, SiteFileSeen
from model.wirefacts import (
    ActivationSought,
    AddressProbed,
    GatewayTold,
    HopsSeen,
    InboundAnswered,
    LineTold,
    MappingSeen,
    NonceHeard,
    ProbeRan,
    RemoteSeen,
    ScreenPushed,
    ScreenTold,
)

Pairs = tuple[tuple[str, str], ...]


class AddressSeen(StationFact, frozen=True, kw_only=True, tag="address"):
    """`mac` uses `ip`. `via` tells which protocol said so; only protocols that bind the two are used, never a routed source address.

    Of ARP and ND also: `form` (request or solicitation, reply or advertisement, announce: to all, nobody asked), `target` the address asked for
    or told of, `told` the MAC a unicast reply went to, `carrier` the Ethernet source where it is not `mac`.
    """

    via: Literal["arp", "nd", "dhcp", "multicast", "link"] = "arp"
    form: Literal["", "request", "reply", "announce"] = ""
    target: str = ""
    told: str = ""
    carrier: str = ""


class DhcpClientSeen(StationFact, frozen=True, kw_only=True, tag="dhcp_client"):
    """A DHCPv4 client's message. `mac` is the client's hardware address (chaddr), not that of a relay.

    `message` is discover, request, decline, release or inform. `circuit` is the switch port that option 82 names, `remote` who put it there:
    text or hex. `server_id` is the server that a request chooses, or that a decline or release is for; `lease` the seconds wished for.
    `ttl` is the IP time to live as the client's system set it, 0 where a relay spoke for it.
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
    remote: str = ""
    server_id: str = ""
    lease: int = 0
    ttl: int = 0


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
    remote: str = ""
    host_name: str = ""
    fqdn: str = ""


class Dhcp6ClientSeen(StationFact, frozen=True, kw_only=True, tag="dhcp6_client"):
    """A DHCPv6 client's message (RFC 8415). `mac` is the client's, told by its relay (RFC 6939) or its DUID where a relay stands between.

    `message` is solicit, request, confirm, renew, rebind, release, decline or inform. `duid` in hex with colons, `duid_mac` the hardware
    address inside it (of the interface it was made from, not always of this one). `parameters` are the options asked for (ORO), in order;
    `enterprise` the IANA number of the vendor class, 0 for none; `addresses` those the client has or wants; `relay` the link of the relay.
    """

    message: str
    duid: str = ""
    duid_mac: str = ""
    fqdn: str = ""
    enterprise: int = 0
    vendor_class: str = ""
    parameters: tuple[int, ...] = ()
    addresses: tuple[str, ...] = ()
    relay: str = ""
    circuit: str = ""


class Dhcp6ServerSeen(StationFact, frozen=True, kw_only=True, tag="dhcp6_server"):
    """A DHCPv6 server's advertise, reply or reconfigure (`message`). `mac` and `ip` are the frame's source: the server, or its relay.

    `server_id` and `client_id` are DUIDs in hex with colons; `addresses` and `prefixes` what it gives, `dns` and `search` what it configures.
    """

    message: str
    server_id: str = ""
    client_id: str = ""
    addresses: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    dns: tuple[str, ...] = ()
    search: tuple[str, ...] = ()
    relay: str = ""


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


class NameAsked(StationFact, frozen=True, kw_only=True, tag="name_asked"):
    """The station asks the link who `name` is. `suffix` is the NetBIOS one, -1 without: who asks for `<1c>` looks for a domain's controllers."""

    name: str
    via: Literal["llmnr", "nbns"]
    suffix: int = -1


class NetbiosNamed(StationFact, frozen=True, kw_only=True, tag="netbios"):
    """The station claims a NetBIOS name (RFC 1001 §14), `alive` False: gives it up. `group` names are shared: a workgroup's or domain's.

    `suffix` tells the role ([MS-NBTE] §1.8): 0x00 workstation or, as a group, its domain; 0x20 server; 0x1b domain master browser;
    0x1c (group) domain controller; 0x1d local master browser; 0x1e (group) browser elections.
    """

    name: str
    suffix: int
    group: bool = False
    alive: bool = True


class BrowserAnnounced(StationFact, frozen=True, kw_only=True, tag="browser"):
    r"""An announcement to \MAILSLOT\BROWSE ([MS-BRWS] §2.2): of the sender itself (host, local_master), or by a master of its domain.

    `name` is the machine's, with form domain that of the master who speaks for it; `domain` the workgroup or domain; `version` the operating
    system's as announced (Windows 7: 6.1; 10 and 11: 10.0), empty with form domain; `server_type` the SV_TYPE bits ([MS-BRWS] §2.2.5).
    """

    form: Literal["host", "domain", "local_master"]
    name: str = ""
    domain: str = ""
    version: str = ""
    server_type: int = 0
    comment: str = ""


class GroupsReported(StationFact, frozen=True, kw_only=True, tag="groups"):
    """Multicast groups that the station joins or stays in (`joined`), and leaves. Solicited-node groups are left out: addresses tell them."""

    via: Literal["igmp", "mld"]
    version: int
    joined: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


class WsdAdvertised(StationFact, frozen=True, kw_only=True, tag="wsd"):
    """A WS-Discovery Hello, Bye (`alive` False), or answer for one endpoint; or a camera's answer to its maker's search, which works alike (`sadp:`, `dhip:`).

    `types` are written with the usual prefix of the namespaces we know (`pub:Computer`), else as `{namespace}Name`; `endpoint` is its address
    of WS-Addressing, most often `urn:uuid:...`; `locations` its XAddrs.
    """

    endpoint: str
    types: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    locations: tuple[str, ...] = ()
    alive: bool = True


class WsdAsked(StationFact, frozen=True, kw_only=True, tag="wsd_asked"):
    """A WS-Discovery Probe: the station looks for devices of `types` (as in `WsdAdvertised`); empty: for all."""

    types: tuple[str, ...] = ()


class NeighbourSeen(StationFact, frozen=True, kw_only=True, tag="neighbour"):
    """What the box at the other end of the cable says of itself (LLDP: IEEE 802.1AB, CDP). `mac` is that of its port, `chassis` the box.

    `capabilities` are those enabled, in one vocabulary: router, bridge, wlan, phone, repeater, station, other. `native_vlan` 0: not told.
    `ttl` in seconds, 0: it says goodbye.
    """

    via: Literal["lldp", "cdp"]
    chassis: str
    port: str
    ttl: int = 0
    port_description: str = ""
    name: str = ""
    description: str = ""
    model: str = ""
    capabilities: tuple[str, ...] = ()
    management: tuple[str, ...] = ()
    native_vlan: int = 0
    domain: str = ""


class BridgeSeen(StationFact, frozen=True, kw_only=True, tag="bridge"):
    """A spanning tree message (IEEE 802.1D §9). `root` and `bridge` as `32768/00:11:22:33:44:55`, empty in a bare topology change notice.

    `version` is 0 for STP, 2 for RSTP, 3 for MSTP, 4 for SPT; `tree_vlan` the VLAN of a per-VLAN tree (PVST+), 0 for the common one.
    """

    version: int
    root: str = ""
    bridge: str = ""
    port: int = 0
    cost: int = 0
    tree_vlan: int = 0
    topology_change: bool = False


class DnsAnswered(StationFact, frozen=True, kw_only=True, tag="dns"):
    """A resolver told `client` the addresses of `name`. Made only where its decoder is switched on: nobody's look-ups are read by default."""

    name: str
    addresses: tuple[str, ...]
    client: str


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
    """A sensor's heartbeat. Counters are since its start; `message` says in Vietnamese what is wrong, empty when nothing is.

    `flows`: TCP connections followed; `flows_dropped`: those given up to make room for others; `flows_cut`: messages in them longer than is read.
    """

    state: SensorState = "running"
    interface: str = ""
    vantage: Vantage = "unknown"
    received: int = 0
    dropped: int = 0
    decoded: int = 0
    undecodable: int = 0
    flows: int = 0
    flows_dropped: int = 0
    flows_cut: int = 0
    message: str = ""


AnyFact = (
    AddressSeen
    | DhcpClientSeen
    | DhcpServerSeen
    | Dhcp6ClientSeen
    | Dhcp6ServerSeen
    | RouterAdvertised
    | NameSeen
    | NameAsked
    | NetbiosNamed
    | BrowserAnnounced
    | GroupsReported
    | WsdAdvertised
    | WsdAsked
    | NeighbourSeen
    | BridgeSeen
    | DnsAnswered
    | ServiceAdvertised
    | ServiceAsked
    | UpnpAdvertised
    | UpnpAsked
    | PortAnswered
    | PjlinkSeen
    | SensorHeard
    | AddressProbed
    | HopsSeen
    | ScreenPushed
    | ScreenTold
    | RemoteSeen
    | ActivationSought
    | InboundAnswered
    | MappingSeen
    | NonceHeard
    | ProbeRan
    | GatewayTold
    | LineTold
    | PageLooked
    | LookFailed
    | ScriptSeen
    | SiteFileSeen
    | DnsSeen
    | PortalsHeard
    | FeedHeard
    | PcAnswered
    | PcHeard
    | EndpointsCounted
    | PeripheralSeen
    | SocketsListed
)
