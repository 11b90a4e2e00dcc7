"""The rows of a site's view: what is kept of each subject. Mutable, owned by the view, one journal row each.

Values that can change are held with the stamp of the fact that set them, and the greater stamp wins: a fold in any order of arrival ends in
the same row (architecture rule 9).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, NamedTuple, TypeVar

import msgspec

from model.facts import Pairs, SensorState, Vantage

T = TypeVar("T")

# A hostile station may announce without end: what one row keeps is bounded, the rest is counted on the view.
MAX_ADDRESSES = 32
MAX_NAMES = 16
MAX_SERVICES = 64
MAX_TEXTS = 4
# Stands in place of a MAC where only a citizen's keyed hash may be written down (model.privacy).
HASH = "hash:"
MAX_BLIND = 64
MAX_PORTS = 32


class Stamp(NamedTuple):
    """The order of facts within a subject: clock epoch, time, sensor, the sensor's own count."""

    epoch: int
    at: int
    sensor: str
    sequence: int


class Held(msgspec.Struct, Generic[T]):
    """A value and the fact that set it."""

    value: T
    stamp: Stamp

    def put(self, value: T, stamp: Stamp) -> bool:
        """Keeps the value of the greater stamp; True when the value changed."""
        if stamp < self.stamp:
            return False
        changed = value != self.value
        self.value, self.stamp = value, stamp
        return changed


def put(held: Held[T] | None, value: T, stamp: Stamp) -> tuple[Held[T], bool]:
    """A held value after one more fact said it, and whether it changed."""
    return (Held(value, stamp), True) if held is None else (held, held.put(value, stamp))


def newest(mine: Held[T] | None, theirs: Held[T] | None) -> Held[T] | None:
    """Of two held values the one set last."""
    return max((held for held in (mine, theirs) if held is not None), key=lambda held: held.stamp, default=None)


class Sighting(msgspec.Struct):
    """First and last time something held, ns."""

    first: int
    last: int

    def extend(self, at: int) -> None:
        """Takes in one more time, in any order."""
        # Spelled out: this is done several times for each fact, and min() and max() cost four times as much.
        if at > self.last:
            self.last = at
        elif at < self.first:
            self.first = at

    def rebase(self, at: int) -> None:
        """The clock was set back to `at`: nothing was seen later than that."""
        self.first, self.last = min(self.first, at), min(self.last, at)


Stamps = dict[str, Stamp]


def tell(row: Service | Upnp, field: str, value: object, stamp: Stamp) -> bool:
    """Sets a field of a row unless a later fact has set it; True when it changed."""
    if stamp < row.told.get(field, stamp):
        return False
    changed: bool = getattr(row, field) != value
    setattr(row, field, value)
    row.told[field] = stamp
    return changed


class Service(msgspec.Struct):
    """One DNS-SD service instance. `texts` are its last distinct TXT records, newest last. `told`: which fact set host and port.

    `opened`: the latest advert by which the screen asked for nothing, for ever remembered: one that is protected now was open once.
    `playing`: its latest words on whether content is shown, oldest first: the application ("" if not named), or None for not (model.episodes).
    """

    service: str
    instance: str
    seen: Sighting
    alive: Held[bool]
    ttl: int = 0
    host: str = ""
    port: int = 0
    texts: list[Held[Pairs]] = msgspec.field(default_factory=list)
    proxied: bool = False
    opened: Stamp | None = None
    playing: list[Held[str | None]] = msgspec.field(default_factory=list)
    told: Stamps = msgspec.field(default_factory=dict)

    @property
    def text(self) -> dict[str, str]:
        """The newest TXT record, keys in lower case (RFC 6763 §6.4: case does not matter)."""
        return {key.lower(): value for key, value in self.texts[-1].value} if self.texts else {}


class Upnp(msgspec.Struct):
    """One UPnP advertisement (one USN)."""

    usn: str
    target: str
    seen: Sighting
    alive: Held[bool]
    server: str = ""
    location: str = ""
    max_age: int = 1800
    headers: Pairs = ()
    told: Stamps = msgspec.field(default_factory=dict)


class Port(msgspec.Struct):
    """A TCP port others connected to; `peers` holds distinct senders, sorted, up to eight."""

    port: int
    seen: Sighting
    accepted: Held[bool]
    peers: list[str] = msgspec.field(default_factory=list)


class DhcpProfile(msgspec.Struct, frozen=True):
    """What a station says of itself when it asks for an address."""

    host_name: str = ""
    vendor_class: str = ""
    parameters: tuple[int, ...] = ()
    client_id: str = ""
    fqdn: str = ""
    ttl: int = 0


class DhcpOffer(msgspec.Struct, frozen=True):
    """What a DHCP server gives out."""

    server_id: str
    mask: str = ""
    routers: tuple[str, ...] = ()
    dns: tuple[str, ...] = ()
    domain: str = ""
    relay: str = ""


class Advertiser(msgspec.Struct, frozen=True):
    """What a router advertisement promises."""

    lifetime: int
    prefixes: tuple[str, ...] = ()
    dns: tuple[str, ...] = ()


class Dhcp6Profile(msgspec.Struct, frozen=True):
    """What a station says of itself when it asks for an IPv6 address or configuration."""

    duid: str = ""
    duid_mac: str = ""
    fqdn: str = ""
    enterprise: int = 0
    vendor_class: str = ""
    parameters: tuple[int, ...] = ()


class Dhcp6Offer(msgspec.Struct, frozen=True):
    """What a DHCPv6 server configures."""

    server_id: str
    dns: tuple[str, ...] = ()
    search: tuple[str, ...] = ()
    relay: str = ""


