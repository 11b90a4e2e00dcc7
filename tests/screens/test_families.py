"""Each family of screens of the published descriptions (research: network §2), from the bytes it says to the four lamps that people see.

A row: what is on the wire, and what may be said of enabled, open and in session; present is told by the advert itself. What no byte told stays unknown.
"""

from __future__ import annotations

import pytest
from scapy.layers.dns import DNS, DNSRR, DNSRRSRV

from collector.decode.pipeline import Pipeline
from detectors.open_display import OpenDisplay
from model.times import MINUTE, SECOND
from model.verdict import Outcome, Subject
from tests.decode.frames import ETHERNET, ethernet, ipv4, tcp, udp
from tests.model.making import AT, IPS, PC, TV, declared, view_of

TV_IP, PC_IP = IPS[TV], IPS[PC]
VIDEO = "features=0x5A7FFFF7,0x1E"
SYN_ACK, RST_ACK, PUSH = 0x12, 0x14, 0x18


def mdns(kind: str, *strings: str, port: int = 7000, ttl: int = 4500) -> bytes:
    """An advert of the TV's (RFC 6762, 6763); `ttl` 0 is its goodbye."""
    name = f"TV.{kind}._tcp.local."
    records = [DNSRR(rrname=f"{kind}._tcp.local.", type="PTR", ttl=ttl, rdata=name)]
    if ttl:
        records += [DNSRRSRV(rrname=name, type="SRV", ttl=120, port=port, target="tv.local.")]
        records += [DNSRR(rrname=name, type="TXT", ttl=ttl, rdata=[text.encode() for text in strings] or [b""])]
    message = bytes(DNS(qr=1, aa=1, qd=[], an=records))
    return ethernet(0x0800, ipv4(udp(message, 5353, 5353), source=TV_IP, target="224.0.0.251"), source=TV, target="01:00:5e:00:00:fb")


def ssdp(target: str, nts: str = "ssdp:alive", server: str = "Linux UPnP/1.0") -> bytes:
    """A UPnP device's notice (UPnP Device Architecture 1.0 §1.1.2)."""
    lines = ["NOTIFY * HTTP/1.1", "HOST: 239.255.255.250:1900", f"NT: {target}", f"NTS: {nts}", f"USN: uuid:1::{target}"]
    lines += [f"LOCATION: http://{TV_IP}:49494/d.xml", "CACHE-CONTROL: max-age=1800", f"SERVER: {server}"] if nts == "ssdp:alive" else []
    payload = "\r\n".join((*lines, "", "")).encode()
    return ethernet(0x0800, ipv4(udp(payload, 1900, 1900), source=TV_IP, target="239.255.255.250"), source=TV, target="01:00:5e:7f:ff:fa")


def pjlink(line: bytes) -> bytes:
    """A projector's datagram (PJLink class 2 §4.2)."""
    return ethernet(0x0800, ipv4(udp(line, 4352, 4352), source=TV_IP, target="255.255.255.255"), source=TV)


def said(port: int, text: bytes, flags: int = PUSH) -> bytes:
    """A segment of the TV's to a PC, as a mirror port hears it."""
    segment = tcp(port, 50_000, flags, text)
    return ethernet(0x0800, ipv4(segment, 6, TV_IP, PC_IP, ttl=64), source=TV, target=PC)


def asked(port: int, text: bytes) -> bytes:
    """A segment of a PC's to the TV."""
    return ethernet(0x0800, ipv4(tcp(50_000, port, PUSH, text), 6, PC_IP, TV_IP, ttl=64), source=PC, target=TV)


def answers(*ports: int) -> list[bytes]:
    """Connections accepted at these ports."""
    return [said(port, b"", SYN_ACK) for port in ports]


