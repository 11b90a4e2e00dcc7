"""Facts as a sensor would make them, histories of them by hypothesis, and views to compare."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from typing import Any

import msgspec
from hypothesis import strategies as st

from model import nonce
from model.declared import Declared, ExpectedSensor, RegisteredAsset, Screen, Zone
from model.facts import (
    AddressSeen,
    Dhcp6ServerSeen,
    DhcpClientSeen,
    DhcpServerSeen,
    NameSeen,
    PjlinkSeen,
    PortAnswered,
    Prefix,
    RouterAdvertised,
    ScreenTold,
    SensorHeard,
    ServiceAdvertised,
    ServiceAsked,
    UpnpAdvertised,
    UpnpAsked,
)
from model.posture.fold import ROWS as POSTURE_ROWS
from model.site import SiteView, fold
from model.times import MINUTE, SECOND
from model.wire import ROWS
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
)
from tests.model.making_pcs import pcs

# 15/07/2025 08:00:00 in Viet Nam.
AT = 1_752_541_200 * SECOND
SITE = "xa-tan-an"
KEY = b"core's own secret for these tests"
LEG = "lan"
SENSOR = "capture:lan"
TV, PC, PHONE, BOX = "00:e0:4c:00:00:31", "10:b6:76:00:00:11", "6a:5f:2e:00:00:51", "1c:a4:10:00:00:34"
STATIONS = (TV, PC, PHONE, BOX)
IPS = {TV: "192.168.10.31", PC: "192.168.10.11", PHONE: "192.168.10.51", BOX: "192.168.10.34"}

AIRPLAY, RAOP, CAST, MICE = "_airplay._tcp.local.", "_raop._tcp.local.", "_googlecast._tcp.local.", "_display._tcp.local."
RENDERER = "urn:schemas-upnp-org:device:MediaRenderer:1"
DIAL = "urn:dial-multiscreen-org:service:dial:1"
VIDEO = "0x5A7FFEE6,0x0"
# Services of other devices than screens: rules about those must be reached too.
PLAIN = ("_ipp._tcp.local.", "_ssh._tcp.local.", "_rfb._tcp.local.", "_smb._tcp.local.", "_hap._tcp.local.")


class Sensor:
    """One sensor: its facts are numbered. `after` is ns after AT."""

    def __init__(self, name: str = SENSOR, leg: str = LEG) -> None:
        self.name, self.leg = name, leg
        self._numbers = count(1)

    def __call__(self, kind: Any, /, after: int = 0, **fields: Any) -> Any:
        fields.setdefault("leg", self.leg)
        return kind(at=AT + after, sensor=self.name, sequence=next(self._numbers), **fields)

    def service(self, service: str, after: int = 0, mac: str = TV, **fields: Any) -> ServiceAdvertised:
        """An advert; `text` as a mapping."""
        text = fields.pop("text", {})
        fields = {"instance": "TV", "ip": IPS.get(mac, ""), "port": 7000, **fields}
        return self(ServiceAdvertised, after, mac=mac, service=service, text=None if text is None else tuple(text.items()), **fields)

    def upnp(self, target: str, after: int = 0, mac: str = TV, **fields: Any) -> UpnpAdvertised:
        fields = {"usn": f"uuid:{mac}::{target}", "ip": IPS.get(mac, ""), **fields}
        return self(UpnpAdvertised, after, mac=mac, target=target, **fields)

    def port(self, port: int, after: int = 0, mac: str = TV, *, accepted: bool = False) -> PortAnswered:
        return self(PortAnswered, after, mac=mac, ip=IPS.get(mac, ""), port=port, accepted=accepted, peer_mac=PHONE)

    def told(self, family: str, after: int = 0, mac: str = TV, **fields: Any) -> ScreenTold:
        """An answer to a question of ours; `asked` unless it does not matter."""
        fields = {"asked": "info", "ip": IPS.get(mac, ""), **fields}
        return self(ScreenTold, after, mac=mac, family=family, **fields)

    def beat(self, after: int = 0, **fields: Any) -> SensorHeard:
        return self(SensorHeard, after, **{"vantage": "plain", **fields})


def declared(*, zones: dict[str, str] | None = None, sensors: Iterable[str] = (), heartbeat: int = MINUTE, **fields: Any) -> Declared:
    """Declared data of one site; `zones`: leg -> role; `sensors` by name, each with that heartbeat."""
    made = tuple(Zone(leg=leg, role=role) for leg, role in (zones or {}).items())  # type: ignore[arg-type]
    expected = tuple(ExpectedSensor(sensor=name, leg=name.partition(":")[2], heartbeat=heartbeat, since=0) for name in sensors)
    return Declared(site=SITE, legs=(LEG,), zones=made, sensors=expected, **fields)


def screen(mac: str = TV, name: str = "TV sảnh") -> Screen:
    return Screen(mac=mac, name=name)


def registered(mac: str, name: str = "PC-01") -> RegisteredAsset:
    return RegisteredAsset(mac=mac, name=name)


def view_of(facts: Iterable[Any], known: Declared | None = None, *, now: int = 0, **options: Any) -> SiteView:
    """A view with the facts folded in that order; `now` is ns after AT."""
    view = SiteView(known or declared(), now=AT, **{"key": KEY, **options})
    for fact in facts:
        fold(view, fact)
    view.now = AT + now
    return view


def dump(view: SiteView) -> dict[str, Any]:
    """All rows of a view, comparable."""
    tables = {"asset": view.assets, "segment": view.segments, "leg": view.legs, "sensor": view.sensors, "episode": view.episodes}
    tables |= {kind: getattr(view.wire, kind) for kind in ROWS}
    tables |= {kind: getattr(view.posture, kind) for kind in POSTURE_ROWS}
    return {kind: {key: msgspec.to_builtins(row) for key, row in table.items()} for kind, table in tables.items()}


def _airplay() -> st.SearchStrategy[Any]:
    flags = st.sampled_from(["0x4", "0x20004", "0x24c", "0x2024c", "x", ""])
    return st.builds(lambda f, pw: {"flags": f, "features": VIDEO, **pw}, flags, st.sampled_from([{}, {"pw": "true"}]))


def _cast() -> st.SearchStrategy[Any]:
    return st.builds(lambda s, rs: {"ca": "5", "st": s, "rs": rs}, st.sampled_from(["0", "1", "?"]), st.sampled_from(["", "YouTube", "Web"]))


_MACS = st.sampled_from(STATIONS)
# Stations may trade these addresses; those below are the ones a proxy speaks of, and keep their owner.
_SHARED = st.sampled_from(["192.168.10.101", "192.168.10.102"])
_PROXIED = st.sampled_from([IPS[TV], "192.168.10.200"])
_PORTS = st.sampled_from([7000, 8009, 49494])


def _ip_of(mac: str, shared: str, own: bool) -> str:
    return IPS[mac] if own else shared


@st.composite
def _services(draw: st.DrawFn) -> tuple[type, dict[str, Any]]:
    service = draw(st.sampled_from([AIRPLAY, AIRPLAY, RAOP, CAST, CAST, MICE, *PLAIN]))
    text = draw(st.one_of(st.none(), _cast() if service == CAST else _airplay()))
    mac = draw(st.sampled_from([TV, TV, TV, PHONE]))
    fields = {
        "service": service,
        "instance": draw(st.sampled_from(["TV", "Loa", ""])),
        "alive": draw(st.sampled_from([True, True, True, False])),
        "ttl": draw(st.sampled_from([120, 4500])),
        "host": draw(st.sampled_from([None, "tv.local.", "tv-2.local."])),
        "port": draw(st.one_of(st.none(), _PORTS)),
        "text": None if text is None else tuple(text.items()),
        "owner_ip": draw(st.one_of(st.just(""), st.just(""), _PROXIED)),
    }
    return ServiceAdvertised, {"mac": mac, "ip": IPS[mac], **fields}


@st.composite
def _upnps(draw: st.DrawFn) -> tuple[type, dict[str, Any]]:
    mac, target = draw(st.sampled_from([TV, TV, BOX])), draw(st.sampled_from([RENDERER, DIAL, "upnp:rootdevice"]))
    port = draw(_PORTS)
    alive = draw(st.booleans())
    fields = {"usn": f"uuid:{draw(st.sampled_from('ab'))}::{target}", "target": target, "alive": alive}
    if alive:
        fields |= {"server": draw(st.sampled_from(["", "Linux DLNADOC/1.50", "x"])), "location": f"http://{IPS[mac]}:{port}/d.xml"}
    return UpnpAdvertised, {"mac": mac, "ip": IPS[mac], **fields}


@st.composite
def _told(draw: st.DrawFn) -> tuple[type, dict[str, Any]]:
    mac = draw(st.sampled_from([TV, TV, "", PHONE]))
    reachable = draw(st.sampled_from([True, True, True, False]))
    fields = {
        "family": draw(st.sampled_from(["airplay", "cast", "dlna", "pjlink"])),
        "asked": draw(st.sampled_from(["info", "status", "event"])),
        "reachable": reachable,
        "port": draw(st.sampled_from([0, 7000, 8009])),
    }
    if reachable:
        fields |= {
            "protected": draw(st.sampled_from([None, True, False])),
            "playing": draw(st.sampled_from([None, True, False])),
            "what": draw(st.sampled_from(["", "YouTube", "http://phone/a.mp4"])),
        }
    return ScreenTold, {"mac": mac, "ip": IPS[mac or TV], **fields}


def heard_nonce(shape: str = "raw", number: int = 1, sent: int = 0, origin: str = LEG, target: str = "wifi", key: bytes = KEY, **fields: Any) -> NonceHeard:
    """A nonce frame signed with `key`; `sent` in ns since the epoch, 0: a second before it is heard."""
    sent = sent or fields["at"] - SECOND
    said = {"shape": shape, "box": "hop-01", "origin": origin, "target": target, "sent": sent, "nonce": f"{number:016x}"}
    return NonceHeard(**said, tag=nonce.tag_of(key, **said), **{"ttl": 0 if shape == "raw" else nonce.SENT_TTL, **fields})  # type: ignore[arg-type]


def _run_of(at: int, number: int, **fields: Any) -> ProbeRan:
    """A run whose nonce is that of `_nonce_of` within the same minute."""
    return ProbeRan(at=at, nonce=f"{at // MINUTE * 16 + number:016x}", **fields)


def _nonce_of(at: int, number: int, **fields: Any) -> NonceHeard:
    return heard_nonce(number=at // MINUTE * 16 + number, sent=at // MINUTE * MINUTE, at=at, **fields)


@st.composite
def _proofs(draw: st.DrawFn) -> tuple[Any, dict[str, Any]]:
    """Probes and what came of them; nonces that meet their runs often."""
    ours = nonce.address(KEY, b"ab")
    legs = st.sampled_from([LEG, "wifi"])
    shape = draw(st.sampled_from(["raw", "udp", "routed"]))
    number, mac = draw(st.integers(0, 1)), draw(_MACS)
    prefixes = (Prefix(prefix=draw(st.sampled_from(["2001:db8::/64", "fd00::/64"])), on_link=True, autonomous=True, valid=1, preferred=1),)
    probe = {"raw": "nonce_raw", "udp": "nonce_udp", "routed": "routed"}[shape]
    outcome = draw(st.sampled_from(["sent", "sent", "failed"]))
    server = {"mac": BOX, "ip": IPS[BOX], "message": "offer", "server_id": IPS[BOX], "mask": "255.255.255.0", "offered_ip": "192.168.10.9"}
    made: list[tuple[Any, dict[str, Any]]] = [
        (_nonce_of, {"number": number, "shape": shape, "origin": draw(legs), "mac": mac, "ttl": draw(st.sampled_from([0, 254, 255]))}),
        (_run_of, {"number": number, "probe": probe, "outcome": outcome, "target": draw(legs), "client": mac, "tapped": outcome == "sent"}),
        (ProbeRan, {"probe": "dhcp", "outcome": outcome, "client": ours, "detail": "thử"}),
        (DhcpServerSeen, {**server, "client_mac": ours}),
        (GatewayTold, {"mac": mac, "ip": "192.168.10.1", "asked_by": draw(st.sampled_from([ours, PC]))}),
        (LineTold, {"address": draw(st.sampled_from(["203.0.113.5", "203.0.113.6"])), "gateway_mac": mac, "first_hop": "192.168.10.1"}),
        (RouterAdvertised, {"mac": BOX, "lifetime": draw(st.sampled_from([0, 1800])), "prefixes": prefixes}),
    ]
    return draw(st.sampled_from(made))


@st.composite
def _pushes(draw: st.DrawFn) -> tuple[Any, dict[str, Any]]:
    """Pushes to the screen by two senders, and what the screen says meanwhile."""
    sender = draw(st.sampled_from([PHONE, PHONE, PC]))
    said = {
        "family": draw(st.sampled_from(["dlna", "cast", "pjlink"])),
        "kind": draw(st.sampled_from(["content", "session", "command", "stop"])),
        "url": draw(st.sampled_from(["", "http://192.168.10.51/a.mp4"])),
        "guarded": draw(st.sampled_from([None, True, False])),
        "accepted": draw(st.sampled_from([None, True, False])),
        "sealed": draw(st.sampled_from(["", "20250715T021403Z-9f3ac1d2e4b0"])),
    }
    pushed: tuple[Any, dict[str, Any]] = (ScreenPushed, {"mac": sender, "ip": IPS[sender], "screen_mac": TV, "screen_ip": IPS[TV], "port": 8009, **said})
    return draw(st.one_of(st.just(pushed), st.just(pushed), _services(), _told()))


@st.composite
def _remotes(draw: st.DrawFn) -> tuple[Any, dict[str, Any]]:
    """Remote control at either end, and activation servers, of stations known by MAC or by address alone."""
    mac, other = draw(st.sampled_from([TV, PC, PHONE, ""])), draw(_MACS)
    own = {"mac": mac, "ip": IPS[mac or TV]}
    peer = draw(st.sampled_from([{}, {"peer_mac": other, "peer_ip": IPS[other]}, {"peer_ip": "10.9.9.9"}]))
    remote = {
        "product": draw(st.sampled_from(["vnc", "rdp", "teamviewer", "ultraviewer", "not a product"])),
        "stage": draw(st.sampled_from(["named", "listening", "connecting", "session"])),
        "via": draw(st.sampled_from(["dns", "tls", "payload", "lan"])),
        "inbound": draw(st.booleans()),
        "security": draw(st.sampled_from(["", "none", "nla", "standard"])),
    }
    source = draw(st.sampled_from(["", "msguides", "not a pirate"]))
    server = draw(st.sampled_from([{}, {"server_ip": "20.1.2.3"}, {"server_ip": IPS[other], "server_mac": other}]))
    made: list[tuple[Any, dict[str, Any]]] = [
        (RemoteSeen, {**own, **remote, **peer}),
        (RemoteSeen, {**own, **remote, **peer}),
        (ActivationSought, {**own, "via": draw(st.sampled_from(["srv", "dns", "rpc"])), "source": source, **server}),
        (AddressSeen, {"mac": TV, "ip": IPS[TV]}),
    ]
    return draw(st.sampled_from(made))


@st.composite
def _exposures(draw: st.DrawFn) -> tuple[Any, dict[str, Any]]:
    """Who was let in from outside, what routers map, and what passes them."""
    mac = draw(_MACS)
    own = {"mac": mac, "ip": IPS[mac]}
    via = draw(st.sampled_from(["upnp", "nat_pmp"]))
    ports = {"client_port": draw(st.sampled_from([80, 81])), "outside_port": 8080, "lease": draw(st.sampled_from([0, 600])), "router_mac": BOX}
    said = {"accepted": draw(st.sampled_from([None, True, False])), "deleted": draw(st.booleans()), "description": draw(st.sampled_from(["", "Teredo"]))}
    client = draw(st.sampled_from([IPS[mac], IPS[TV], ""]))
    made: list[tuple[Any, dict[str, Any]]] = [
        (InboundAnswered, {**own, "port": draw(st.sampled_from([80, 3389])), "peer_ip": draw(st.sampled_from(["203.0.113.9", "203.0.113.10"]))}),
        (InboundAnswered, {"ip": IPS[TV], "port": 445, "peer_ip": IPS[PHONE], "routed": True}),
        (MappingSeen, {**own, "via": via, "protocol": "udp", "client_ip": client, **ports, **said}),
        (HopsSeen, {"mac": mac, "ip": draw(st.sampled_from([IPS[mac], "203.0.113.9"])), "ttl": draw(st.sampled_from([52, 63, 64, 127, 128]))}),
        (LineTold, {"address": "203.0.113.5", "open_ports": draw(st.sampled_from([None, (), (80,)]))}),
        (AddressSeen, {"mac": TV, "ip": IPS[TV]}),
    ]
    return draw(st.sampled_from(made))


def _soon(kind: Any) -> Any:
    """The same fact within half a minute: what belongs together on the wire comes together."""
    return lambda at, **fields: kind(at=AT + (at - AT) // SECOND % 30 * SECOND, **fields)


@st.composite
def _claims(draw: st.DrawFn) -> tuple[Any, dict[str, Any]]:
    """Claims of a few addresses, questions for them, and who names one as the way out."""
    mac, other = draw(_MACS), draw(_MACS)
    ip, gateway = draw(st.sampled_from([IPS[TV], IPS[PC], "192.168.10.1"])), "192.168.10.1"
    form = draw(st.sampled_from(["request", "reply", "reply", "announce"]))
    said = {"mac": mac, "ip": ip, "form": form, "target": draw(st.sampled_from([ip, gateway, IPS[TV]])), "told": other if form == "reply" else ""}
    made: list[tuple[Any, dict[str, Any]]] = [
        (AddressSeen, said),
        (AddressSeen, {"mac": mac, "ip": IPS[mac], "form": "request", "target": ip}),
        (AddressSeen, {**said, "carrier": other}),
        (AddressProbed, {"mac": mac, "target": ip}),
        (DhcpServerSeen, {"mac": BOX, "ip": draw(st.sampled_from([gateway, IPS[BOX]])), "message": "ack", "server_id": gateway, "routers": (gateway,)}),
        (RouterAdvertised, {"mac": BOX, "ip": gateway, "lifetime": draw(st.sampled_from([0, 1800]))}),
    ]
    kind, fields = draw(st.sampled_from(made))
    return _soon(kind), fields


@st.composite
def _servers(draw: st.DrawFn) -> tuple[Any, dict[str, Any]]:
    """Servers that agree, contradict one another, refuse each other's clients, pass on another's answers."""
    mac, client = draw(st.sampled_from([BOX, TV])), draw(st.sampled_from([PC, PHONE]))
    server = draw(st.sampled_from([IPS[BOX], IPS[TV]]))
    offer = {"message": "ack", "mask": "255.255.255.0", "offered_ip": "192.168.10.77", "routers": (draw(st.sampled_from([IPS[BOX], IPS[TV]])),)}
    said = draw(st.sampled_from([offer, offer, {"message": "nak"}]))
    made: list[tuple[Any, dict[str, Any]]] = [
        (DhcpServerSeen, {"mac": mac, "ip": IPS[mac], "server_id": server, "client_mac": client, "relay": draw(st.sampled_from(["", IPS[BOX]])), **said}),
        (Dhcp6ServerSeen, {"mac": mac, "ip": "fe80::1", "message": "reply", "server_id": draw(st.sampled_from(["00:01", "00:02"])), "dns": (IPS[TV],)}),
        (RouterAdvertised, {"mac": mac, "ip": "fe80::1", "lifetime": draw(st.sampled_from([0, 1800]))}),
    ]
    return draw(st.sampled_from(made))


def _fields(kind: type, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[type, dict[str, Any]]]:
    return st.tuples(st.just(kind), st.fixed_dictionaries(fields))


def _simple() -> list[st.SearchStrategy[tuple[type, dict[str, Any]]]]:
    own = st.builds(_ip_of, st.just(BOX), _SHARED, st.booleans())
    return [
        st.builds(lambda m, s, o: (AddressSeen, {"mac": m, "ip": _ip_of(m, s, o)}), _MACS, _SHARED, st.booleans()),
        _fields(NameSeen, mac=_MACS, name=st.sampled_from(["pc-01.local.", "tv.local."])),
        _fields(
            DhcpClientSeen, mac=_MACS, message=st.sampled_from(["discover", "request", "release"]), host_name=st.sampled_from(["", "TV-Sanh"]),
            parameters=st.sampled_from([(), (1, 3, 6)]),
        ),
        _fields(DhcpServerSeen, mac=st.just(BOX), ip=own, message=st.sampled_from(["offer", "ack", "nak"]), server_id=st.sampled_from(["192.168.10.1", "x"])),
        _fields(RouterAdvertised, mac=st.just(BOX), lifetime=st.sampled_from([0, 1800])),
        _fields(ServiceAsked, mac=_MACS, services=st.sampled_from([(CAST,), (AIRPLAY, RAOP)])),
        _fields(UpnpAsked, mac=_MACS, target=st.sampled_from([DIAL, "ssdp:all"])),
        _fields(PortAnswered, mac=_MACS, port=_PORTS, accepted=st.booleans(), peer_mac=_MACS),
        _fields(PjlinkSeen, mac=_MACS, form=st.sampled_from(["search_answer", "greeting"]), protected=st.sampled_from([None, True, False])),
        _fields(SensorHeard, state=st.sampled_from(["running", "running", "waiting"]), vantage=st.sampled_from(["plain", "mirror"])),
    ]  # fmt: skip


# Narrow mixtures, so that each meeting of two kinds of fact is tried often.
KINDS: dict[str, st.SearchStrategy[Any]] = {
    "services": _services(),
    "upnp": st.one_of(_upnps(), _upnps(), _fields(PortAnswered, mac=_MACS, port=_PORTS, accepted=st.booleans(), peer_mac=_MACS)),
    "sensors": _fields(SensorHeard, state=st.sampled_from(["running", "running", "waiting"]), vantage=st.sampled_from(["plain", "mirror"])),
    "addresses": st.builds(lambda m, s, o: (AddressSeen, {"mac": m, "ip": _ip_of(m, s, o)}), _MACS, _SHARED, st.booleans()),
    "proxies": st.one_of(_services(), st.builds(lambda m: (AddressSeen, {"mac": m, "ip": IPS[m]}), st.just(TV))),
    "reads": st.one_of(_told(), _told(), _services()),
    # The answers of a screen known by its address alone, which turns out to be one known by its MAC.
    "reads of one": st.one_of(_told(), st.builds(lambda m: (AddressSeen, {"mac": m, "ip": IPS[m]}), st.just(TV))),
    "pushes": _pushes(),
    "proofs": _proofs(),
    "claims": _claims(),
    "servers": _servers(),
    "remotes": _remotes(),
    "exposures": _exposures(),
    "pcs": pcs(),
    "others": st.one_of(*_simple()),
    "all": st.one_of(_services(), _upnps(), _told(), *_simple()),
}


_WIRE = st.one_of(_services(), _upnps(), *_simple())


@st.composite
def histories(draw: st.DrawFn, most: int = 14, kinds: st.SearchStrategy[Any] | None = None) -> list[Any]:
    """Facts of two sensors within an hour and a half, some at the same moment, in order of time; of the wire or, one in three, of PCs."""
    mixture = kinds if kinds is not None else draw(st.sampled_from([_WIRE, _WIRE, pcs()]))
    said = draw(st.lists(st.tuples(st.integers(0, 5400), st.booleans(), mixture), max_size=most))
    facts = []
    for number, (second, other, (kind, fields)) in enumerate(said):
        sensor, leg = ("capture:wifi", "wifi") if other else (SENSOR, LEG)
        facts.append(kind(at=AT + second * SECOND, sensor=sensor, sequence=number, leg=leg, **fields))
    return sorted(facts, key=lambda fact: (fact.at, fact.sensor, fact.sequence))
