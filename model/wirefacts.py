"""What is seen or asked on the wire in depth: pushes to screens, remote control, mappings, our own probes and their echoes. See `model.facts` for units."""

from __future__ import annotations

from typing import Literal

from model.fact import Fact, StationFact

# How a screen is spoken to; one word each, the same in facts, rows, evidence and docs.
ScreenFamily = Literal["dlna", "dial", "roku", "samsung", "lg", "sony", "kodi", "pjlink", "ntcontrol", "mice", "cast", "airplay", "adb", "epson"]
# What a sender did: gave it something to show, opened a session, gave a command (input, power, key), stopped it.
PushKind = Literal["content", "session", "command", "stop"]
# Grades of remote control (findings.md, VG-NET-07): its name was looked up; a program listens or shouts on the LAN; it speaks to its service; a session runs.
RemoteStage = Literal["named", "listening", "connecting", "session"]
ProbeKind = Literal["nonce_raw", "nonce_udp", "routed", "dhcp", "gateway4", "gateway6", "line"]
ProbeOutcome = Literal["sent", "no_address", "refused", "failed"]


class AddressProbed(StationFact, frozen=True, kw_only=True, tag="address_probed"):
    """The station asks whether anybody uses `target` before it takes it (RFC 5227 probe; RFC 4862 duplicate address detection). `ip` is empty."""

    target: str
    via: Literal["arp", "nd"] = "arp"


class HopsSeen(StationFact, frozen=True, kw_only=True, tag="hops"):
    """A packet from the station's MAC came with this IP time to live; `ip` is the packet's source and may be routed, so it binds nothing."""

    ttl: int


class ScreenPushed(StationFact, frozen=True, kw_only=True, tag="screen_pushed"):
    """The station (the sender) did something to a screen at `screen_mac`, `screen_ip`:`port`. Heard on a mirror or inline leg only.

    `action` in the protocol's own words (`SetAVTransportURI`, `launch/YouTube`, `POWR 0`, `SOURCE_READY`), `url` the media address as sent (cut to
    1024 characters), `agent` the sender's program or name as it gives it, `guarded` whether the exchange showed a PIN, password or handshake (None: not
    told), `accepted` whether the screen agreed (None: its answer was not heard). A push is told as soon as it is read, and once more, with the same `at`,
    when the answer to it was heard. `sealed` is the id of the file in which the sensor sealed who sent it, empty: none.
    """

    family: ScreenFamily
    kind: PushKind
    screen_mac: str = ""
    screen_ip: str = ""
    port: int = 0
    action: str = ""
    url: str = ""
    agent: str = ""
    guarded: bool | None = None
    accepted: bool | None = None
    sealed: str = ""


class ScreenTold(StationFact, frozen=True, kw_only=True, tag="screen_told"):
    """A screen answered a read-only question of ours, or somebody else's that was heard, or an event we subscribed to. It is the station; None: not said.

    `asked` is what was asked (`greeting`, `info`, `eureka_info`, `transport`, `event`, `status`, `application`, `description`).
    `reachable` False: it refused the connection (one that is not answered is no fact). `what` is the application or media address it names, the
    address without log-in and query. `guard` names what protects it (`pin`, `password`, `home`, `approval`, `setting`); `picture` whether it shows any.
    """

    family: ScreenFamily
    asked: str
    reachable: bool = True
    protected: bool | None = None
    playing: bool | None = None
    what: str = ""
    name: str = ""
    model: str = ""
    port: int = 0
    guard: str = ""
    picture: bool | None = None


class RemoteSeen(StationFact, frozen=True, kw_only=True, tag="remote"):
    """Remote-control software at the station, by `product` (an id of `model.remote`). Names that people look up are never kept, only the product's.

    `via` dns, tls, quic, http, port, payload, lan; `peer_ip` only for a peer on the local network; `security` as the protocol says it (`none`,
    `vncauth`, `tls`, `nla`, `standard`), empty when it does not.
    """

    product: str
    stage: RemoteStage
    via: Literal["dns", "tls", "quic", "http", "port", "payload", "lan"]
    port: int = 0
    peer_mac: str = ""
    peer_ip: str = ""
    security: str = ""
    inbound: bool = False


class ActivationSought(StationFact, frozen=True, kw_only=True, tag="activation"):
    """The station looks for, or speaks to, a Windows or Office activation server (KMS). `source` is the id of the piracy table's row, empty: not listed.

    `via` srv (`_vlmcs._tcp`), dns, tls, rpc (the KMS interface in a DCE/RPC bind, on any port); `server_ip` whom it speaks to. A station that names
    itself as the server is one.
    """

    via: Literal["srv", "dns", "tls", "rpc"]
    source: str = ""
    server_ip: str = ""
    server_mac: str = ""


class InboundAnswered(StationFact, frozen=True, kw_only=True, tag="inbound"):
    """The station accepted a TCP connection from another network: `peer_ip` outside of the site, or, where `routed`, on another segment of it.

    `mac` is empty where a router stands between the station and the leg; `peer_mac` is the router that the answer went to.
    """

    port: int
    peer_ip: str
    peer_mac: str = ""
    routed: bool = False


class MappingSeen(StationFact, frozen=True, kw_only=True, tag="mapping"):
    """The station asked a router to let something in (UPnP IGD, NAT-PMP, PCP), or was told by it what it lets in (then `accepted`).

    `client_ip`:`client_port` inside (empty: the request names only the outside port), `outside_port` outside (0: any); `lease` seconds, 0: for ever;
    `router_ip` whom it asked; `accepted` None: the answer was not heard.
    """

    via: Literal["upnp", "nat_pmp", "pcp"]
    protocol: Literal["tcp", "udp", "any"]
    client_ip: str
    client_port: int
    outside_port: int
    router_ip: str = ""
    router_mac: str = ""
    lease: int = 0
    deleted: bool = False
    accepted: bool | None = None
    description: str = ""


class NonceHeard(StationFact, frozen=True, kw_only=True, tag="nonce"):
    """A frame in the shape of our nonces came in; whether it is ours, core decides by `tag`. The station is whoever carried it here.

    `origin` is the leg it says it was sent on, `sent` its time (ns), `nonce` and `tag` (HMAC) in hex, `ttl` the IP time to live left (0: a raw frame).
    """

    shape: Literal["raw", "udp", "routed"]
    box: str
    origin: str
    target: str
    sent: int
    nonce: str
    tag: str
    ttl: int = 0


class ProbeRan(Fact, frozen=True, kw_only=True, tag="probe"):
    """A probe was made on `leg` (towards the leg `target`, where it has one), or could not be. `detail` says why, in Vietnamese; `nonce` in hex.

    `client` is the hardware address it was sent from (of a DISCOVER: the one it asked for). `tapped`: our own tap saw it leave the interface, so
    that silence on the other side is no fault of ours.
    """

    probe: ProbeKind
    outcome: ProbeOutcome
    target: str = ""
    nonce: str = ""
    client: str = ""
    detail: str = ""
    tapped: bool = False


class GatewayTold(StationFact, frozen=True, kw_only=True, tag="gateway"):
    """The station answered our own question who has the gateway's address `ip` (ARP, ND); `asked_by` is the address we asked from, in hex with colons."""

    asked_by: str = ""


class LineTold(Fact, frozen=True, kw_only=True, tag="line"):
    """What the SOC's echo saw of `leg`: the public address it came from, and the ports of that address that let it in (None: it was not asked to knock)."""

    address: str
    gateway_mac: str = ""
    first_hop: str = ""
    open_ports: tuple[int, ...] | None = None
    knocked: tuple[int, ...] = ()