def lamps(*wire: bytes) -> tuple[str, ...] | None:
    """The lamps after these frames, a second apart; None where nothing says that it is a screen."""
    pipeline = Pipeline("capture:lan", "lan", ETHERNET)
    facts = [fact for number, frame in enumerate(wire) for fact in pipeline.decode(AT + number * SECOND, frame)]
    view = view_of(facts, declared(zones={"lan": "citizen"}), now=MINUTE)
    verdict = OpenDisplay().judge(view, Subject("asset", view.by_mac.get(TV, "nobody")))
    if verdict is None:
        return None
    state = dict(verdict.state)
    assert state.get("present", "yes") == "yes"
    assert verdict.outcome in (Outcome.VIOLATION, Outcome.UNKNOWN, Outcome.CLEAR)
    return tuple(state[name] for name in ("enabled", "open", "in_session"))


# A hello without a password ("ESC/VP.net" Specifications).
HELLO = b"ESC/VP.net\x10\x03" + bytes(4)
Y, N, U = "yes", "no", "unknown"
RENDERER, DIAL = "urn:schemas-upnp-org:device:MediaRenderer:1", "urn:dial-multiscreen-org:service:dial:1"

ROWS = [
    # §2.1 AirPlay: status flags of the TXT record
    ("AirPlay, nothing asked", [mdns("_airplay", VIDEO, "flags=0x4")], (Y, Y, U)),
    ("AirPlay, PIN", [mdns("_airplay", VIDEO, "flags=0x8")], (Y, N, U)),
    ("AirPlay, password flag", [mdns("_airplay", VIDEO, "flags=0x80")], (Y, N, U)),
    ("AirPlay, pw", [mdns("_airplay", VIDEO, "flags=0x4", "pw=true")], (Y, N, U)),
    ("AirPlay, one-time pairing", [mdns("_airplay", VIDEO, "flags=0x200")], (Y, N, U)),
    ("AirPlay, HomeKit access control", [mdns("_airplay", VIDEO, "flags=0x404")], (Y, N, U)),
    ("AirPlay, this user only", [mdns("_airplay", VIDEO, "flags=0x4", "act=2")], (Y, N, U)),
    ("AirPlay, session", [mdns("_airplay", VIDEO, "flags=0x20004")], (Y, Y, Y)),
    ("AirPlay, session behind a password", [mdns("_airplay", VIDEO, "flags=0x20084")], (Y, N, Y)),
    ("AirPlay, no flags told", [mdns("_airplay", VIDEO)], (Y, U, U)),
    ("AirPlay, flags that are no number", [mdns("_airplay", VIDEO, "flags=open")], (Y, U, U)),
    ("AirPlay, goodbye", [mdns("_airplay", VIDEO, "flags=0x4"), mdns("_airplay", ttl=0)], (U, Y, N)),
    ("AirPlay, goodbye and port shut", [mdns("_airplay", VIDEO, "flags=0x4"), mdns("_airplay", ttl=0), said(7000, b"", RST_ACK)], (N, Y, N)),
    ("RAOP, sound alone", [mdns("_raop", "sf=0x4", "am=Speaker1,1", port=5000)], (Y, Y, U)),
    ("AirPlay by its ports", answers(7000, 7100), (Y, U, U)),
    # §2.2 Google Cast: st, open by design
    ("Cast, idle", [mdns("_googlecast", "ca=4101", "st=0", port=8009)], (Y, Y, N)),
    ("Cast, busy", [mdns("_googlecast", "ca=4101", "st=1", "rs=YouTube", port=8009)], (Y, Y, Y)),
    ("Cast, state not told", [mdns("_googlecast", "ca=4101", port=8009)], (Y, Y, U)),
    ("Cast by its ports", answers(8008, 8009), (Y, Y, U)),
    # §2.3 Miracast over infrastructure: the advert says nothing of PIN or session
    ("Miracast", [mdns("_display", "container_id={6d7f}", port=7250)], (Y, U, U)),
    # §2.4 DLNA
    ("DLNA", [ssdp(RENDERER)], (Y, Y, U)),
    ("DLNA, goodbye", [ssdp(RENDERER), ssdp(RENDERER, "ssdp:byebye")], (U, Y, U)),
    ("DLNA, goodbye and port shut", [ssdp(RENDERER), ssdp(RENDERER, "ssdp:byebye"), said(49494, b"", RST_ACK)], (N, Y, U)),
    ("speaks DLNA, role not told", [ssdp("upnp:rootdevice", server="Linux DLNADOC/1.50 UPnP/1.0")], (U, U, U)),
    # §2.5 DIAL and makers of televisions
    ("DIAL", [ssdp(DIAL)], (Y, Y, U)),
    ("Roku", [ssdp("roku:ecp")], (Y, Y, U)),
    ("Samsung", [ssdp("urn:samsung.com:device:RemoteControlReceiver:1")], (Y, U, U)),
    ("Samsung, newer", [mdns("_samsungmsf", "id=1", port=8001)], (Y, U, U)),
    ("LG webOS", [ssdp("urn:lge-com:service:webos-second-screen:1")], (Y, U, U)),
    ("Sony Bravia", [ssdp("urn:schemas-sony-com:service:ScalarWebAPI:1")], (Y, U, U)),
    ("Fire TV", [mdns("_amzn-wplay", "a=b", port=8009)], (Y, U, U)),
    ("Android TV, remote with pairing", [mdns("_androidtvremote2", "bt=00", port=6466)], (Y, N, U)),
    ("Android box, debug bridge and Cast port", answers(5555, 8009), (Y, Y, U)),
    ("Vizio", [mdns("_viziocast", "a=b", port=8009)], (Y, U, U)),
    ("Kodi", [mdns("_xbmc-jsonrpc-h", "a=b", port=8080)], (Y, U, U)),
    ("Sonos, sound alone", [mdns("_sonos", "a=b", port=1400)], (Y, Y, U)),
    ("EShare", [mdns("_eshare", "a=b", port=8121)], (Y, U, U)),
    # §2.6 projectors: who speaks first says whether it wants a password
    ("PJLink, found by a search", [pjlink(b"%2ACKN=00:e0:4c:00:00:31\r")], (Y, U, U)),
    ("PJLink, notice", [pjlink(b"%2POWR=1\r")], (Y, U, U)),
    ("PJLink, open", [said(4352, b"PJLINK 0\r")], (Y, Y, U)),
    ("PJLink, password", [said(4352, b"PJLINK 1 498e4a67\r")], (Y, N, U)),
    ("Panasonic, open", [said(1024, b"NTCONTROL 0\r")], (Y, Y, U)),
    ("Panasonic, password", [said(1024, b"NTCONTROL 1 3f9a01bc\r")], (Y, N, U)),
    ("Epson, lets in", [asked(3629, HELLO), said(3629, HELLO[:14] + b"\x20\0")], (Y, Y, U)),
    ("Epson, wants a password", [asked(3629, HELLO), said(3629, HELLO[:14] + b"\x41\0")], (Y, N, U)),
    ("Epson, another password", [asked(3629, HELLO[:15] + b"\1"), said(3629, HELLO[:14] + b"\x43\0")], (Y, N, U)),
    ("Epson, let in with one", [asked(3629, HELLO[:15] + b"\1"), said(3629, HELLO[:14] + b"\x20\0")], (Y, U, U)),
]
# One port alone is no proof of a family: half a LAN answers on these too.
NO_SCREEN = [
    ("Epson's hello without answer", [asked(3629, HELLO)]),
    ("Epson, busy", [asked(3629, HELLO), said(3629, HELLO[:14] + b"\x53\0")]),
    ("one port", answers(8009)),
    ("another", answers(7000)),
    ("debug bridge alone", answers(5555)),
    ("a mute advert", [mdns("_ipp", port=631)]),
]


@pytest.mark.parametrize(("wire", "expected"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_what_the_wire_told_and_nothing_more_is_said(wire, expected):
    assert lamps(*wire) == expected


@pytest.mark.parametrize("wire", [row[1] for row in NO_SCREEN], ids=[row[0] for row in NO_SCREEN])
def test_what_others_say_too_makes_no_screen(wire):
    assert lamps(*wire) is None


def test_unknown_is_never_told_as_safe():
    """Of all these, the only ones that may be called protected are those whose own bytes say so."""
    protected = {name for name, wire, _ in ROWS if (found := lamps(*wire)) and found[1] == N}
    assert protected == {name for name, _, expected in ROWS if expected[1] == N}
    assert all(any(word in name for word in ("PIN", "password", "pw", "pairing", "access control", "user only")) for name in protected)