class Announcement(msgspec.Struct, frozen=True):
    """A browser announcement of one form (`model.facts.BrowserAnnounced`)."""

    name: str
    domain: str = ""
    version: str = ""
    server_type: int = 0
    comment: str = ""


class WsdTold(msgspec.Struct, frozen=True):
    """What a WS-Discovery endpoint says it is."""

    types: tuple[str, ...]
    scopes: tuple[str, ...] = ()
    locations: tuple[str, ...] = ()


class WsdEndpoint(msgspec.Struct):
    """One WS-Discovery endpoint: there or gone, and what it said while it was there."""

    alive: Held[bool]
    told: Held[WsdTold] | None = None


class Neighbour(msgspec.Struct, frozen=True):
    """What a box says of itself on the cable (`model.facts.NeighbourSeen`)."""

    via: str
    chassis: str
    port: str
    port_description: str = ""
    name: str = ""
    description: str = ""
    model: str = ""
    capabilities: tuple[str, ...] = ()
    management: tuple[str, ...] = ()
    native_vlan: int = 0
    domain: str = ""


class Tree(msgspec.Struct, frozen=True):
    """The spanning tree as a segment hears it: its root, and the bridge and port that serve the segment."""

    version: int
    root: str
    bridge: str
    port: int
    cost: int


class Signs(msgspec.Struct):
    """What an asset lets be known by the way; all bounded by `model.signs`.

    `groups`: multicast group -> still joined. `netbios`: `PC-01<20>`, for a shared name `GOV<1c>*` -> still claimed. `sought`: what it asks the
    link for, `llmnr:wpad`, `nbns:GOV<1c>`, `wsd:pub:Computer`. `browser` by form of announcement, `wsd` by endpoint, `neighbour` by protocol.
    """

    groups: dict[str, Held[bool]] = {}
    netbios: dict[str, Held[bool]] = {}
    sought: dict[str, Held[bool]] = {}
    browser: dict[str, Held[Announcement]] = {}
    wsd: dict[str, WsdEndpoint] = {}
    neighbour: dict[str, Held[Neighbour]] = {}
    dhcp6: Held[Dhcp6Profile] | None = None
    offer6: Held[Dhcp6Offer] | None = None


class Asset(msgspec.Struct, kw_only=True):
    """A device we keep identity for.

    `left`: the last goodbye of each UPnP device it hosts; `pjlink_opened`: when its projector last asked no password; `device_class`: the class,
    kept where everything it was told from was taken away (model.privacy); `identities`: keyed hashes of
    what it says of itself (model.identity); `heard`: the latest seconds since the epoch in which it was heard on each
    segment; `crossed`: those in which it was heard on both of a pair.
    """

    id: str
    seen: Sighting
    macs: dict[str, Sighting] = msgspec.field(default_factory=dict)
    ips: dict[str, Sighting] = msgspec.field(default_factory=dict)
    names: dict[str, Sighting] = msgspec.field(default_factory=dict)
    segments: dict[str, Sighting] = msgspec.field(default_factory=dict)
    services: dict[str, Service] = msgspec.field(default_factory=dict)
    upnp: dict[str, Upnp] = msgspec.field(default_factory=dict)
    left: dict[str, Stamp] = msgspec.field(default_factory=dict)
    ports: dict[int, Port] = msgspec.field(default_factory=dict)
    asked: dict[str, Sighting] = msgspec.field(default_factory=dict)
    pjlink: dict[str, Held[str]] = msgspec.field(default_factory=dict)
    pjlink_protected: Held[bool] | None = None
    pjlink_opened: Stamp | None = None
    dhcp: Held[DhcpProfile] | None = None
    offer: Held[DhcpOffer] | None = None
    router: Held[Advertiser] | None = None
    signs: Signs = msgspec.field(default_factory=Signs)
    device_class: str = ""
    identities: list[str] = msgspec.field(default_factory=list)
    heard: dict[str, list[int]] = msgspec.field(default_factory=dict)
    crossed: dict[str, list[int]] = msgspec.field(default_factory=dict)
    vendors: dict[str, str] = msgspec.field(default_factory=dict)

    def sightings(self) -> Iterator[Sighting]:
        """Every span of time in the row."""
        yield self.seen
        for table in (self.macs, self.ips, self.names, self.segments, self.asked):
            yield from table.values()
        yield from (service.seen for service in self.services.values())
        yield from (upnp.seen for upnp in self.upnp.values())
        yield from (port.seen for port in self.ports.values())


class Segment(msgspec.Struct, kw_only=True):
    """One broadcast domain as heard: a leg and its VLAN tags. `ranges` are the /24s in use (`192.168.1`)."""

    id: str
    leg: str
    vlan: tuple[int, ...]
    seen: Sighting
    neighbours: dict[str, Held[Neighbour]] = {}
    trees: dict[int, Held[Tree]] = {}
    ranges: dict[str, Sighting] = msgspec.field(default_factory=dict)


class Leg(msgspec.Struct, kw_only=True):
    """When a leg was listened to: `blind` are the spans nobody did, so that absence is only counted while somebody listened."""

    name: str
    seen: Sighting
    vantage: Vantage = "unknown"
    blind: list[tuple[int, int]] = msgspec.field(default_factory=list)
    told: Stamp | None = None


class Sensor(msgspec.Struct, kw_only=True):
    """A sensor as last heard."""

    sensor: str
    leg: str
    seen: Sighting
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
    told: Stamp | None = None


class Episode(msgspec.Struct, kw_only=True):
    """Something that happened (a session, a push, a burst): who, what, from when to when. It stays until its own closing rule (architecture rule 1)."""

    id: str
    kind: str
    asset: str
    who: str
    what: str
    seen: Sighting
    ended: Held[bool]
